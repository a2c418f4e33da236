"""`gatereel legend`: the symbols as a still."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from gatereel.cli.app import WRONG_USE
from gatereel.rnn_math import CELLS

Command = Callable[..., Any]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("words", "written"),
    [((), "legend.png"), (("-o", "new/"), "new/legend.png"), (("-o", "a.png"), "a.png")],
    ids=["here", "folder", "file"],
)
def test_the_legend_is_written(
    gatereel: Command, folder: Path, words: tuple[str, ...], written: str
) -> None:
    ended = gatereel("legend", "--width", "300", *words)
    assert (ended.code, ended.err) == (0, "")
    assert ended.out.startswith(f"{written}  ")
    with Image.open(folder / written) as picture:
        assert picture.width == 300


READINGS = 570
"""Pixels in height of the second part: a title and two rows of cards."""


@pytest.mark.slow
@pytest.mark.parametrize(
    ("cells", "size", "title"),
    [
        ((), (1125, 838), "Symbols of the recurrent cells"),
        (("rnn",), (760, 330), "Symbols of the RNN"),
        (("LSTM", "rnn", "lstm"), (1125, 584), "Symbols of LSTM and RNN"),
    ],
    ids=["all", "one cell", "two cells, one of them twice"],
)
def test_the_legend_shows_what_the_cells_use(
    gatereel: Command, folder: Path, cells: tuple[str, ...], size: tuple[int, int], title: str
) -> None:
    assert gatereel("legend", *cells, "--no-readings").code == 0
    with Image.open(folder / "legend.png") as picture:
        assert picture.size == size
    assert gatereel("legend", *cells).code == 0
    with Image.open(folder / "legend.png") as picture:
        assert picture.size == (1125, size[1] + READINGS)
        assert picture.info["Title"] == title


def test_an_unknown_cell_is_refused_with_the_names(gatereel: Command, folder: Path) -> None:
    ended = gatereel("legend", "gru", "gur")
    assert ended.code == WRONG_USE
    assert "'gur'" in ended.err
    assert all(name in ended.err for name in CELLS)
    assert not (folder / "legend.png").exists()
