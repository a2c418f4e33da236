"""Some of a table's columns, as `--columns` names them."""

from pathlib import Path

import numpy as np
import pytest

from gatereel.rnn_math import InputError
from gatereel.rnn_math.files import parse_columns, read_sequence
from gatereel.rnn_math.files.csv_files import parse_csv

PRICES = "date,open,note,close,open interest\n2026-01-02,1,new,2.5,7\n2026-01-05,3,,4,8\n"
BARE = "1,2,3\n4,5,6\n"


@pytest.mark.parametrize(
    ("text", "columns"),
    [
        ("close", ("close",)),
        ("close, 2", ("close", "2")),
        ('"a, b",c', ("a, b", "c")),
        ("giá đóng cửa", ("giá đóng cửa",)),
    ],
)
def test_columns_are_named_with_commas_between(text: str, columns: tuple[str, ...]) -> None:
    assert parse_columns(text) == columns


@pytest.mark.parametrize("text", ["", " ", ",", "a,", "a,a", '"a', "a\nb"])
def test_what_names_no_columns_is_an_error(text: str) -> None:
    with pytest.raises(InputError, match="names no columns"):
        parse_columns(text)


@pytest.mark.parametrize(
    ("table", "columns", "rows"),
    [
        (PRICES, ("close", "open"), [[2.5, 1], [4, 3]]),
        (PRICES, ("5",), [[7], [8]]),
        (PRICES, ("date", "4"), [[2.5], [4]]),
        (BARE, ("3", "1"), [[3, 1], [6, 4]]),
        ("2,a\n5,6\n", ("a",), None),
    ],
)
def test_columns_are_read_in_the_order_asked_for(
    table: str, columns: tuple[str, ...], rows: list[list[float]] | None
) -> None:
    if rows is None:  # a number in the first line: no header, so no names
        with pytest.raises(InputError, match="2 columns: no names"):
            parse_csv(table, "t.csv", columns)
        return
    sequence = parse_csv(table, "t.csv", columns)
    np.testing.assert_array_equal(sequence.rows, rows)
    assert sequence.labels == (("2026-01-02", "2026-01-05") if table == PRICES else ())


@pytest.mark.parametrize(
    ("table", "columns", "why"),
    [
        (PRICES, ("volume",), "no column 'volume'; it has 5 columns: 'date', 'open'"),
        (PRICES, ("6",), "no column '6'"),
        (PRICES, ("0",), "no column '0'"),
        (PRICES, ("²",), "no column '²'"),
        (PRICES, ("open", "2"), "open, 2 names a column twice"),
        (PRICES, ("note",), "line 2, column 2: 'new' is not a number"),
        ("a,a\n1,2\n", ("a",), "2 columns called 'a'; ask by number"),
        ("a,b\n1,2\n3\n", ("b",), "line 3 has 1 column; column 2 is asked for"),
    ],
)
def test_a_column_that_is_not_there_is_an_error(
    table: str, columns: tuple[str, ...], why: str
) -> None:
    with pytest.raises(InputError, match=why):
        parse_csv(table, "t.csv", columns)


def test_only_tables_have_columns(tmp_path: Path) -> None:
    np.save(tmp_path / "a.npy", np.ones((2, 3)))
    with pytest.raises(InputError, match=r"a\.npy has no columns to choose from"):
        read_sequence(tmp_path / "a.npy", columns=("1",))
    (tmp_path / "a.csv").write_text(PRICES, encoding="utf-8")
    rows = read_sequence(tmp_path / "a.csv", columns=("close",)).rows
    np.testing.assert_array_equal(rows, [[2.5], [4]])
