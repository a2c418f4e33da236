"""Old images of a post become directives, as `--replace` and `--replace-known` ask."""

from collections.abc import Mapping, Sequence
from dataclasses import field

from gatereel.cli.embedding.keeping import kept_words
from gatereel.cli.embedding.kinds import with_defaults
from gatereel.cli.embedding.known_pictures import known_picture
from gatereel.cli.embedding.request import options_for
from gatereel.cli.options.common import LEGEND
from gatereel.cli.posts import (
    NAMED,
    Image,
    Post,
    ReplacedImage,
    Replacement,
    cells_in,
    last_segment,
    replace_image,
    shown_images,
)
from gatereel.rnn_math import CELLS, InputError
from gatereel.rnn_math.counting import in_words
from gatereel.rnn_math.records import dataclass

CHOICES = (*CELLS, LEGEND)
"""What can take the place of an image."""

_PROBE = ("rnn",)
"""Words that can stand in any directive, to see what would be replaced."""


@dataclass(frozen=True)
class Wanted:
    """What is to be replaced: `cells` by old images, None where the image tells, and all known."""

    cells: Mapping[str, str | None] = field(default_factory=dict)
    known: bool = False


@dataclass(frozen=True)
class Replaced:
    """A post after its old images were replaced.

    `lines` maps the line of each new directive to the line of its image in the old post, both from
    1; `reasons` are lines of the old post that still show or name an image, and why they do.
    """

    post: Post | None = None
    lines: Mapping[int, int] = field(default_factory=dict)
    reasons: Mapping[int, str] = field(default_factory=dict)
    problems: tuple[tuple[int, str], ...] = ()
    """Lines of the old post, and why their images stay."""
    was: Mapping[int, str] = field(default_factory=dict)
    """The old post's lines that became directives, by the first where a tag had several."""
    origins: tuple[int, ...] = ()
    """The line of the old post of each line of `post`."""
    notes: Mapping[int, str] = field(default_factory=dict)
    """What each became, from what that was told, and what had no place in its directive."""
    found: frozenset[str] = frozenset()
    """The old images that the post shows."""

    @property
    def remaining(self) -> tuple[int, ...]:
        """The lines that still show or name an image."""
        return tuple(self.reasons)


@dataclass(frozen=True)
class _Choice:
    """What takes the place of an image, and from what that is known."""

    cell: str
    source: str


def replaced(
    post: Post,
    replacements: Mapping[str, str | None],
    defaults: Sequence[str],
    *,
    known: bool = False,
    takes_html: bool = True,
) -> Replaced:
    """Replace the images of `post` that are named, each by its cell, or the one its name tells.

    With `known`, also those that gatereel redraws (`known_pictures`). The `defaults` are written
    into the directives, so that the post says all by itself. Where a page does not take HTML, no
    directive stands between tags.
    """
    work = _Work(post, defaults, takes_html=takes_html)
    for old, cell in replacements.items():
        work.replace(old, cell)
    if known:
        for address in shown_images(post):
            if address not in replacements:
                work.replace_known(address)
    return work.done()


class _Work:
    """A post on its way, image by image; all lines that are kept are those of the old post."""

    def __init__(self, post: Post, defaults: Sequence[str], *, takes_html: bool) -> None:
        self.now = post
        self.takes_html = takes_html
        self.defaults = defaults
        self.origins = list(range(1, len(post.lines) + 1))  # the old line of each line of `now`
        self.was: dict[int, list[ReplacedImage]] = {}
        self.notes: dict[int, str] = {}
        self.reasons: dict[int, str] = {}
        self.problems: list[tuple[int, str]] = []
        self.found: set[str] = set()

    def replace(self, old: str, cell: str | None) -> None:
        """Replace the images of `old`, by a cell or by what their names tell."""
        seen = self._look_for(old)
        self._leave(seen.reasons)
        if not seen.count:
            return
        choice = _Choice(cell, "as asked for") if cell else _choice(old, seen.alts)
        if isinstance(choice, str):
            self.problems += [(self.origins[image.line - 1], choice) for image in seen.images]
        else:
            self._put(old, choice)

    def replace_known(self, old: str) -> None:
        """Replace the images of `old` if it is known; lines that only link to it are no matter."""
        picture = known_picture(old)
        if picture is None:
            return
        seen = self._look_for(old)
        beside = {line: reason for line, reason in seen.reasons.items() if reason != NAMED}
        if picture.cell is None:
            lines = (*(image.line for image in seen.images), *beside)
            self._leave({line: f"{old} stays: {picture.reason}." for line in lines})
            return
        self._leave(beside)
        if seen.count:
            self._put(old, _Choice(picture.cell, "which this picture is known to show"))

    def done(self) -> Replaced:
        """What came of it."""
        starts = zip([0, *self.origins], self.origins, strict=False)
        lines = {
            number: origin
            for number, (before, origin) in enumerate(starts, 1)
            if origin in self.was and origin != before
        }
        reasons = {line: self.reasons[line] for line in sorted(self.reasons.keys() - self.was)}
        return Replaced(
            self.now if self.was else None,
            lines,
            reasons,
            tuple(self.problems),
            {
                line: " ".join(word for image in images for word in image.was.split())
                for line, images in self.was.items()
            },
            tuple(self.origins) if self.was else (),
            self.notes,
            frozenset(self.found),
        )

    def _look_for(self, old: str) -> Replacement:
        seen = replace_image(self.now, old, _PROBE, takes_html=self.takes_html)
        if seen.count or seen.remaining:
            self.found.add(old)
        return seen

    def _leave(self, reasons: Mapping[int, str]) -> None:
        """Lines of `now` that stay."""
        for line, reason in reasons.items():
            self.reasons.setdefault(self.origins[line - 1], reason)

    def _put(self, old: str, choice: _Choice) -> None:
        """Put directives in the place of the images of `old`."""
        taken = options_for((choice.cell,))
        first = (choice.cell, *self.defaults)
        if choice.cell == LEGEND:
            first = with_defaults(self.defaults, (LEGEND,))

        def words(image: Image) -> tuple[str, ...]:
            return (*first, *kept_words(image, taken)[0])

        try:
            done = replace_image(self.now, old, words, takes_html=self.takes_html)
        except InputError as error:
            seen = replace_image(self.now, old, _PROBE, takes_html=self.takes_html)
            self.problems += [(self.origins[image.line - 1], str(error)) for image in seen.images]
            return
        for image in done.images:
            origin = self.origins[image.line - 1]
            self.was.setdefault(origin, []).append(image)
            _, lost = kept_words(image.image, taken)
            note = f"{choice.cell}, {choice.source}" + (
                f"; not kept: {', '.join(lost)}" if lost else ""
            )
            before = self.notes.get(origin)
            self.notes[origin] = note if before in (None, note) else f"{before}; {note}"
        self.origins = [self.origins[line - 1] for line in done.origins]
        self.now = done.post


def _choice(old: str, alts: Sequence[str]) -> _Choice | str:
    """What an image shows, by its address or its words; why that cannot be told, where it cannot.

    The file's name counts first. No folder decides: it may hold pictures of other cells, too.
    """
    if picture := known_picture(old):
        if picture.cell is None:
            return f"{picture.reason}; to show a cell all the same, say which by --cell."
        return _Choice(picture.cell, "which this picture is known to show")
    by_name = cells_in(last_segment(old), CELLS)
    by_words = frozenset(cell for alt in alts for cell in cells_in(alt, CELLS))
    named = by_name or by_words
    if not named:
        return f"neither {old} nor its words name one cell; say which by --cell."
    if len(by_name | by_words) > 1:
        return (
            f"{old} and its words name several cells, {in_words(sorted(by_name | by_words))}; "
            "say which by --cell."
        )
    (cell,) = named
    return _Choice(cell, "named by its address" if by_name else "named by its alt text")
