"""A post as it stands in a file, so that every byte can be given back."""

from bisect import bisect_right
from codecs import BOM_UTF16_BE, BOM_UTF16_LE
from collections import Counter
from dataclasses import dataclass

from gatereel.cli.posts.front_matter import front_matter_lines
from gatereel.cli.posts.lines import Line, Role, split_lines
from gatereel.cli.posts.structure import roles
from gatereel.rnn_math.errors import InputError

_BYTE_ORDER_MARK = "\ufeff"


@dataclass(frozen=True)
class Post:
    """A post: `name` for messages, `text` with all its characters, and its lines.

    `text` begins with U+FEFF where the file begins with a byte order mark; no line holds it. Bytes
    that are no UTF-8 are lone surrogates in `text`.
    """

    name: str
    text: str
    lines: tuple[Line, ...]

    @property
    def line_end(self) -> str:
        r"""The line end that the post has most often; \n where it has none."""
        counted = Counter(line.end for line in self.lines if line.end)
        return counted.most_common(1)[0][0] if counted else "\n"

    def index_at(self, offset: int) -> int:
        """The index of that line among all."""
        return max(0, bisect_right(self.lines, offset, key=lambda line: line.start) - 1)

    def line_at(self, offset: int) -> Line:
        """The line that holds the character at `offset` of the text."""
        return self.lines[self.index_at(offset)]

    def encode(self) -> bytes:
        """The file's bytes."""
        return encode(self.text)


def read_post(content: bytes, name: str = "the post") -> Post:
    """The post of a file's bytes. Raises InputError for UTF-16, which no engine takes."""
    if content.startswith((BOM_UTF16_LE, BOM_UTF16_BE)):
        raise InputError(f"{name} is in UTF-16; posts are in UTF-8. Save it as UTF-8.")
    return post_of(content.decode("utf-8", "surrogateescape"), name)


def post_of(text: str, name: str) -> Post:
    """The post of a text, decoded as `read_post` does."""
    start = len(_BYTE_ORDER_MARK) if text.startswith(_BYTE_ORDER_MARK) else 0
    parts = split_lines(text, start)
    texts = [line for _, line, _ in parts]
    front = front_matter_lines(text[start:], texts)
    found = [Role.FRONT_MATTER] * front + roles(texts[front:])
    lines = (Line(*part, role) for part, role in zip(parts, found, strict=True))
    return Post(name, text, tuple(lines))


def encode(text: str) -> bytes:
    """The bytes that `read_post` decoded."""
    return text.encode("utf-8", "surrogateescape")
