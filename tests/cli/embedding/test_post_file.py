"""The file of a post: what is read, and when it is written."""

import os
from pathlib import Path

import pytest

from gatereel.cli.embedding import post_file
from gatereel.cli.embedding.post_file import read_post_file, write_post_file
from gatereel.rnn_math import InputError

OLD, NEW = b"old\r\n", b"new\r\n"


@pytest.fixture
def post(tmp_path: Path) -> Path:
    path = tmp_path / "post.md"
    path.write_bytes(OLD)
    return path


def test_a_post_is_written_once(post: Path) -> None:
    assert read_post_file(post) == OLD
    assert write_post_file(post, OLD, NEW)
    assert read_post_file(post) == NEW
    # Another run of the same command was faster.
    assert not write_post_file(post, OLD, NEW)


def test_only_a_file_is_read(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.md")  # opening it would wait for ever
    (tmp_path / "device.md").symlink_to("/dev/zero")  # and this has no end
    for name in ("pipe.md", "device.md"):
        with pytest.raises(InputError, match="it is a device or a pipe; a post is a file"):
            read_post_file(tmp_path / name)
    with pytest.raises(IsADirectoryError):
        read_post_file(tmp_path)


def test_a_post_has_a_size_limit(post: Path) -> None:
    with post.open("r+b") as file:
        file.truncate(post_file.MOST_BYTES)
    assert len(read_post_file(post)) == post_file.MOST_BYTES
    with post.open("r+b") as file:
        file.truncate(1 << 40)  # no disk holds it, and no memory
    with pytest.raises(
        InputError, match=r"it has 1099511627776 bytes; a post has at most 16777216"
    ):
        read_post_file(post)


@pytest.mark.parametrize("moment", ["before", "within"])
def test_a_changed_post_stays(post: Path, moment: str, monkeypatch: pytest.MonkeyPatch) -> None:
    if moment == "before":
        post.write_bytes(b"edit")
    else:  # between the last look and the move
        monkeypatch.setattr(
            post_file, "replace_bytes", lambda *_: bool(post.write_bytes(b"edit")) and False
        )
    with pytest.raises(InputError, match="it was changed in the meantime; run the command again"):
        write_post_file(post, OLD, NEW)
    assert post.read_bytes() == b"edit"


def test_a_post_that_is_gone_or_read_only_is_told(post: Path) -> None:
    post.chmod(0o444)
    with pytest.raises(InputError, match="it is read-only; nothing was written"):
        write_post_file(post, OLD, NEW)
    assert post.read_bytes() == OLD
    post.unlink()
    with pytest.raises(InputError, match="it was removed in the meantime"):
        write_post_file(post, OLD, NEW)
    assert not post.exists()
