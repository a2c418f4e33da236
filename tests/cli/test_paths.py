"""Names of files that lead nowhere, or that are no text: an error with exit code 2, or a file."""

import os
from pathlib import Path

import pytest

from gatereel.rnn_math import InputError
from gatereel.rnn_math.files.reading import read_bytes
from tests.cli.conftest import Command

NOT_UTF8 = os.fsdecode(b"\xff")
TOO_LONG = "x" * 300


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("trace", "rnn", "--inputs", "loop.csv"), "loop.csv cannot be read: Too many levels"),
        (("inspect", "loop.npz"), "loop.npz cannot be read: Too many levels"),
        (("legend", "--theme", "loop.toml"), "loop.toml cannot be read: Too many levels"),
        (("legend", "-o", "loop.png"), "loop.png is a symbolic link that leads to itself"),
        (("legend", "-o", "loop.csv/x.png"), "loop.csv/x.png: the folder loop.csv does not exist"),
        (("legend", "-o", f"{TOO_LONG}.png"), "cannot be written: File name too long"),
        (("trace", "rnn", "--inputs", f"{TOO_LONG}.csv"), "cannot be read: File name too long"),
        (("trace", "rnn", "--hidden-size", "9" * 30), "Use smaller sizes"),
        (("trace", "rnn", "--timesteps", "9" * 30), "Use fewer timesteps"),
    ],
)
def test_bad_names_and_sizes_are_wrong_use(
    gatereel: Command, folder: Path, words: tuple[str, ...], message: str
) -> None:
    for name in ("loop.csv", "loop.npz", "loop.toml", "loop.png"):
        (folder / name).symlink_to(name)
    ended = gatereel(*words)
    assert ended.code == 2
    assert message in ended.err
    assert "unexpected" not in ended.err


def test_a_name_that_is_no_utf8_is_a_name(gatereel: Command, folder: Path) -> None:
    weights = folder / f"{NOT_UTF8}.json"
    weights.write_text('{"cell": "rnn", "weights": {"h": [[1, 1]]}, "biases": {"h": [0]}}')
    words = ("render", "rnn", "--weights", weights.name, "--width", "300")
    ended = gatereel(*words, "-o", f"a{NOT_UTF8}.png")
    assert ended.code == 0, ended.err
    assert (folder / f"a{NOT_UTF8}.png").read_bytes().startswith(b"\x89PNG")


def test_a_path_with_a_nul_is_the_path_of_no_file() -> None:
    with pytest.raises(InputError, match=r"'a\\x00b' is the path of no file"):
        read_bytes(Path("a\0b"))
