"""Zip archives: what they claim is checked before anything is unpacked."""

import zipfile
from io import BytesIO
from pathlib import Path

import pytest

from gatereel.rnn_math import InputError
from gatereel.rnn_math.files import archive, reading
from gatereel.rnn_math.files.archive import open_archive
from tests.rnn_math.models.torch_tensors import damaged

MUTATIONS = 600
ZEROS = bytes(1000)


def zipped(members: dict[str, bytes], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    stream = BytesIO()
    with zipfile.ZipFile(stream, "w", compression) as written:
        for name, data in members.items():
            written.writestr(name, data)
    return stream.getvalue()


@pytest.mark.parametrize("compression", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
def test_members_are_read(compression: int) -> None:
    opened = open_archive(zipped({"a/b": b"12", "a/": b"", "c": ZEROS}, compression), "m.keras")
    assert dict(opened.sizes) == {"a/b": 2, "c": 1000}
    assert opened.read("a/b") == b"12"
    assert opened.read("c") == ZEROS


def twice() -> bytes:
    data = zipped({"a": b"1", "b": b"2"})
    return data.replace(b"b", b"a")


def unnamed() -> bytes:
    """An archive whose member's name is empty; its one letter is an extra field."""
    data = bytearray(zipped({"a": b"1"}))
    entry = data.index(b"PK\x01\x02")
    data[entry + 28], data[entry + 30] = 0, 1  # lengths of the name and of the extra field
    return bytes(data)


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"no archive", "m.keras is not a readable model"),
        (zipped({"a": b"1"})[:-10], "is not a readable model"),
        (zipped({"../a": b"1"}), r"the name '\.\./a' leads out of the archive"),
        (zipped({"a/../../b": b"1"}), "leads out"),
        (zipped({"/etc/passwd": b"1"}), "leads out"),
        (zipped({"a\\b": b"1"}), "leads out"),
        (zipped({"C:/a": b"1"}), "leads out"),
        (unnamed(), "a member without a name"),
        (zipped({".": b"1"}), "a member without a name"),
        (zipped({"a": b"1"}, zipfile.ZIP_BZIP2), "'a' is compressed in a way"),
        (zipped({"a": b"1"}, zipfile.ZIP_LZMA), "'a' is compressed in a way"),
        (twice(), "holds 'a' twice"),
    ],
)
def test_unusual_archives_are_refused(data: bytes, message: str) -> None:
    with pytest.raises(InputError, match=message):
        open_archive(data, "m.keras", "model")


def test_an_encrypted_archive_is_refused() -> None:
    data = bytearray(zipped({"a": b"1"}))
    data[data.index(b"PK\x01\x02") + 8] |= 1  # the flags of the entry
    with pytest.raises(InputError, match="is encrypted"):
        open_archive(bytes(data), "m.keras")


def test_a_bomb_is_not_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "ALWAYS_ALLOWED", 10_000)
    data = zipped({"a": bytes(1_000_000)})
    with pytest.raises(InputError, match="unpacks to 1000000 bytes; at most"):
        open_archive(data, "m.keras")
    assert open_archive(zipped({"a": bytes(10_000)}), "m.keras").sizes == {"a": 10_000}


def test_many_members_are_refused_before_they_are_listed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "MAX_MEMBERS", 3)
    with pytest.raises(InputError, match="more members than the 3"):
        open_archive(zipped({str(k): b"" for k in range(4)}), "m.keras")


def understated(size: int, claimed: int) -> bytes:
    """An archive whose member inflates to `size` bytes and claims fewer."""
    data = bytearray(zipped({"a": bytes(size)}))
    place = data.index(b"PK\x01\x02") + 24  # the unpacked size in the entry
    data[place : place + 4] = claimed.to_bytes(4, "little")
    return bytes(data)


def test_a_member_that_inflates_to_more_than_it_claims_is_not_read() -> None:
    opened = open_archive(understated(50_000_000, 10), "m.keras")
    with pytest.raises(InputError, match="'a' is damaged"):
        opened.read("a")


def test_a_member_above_the_reader_s_limit_is_not_read() -> None:
    opened = open_archive(zipped({"a": ZEROS}), "m.keras")
    with pytest.raises(InputError, match="'a' has 1000 bytes; at most 10 are read"):
        opened.read("a", limit=10)


def test_damaged_archives_end_in_an_input_error_or_bytes(tmp_path: Path) -> None:
    whole = zipped({"config.json": b'{"a": 1}' * 20, "model/weights": bytes(range(256))})
    refused = 0
    for data in damaged(whole, MUTATIONS):
        try:
            opened = open_archive(data, "m.keras")
            for name in opened.sizes:
                opened.read(name)
        except InputError:
            refused += 1
    assert MUTATIONS / 2 < refused < MUTATIONS
    assert not list(tmp_path.iterdir())
