"""`--columns`: some of a table's columns, as tables of real data need."""

from pathlib import Path

import numpy as np
import pytest

from tests.cli.conftest import Command

TABLE = "date,open,note,close\n2026-01-02,1,new,2.5\n2026-01-05,3,,4\n"


@pytest.fixture
def table(folder: Path) -> str:
    """A file with a column of labels, two of numbers and one of text."""
    (folder / "prices.csv").write_text(TABLE, encoding="utf-8")
    return "prices.csv"


@pytest.mark.parametrize("columns", ["close,open", "4,2", "close, 2"])
def test_columns_are_the_inputs(gatereel: Command, folder: Path, table: str, columns: str) -> None:
    options = ("--inputs", table, "--columns", columns, "-o", "t.npz")
    ended = gatereel("trace", "lstm", "--seed", "1", *options)
    assert ended.code == 0, ended.err
    with np.load(folder / "t.npz") as read:
        assert read["inputs"].tolist() == [[2.5, 1], [4, 3]]
        assert read["labels"].tolist() == ["2026-01-02", "2026-01-05"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--columns", "close"), "--columns chooses from a table; give --inputs FILE.csv."),
        (("--inputs", "prices.csv", "--columns", "x"), "prices.csv has no column 'x'; it has 4"),
        (("--inputs", "prices.csv", "--columns", ","), "',' names no columns"),
        (
            ("--inputs", "prices.csv", "--columns", "close", "--sample", "1"),
            "--columns chooses from a .csv, --sample from a .npy; leave one out.",
        ),
    ],
)
def test_columns_that_cannot_be_chosen(
    gatereel: Command, table: str, words: tuple[str, ...], said: str
) -> None:
    ended = gatereel("trace", "lstm", "--seed", "1", *words)
    assert ended.code == 2
    assert said in ended.err
