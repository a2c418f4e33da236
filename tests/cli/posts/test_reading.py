"""Reading a post: bytes, line ends, front matter."""

import codecs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gatereel.cli.posts import Role, read_post
from gatereel.rnn_math import InputError

NO_UTF16 = st.binary().filter(lambda content: content[:2] not in (b"\xff\xfe", b"\xfe\xff"))


@given(NO_UTF16)
def test_every_byte_comes_back(content: bytes) -> None:
    post = read_post(content)
    assert post.encode() == content
    mark = post.text[: post.lines[0].start]
    assert mark + "".join(line.text + line.end for line in post.lines) == post.text


@given(st.lists(st.sampled_from(["a", "", "\u2028", "\x0b", "\r\n", "\n", "\r"])).map("".join))
def test_lines_are_split_at_carriage_returns_and_line_feeds_alone(text: str) -> None:
    post = read_post(text.encode())
    assert [line.text for line in post.lines] == _plain_lines(text)
    assert all(post.lines[post.index_at(line.start)] == line for line in post.lines)


def _plain_lines(text: str) -> list[str]:
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return lines[:-1] if len(lines) > 1 and not lines[-1] else lines


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be"])
def test_utf_16_is_refused(encoding: str) -> None:
    mark = b"" if encoding == "utf-16" else "\ufeff".encode(encoding)
    with pytest.raises(InputError, match=r"^a\.md is in UTF-16.* Save it as UTF-8\.$"):
        read_post(mark + "text".encode(encoding), "a.md")


@pytest.mark.parametrize(
    ("text", "line_end"),
    [("a", "\n"), ("", "\n"), ("a\r\nb\r\nc\n", "\r\n"), ("a\rb", "\r"), ("a\nb", "\n")],
)
def test_the_most_common_line_end(text: str, line_end: str) -> None:
    assert read_post(text.encode()).line_end == line_end


@pytest.mark.parametrize("mark", [b"", codecs.BOM_UTF8])
@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("---\ntitle: x\n---\nText", 3),
        ("---\ntitle: x\n...  \nText", 3),
        ("---\ntitle: x\n\nText", 0),  # a thematic break
        ("\n---\ntitle: x\n---\n", 0),
        ("----\ntitle: x\n---\n", 0),
        ("+++\ntitle = '---'\n---\n+++\nText", 4),
        ("+++\ntitle = 'x'\n---\nText", 0),
        ('{\n"title": "a } \\" }",\n"tags": {"a": 1},\n}\nText', 4),
        ('{ "title": "x" }\nText', 1),
        ("{}\nText", 1),
        ('{\n"title": "x"\nText', 0),
        ("{: .center}\n}\nText", 0),
        ("{% raw %}\n}\nText", 0),
        ('{{< figure src="}" >}}\nText', 0),
    ],
)
def test_front_matter(text: str, lines: int, line_end: str, mark: bytes) -> None:
    post = read_post(mark + text.replace("\n", line_end).encode())
    assert [line.role is Role.FRONT_MATTER for line in post.lines] == [
        index < lines for index in range(len(post.lines))
    ]
