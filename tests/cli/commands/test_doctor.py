"""`gatereel doctor`: what is there, what is wrong, how to mend it."""

import errno
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import gatereel.cli.commands.doctor as doctor
from gatereel.scenes.export.video import VideoEncoder

Command = Callable[..., Any]


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave out the one check that takes a second."""
    monkeypatch.setattr(
        doctor, "CHECKS", tuple(check for check in doctor.CHECKS if check.name != "renderer")
    )


def line_about(out: str, name: str) -> str:
    (line,) = (line for line in out.splitlines() if line.split()[1] == name)
    return line


@pytest.mark.slow
def test_a_machine_that_renders_is_healthy(gatereel: Command) -> None:
    ended = gatereel("doctor")
    assert (ended.code, ended.err) == (0, "")
    lines = ended.out.splitlines()
    assert len(lines) == len(doctor.CHECKS)
    assert all(line.startswith("ok ") for line in lines)
    assert "manim 0." in line_about(ended.out, "renderer")


def missing(package: str) -> Callable[[pytest.MonkeyPatch], None]:
    def hide(monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setitem(sys.modules, package, None)

    return hide


def no_codec(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(VideoEncoder, "available", classmethod(lambda cls: False))


def no_webp(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("PIL.features.check", lambda name: False)


def no_fonts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gatereel.scenes.fonts.text_width.FONT_FOLDER", Path("nowhere"))


def read_only(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(dir: Path) -> None:
        raise OSError(errno.EROFS, os.strerror(errno.EROFS))

    monkeypatch.setattr(doctor, "TemporaryFile", refuse)


def old_python(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "OLDEST_PYTHON", (99, 0))


TROUBLES = {
    "old Python": (old_python, "Python", ["too old", "3.11"]),
    "no typst": (missing("typst"), "formulas", ["typst", "Install"]),
    "no PyAV": (missing("av"), "MP4", ["av", "pip install"]),
    "no H.264": (no_codec, "MP4", ["libx264", "pip install"]),
    "no AV1": (no_codec, "WebM", ["libsvtav1", "pip install"]),
    "no WebP": (no_webp, "WebP", ["without WebP", "pip install"]),
    "no fonts": (no_fonts, "fonts", ["no font", "nowhere"]),
    "read-only folder": (read_only, "folder", ["Read-only file system", "-o"]),
}


@pytest.mark.usefixtures("quick")
@pytest.mark.parametrize("case", TROUBLES)
def test_what_is_wrong_is_named_with_its_mending(
    gatereel: Command, monkeypatch: pytest.MonkeyPatch, case: str
) -> None:
    break_it, name, parts = TROUBLES[case]
    break_it(monkeypatch)
    ended = gatereel("doctor")
    line = line_about(ended.out, name)
    assert ended.code == 1
    assert line.startswith("WRONG ")
    for part in parts:
        assert part in line
    assert len(ended.out.splitlines()) == len(doctor.CHECKS)  # the other checks still ran


@pytest.mark.slow
def test_a_renderer_that_cannot_be_imported_is_told(folder: Path) -> None:
    (folder / "manim.py").write_text("raise ImportError('libpango is gone')", encoding="utf-8")
    ended = subprocess.run(
        [sys.executable, "-m", "gatereel", "doctor"],
        env={**os.environ, "PYTHONPATH": str(folder)},
        capture_output=True,
        text=True,
        check=False,
    )
    line = line_about(ended.stdout, "renderer")
    assert ended.returncode == 1
    assert line.startswith("WRONG ")
    assert "libpango is gone" in line
    assert "libcairo2-dev" in line
