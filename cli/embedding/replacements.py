"""Old images of a post become directives, as `--replace` asks."""

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, field

from gatereel.cli.posts import Post, cell_in, replace_image
from gatereel.rnn_math import CELLS, InputError

_PROBE = ("rnn",)
"""Words that can stand in any directive, to see what would be replaced."""


@dataclass(frozen=True)
class Replaced:
    """A post after its old images were replaced.

    `lines` maps the line of each new directive to the line of its image in the old post, both from
    1; `remaining` are lines of the old post that still show or name an image.
    """

    post: Post | None = None
    lines: Mapping[int, int] = field(default_factory=dict)
    remaining: tuple[int, ...] = ()
    problems: tuple[tuple[int, str], ...] = ()
    """Lines of the old post, and why their images stay."""
    was: Mapping[int, str] = field(default_factory=dict)
    """The old post's lines that became directives: their links and places went with them."""
    found: frozenset[str] = frozenset()
    """The old images that the post shows."""


def replaced(
    post: Post, replacements: Mapping[str, str | None], defaults: Sequence[str]
) -> Replaced:
    """Replace the images of `post` that are named, each by its cell, or the one its name tells.

    The `defaults` are written into the directives, so that the post says all by itself.
    """
    now = post
    origins = list(range(1, len(post.lines) + 1))  # the old line of each line of `now`
    was: dict[int, str] = {}
    remaining: set[int] = set()
    problems: list[tuple[int, str]] = []
    found: set[str] = set()
    for old, cell in replacements.items():
        seen = replace_image(now, old, _PROBE)
        remaining |= {origins[line - 1] for line in seen.remaining}
        if seen.count or seen.remaining:
            found.add(old)
        if not seen.count:
            continue
        lines = [origins[image.line - 1] for image in seen.images]
        cell = cell or _cell_of(old, seen.alts)
        if cell is None:
            problems += [
                (line, f"neither {old} nor its words name one cell; say which by --cell.")
                for line in lines
            ]
            continue
        try:
            done = replace_image(now, old, (cell, *defaults))
        except InputError as error:
            problems += [(line, str(error)) for line in lines]
            continue
        now = done.post
        was |= {line: image.was.strip() for line, image in zip(lines, done.images, strict=True)}
        origins = _with_doubled(origins, {image.line for image in done.images})
    lines_now = {
        number: origin
        for number, (before, origin) in enumerate(zip([0, *origins], origins, strict=False), 1)
        if origin in was and origin != before
    }
    return Replaced(
        now if was else None,
        lines_now,
        tuple(sorted(remaining - set(was))),
        tuple(problems),
        was,
        frozenset(found),
    )


def _with_doubled(origins: Sequence[int], lines: Set[int]) -> list[int]:
    """The old line of each new one when each of these `lines` becomes two."""
    return [
        origin
        for number, origin in enumerate(origins, start=1)
        for _ in range(1 + (number in lines))
    ]


def _cell_of(old: str, alts: Sequence[str]) -> str | None:
    """The cell that an address names, or else all the words of its images."""
    named = cell_in(old, CELLS)
    if named is None:
        from_words = {cell_in(alt, CELLS) for alt in alts}
        named = from_words.pop() if len(from_words) == 1 else None
    return named
