"""No command runs what lies in the current folder, or takes settings from there."""

import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
MODEL = ROOT / "tests" / "models" / "keras" / "kinds.keras"
ONNX = ROOT / "tests" / "models" / "onnx" / "dynamo_gru.onnx"
COMMAND = Path(sys.executable).with_name("gatereel")
WAYS = {
    "gatereel": [str(COMMAND)],
    "python -m gatereel": [sys.executable, "-m", "gatereel"],
}
PLANTED = ("socket", "numpy", "click", "select", "json", "subprocess", "pathlib", "h5py", "manim")
QUICK = ("--width", "240", "--timesteps", "1", "--fps", "5", "--pace", "0.2", "--plain")
STILL = "--width 240 --timesteps 1 --still --dark none"
POST = f"<!-- gatereel: rnn {STILL} -->\n\n<!-- gatereel: lstm {STILL} -->\n"
COMMANDS = {
    "render": ["render", "rnn", "-o", "x.png", *QUICK],
    "embed": ["embed", "post.md", "--jobs", "2"],
    "trace": ["trace", "rnn"],
    "inspect": ["inspect", str(MODEL)],
    "cells": ["cells"],
    "legend": ["legend", "-o", "legend.svg"],
    "doctor": ["doctor"],
    "verify": ["verify", str(ONNX), "--timesteps", "2"],
}

needs_the_command = pytest.mark.skipif(not COMMAND.exists(), reason="gatereel is not installed")


def run(words: Sequence[str], folder: Path, **variables: str) -> "subprocess.CompletedProcess[str]":
    environment = {k: v for k, v in os.environ.items() if k not in ("PYTHONPATH", "PYTHONSAFEPATH")}
    return subprocess.run(
        words,
        cwd=folder,
        env={**environment, **variables},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture
def planted(folder: Path) -> Path:
    """A folder with a post, and modules that write a file when they are run."""
    for name in PLANTED:
        mark = folder / f"{name}.was-run"
        (folder / f"{name}.py").write_text(f"open({str(mark)!r}, 'w')\n", encoding="utf-8")
    (folder / "post.md").write_text(POST, encoding="utf-8")
    return folder


@needs_the_command
@pytest.mark.parametrize("command", COMMANDS)
def test_nothing_in_the_folder_is_run(planted: Path, command: str) -> None:
    ended = run([str(COMMAND), *COMMANDS[command]], planted)
    assert list(planted.glob("*.was-run")) == []
    assert ended.returncode == 0, ended.stderr


@needs_the_command
@pytest.mark.parametrize("command", ["embed", "inspect"])
def test_nothing_in_the_folder_is_run_by_a_module_either(planted: Path, command: str) -> None:
    ended = run([*WAYS["python -m gatereel"], *COMMANDS[command]], planted)
    assert list(planted.glob("*.was-run")) == []
    assert ended.returncode == 0, ended.stderr


SETTINGS = """
[CLI]
from_animation_number = 3
upto_animation_number = 4
background_color = RED
frame_height = 3
frame_width = 3
pixel_width = 77
renderer = opengl
save_last_frame = True
disable_caching = False
quality = l
plugins = no_such_plugin
verbosity = DEBUG
media_dir = here
"""


FILM = [*WAYS["python -m gatereel"], "render", "rnn", "-o", "x.gif", *QUICK]


@pytest.fixture(scope="module")
def clean(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a film in it, and what was said of it."""
    folder = tmp_path_factory.mktemp("clean")
    ended = run(FILM, folder)
    assert (ended.returncode, ended.stderr) == (0, "")
    (folder / "said.txt").write_text(ended.stdout, encoding="utf-8")
    return folder


@pytest.mark.slow
@pytest.mark.parametrize("settings", [SETTINGS, "[[[ no settings at all"], ids=["hostile", "bad"])
def test_settings_of_manim_change_nothing(folder: Path, clean: Path, settings: str) -> None:
    home = folder / "home"
    (home / ".config" / "manim").mkdir(parents=True)
    for path in (folder, home / ".config" / "manim"):
        (path / "manim.cfg").write_text(settings, encoding="utf-8")
    after = run(FILM, folder, HOME=str(home))
    said = (clean / "said.txt").read_text(encoding="utf-8")
    assert (after.returncode, after.stdout, after.stderr) == (0, said, "")
    assert (folder / "x.gif").read_bytes() == (clean / "x.gif").read_bytes()
    assert sorted(path.name for path in folder.iterdir()) == ["home", "manim.cfg", "x.gif"]
