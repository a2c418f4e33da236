"""A file is replaced whole or not at all."""

import os
import stat
from pathlib import Path

import pytest

from rnn_math import InputError
from rnn_math.files import atomic_path


class Interrupted(BaseException):
    """Something that no writer expects, such as Ctrl-C."""


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_a_new_file_appears_when_the_block_ends(tmp_path: Path) -> None:
    target = tmp_path / "new.gif"
    with atomic_path(target) as temporary:
        assert temporary.parent == tmp_path
        assert temporary.suffix == ".gif"
        assert temporary.name.startswith(".")
        temporary.write_text("new")
        assert not target.exists()
    assert target.read_text() == "new"
    assert names(tmp_path) == ["new.gif"]


@pytest.mark.parametrize("error", [OSError, Interrupted, KeyboardInterrupt])
def test_an_exception_leaves_the_old_file_and_nothing_else(
    tmp_path: Path, error: type[BaseException]
) -> None:
    target = tmp_path / "old.gif"
    target.write_text("old")
    with pytest.raises(error), atomic_path(target) as temporary:  # noqa: PT012  # the block counts
        temporary.write_text("half")
        raise error
    assert target.read_text() == "old"
    assert names(tmp_path) == ["old.gif"]


def test_two_writers_of_one_file_do_not_meet(tmp_path: Path) -> None:
    target = tmp_path / "a.gif"
    with atomic_path(target) as one, atomic_path(target) as two:
        assert one != two
        one.write_text("one")
        two.write_text("two")
    assert target.read_text() == "one"  # the outer block ends last
    assert names(tmp_path) == ["a.gif"]


@pytest.mark.parametrize(("umask", "mode"), [(0o022, 0o644), (0o077, 0o600), (0o002, 0o664)])
def test_a_new_file_honours_the_umask(tmp_path: Path, umask: int, mode: int) -> None:
    target = tmp_path / "a.gif"
    before = os.umask(umask)
    try:
        with atomic_path(target):
            pass
        assert os.umask(umask) == umask
    finally:
        os.umask(before)
    assert stat.S_IMODE(target.stat().st_mode) == mode


def test_an_old_file_keeps_its_mode(tmp_path: Path) -> None:
    target = tmp_path / "a.gif"
    target.touch()
    target.chmod(0o640)
    with atomic_path(target):
        pass
    assert stat.S_IMODE(target.stat().st_mode) == 0o640


def test_a_symbolic_link_stays_a_link(tmp_path: Path) -> None:
    real, link = tmp_path / "real.gif", tmp_path / "link.gif"
    real.write_text("old")
    link.symlink_to(real)
    with atomic_path(link) as temporary:
        temporary.write_text("new")
    assert link.is_symlink()
    assert real.read_text() == "new"


@pytest.mark.parametrize(
    ("target", "message"),
    [
        (".", "is a folder; the name of a file is needed"),
        ("missing/a.gif", "cannot be written: there is no folder .*missing"),
        ("file/a.gif", "cannot be written: "),
        (f"{'long' * 100}.{'gif' * 100}", "cannot be written: File name too long"),
    ],
)
def test_a_place_that_takes_no_file(tmp_path: Path, target: str, message: str) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(InputError, match=message), atomic_path(tmp_path / target):
        pass
    assert names(tmp_path) == ["file"]


def test_a_pipe_is_not_replaced(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe.gif"
    os.mkfifo(pipe)
    with pytest.raises(InputError, match="is a device or a pipe"), atomic_path(pipe):
        pass
    assert stat.S_ISFIFO(pipe.stat().st_mode)


def test_a_folder_that_refuses_new_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # Simulated, because mode bits do not stop an administrator.
    def refuse(*args: object, **options: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("tempfile.mkstemp", refuse)
    message = r"a\.gif cannot be written: Permission denied"
    with pytest.raises(InputError, match=message), atomic_path(tmp_path / "a.gif"):
        pass
