"""What `check_targets` lets through and what it says about the rest."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable
from pathlib import Path

import pytest

import gatereel.scenes.export.targets as targets_module
from gatereel.rnn_math.errors import InputError
from gatereel.scenes.export import ENCODERS, check_targets
from gatereel.scenes.export.video import VideoEncoder


@pytest.mark.parametrize("suffix", ENCODERS)
@pytest.mark.parametrize("change", [str.lower, str.upper])
def test_known_suffix_in_any_case_passes_and_leaves_nothing(
    tmp_path: Path, suffix: str, change: Callable[[str], str]
) -> None:
    check_targets([tmp_path / f"cell{change(suffix)}"])
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["cell.avi", "cell", ".gif"])
def test_unknown_suffix_names_the_accepted_ones(tmp_path: Path, name: str) -> None:
    with pytest.raises(InputError) as caught:
        check_targets([tmp_path / name])
    assert all(suffix in str(caught.value) for suffix in [name, *ENCODERS])


def test_no_target_is_an_error() -> None:
    with pytest.raises(InputError, match="No file"):
        check_targets([])


def test_same_file_twice_is_found_behind_another_spelling(tmp_path: Path) -> None:
    (tmp_path / "sub").mkdir()
    with pytest.raises(InputError, match="twice"):
        check_targets([tmp_path / "a.gif", tmp_path / "sub" / ".." / "a.gif"])


def test_folder_in_the_place_of_the_file(tmp_path: Path) -> None:
    (tmp_path / "cell.gif").mkdir()
    with pytest.raises(InputError, match="is a folder"):
        check_targets([tmp_path / "cell.gif"])


def test_missing_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="nowhere"):
        check_targets([tmp_path / "nowhere" / "cell.gif"])


def test_read_only_disk_is_found_by_trying(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(dir: Path) -> None:
        raise OSError(errno.EROFS, os.strerror(errno.EROFS))

    monkeypatch.setattr(targets_module, "TemporaryFile", refuse)
    with pytest.raises(InputError, match="Read-only file system"):
        check_targets([tmp_path / "cell.gif"])


def test_missing_codec_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(VideoEncoder, "available", classmethod(lambda cls: False))
    with pytest.raises(InputError, match="libx264"):
        check_targets([tmp_path / "cell.mp4"])
