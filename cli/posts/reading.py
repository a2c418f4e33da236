"""A post as it stands in a file, so that every byte can be given back."""

from bisect import bisect_left, bisect_right
from codecs import BOM_UTF16_BE, BOM_UTF16_LE
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from typing import Any, TypeVar

from gatereel.cli.posts.comments import Kind, kind_of
from gatereel.cli.posts.front_matter import front_matter_lines
from gatereel.cli.posts.html_pages import html_roles
from gatereel.cli.posts.lines import Line, Role, split_lines
from gatereel.cli.posts.notebooks import cell_number, cells_text, with_cells
from gatereel.cli.posts.restructured import rst_roles
from gatereel.cli.posts.structure import roles
from gatereel.rnn_math.errors import InputError
from gatereel.rnn_math.records import dataclass

T = TypeVar("T")

_BYTE_ORDER_MARK = "\ufeff"


@dataclass(frozen=True)
class Post:
    """A post: `name` for messages and for its kind, `text` with all its characters, its lines.

    Of a notebook, `text` are the Markdown cells, each behind a line of role BETWEEN.
    `text` begins with U+FEFF where the file begins with a byte order mark; no line holds it. Bytes
    that are no UTF-8 are lone surrogates in `text`.
    """

    name: str
    text: str
    lines: tuple[Line, ...]

    @cached_property
    def kind(self) -> Kind:
        """What the post is written in."""
        return kind_of(self.name)

    @property
    def line_end(self) -> str:
        r"""The line end that the post has most often; \n where it has none."""
        counted = Counter(line.end for line in self.lines if line.end)
        return counted.most_common(1)[0][0] if counted else "\n"

    def index_at(self, offset: int) -> int:
        """The index of that line among all."""
        return max(0, bisect_right(self._starts, offset) - 1)

    def line_at(self, offset: int) -> Line:
        """The line that holds the character at `offset` of the text."""
        return self.lines[self.index_at(offset)]

    def cell_of(self, line: int) -> tuple[int | None, int]:
        """The cell of a notebook that holds a line, and the line in it, all from 1.

        None and the line itself in other posts.
        """
        place = bisect_left(self._between, line)  # a cell's first line is behind its own one
        if not place:
            return None, line
        before = self._between[place - 1]
        return cell_number(self.lines[before].text), line - before - 1

    def once(self, work: Callable[["Post"], T]) -> T:
        """What `work` gives of this post, which is computed the first time."""
        if work not in self._done:
            self._done[work] = work(self)
        done: T = self._done[work]
        return done

    @cached_property
    def _done(self) -> dict[Callable[["Post"], Any], Any]:
        """What was computed of this post, by what computes it."""
        return {}

    @cached_property
    def _starts(self) -> list[int]:
        """Offsets of the lines."""
        return [line.start for line in self.lines]

    @cached_property
    def _between(self) -> list[int]:
        """Indices of the lines before cells."""
        return [i for i, line in enumerate(self.lines) if line.role is Role.BETWEEN]

    def encode(self) -> bytes:
        """The file's bytes; of a notebook, those of its cells alone."""
        return encode(self.text)


def read_post(content: bytes, name: str = "the post") -> Post:
    """The post of a file's bytes; its name tells the kind.

    Raises InputError for UTF-16, which no engine takes, and for what is no notebook.
    """
    if content.startswith((BOM_UTF16_LE, BOM_UTF16_BE)):
        raise InputError(f"{name} is in UTF-16; posts are in UTF-8. Save it as UTF-8.")
    text = decode(content)
    return post_of(cells_text(text, name) if kind_of(name) == "notebook" else text, name)


def file_with(old: bytes, written: bytes, name: str) -> bytes:
    """The bytes of the file that was `old` when its post has become `written`."""
    if kind_of(name) != "notebook":
        return written
    return encode(with_cells(decode(old), decode(written), name))


def post_of(text: str, name: str) -> Post:
    """The post of a text, decoded as `read_post` does."""
    start = len(_BYTE_ORDER_MARK) if text.startswith(_BYTE_ORDER_MARK) else 0
    parts = split_lines(text, start)
    texts = [line for _, line, _ in parts]
    found = _ROLES[kind_of(name)](text[start:], texts)
    lines = (Line(*part, role) for part, role in zip(parts, found, strict=True))
    return Post(name, text, tuple(lines))


def _markdown_roles(text: str, lines: Sequence[str]) -> list[Role]:
    front = front_matter_lines(text, lines)
    return [Role.FRONT_MATTER] * front + roles(lines[front:])


def _html_roles(text: str, lines: Sequence[str]) -> list[Role]:
    front = front_matter_lines(text, lines)  # of Jekyll, Hugo and Eleventy
    return [Role.FRONT_MATTER] * front + html_roles(lines[front:])


def _rst_roles(_: str, lines: Sequence[str]) -> list[Role]:
    return rst_roles(lines)


def _notebook_roles(_: str, lines: Sequence[str]) -> list[Role]:
    """Those of each cell for itself: nothing is open from one to the next."""
    found: list[Role] = []
    cell: list[str] = []
    for line in lines:
        if cell_number(line) is None:
            cell.append(line)
            continue
        found += [*roles(cell), Role.BETWEEN]
        cell = []
    return found + roles(cell)


_ROLES: Mapping[Kind, Callable[[str, Sequence[str]], list[Role]]] = {
    "markdown": _markdown_roles,
    "mdx": _markdown_roles,
    "notebook": _notebook_roles,
    "html": _html_roles,
    "rst": _rst_roles,
}


def decode(content: bytes) -> str:
    """Text of a file; bytes that are no UTF-8 become lone surrogates."""
    return content.decode("utf-8", "surrogateescape")


def encode(text: str) -> bytes:
    """The bytes that `read_post` decoded."""
    return text.encode("utf-8", "surrogateescape")
