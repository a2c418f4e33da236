"""Old images of a post become directives."""

import re
import shlex
from collections.abc import Callable, Mapping, Sequence

from gatereel.cli.posts.blocks import CLOSING
from gatereel.cli.posts.comments import comment_of
from gatereel.cli.posts.image_attributes import with_attributes
from gatereel.cli.posts.image_inline import MOST_LINES, Inline, InlineImages
from gatereel.cli.posts.image_restructured import restructured_image
from gatereel.cli.posts.image_tags import is_left_open
from gatereel.cli.posts.image_words import Image, shows
from gatereel.cli.posts.images import definition, destinations_in, image_alone
from gatereel.cli.posts.lines import ITEM_MARK, Line, Role, below, is_blank, split_lines
from gatereel.cli.posts.reading import Post, post_of
from gatereel.cli.posts.structure import lazy_indents
from gatereel.rnn_math.errors import InputError
from gatereel.rnn_math.records import dataclass

_PLACE = re.compile(rf"(?P<indent>[ \t>]*)(?P<mark>{ITEM_MARK})?(?P<content>.*)", re.DOTALL)
_PICTURE_TAG = re.compile(r"<(?P<close>/?)picture\b", re.IGNORECASE)

_LIST_BELOW = re.compile(r"[ \t]*\{:(?P<list>[^{}:][^{}]*)\}[ \t]*")
"""kramdown's attribute list in the line below, for the paragraph that the image is."""

NAMED = "this line names the old image, too; change it by hand."
"""Why a line stays that does not show the image."""

_BESIDE = (
    "the image shares its line with other text, or with a tag that begins or ends elsewhere; give "
    "it a line of its own."
)
_ENDS_THE_CELL = "what its words hold would end the table's cell, |; change it by hand."
_IN_PICTURE = "the image is one of a <picture>; make it one image by hand."
_LAZY = (
    "the text in the next line would leave its list or quote, or become code; indent it as the "
    "text around it."
)


@dataclass(frozen=True)
class ReplacedImage:
    """An image that became a directive.

    `line` is its first line in the old post, from 1, and `was` its lines' text, or its own where it
    shared its line.
    """

    line: int
    image: Image
    was: str

    @property
    def alt(self) -> str:
        """Its alt text, "" where there was none."""
        return self.image.alt


@dataclass(frozen=True)
class Replacement:
    """A post after `replace_image`.

    `reasons` are lines of the old post, from 1, that show or name the image and stay, each with
    why it stays. `origins` has the old line of each new one.
    """

    post: Post
    images: tuple[ReplacedImage, ...]
    reasons: Mapping[int, str]
    origins: tuple[int, ...] = ()

    @property
    def remaining(self) -> tuple[int, ...]:
        """The lines that stay."""
        return tuple(self.reasons)

    @property
    def count(self) -> int:
        """How many images became directives."""
        return len(self.images)

    @property
    def alts(self) -> tuple[str, ...]:
        """The alt texts of these images, in order; "" where there was none."""
        return tuple(image.alt for image in self.images)


@dataclass(frozen=True)
class _Place:
    """Where an image stands alone: in how many lines, behind which indent and item's mark."""

    image: Image
    lines: int
    indent: str
    mark: str


def replace_image(
    post: Post,
    old: str,
    words: Sequence[str] | Callable[[Image], Sequence[str]],
    *,
    takes_html: bool = True,
) -> Replacement:
    """Make a directive, its block still empty, of every image of `old`.

    An image shares its line with other text only where a directive may do so, too. `old` is a URL
    or path, as it stands in the post; `words` may depend on the image. Lines in code stay, as does
    the definition of a reference. In a list item or a quote the directive stands within it, too,
    where the image went on with its text without the indent. Where a page `takes_html`, what stands
    around an image in tags stays if no option of a directive says it.
    Raises InputError when the words cannot stand in a comment.
    """
    words_of = words if callable(words) else lambda _: words
    if not callable(words):
        _directive_text(words, post.name)
    definitions = _definitions(post)
    lazy = _lazy_indents(post)
    inline = InlineImages(post, definitions, takes_html=takes_html)
    pieces = [post.text[: post.lines[0].start]]
    origins: list[int] = []
    images: list[ReplacedImage] = []
    reasons: dict[int, str] = {}
    in_picture = False
    index = 0
    while index < len(post.lines):
        line = post.lines[index]
        place = _place(post, index, definitions)
        within = [] if in_picture or _PICTURE_TAG.search(line.text) else inline.of(old, index)
        if place and len(within) == 1 and len(within[0].image.lost) < len(place.image.lost):
            place = None  # what stands around it stays, then
        after = index + (place.lines if place else 1)
        shown = place is not None and place.image.shows(old)
        if place and shown and not in_picture and after not in lazy:
            last = post.lines[after - 1]
            was = post.text[line.start : last.stop]
            images.append(ReplacedImage(index + 1, place.image, was))
            directive = _directive_text(words_of(place.image), post.name)
            indent = lazy.get(index, place.indent)
            pieces.append(_block(post, last, indent, place.mark, directive))
            origins += [index + 1, index + 1]
        elif within:
            after = within[-1].after
            text, done = _inline(post, index, within, words_of)
            images += done
            pieces.append(text)
            count = len(split_lines(text))
            origins += [min(index + 1 + each, after) for each in range(count)]
            if len(done) < len(within):
                reasons[index + 1] = _ENDS_THE_CELL
        else:
            after = index + 1
            pieces.append(line.text + line.end)
            origins.append(after)
            if line.prose and old in line.text and definition(line.text) is None:
                reasons[after] = _reason(post, index, old, shown=shown, in_picture=in_picture)
        for seen in post.lines[index:after]:
            in_picture = _in_picture_behind(seen, before=in_picture)
        index = after
    replaced = post_of("".join(pieces), post.name) if images else post
    return Replacement(replaced, tuple(images), reasons, tuple(origins))


def shown_images(post: Post) -> tuple[str, ...]:
    """Addresses of all images in a post's prose, each once, whether they stand alone or not."""
    definitions = _definitions(post)
    inline = InlineImages(post, definitions)
    found: dict[str, None] = {}
    for index, line in enumerate(post.lines):
        found |= dict.fromkeys(each.image.destination for each in inline.at(index))
        if not line.prose:
            continue
        if place := _place(post, index, definitions):
            found[place.image.destination] = None
        else:
            found |= dict.fromkeys(destinations_in(line.text))
    return tuple(found)


_NOT_IN_A_COMMENT = ("*/", "-->", "--!>", "<!--", "\n", "\r", "\0")
"""What would end a comment, to Markdown or to a browser, or the line that it stands on."""


def fits_in_a_directive(word: str) -> bool:
    """Whether a word can stand in the comment that a directive is."""
    return not any(part in word for part in _NOT_IN_A_COMMENT)


def _directive_text(words: Sequence[str], name: str) -> str:
    text = shlex.join(words)
    if not words or not fits_in_a_directive(text):
        raise InputError(
            f"The words {text!r} cannot stand in a directive: it takes one word or more, "
            "on one line, without <!-- and -->."
        )
    return comment_of(name).holding(f"gatereel: {text}")


def _inline(
    post: Post,
    index: int,
    within: Sequence[Inline],
    words_of: Callable[[Image], Sequence[str]],
) -> tuple[str, list[ReplacedImage]]:
    """A line, or lines that one tag joins, with directives in the place of images in it."""
    pieces: list[str] = []
    done: list[ReplacedImage] = []
    at = post.lines[index].start
    for found in within:
        directive = _directive_text(words_of(found.image), post.name)
        if found.in_row and "|" in directive:
            continue
        closing = comment_of(post.name).holding(CLOSING)
        pieces += [post.text[at : found.start], directive, closing]
        done.append(ReplacedImage(index + 1, found.image, post.text[found.start : found.stop]))
        at = found.stop
    pieces.append(post.text[at : post.lines[within[-1].after - 1].next_start])
    return "".join(pieces), done


def _definitions(post: Post) -> dict[str, str]:
    """Destinations by their labels; of several definitions, the first one counts."""
    found: dict[str, str] = {}
    for line in post.lines:
        if line.prose and (defined := definition(line.text)):
            found.setdefault(*defined)
    return found


def _place(post: Post, index: int, definitions: Mapping[str, str]) -> _Place | None:
    """The image that is all there is from a line on, for one line or as long as its tag is."""
    line = post.lines[index]
    if post.kind == "rst" and line.prose:
        texts = [each.text for each in post.lines[index : index + MOST_LINES]]
        if found := restructured_image(texts):
            indent = line.text[: len(line.text) - len(line.text.lstrip())]
            return _Place(found[0], found[1], indent, "")
    place = _PLACE.fullmatch(line.text)
    if place is None or not line.prose:
        return None
    indent, mark, text = place["indent"], place["mark"] or "", place["content"]
    if mark and line.role is not Role.TEXT:  # no item in HTML
        return None
    lines = 1
    while is_left_open(text):
        after = index + lines
        if lines == MOST_LINES or after == len(post.lines):
            return None
        rest = _without_quote_marks(post.lines[after].text, indent.count(">"))
        if not post.lines[after].prose or is_blank(rest) or rest.lstrip().startswith("<"):
            return None  # nothing closes it
        text += "\n" + rest
        lines += 1
    image = image_alone(text, definitions)
    if image is None:
        return None
    below = post.lines[index + lines].text if index + lines < len(post.lines) else ""
    listed = _LIST_BELOW.fullmatch(_without_quote_marks(below, indent.count(">")))
    if listed and line.role is Role.TEXT and post.kind == "markdown":
        return _Place(with_attributes(image, listed["list"]), lines + 1, indent, mark)
    return _Place(image, lines, indent, mark)


def _without_quote_marks(text: str, depth: int) -> str:
    return re.sub(rf"(?:[ \t]*>){{0,{depth}}}", "", text, count=1)


def _lazy_indents(post: Post) -> dict[int, str]:
    """`lazy_indents` of all lines of a post in Markdown; other kinds know no such lines.

    Of a notebook they are not looked for: its cells are posts of their own.
    """
    if post.kind not in ("markdown", "mdx"):
        return {}
    texts = [line.text for line in post.lines]
    front = sum(line.role is Role.FRONT_MATTER for line in post.lines)
    return {index + front: indent for index, indent in lazy_indents(texts[front:]).items()}


def _reason(post: Post, index: int, old: str, *, shown: bool, in_picture: bool) -> str:
    """Why a line that names the old image stays."""
    line = post.lines[index]
    if shown:
        return _IN_PICTURE if in_picture else _LAZY
    if _PICTURE_TAG.search(line.text):
        return _IN_PICTURE
    if not any(shows(destination, old) for destination in destinations_in(line.text)):
        return NAMED
    return _BESIDE


def _in_picture_behind(line: Line, *, before: bool) -> bool:
    """Whether a <picture> is open behind a line; a blank line ends what was open `before` it."""
    if not line.prose or not line.text.strip():
        return False
    tags = list(_PICTURE_TAG.finditer(line.text))
    return not tags[-1]["close"] if tags else before


def _block(post: Post, last: Line, indent: str, mark: str, directive: str) -> str:
    """A directive and its closing comment in the place of lines of which `last` is the last."""
    between = last.end or post.line_end
    closing = below(indent, mark) + comment_of(post.name).holding(CLOSING)
    return f"{indent}{mark}{directive}{between}{closing}{last.end}"
