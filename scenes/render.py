"""From a trace to files: the whole way in one call.

    render(trace, [Path("lstm.gif")]) -> (Written(...),)

`plan` does everything that needs no renderer, so that a dry run and bad input cost nothing.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from rnn_math import InputError, Trace
from scenes.diagrams import diagram_of, read_backward
from scenes.excerpt import Excerpt, choose_excerpt
from scenes.export import Film, Written, check_targets, together
from scenes.layout import WIDEST_NUMBER, Layout, lay_out
from scenes.metadata import describe
from scenes.metrics import text_width
from scenes.numbers import number
from scenes.stills import NO_STILLS, Stills, check_stills, order_of
from scenes.storyboard import Storyboard, narrate
from scenes.theme import Theme, rgb
from scenes.theme_files import load_theme

DEFAULT_FPS = 25
SMALLEST_FPS, LARGEST_FPS = 5, 50
"""GIF delays are whole hundredths of a second, and viewers slow down anything under two."""

SMALLEST_WIDTH, LARGEST_WIDTH = 200, 4096
"""Pixels: below, no letter can be read; above, encoders give up."""

Progress = Callable[[int, int], None]
"""Told the frame times done and those in all; a step's picture counts as some of them."""


@dataclass(frozen=True)
class Options:
    """How a film looks.

    `width` is in pixels (None: as the reference), `pace` in seconds a step, no `theme` means the
    illustrated one. `transparent` leaves the background out, where the format can.
    """

    width: int | None = None
    fps: int = DEFAULT_FPS
    pace: float | None = None
    values: bool = True
    strip: bool = True
    loop: bool = True
    theme: Theme | None = None
    transparent: bool = False


@dataclass(frozen=True)
class Plan:
    """A film before it is drawn: what happens, where things stand, and its size in pixels."""

    storyboard: Storyboard
    layout: Layout
    width: int
    height: int
    options: Options
    theme: Theme
    metadata: Mapping[str, str]

    @property
    def frames(self) -> int:
        """Frame times in the whole film, holds included."""
        return round(self.storyboard.duration * self.options.fps)

    @property
    def backdrop(self) -> str | None:
        """The colour behind everything, if there is one."""
        return None if self.options.transparent else self.theme.background

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
    story: str = "",
    excerpt: Excerpt | None = None,
) -> Plan:
    """Plan a film of `trace`; no `excerpt` means the default one.

    Raises InputError for options that cannot be drawn.
    """
    options = options or Options()
    _check_range("fps", options.fps, SMALLEST_FPS, LARGEST_FPS)
    excerpt = excerpt or choose_excerpt(trace)
    storyboard = narrate(trace, excerpt, pace=options.pace, story=story)
    diagram = diagram_of(trace.cell)
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
    return Plan(storyboard, layout, width, height, options, theme, describe(trace, excerpt))


def render(
    trace: Trace,
    paths: Sequence[Path],
    options: Options | None = None,
    *,
    story: str = "",
    excerpt: Excerpt | None = None,
    stills: Stills = NO_STILLS,
    progress: Progress | None = None,
) -> tuple[Written, ...]:
    """Draw `trace`, or an excerpt of it, once and write it to every path.

    The suffix chooses the format; a PNG, SVG or PDF holds the complete cell. `stills` come beside
    the film or in its place. Raises InputError for options or paths that cannot be used, OSError
    when a file cannot be written; then no file is touched.
    """
    planned = plan(trace, options, story=story, excerpt=excerpt)
    return render_plan(planned, paths, stills=stills, progress=progress)


def render_plan(
    planned: Plan,
    paths: Sequence[Path],
    *,
    stills: Stills = NO_STILLS,
    progress: Progress | None = None,
) -> tuple[Written, ...]:
    """Draw a planned film once and write it to every path, as `render` does."""
    paths = [Path(path) for path in paths]
    check_outputs(planned, paths, stills)
    order = order_of(planned.storyboard, paths, stills)
    # Only now: the renderer is imported with it.
    from scenes.making import Making

    with together(order.paths) as temporaries:
        made = Making(planned, order, temporaries, progress).make()
    if stills.steps is not None:
        made[stills.steps] = _folder_of(stills.steps, [made[p] for p in order.steps.values()])
    whole = [*paths, *(path for path in (stills.storyboard, stills.steps) if path is not None)]
    return tuple(made[path] for path in whole)


def check_outputs(planned: Plan, paths: Sequence[Path], stills: Stills = NO_STILLS) -> None:
    """Raise InputError where a file could not be written, or a sheet would be too large."""
    from scenes.sheet import check_sheet_size

    order = order_of(planned.storyboard, paths, stills)
    check_stills(paths, stills)
    check_targets(order.paths, transparent=planned.options.transparent)
    if order.sheet is not None:
        check_sheet_size(planned, order.sheet, len(order.panels))


def _folder_of(folder: Path, files: Sequence[Written]) -> Written:
    """The pictures of a folder as one."""
    return replace(
        files[0],
        path=folder,
        size_bytes=sum(file.size_bytes for file in files),
        frames=len(files),
        unit="picture",
    )


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
