"""Wrong use and failures: a line or two that name the thing, and the exit code."""

import errno
import os
import pickle
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import gatereel.cli.inputs.planning as planning_module
import gatereel.scenes.export.targets as targets_module
from gatereel.cli import main
from gatereel.cli.options.common import ALL
from gatereel.rnn_math import CELLS
from gatereel.rnn_math.counting import one_of

Command = Callable[..., Any]

WRONG_USE = 2
FAILURE = 1
INTERRUPTED = 130

MOST_SENTENCES = 3
"""Two sentences, and the dots in what they name."""


def text_csv(path: Path) -> None:
    path.write_text("0.1,0.2,0.3\n0.4,many,0.6\n", encoding="utf-8")


def no_rows(path: Path) -> None:
    path.write_text("", encoding="utf-8")


def header_only(path: Path) -> None:
    path.write_text("a,b,c\n", encoding="utf-8")


def nan_csv(path: Path) -> None:
    path.write_text("0.1,nan,0.3\n", encoding="utf-8")


def zero_rows_npy(path: Path) -> None:
    np.save(path, np.zeros((0, 3)))


def pickled(path: Path) -> None:
    path.write_bytes(pickle.dumps([[0.1, 0.2, 0.3]]))


def objects(path: Path) -> None:
    np.save(path, np.array([[0.1, "a", None]], dtype=object), allow_pickle=True)


def truncated_npz(path: Path) -> None:
    np.savez(path, W_h=np.zeros((2, 5)), b_h=np.zeros(2))
    path.write_bytes(path.read_bytes()[:-40])


def another_cell(path: Path) -> None:
    np.savez(path, cell="gru", W_h=np.zeros((2, 5)), b_h=np.zeros(2))


def good_npz(path: Path) -> None:
    np.savez(path, W_h=np.zeros((2, 5)), b_h=np.zeros(2))


def good_csv(path: Path) -> None:
    path.write_text("0.1,0.2,0.3\n0.4,0.5,0.6\n", encoding="utf-8")


def four_columns(path: Path) -> None:
    path.write_text("0.1,0.2,0.3,0.4\n", encoding="utf-8")


def one_column(path: Path) -> None:
    path.write_text("0.1\n", encoding="utf-8")


def semicolons(path: Path) -> None:
    path.write_text("0.1;0.2;0.3\n", encoding="utf-8")


def a_folder(path: Path) -> None:
    path.mkdir()


def nothing(path: Path) -> None:
    """The file is missing."""


INPUT_FILES = {
    "text in a CSV": ("x.csv", text_csv, ["line 2", "column 2", "'many'"]),
    "CSV of semicolons": ("x.csv", semicolons, ["line 1", "separated by commas"]),
    "empty CSV": ("x.csv", no_rows, ["empty"]),
    "CSV of a header alone": ("x.csv", header_only, ["no row of numbers"]),
    "NaN": ("x.csv", nan_csv, ["line 1, column 2", "nan", "finite"]),
    "0-row npy": ("x.npy", zero_rows_npy, ["(0, 3)"]),
    "pickled npy": ("x.npy", pickled, ["not a readable .npy"]),
    "object array": ("x.npy", objects, ["Python objects"]),
    "missing file": ("x.csv", nothing, ["does not exist"]),
    "folder as a file": ("x.csv", a_folder, ["is a folder"]),
    "folder without a suffix": ("x", a_folder, ["is a folder"]),
    "suffix nobody knows": ("x.xls", good_csv, [".xls'; inputs can", ".csv"]),
    "no suffix": ("x", good_csv, ["no suffix; inputs can", ".csv"]),
    "one column": ("x.csv", one_column, ["1 column;", "3", "--seed"]),
    "too many columns": ("x.csv", four_columns, ["4 columns", "3", "--seed"]),
}

WEIGHT_FILES = {
    "truncated npz": ("w.npz", truncated_npz, ["not a readable .npz"]),
    "another cell": ("w.npz", another_cell, ["'gru'", "'rnn'"]),
    "missing file": ("w.npz", nothing, ["does not exist"]),
    "folder as a file": ("w.npz", a_folder, ["is a folder"]),
    "missing file of any suffix": ("w.bin", nothing, ["does not exist"]),
    "suffix nobody knows": (
        "w.bin",
        good_csv,
        [".bin', and begins as no format", "a model can", ".npz"],
    ),
}


def assert_refused(ended: Any, *parts: str) -> None:
    assert ended.code == WRONG_USE
    assert ended.out == ""
    assert ended.err.startswith("gatereel: ")
    assert ended.err.count("\n") == 1
    assert ended.err.count(". ") < MOST_SENTENCES
    for part in parts:
        assert part in ended.err


@pytest.mark.parametrize("command", ["render", "trace"])
@pytest.mark.parametrize("case", INPUT_FILES)
def test_inputs_that_cannot_be_used(
    gatereel: Command, folder: Path, command: str, case: str
) -> None:
    name, make, parts = INPUT_FILES[case]
    make(folder / name)
    before = sorted(folder.iterdir())
    assert_refused(gatereel(command, "rnn", "--inputs", name), name, *parts)
    assert sorted(folder.iterdir()) == before


@pytest.mark.parametrize("command", ["render", "trace"])
@pytest.mark.parametrize("case", WEIGHT_FILES)
def test_weights_that_cannot_be_used(
    gatereel: Command, folder: Path, command: str, case: str
) -> None:
    name, make, parts = WEIGHT_FILES[case]
    make(folder / name)
    assert_refused(gatereel(command, "rnn", "--weights", name), name, *parts)


LOOKS = {
    "--width 0": ["width", "0;", "200 to 4096"],
    "--width 100000": ["width", "100000", "200 to 4096"],
    "--width wide": ["--width", "'wide'", "integer"],
    "--fps 0": ["fps", "0;", "5 to 50"],
    "--pace -1": ["pace", "-1", "0.2 to 60"],
    "--pace nan": ["pace", "nan", "0.2 to 60"],
    "--hidden-size 0": ["--hidden-size", "0", ">=1"],
    "--hidden-size 1.5": ["--hidden-size", "'1.5' is not a valid whole number."],
    "--input-size 9 --features 1,2,3,4,5,6,7,8,9": ["9 inputs chosen", "1 to 8"],
    "--hidden-size 9 --units 1,2,3,4,5,6,7": ["7 units chosen", "1 to 6"],
    "--timesteps 0": ["--timesteps", "0", ">=1"],
    "--seed -1": ["--seed", "-1", ">=0"],
    "--plain --values": ["--plain"],
    "--plain --strip": ["--plain"],
    "--widht 300": ["--widht", "--width", "gatereel render --help"],
    "-o x.avi": ["x.avi", ".gif", ".webp"],
    "-o x.gif -o ./x.gif": ["named twice"],
    "-o no/x.gif": ["no/x.gif", "does not exist"],
    "-o no/no/": ["no/no", "does not exist"],
    "-o taken.gif/": ["taken.gif", "not a folder"],
}


@pytest.mark.parametrize("options", LOOKS)
def test_options_that_cannot_be_used(gatereel: Command, folder: Path, options: str) -> None:
    (folder / "taken.gif").write_text("old", encoding="utf-8")
    assert_refused(gatereel("render", "rnn", *options.split()), *LOOKS[options])
    assert [path.name for path in folder.iterdir()] == ["taken.gif"]


@pytest.mark.parametrize("command", ["render", "legend"])
def test_an_empty_file_name(gatereel: Command, command: str) -> None:
    words = [command, "rnn"] if command == "render" else [command]
    assert_refused(gatereel(*words, "-o", ""), "-o", "empty")


WORDS = {
    "render": ["'CELL'", one_of((*CELLS, ALL))],
    "trace": ["'CELL'", one_of(tuple(CELLS))],
    "trace all": ["'all'", one_of(tuple(CELLS))],
    "render lsmt": ["'lsmt'", one_of((*CELLS, ALL)), "Did you mean lstm?"],
    "trace model.pt": ["'model.pt' is none of rnn", "Did you mean --weights model.pt?"],
    "render transformer": ["'transformer'", one_of((*CELLS, ALL))],
    "rendr lstm": ["'rendr'", "gatereel --help"],
    "render all gru": ["'all'", "leave gru out"],
    "trace rnn -o x.gif": ["x.gif", ".csv, .json, .jsonl, .npz"],
    "trace rnn -o no/x.json": ["no/x.json", "no folder"],
    "legend --width 0": ["width", "200 to 4096"],
    "legend -o x.avi": ["x.avi", ".png"],
    "render all -o x.gif": ["x.gif", "folder"],
    "render all --weights w.npz": ["w.npz", "'all'"],
}


@pytest.mark.parametrize("words", WORDS)
def test_words_that_mean_nothing(gatereel: Command, folder: Path, words: str) -> None:
    assert_refused(gatereel(*words.split()), *WORDS[words])
    assert list(folder.iterdir()) == []


CONTRADICTIONS = {
    "--weights w.npz --hidden-size 3": ["--hidden-size", "3", "w.npz", "2"],
    "--weights w.npz --input-size 4": ["--input-size", "4", "w.npz", "3"],
    "--weights w.npz --inputs x.csv --seed 1": ["--seed"],
    "--inputs x.csv --seed 1 --input-size 4": ["--input-size", "4", "x.csv", "3"],
    "--inputs x.csv --timesteps 3": ["--timesteps", "3", "x.csv", "2 rows"],
    "--weights w.npz --inputs wide.csv": ["wide.csv", "4 columns", "w.npz", "3"],
}


@pytest.mark.parametrize("command", ["render", "trace"])
@pytest.mark.parametrize("options", CONTRADICTIONS)
def test_options_that_contradict(
    gatereel: Command, folder: Path, command: str, options: str
) -> None:
    good_npz(folder / "w.npz")
    good_csv(folder / "x.csv")
    four_columns(folder / "wide.csv")
    assert_refused(gatereel(command, "rnn", *options.split()), *CONTRADICTIONS[options])


def test_a_read_only_folder(gatereel: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(dir: Path) -> None:
        raise OSError(errno.EROFS, os.strerror(errno.EROFS))

    monkeypatch.setattr(targets_module, "TemporaryFile", refuse)
    assert_refused(gatereel("render", "rnn"), "rnn.gif", "Read-only file system")


def test_bad_input_is_told_before_the_renderer_is_imported(
    gatereel: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "manim", None)  # importing it now fails
    monkeypatch.delitem(sys.modules, "gatereel.scenes.play.manim_player", raising=False)
    monkeypatch.delitem(sys.modules, "gatereel.scenes.play.scene", raising=False)
    monkeypatch.delitem(sys.modules, "gatereel.scenes.play.own_manim", raising=False)
    assert_refused(gatereel("render", "rnn", "-o", "x.avi"), "x.avi")
    assert gatereel("render", "rnn").code == FAILURE


def test_a_full_disk_is_a_failure(gatereel: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*args: object, **kwargs: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), "rnn.gif")

    monkeypatch.setattr("gatereel.scenes.render.render_plan", fail)
    ended = gatereel("render", "rnn")
    assert ended.code == FAILURE
    assert ended.err == "gatereel: rnn.gif: No space left on device.\n"


def test_a_full_disk_under_a_trace_is_a_failure_too(
    gatereel: Command, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*args: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr("gatereel.rnn_math.files.json_traces.JsonTrace.write", fail)
    ended = gatereel("trace", "rnn", "-o", "rnn.json")
    assert ended.code == FAILURE
    assert "rnn.json cannot be written: No space left on device." in ended.err
    assert list(folder.iterdir()) == []


@pytest.mark.parametrize(
    ("error", "message"),
    [
        (
            RuntimeError("boom"),
            "gatereel: unexpected RuntimeError: boom. Run it again with --debug",
        ),
        (EOFError("end"), "gatereel: unexpected EOFError: end. Run it again with --debug"),
        (MemoryError(), "gatereel: there is not enough memory for this"),
        (OSError("odd"), "gatereel: odd."),
    ],
    ids=lambda value: type(value).__name__,
)
@pytest.mark.parametrize("debug", [False, True])
def test_the_unexpected_is_a_line_and_with_debug_a_traceback(
    gatereel: Command,
    monkeypatch: pytest.MonkeyPatch,
    error: Exception,
    message: str,
    debug: bool,
) -> None:
    def fail(*args: object) -> None:
        raise error

    monkeypatch.setattr(planning_module, "prepare", fail)
    ended = gatereel("render", "rnn", *(["--debug"] if debug else []))
    assert ended.code == FAILURE
    *before, last = ended.err.splitlines()
    assert last.startswith(message)
    assert ("Traceback (most recent call last):" in before) == debug


def test_wrong_use_has_no_traceback_without_debug(gatereel: Command) -> None:
    assert "Traceback" not in gatereel("render", "rnn", "--width", "0").err
    assert "Traceback" in gatereel("render", "rnn", "--debug", "--width", "0").err


def test_ctrl_c_before_any_signal_is_caught(
    gatereel: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupt(*args: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(planning_module, "prepare", interrupt)
    ended = gatereel("render", "rnn")
    assert (ended.code, ended.err) == (INTERRUPTED, "gatereel: interrupted\n")


def test_the_command_runs_in_a_thread(folder: Path) -> None:
    codes: list[int] = []
    thread = threading.Thread(target=lambda: codes.append(main(["--version"])))
    thread.start()
    thread.join()
    assert codes == [0]


# --- odd places and names ------------------------------------------------------------------------


def test_a_link_that_leads_to_itself(gatereel: Command, folder: Path) -> None:
    (folder / "a.gif").symlink_to("b.gif")
    (folder / "b.gif").symlink_to("a.gif")
    for words in (["render", "rnn"], ["legend"]):
        assert_refused(gatereel(*words, "-o", "a.gif"), "a.gif", "leads to itself")
    assert (folder / "a.gif").is_symlink()


@pytest.mark.parametrize("words", ["render rnn -o", "trace rnn -o", "inspect", "embed"])
def test_a_name_with_a_nul(gatereel: Command, words: str) -> None:
    assert_refused(gatereel(*words.split(), "a\0b.csv"))


@pytest.mark.parametrize("words", ["render rnn -o", "render rnn --inputs", "inspect", "embed"])
def test_a_name_that_is_no_utf8(gatereel: Command, words: str) -> None:
    assert_refused(gatereel(*words.split(), os.fsdecode(b"a\xffb.odd")), r"a\xffb.odd")


def test_a_current_folder_that_is_gone(gatereel: Command, folder: Path) -> None:
    folder.rmdir()
    assert_refused(gatereel("render", "rnn"), "current folder is gone")


def test_an_error_of_the_system_about_no_file_says_how_to_learn_more(
    gatereel: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*args: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(planning_module, "prepare", fail)
    message = "gatereel: No space left on device. Run it again with --debug to see where.\n"
    assert gatereel("render", "rnn").err == message


@pytest.mark.slow
def test_no_path_and_no_home(folder: Path) -> None:
    words = ["render", "rnn", "-o", "x.png", "--width", "240", "--timesteps", "1", "--pace", "0.2"]
    bare = {name: text for name, text in os.environ.items() if name not in ("PATH", "HOME")}
    ended = subprocess.run(
        [sys.executable, "-m", "gatereel", *words, "--quiet"],
        env=bare,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (ended.returncode, ended.stdout, ended.stderr) == (0, "", "")
    assert (folder / "x.png").exists()
