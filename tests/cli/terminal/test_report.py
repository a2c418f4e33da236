"""The lines about files."""

from pathlib import Path

import pytest

from gatereel.cli.terminal.report import report_written, size_text, written_line
from gatereel.scenes.export import Written

FILM = Written(Path("lstm.gif"), 487_300, 1125, 849, 187, 42.5, ("It has many colours.",))


@pytest.mark.parametrize(
    ("size", "text"),
    [
        (0, "0 bytes"),
        (999, "999 bytes"),
        (1000, "1 KB"),
        (487_300, "487 KB"),
        (999_499, "999 KB"),
        (999_500, "1.0 MB"),
        (12_345_678, "12.3 MB"),
    ],
)
def test_sizes_are_decimal_and_short(size: int, text: str) -> None:
    assert size_text(size) == text


def test_a_line_tells_path_size_picture_frames_and_seconds() -> None:
    assert written_line(FILM) == "lstm.gif  487 KB  1125x849  187 frames  42.5 s"


def test_a_still_has_one_frame_and_no_seconds() -> None:
    still = Written(Path("a.png"), 10, 20, 30, 1, 0.0)
    assert written_line(still) == "a.png  10 bytes  20x30  1 frame"


@pytest.mark.parametrize("quiet", [False, True])
def test_warnings_are_told_even_when_quiet(capsys: pytest.CaptureFixture[str], quiet: bool) -> None:
    report_written([FILM], quiet=quiet)
    out, err = capsys.readouterr()
    assert out == ("" if quiet else written_line(FILM) + "\n")
    assert err == "gatereel: lstm.gif: It has many colours.\n"
