"""A file is replaced whole or not at all."""

import os
import signal
import stat
from pathlib import Path

import pytest

from gatereel.rnn_math import InputError
from gatereel.rnn_math.files import atomic_path
from gatereel.rnn_math.files.atomic import end_writing
from gatereel.rnn_math.files.leftovers import KEPT_SUFFIX, own_prefix, remove_leftovers


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


# --- what killed processes leave -----------------------------------------------------------------


def left_by_a_killed_process(folder: Path) -> str:
    """Have a process begin to write into `folder`, and kill it; return the file's name."""
    read, write = os.pipe()
    pid = os.fork()
    if pid == 0:
        with atomic_path(folder / "a.gif") as temporary:
            os.write(write, temporary.name.encode())
            signal.pause()
    os.close(write)
    name = os.read(read, 1000).decode()
    os.close(read)
    os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)
    return name


needs_fork = pytest.mark.skipif(not hasattr(os, "fork"), reason="makes processes by fork")


@needs_fork
def test_what_a_killed_process_left_is_removed_by_the_next(tmp_path: Path) -> None:
    left = left_by_a_killed_process(tmp_path)
    assert names(tmp_path) == [left]
    with atomic_path(tmp_path / "b.gif"):
        assert left not in names(tmp_path)
    assert names(tmp_path) == ["b.gif"]


def test_what_a_living_process_is_writing_stays(tmp_path: Path) -> None:
    with atomic_path(tmp_path / "a.gif") as temporary:
        with atomic_path(tmp_path / "b.gif"):
            pass
        assert temporary.exists()


@needs_fork
def test_a_process_that_has_the_number_of_a_dead_one_is_another(tmp_path: Path) -> None:
    left = left_by_a_killed_process(tmp_path)
    machine, _, began, rest = left.removeprefix(".gatereel-").split("-", 3)
    if began == "0":
        pytest.skip("the system does not tell when a process began")
    (tmp_path / left).rename(tmp_path / f".gatereel-{machine}-{os.getpid()}-{began}-{rest}")
    remove_leftovers(tmp_path)
    assert names(tmp_path) == []


@needs_fork
def test_what_may_be_somebody_elses_stays(tmp_path: Path) -> None:
    left = left_by_a_killed_process(tmp_path)
    machine = left.removeprefix(".gatereel-").partition("-")[0]
    other = f"{int(machine, 16) ^ 1:08x}"
    for name in (left.replace(machine, other), ".gatereel-abc123.gif", ".gatereel-notes"):
        (tmp_path / name).write_text("somebody's")
    before = set(names(tmp_path)) - {left}
    remove_leftovers(tmp_path)
    assert set(names(tmp_path)) == before


@needs_fork
def test_the_only_copy_of_an_old_file_stays(tmp_path: Path) -> None:
    left = left_by_a_killed_process(tmp_path)
    old, kept = tmp_path / "old.gif", tmp_path / f"{left}{KEPT_SUFFIX}"
    old.write_text("old")
    kept.hardlink_to(old)
    remove_leftovers(tmp_path)
    assert names(tmp_path) == ["old.gif"]
    old.rename(kept)
    remove_leftovers(tmp_path)
    assert kept.read_text() == "old"


def test_a_folder_that_is_not_there_has_no_leftovers(tmp_path: Path) -> None:
    remove_leftovers(tmp_path / "none")


def test_a_process_that_ends_leaves_nothing_that_it_began(tmp_path: Path) -> None:
    """A signal may fall between the making of a temporary file and its being remembered."""
    with atomic_path(tmp_path / "done.txt") as temporary:
        temporary.write_text("done", encoding="utf-8")
    stray = tmp_path / f"{own_prefix()}stray.gif"
    last = tmp_path / f"{own_prefix()}a.gif{KEPT_SUFFIX}"  # of what stood at a target
    other = tmp_path / ".gatereel-notes"
    for path in (stray, last, other):
        path.write_text("x", encoding="utf-8")
    end_writing()
    assert {path.name for path in tmp_path.iterdir()} == {"done.txt", last.name, other.name}
