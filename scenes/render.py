"""From a trace to files: the whole way in one call.

    render(trace, [Path("lstm.gif")]) -> (Written(...),)

`plan` does everything that needs no renderer, so that a dry run and bad input cost nothing.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from rnn_math import Claim, InputError, Trace
from scenes.diagrams import diagram_of, read_backward, translate
from scenes.excerpt import Excerpt, choose_excerpt
from scenes.export import Film, Frame, Written, check_targets, open_files
from scenes.language import Language
from scenes.language_files import load_language
from scenes.layout import WIDEST_NUMBER, Layout, lay_out
from scenes.metadata import describe
from scenes.metrics import text_width
from scenes.numbers import number
from scenes.storyboard import Storyboard, narrate
from scenes.theme import Theme, rgb
from scenes.theme_files import load_theme

DEFAULT_FPS = 25
SMALLEST_FPS, LARGEST_FPS = 5, 50
"""GIF delays are whole hundredths of a second, and viewers slow down anything under two."""

SMALLEST_WIDTH, LARGEST_WIDTH = 200, 4096
"""Pixels: below, no letter can be read; above, encoders give up."""

STILL_SUFFIX = ".png"
"""Of the one format that holds a single picture."""

Progress = Callable[[int, int], None]
"""Told the frames done and the frames in all."""


@dataclass(frozen=True)
class Options:
    """How a film looks.

    `width` is in pixels (None: as the reference), `pace` in seconds a step, no `theme` means the
    illustrated one, no `language` English. `transparent` leaves the background out, where the
    format can.
    """

    width: int | None = None
    fps: int = DEFAULT_FPS
    pace: float | None = None
    values: bool = True
    strip: bool = True
    loop: bool = True
    theme: Theme | None = None
    transparent: bool = False
    language: Language | None = None


@dataclass(frozen=True)
class Plan:
    """A film before it is drawn: what happens, where things stand, and its size in pixels."""

    storyboard: Storyboard
    layout: Layout
    width: int
    height: int
    options: Options
    theme: Theme
    language: Language
    metadata: Mapping[str, str]

    @property
    def frames(self) -> int:
        """Frame times in the whole film, holds included."""
        return round(self.storyboard.duration * self.options.fps)

    def film(self) -> Film:
        """What the encoders must know."""
        theme = self.theme
        roles = {disc.role for row in self.layout.rows.values() for disc in row.discs}
        return Film(
            width=self.width,
            height=self.height,
            fps=self.options.fps,
            background=rgb(theme.background),
            exact_colours=theme.exact_colours(roles),
            loop=self.options.loop,
            metadata=self.metadata,
            transparent=self.options.transparent,
        )


def plan(
    trace: Trace,
    options: Options | None = None,
    *,
    claims: Sequence[Claim] = (),
    excerpt: Excerpt | None = None,
) -> Plan:
    """Plan a film of `trace`; no `excerpt` means the default one.

    `claims` are those of a demo: they become its story. Raises InputError for options that cannot
    be drawn.
    """
    options = options or Options()
    _check_range("fps", options.fps, SMALLEST_FPS, LARGEST_FPS)
    excerpt = excerpt or choose_excerpt(trace)
    language = options.language or load_language()
    storyboard = narrate(trace, excerpt, language=language, pace=options.pace, claims=claims)
    diagram = translate(diagram_of(trace.cell), language)
    layout = lay_out(
        read_backward(diagram) if excerpt.backward else diagram,
        len(excerpt.features),
        len(excerpt.units),
        rest_features=excerpt.rest_features > 0,
        rest_units=excerpt.rest_units > 0,
        values=options.values,
        strip=options.strip,
        widest_number=_widest_number(storyboard),
    )
    width = round(layout.width) if options.width is None else check_width(options.width)
    height = round(layout.height * width / layout.width)
    theme = options.theme or load_theme()
    metadata = describe(trace, excerpt)
    return Plan(storyboard, layout, width, height, options, theme, language, metadata)


def render(
    trace: Trace,
    paths: Sequence[Path],
    options: Options | None = None,
    *,
    claims: Sequence[Claim] = (),
    excerpt: Excerpt | None = None,
    progress: Progress | None = None,
) -> tuple[Written, ...]:
    """Draw `trace`, or an excerpt of it, once and write it to every path.

    The suffix chooses the format; a PNG holds the complete cell. Raises InputError for options or
    paths that cannot be used, OSError when a file cannot be written; then no file is touched.
    """
    planned = plan(trace, options, claims=claims, excerpt=excerpt)
    return render_plan(planned, paths, progress=progress)


def render_plan(
    planned: Plan, paths: Sequence[Path], *, progress: Progress | None = None
) -> tuple[Written, ...]:
    """Draw a planned film once and write it to every path, as `render` does."""
    paths = [Path(path) for path in paths]
    check_targets(paths, transparent=planned.options.transparent)
    # Only now: importing the renderer takes longer than all the checks.
    from scenes.film import draw_film, draw_still

    with open_files(paths, planned.film()) as files:
        if only_stills(paths):
            files.write(draw_still(planned))
        else:
            done = 0

            def take(frame: Frame, count: int) -> None:
                nonlocal done
                files.write(frame, count)
                done += count
                if progress is not None:
                    progress(done, planned.frames)

            draw_film(planned, take)
    return files.written


def only_stills(paths: Sequence[Path]) -> bool:
    """Whether every path is for a still, so that one picture is drawn instead of a film."""
    return all(path.suffix.lower() == STILL_SUFFIX for path in paths)


def check_width(width: int) -> int:
    """Return a picture's width in pixels. Raises InputError when it cannot be drawn."""
    _check_range("width", width, SMALLEST_WIDTH, LARGEST_WIDTH)
    return width


def _check_range(name: str, value: int, smallest: int, largest: int) -> None:
    if not smallest <= value <= largest:
        raise InputError(f"The {name} is {value}; {smallest} to {largest} are accepted.")


def _widest_number(storyboard: Storyboard) -> str:
    """The longest number on the discs: rows make room for it."""
    shown = {
        number(value)
        for beat in storyboard.beats
        for values in beat.values.values()
        for value in values
    } | {WIDEST_NUMBER}
    return max(shown, key=lambda text: (text_width(text, 1.0), text))
