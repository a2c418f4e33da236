"""A file is replaced if it is still what it was, and an edit saved at any moment is kept."""

from collections.abc import Callable
from pathlib import Path

import pytest

from gatereel.rnn_math import InputError
from gatereel.rnn_math.files import exchange as module
from gatereel.rnn_math.files.exchange import replace_bytes

OLD, NEW, EDIT, LATER = b"old", b"new", b"an edit", b"a later edit"

Exchange = Callable[[Path, Path], bool]


@pytest.fixture
def target(tmp_path: Path) -> Path:
    path = tmp_path / "post.md"
    path.write_bytes(OLD)
    return path


@pytest.fixture(params=[True, False], ids=["exchanged", "moved"])
def can_exchange(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> bool:
    """Whether the system lets two files change places."""
    if not request.param:
        monkeypatch.setattr(module, "exchange", lambda one, other: False)
    return bool(request.param)


def test_what_is_still_the_same_is_replaced(target: Path, can_exchange: bool) -> None:
    target.chmod(0o640)
    assert replace_bytes(target, OLD, NEW)
    assert (target.read_bytes(), target.stat().st_mode & 0o777) == (NEW, 0o640)
    assert list(target.parent.iterdir()) == [target]


def test_what_was_changed_stays(target: Path, can_exchange: bool) -> None:
    target.write_bytes(EDIT)
    assert not replace_bytes(target, OLD, NEW)
    assert target.read_bytes() == EDIT
    assert list(target.parent.iterdir()) == [target]


def saved(path: Path, content: bytes) -> None:
    """As editors save: a new file takes the place of the old one."""
    beside = path.with_name("editor")
    beside.write_bytes(content)
    beside.replace(path)


@pytest.mark.parametrize("edits", [(EDIT,), (EDIT, LATER)])
def test_an_edit_in_the_last_moment_is_kept(
    target: Path, edits: tuple[bytes, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Saved when the file had been looked at for the last time, and again while it is put back."""
    exchange: Exchange = module.exchange
    if not exchange(target, target):
        pytest.skip("this system cannot let files change places")
    coming = list(edits)

    def exchange_after_an_edit(one: Path, other: Path) -> bool:
        if coming:
            saved(other, coming.pop(0))
        return exchange(one, other)

    monkeypatch.setattr(module, "exchange", exchange_after_an_edit)
    assert not replace_bytes(target, OLD, NEW)
    assert target.read_bytes() == edits[-1]
    assert list(target.parent.iterdir()) == [target]


def test_a_link_is_followed(target: Path) -> None:
    link = target.with_name("link.md")
    link.symlink_to(target)
    assert replace_bytes(link, OLD, NEW)
    assert link.is_symlink()
    assert target.read_bytes() == NEW


def test_a_file_that_is_gone_is_named(target: Path) -> None:
    target.unlink()
    with pytest.raises(InputError, match=r"post\.md cannot be written: No such file"):
        replace_bytes(target, OLD, NEW)
    assert not list(target.parent.iterdir())
