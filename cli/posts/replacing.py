"""Old images of a post become directives."""

import re
import shlex
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from gatereel.cli.posts.blocks import CLOSING
from gatereel.cli.posts.comments import comment_of
from gatereel.cli.posts.images import Image, definition, image_alone
from gatereel.cli.posts.lines import Line
from gatereel.cli.posts.reading import Post, post_of
from gatereel.rnn_math.errors import InputError

_PLACE = re.compile(r"(?P<indent>[ \t>]*)(?P<content>.*)", re.DOTALL)
_PICTURE_TAG = re.compile(r"<(?P<close>/?)picture\b", re.IGNORECASE)


@dataclass(frozen=True)
class ReplacedImage:
    """An image that became a directive.

    `line` is its line in the old post, from 1, and `was` that line's text: what it had beside the
    image (a link, a wrapper's alignment, an attribute list of kramdown) is in no block.
    """

    line: int
    alt: str
    was: str


@dataclass(frozen=True)
class Replacement:
    """A post after `replace_image`.

    `remaining` are lines of the old post, from 1, that show or name the image and stay: it stands
    there beside other text, or within a <picture> of several lines.
    """

    post: Post
    images: tuple[ReplacedImage, ...]
    remaining: tuple[int, ...]

    @property
    def count(self) -> int:
        """How many images became directives."""
        return len(self.images)

    @property
    def alts(self) -> tuple[str, ...]:
        """The alt texts of these images, in order; "" where there was none."""
        return tuple(image.alt for image in self.images)


def replace_image(post: Post, old: str, words: Sequence[str]) -> Replacement:
    """Make a directive, its block still empty, of every line that is an image of `old`.

    `old` is a URL or path, as it stands in the post. Lines in code stay, as does the definition of
    a reference. An attribute list of kramdown goes with the image: it would style a comment.
    Raises InputError when the words cannot stand in a comment.
    """
    directive = _directive_text(words, post.name)
    definitions = _definitions(post)
    pieces = [post.text[: post.lines[0].start]]
    images: list[ReplacedImage] = []
    remaining: list[int] = []
    in_picture = False
    for number, line in enumerate(post.lines, start=1):
        indent, image = _image_of(line, definitions)
        if image and image.shows(old) and not in_picture:
            images.append(ReplacedImage(number, image.alt, line.text))
            pieces.append(_block(post, line, indent, directive))
        else:
            pieces.append(line.text + line.end)
            if line.prose and old in line.text and definition(line.text) is None:
                remaining.append(number)
        in_picture = _in_picture_behind(line, before=in_picture)
    replaced = post_of("".join(pieces), post.name) if images else post
    return Replacement(replaced, tuple(images), tuple(remaining))


def cell_in(text: str, cells: Iterable[str]) -> str | None:
    """Which of `cells` a URL or an alt text names, or None when it names none or several.

    Names are whole words in any case: "illustrated-lstm_2.gif" names lstm, "lstms" does not. Of
    "gru" and "gru-reset-after", the longer one counts; its words may be joined by -, _ or a space.
    """
    names = {_NAME_JOINT.sub("-", name).lower(): name for name in cells}
    longest_first = sorted(names, key=len, reverse=True)
    patterns = "|".join(re.escape(name).replace(r"\-", "(?:[-_ ]|%20)") for name in longest_first)
    if not patterns:
        return None
    found = re.finditer(rf"(?<![^\W_])(?:{patterns})(?![^\W_])", text, re.IGNORECASE)
    named = {names[_NAME_JOINT.sub("-", match[0]).lower()] for match in found}
    return named.pop() if len(named) == 1 else None


_NOT_IN_A_COMMENT = ("*/", "-->", "--!>", "<!--", "\n", "\r", "\0")
"""What would end a comment, to Markdown or to a browser, or the line that it stands on."""

_NAME_JOINT = re.compile("[-_ ]|%20")


def _directive_text(words: Sequence[str], name: str) -> str:
    text = shlex.join(words)
    if not words or any(part in text for part in _NOT_IN_A_COMMENT):
        raise InputError(
            f"The words {text!r} cannot stand in a directive: it takes one word or more, "
            "on one line, without <!-- and -->."
        )
    return comment_of(name).holding(f"gatereel: {text}")


def _definitions(post: Post) -> dict[str, str]:
    """Destinations by their labels; of several definitions, the first one counts."""
    found: dict[str, str] = {}
    for line in post.lines:
        if line.prose and (defined := definition(line.text)):
            found.setdefault(*defined)
    return found


def _image_of(line: Line, definitions: Mapping[str, str]) -> tuple[str, Image | None]:
    """A line's indent, with the marks of a quote, and the image that is all there is behind it."""
    place = _PLACE.fullmatch(line.text)
    if place is None or not line.prose:
        return "", None
    return place["indent"], image_alone(place["content"], definitions)


def _in_picture_behind(line: Line, *, before: bool) -> bool:
    """Whether a <picture> is open behind a line; a blank line ends what was open `before` it."""
    if not line.prose or not line.text.strip():
        return False
    tags = list(_PICTURE_TAG.finditer(line.text))
    return not tags[-1]["close"] if tags else before


def _block(post: Post, line: Line, indent: str, directive: str) -> str:
    """A directive and its closing comment in the place of a line."""
    between = line.end or post.line_end
    closing = comment_of(post.name).holding(CLOSING)
    return f"{indent}{directive}{between}{indent}{closing}{line.end}"
