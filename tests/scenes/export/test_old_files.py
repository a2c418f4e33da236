"""Several files are replaced together; when one move fails, all old files are there again."""

from __future__ import annotations

import errno
from pathlib import Path

import pytest

from gatereel.rnn_math.errors import InputError
from gatereel.scenes.export import Frame
from gatereel.scenes.export.old_files import OldFiles

from .drawing import film_of, moving_disc, open_files

SUFFIXES = (".gif", ".png", ".webp")


def write_all(paths: list[Path], frame: Frame) -> None:
    with open_files(paths, film_of(frame)) as files:
        files.write(frame)


def fail_at(monkeypatch: pytest.MonkeyPatch, move: int, error: BaseException) -> list[Path]:
    """Let the move numbered `move` raise `error`; return where moves went, as they come."""
    moved: list[Path] = []
    replace = Path.replace

    def counted(self: Path, target: Path) -> Path:
        moved.append(target)
        if len(moved) == move:
            raise error
        return replace(self, target)

    monkeypatch.setattr(Path, "replace", counted)
    return moved


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


@pytest.mark.parametrize("error", [OSError(errno.EACCES, "Permission denied"), KeyboardInterrupt()])
@pytest.mark.parametrize("move", [1, 2, 3])
@pytest.mark.parametrize("old", [(), SUFFIXES, SUFFIXES[:1], SUFFIXES[1:]])
def test_a_failed_move_undoes_the_others(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    error: BaseException,
    move: int,
    old: tuple[str, ...],
) -> None:
    paths = [tmp_path / f"cell{suffix}" for suffix in SUFFIXES]
    for suffix in old:
        (tmp_path / f"cell{suffix}").write_text(f"old {suffix}")
    before = contents(tmp_path)
    moved = fail_at(monkeypatch, move, error)
    # An error in a move comes as InputError, an interruption as it is.
    with pytest.raises((InputError, KeyboardInterrupt)):
        write_all(paths, next(moving_disc(1)))
    assert len(moved) >= move
    assert contents(tmp_path) == before


@pytest.mark.parametrize("links", [True, False])
def test_nothing_is_left_over_after_success(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, links: bool
) -> None:
    if not links:
        refuse_links(monkeypatch)
    paths = [tmp_path / f"cell{suffix}" for suffix in SUFFIXES]
    for path in paths:
        path.write_text("old")
    write_all(paths, next(moving_disc(1)))
    assert sorted(tmp_path.iterdir()) == sorted(paths)
    assert b"old" not in contents(tmp_path).values()


def refuse_links(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(self: Path, target: Path) -> None:
        raise OSError(errno.EPERM, "Operation not permitted")

    monkeypatch.setattr(Path, "hardlink_to", refuse)


def test_old_files_come_back_on_a_disk_without_links(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    refuse_links(monkeypatch)
    paths = [tmp_path / f"cell{suffix}" for suffix in SUFFIXES]
    for path in paths:
        path.write_text("old")
    before = contents(tmp_path)
    fail_at(monkeypatch, len(paths), KeyboardInterrupt())
    with pytest.raises(KeyboardInterrupt):
        write_all(paths, next(moving_disc(1)))
    assert contents(tmp_path) == before


def test_what_another_writer_put_there_stays(tmp_path: Path) -> None:
    target, temporary, other = (tmp_path / name for name in ("a.gif", ".new.gif", ".other.gif"))
    for path in (target, temporary, other):
        path.write_text(path.name)
    old = OldFiles()
    old.keep(target, temporary)
    temporary.replace(target)
    other.replace(target)
    old.put_back()
    assert contents(tmp_path) == {"a.gif": b".other.gif"}


def test_the_only_copy_of_an_old_file_is_never_removed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target, temporary = tmp_path / "a.gif", tmp_path / ".new.gif"
    target.write_text("old")
    temporary.write_text("new")
    old = OldFiles()
    old.keep(target, temporary)
    temporary.replace(target)
    fail_at(monkeypatch, 1, OSError(errno.EIO, "Input/output error"))
    with pytest.raises(OSError, match="Input/output"):
        old.put_back()
    assert sorted(contents(tmp_path).values()) == [b"new", b"old"]
