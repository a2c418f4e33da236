"""Random damage to files: bytes, sizes and words, also inside of zip archives."""

import re
import zipfile
from io import BytesIO
from random import Random

_NUMBERS = (0, 1, 127, 128, 255, 2**15, 2**16 - 1, 2**31 - 1, 2**31, 2**32 - 1, 2**63, 2**64 - 1)
"""Sizes at which readers go wrong."""

_WORDS = (
    *(b"nan", b"inf", b"-1", b"1e999", b"1e308", b"0x" + b"f" * 5000, b"9" * 5000, b"\x00", b"_"),
    *(b"[", b"]", b"[" * 2000, b"{", b"}", b'"', b"'''", b"\\", b"\n", b"\r", b",", b"." * 300),
    *(b"\xff", b"\xed\xa0\x80", b"\xef\xbb\xbf", "\u2028\u202e".encode(), b"null", b"true"),
    *(b"<!-- gatereel: lstm -->\n", b"<!-- /gatereel -->\n", b"```\n", b"{% raw %}", b"---\n"),
    *(b"<pre>", b"> ", b"- ", b"    ", b"<picture>", b"![a](a.gif)", b"1979-05-27T99:99:99Z"),
)
_TOKEN = re.compile(rb"""-?[0-9.]+(?:[eE][-+]?[0-9]+)?|"[^"\n]*"|[\w-]+""")
"""A number, a text or a word: what stays a file of its kind when another stands there."""

_TOKENS = (
    *(b"0", b"-1", b"1", b"2", b"0.5", b"-0.0", b"1e308", b"1e999", b"NaN", b"-Infinity", b"null"),
    *(b"true", b"false", b'""', b'"x"', b"[]", b"{}", b"[[]]", b"[0]", b'{"a": 1}', b"1" * 30),
    *(b"4294967296", b"9223372036854775808", b"65537", '"\u1ea9\u202e\u2028"'.encode(), b"'a'"),
)
"""Values of every kind, at the edges of what readers take."""

_LONGEST_STRETCH = 64
_MOST_CHANGES = 6


def mutate(data: bytes, random: Random, others: tuple[bytes, ...] = ()) -> bytes:
    """`data` with one to six changes, mostly one; of an archive, mostly in one member.

    `others` are files of the same kind, of which stretches are taken over.
    """
    if data.startswith(b"PK\x03\x04") and random.random() < 0.7:
        changed = _in_archive(data, random)
        if changed is not None:
            return changed
    in_text = random.random() < 0.7
    for _ in range(min(_MOST_CHANGES, 1 + int(random.expovariate(1.5)))):
        if in_text and _is_text(data):
            other = random.choice(others or (data,))
            data = _in_text(data, random, other if _is_text(other) else data)
        else:
            data = _change(data, random, others or (data,))
    return data


def _in_text(data: bytes, random: Random, other: bytes) -> bytes:
    """A text in which one line, or one token, is another one, gone or there twice."""
    if random.random() < 0.3:
        lines = data.splitlines(keepends=True)
        place = random.randrange(len(lines))
        line = random.choice((b"", lines[place] * 2, random.choice(other.splitlines(True))))
        return b"".join([*lines[:place], line, *lines[place + 1 :]])
    tokens = list(_TOKEN.finditer(data))
    if not tokens:
        return data
    token = random.choice(tokens)
    others = _TOKEN.findall(other) or [b""]
    kept = token.group()
    word = random.choice((random.choice(_TOKENS), random.choice(others), kept + b" " + kept, b""))
    return data[: token.start()] + word + data[token.end() :]


def _is_text(data: bytes) -> bool:
    try:
        return bool(data.decode()) and b"\x00" not in data
    except UnicodeDecodeError:
        return False


def _in_archive(data: bytes, random: Random) -> bytes | None:
    """The archive with a damaged member, packed anew, so that the checksums are right."""
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            members = [(name, archive.read(name)) for name in archive.namelist()]
    except (zipfile.BadZipFile, OSError):
        return None
    place = random.randrange(len(members))
    name, content = members[place]
    members[place] = name, mutate(content or b"\x00", random)
    stream = BytesIO()
    packing = random.choice((zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED))
    with zipfile.ZipFile(stream, "w") as archive:
        for each, kept in members:
            # Its own time, in place of the clock's: the same damage each time.
            archive.writestr(zipfile.ZipInfo(each), kept, packing)
    return stream.getvalue()


def _change(data: bytes, random: Random, others: tuple[bytes, ...]) -> bytes:
    start = random.randrange(len(data) + 1)
    stop = min(len(data), start + random.randint(1, _LONGEST_STRETCH))
    number = random.choice(_NUMBERS).to_bytes(8, random.choice(("little", "big")))
    other = random.choice(others)
    there = random.randrange(len(other) + 1)
    changed = (
        data[:start],
        data[:start] + data[stop:],
        data[:start] + random.randbytes(stop - start) + data[stop:],
        data[:start] + bytes([random.randrange(256)]) + data[start + 1 :],
        data[:start] + number[: random.choice((1, 2, 4, 8))] + data[stop:],
        data[:start] + random.choice(_WORDS) + data[start:],
        data[:start] + random.choice(_WORDS) + data[stop:],
        data[:start] + data[start:stop] * random.randint(2, 50) + data[stop:],
        data[:start] + other[there : there + random.randint(1, 1000)] + data[stop:],
    )
    # The first, a cut, leaves little to go wrong: it comes seldom.
    return random.choice(changed if random.random() < 0.1 else changed[1:])
