"""`gatereel legend`: the symbols as a still."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

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
