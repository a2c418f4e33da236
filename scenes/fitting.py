"""Fit a film to the place where it goes and to the seconds that it may last, without a renderer.

    fit(trace, Options(), place=PLACES["cloudflare"]) -> Fitted(plan, given_up)

What was asked for stays. Of the rest the least is given up that makes it fit: first pixels that
no column of text shows, then smoothness and size in turns, timesteps last.
"""

from collections.abc import Sequence
from dataclasses import field, replace
from math import sqrt
from typing import NamedTuple

from gatereel.rnn_math import Claim, Trace, counted
from gatereel.rnn_math.records import dataclass
from gatereel.scenes.export import STILLS
from gatereel.scenes.lay_out.ways import ways_of
from gatereel.scenes.places import Load, Place
from gatereel.scenes.plan import Options, Plan, drawn_diagram, plan
from gatereel.scenes.tell.excerpt import Excerpt, choose_excerpt
from gatereel.scenes.tell.tempo import READABLE_PACE, MisfitError, timing_of

COLUMN_WIDTH = 880
"""Pixels: dev.to shows its pictures this wide, and blogs hardly wider."""

SMALLEST_READABLE_WIDTH = 640
"""Pixels: the smallest digits, 13 pixels in a picture 1125 wide, are then 5 pixels high. That is
the height of the smallest fonts of dots; of fewer pixels an 8 and a 6 are the same."""

_BETWEEN = 720
"""Pixels: larger pictures are left smoother, smaller ones only if they must be."""

WIDTH_STEP = 10
"""Pixels: widths are chosen in round numbers."""

SLOWEST_FPS = 10
"""Below, motion is a row of pictures."""

_LADDER = (
    (25, COLUMN_WIDTH),
    (20, COLUMN_WIDTH),
    (20, _BETWEEN),
    (15, _BETWEEN),
    (15, SMALLEST_READABLE_WIDTH),
    (12, SMALLEST_READABLE_WIDTH),
    (SLOWEST_FPS, SMALLEST_READABLE_WIDTH),
)
"""Frames a second, and how narrow a picture gets before the next step is taken."""


class _Cost(NamedTuple):
    """Bytes for each pixel of width: of the first picture, of each beat, of each picture."""

    first: float
    beat: float
    picture: float

    def of(self, beats: int, pictures: int) -> float:
        return self.first + self.beat * beats + self.picture * pictures


# Measured on films of all cells, 1 to 40 timesteps, 10 to 25 frames a second, 640 to 2000 pixels;
# what came out largest, and a tenth more. Outlines are what costs, so bytes go with the width, and
# with the root of how many numbers each vector has: five is one.
COSTS = {
    ".gif": _Cost(first=105.0, beat=8.3, picture=1.7),
    ".webp": _Cost(first=130.0, beat=8.8, picture=3.7),
    ".png": _Cost(first=200.0, beat=0.0, picture=0.0),
    ".svg": _Cost(first=200.0, beat=0.0, picture=0.0),
}
_TRANSPARENT = _Cost(first=120.0, beat=50.0, picture=6.5)
"""Of a WebP in which things vanish: it is drawn again and again."""
_USUAL_NUMBERS = 5


@dataclass(frozen=True)
class Asked:
    """What the user asked for by name: it stays as it is."""

    width: bool = False
    fps: bool = False
    pace: bool = False
    timesteps: bool = False


NOTHING = Asked()


@dataclass(frozen=True)
class Fitted:
    """A plan that fits, and a sentence each about what was given up for the seconds and place."""

    plan: Plan
    given_up: tuple[str, ...] = ()


def estimated_bytes(planned: Plan, suffix: str) -> int:
    """About how large a file will be, rather more than less; 0 of a format no place limits."""
    cost = COSTS.get(suffix, _Cost(0.0, 0.0, 0.0))
    if planned.transparent and suffix == ".webp":
        cost = _TRANSPARENT
    excerpt = planned.storyboard.excerpt
    numbers = len(excerpt.units) + len(excerpt.features)
    numbers += (excerpt.rest_units > 0) + (excerpt.rest_features > 0)
    each = cost.of(len(planned.storyboard.beats), planned.pictures)
    return round(planned.width * sqrt(numbers / _USUAL_NUMBERS) * each)


def fit(
    trace: Trace,
    options: Options | None = None,
    *,
    excerpt: Excerpt | None = None,
    claims: Sequence[Claim] = (),
    place: Place | None = None,
    suffixes: Sequence[str] = (".gif",),
    asked: Asked = NOTHING,
) -> Fitted:
    """Plan a film of `trace` that lasts at most `options.most_seconds` and that `place` shows.

    `suffixes` are those of the files that it goes to. The same request gives the same plan. Raises
    InputError for options that cannot be drawn, MisfitError where what was asked for is too much;
    the error says what would fit.
    """
    options = options or Options()
    if place is not None:
        place.check_suffixes(suffixes)
        if asked.width and options.width is not None:
            place.check_width(options.width)
    if suffixes and all(suffix in STILLS for suffix in suffixes):
        # A still lasts no time, and has one picture however many timesteps lead to it.
        options = replace(options, most_seconds=None)
        asked = replace(asked, fps=True, timesteps=True)
    request = _Request(
        trace, options, excerpt or choose_excerpt(trace), claims, place, tuple(suffixes), asked
    )
    try:
        return _fit(request)
    except MisfitError as error:
        raise MisfitError(f"{error}{_what_would_fit(request)}") from error


@dataclass(frozen=True, eq=False)
class _Request:
    """What is to be fitted, and to what."""

    trace: Trace
    options: Options
    excerpt: Excerpt
    claims: Sequence[Claim]
    place: Place | None
    suffixes: tuple[str, ...]
    asked: Asked
    plans: dict[tuple[int, int], Plan] = field(default_factory=dict)
    """Those that were made so far, by timesteps and frames a second."""

    @property
    def timesteps(self) -> int:
        return self.excerpt.stop - self.excerpt.start

    def planned(self, timesteps: int, fps: int) -> Plan:
        """The plan of the first timesteps, as wide as is wished."""
        # How long things take hangs on the rate only where they must end within some seconds.
        rate = self.options.fps if self.options.most_seconds is None else fps
        if (timesteps, rate) not in self.plans:
            self.plans[timesteps, rate] = plan(
                self.trace,
                replace(self.options, fps=rate),
                claims=self.claims,
                excerpt=replace(self.excerpt, stop=self.excerpt.start + timesteps),
                place=self.place,
            )
        return replace(self.plans[timesteps, rate], fps=fps)

    def load(self, planned: Plan, suffix: str) -> Load:
        frames = 1 if suffix in STILLS else planned.pictures
        size = estimated_bytes(planned, suffix)
        return Load(planned.width, planned.height, frames, size)

    def excess(self, planned: Plan) -> list[tuple[str, str]]:
        """What is too much for the place, each limit once."""
        if self.place is None:
            return []
        found: dict[str, str] = {}
        for suffix in self.suffixes:
            for has, limit in self.place.excess(self.load(planned, suffix)):
                found.setdefault(limit, has)
        return [(has, limit) for limit, has in found.items()]


def _fit(request: _Request) -> Fitted:
    in_time = _timesteps_in_time(request)
    wished = request.planned(in_time, request.options.fps)
    fitted = _fitted_to_place(request, wished, in_time)
    return Fitted(fitted, _given_up(request, wished, fitted))


def _timesteps_in_time(request: _Request) -> int:
    """How many timesteps can be followed in the seconds that there are; at least one."""
    options = request.options
    if options.most_seconds is None or request.asked.timesteps:
        return request.timesteps
    for timesteps in range(request.timesteps, 1, -1):
        try:
            timing = timing_of(
                request.trace.cell,
                timesteps,
                pace=options.pace,
                most_seconds=options.most_seconds,
                fps=options.fps,
                loop=options.loop,
                ways=ways_of(
                    drawn_diagram(request.trace.cell, request.excerpt, options),
                    request.trace.cell,
                ),
                choice=options.steps,
            )
        except MisfitError:
            continue
        if options.pace is not None or timing.pace >= READABLE_PACE:
            return timesteps
    return 1


def _fitted_to_place(request: _Request, wished: Plan, timesteps: int) -> Plan:
    """The wished plan, or the first on the ladder that the place shows."""
    if not request.excess(wished):
        return wished
    found = _on_the_ladder(request, wished.width, timesteps)
    if found is None and not request.asked.timesteps:
        fewer, too_many = 0, timesteps
        while too_many - fewer > 1:
            middle = (fewer + too_many) // 2
            tried = _on_the_ladder(request, wished.width, middle)
            if tried is None:
                too_many = middle
            else:
                fewer, found = middle, tried
    if found is None:
        raise MisfitError(_too_much(request, timesteps, wished.width))
    return found


def _on_the_ladder(request: _Request, width: int, timesteps: int) -> Plan | None:
    """The plan of so many timesteps that gives up least; None if giving up all is too little."""
    lowest_fps, lowest_width = _step(request, width, _LADDER[-1])
    if request.excess(request.planned(timesteps, lowest_fps).scaled(lowest_width)):
        return None
    for step in _LADDER:
        fps, narrowest = _step(request, width, step)
        planned = request.planned(timesteps, fps)
        if not request.excess(planned.scaled(narrowest)):
            break
        width = narrowest
    round_numbers = range(width // WIDTH_STEP * WIDTH_STEP, narrowest, -WIDTH_STEP)
    for each in (width, *round_numbers):
        if not request.excess(planned.scaled(each)):
            return planned.scaled(each)
    return planned.scaled(narrowest)


def _step(request: _Request, width: int, step: tuple[int, int]) -> tuple[int, int]:
    """Frames a second and the narrowest width of a step, where both may still be chosen."""
    fps, narrowest = step
    options, asked = request.options, request.asked
    return (
        options.fps if asked.fps else min(options.fps, fps),
        width if asked.width else min(width, narrowest),
    )


def _given_up(request: _Request, wished: Plan, fitted: Plan) -> tuple[str, ...]:
    notes = []
    in_time, shown = _timesteps(wished), _timesteps(fitted)
    if in_time < request.timesteps:
        seconds = request.options.most_seconds
        notes.append(
            f"{seconds:g} s are enough for {in_time} of {counted(request.timesteps, 'timestep')}"
        )
    parts = []
    if fitted.width != wished.width:
        parts.append(f"{fitted.width} pixels wide instead of {wished.width}")
    if fitted.fps != wished.fps:
        parts.append(f"{fitted.fps} frames a second instead of {wished.fps}")
    if shown < in_time:
        parts.append(f"{shown} of {counted(in_time, 'timestep')}")
    if parts and request.place is not None:
        limits = " and ".join(limit for _, limit in request.excess(wished))
        notes.append(f"{request.place.title} shows up to {limits}; {', '.join(parts)}")
    return tuple(notes)


def _timesteps(planned: Plan) -> int:
    excerpt = planned.storyboard.excerpt
    return excerpt.stop - excerpt.start


def _too_much(request: _Request, timesteps: int, width: int) -> str:
    """What even the smallest film has too much of."""
    fewest = timesteps if request.asked.timesteps else 1
    fps, narrowest = _step(request, width, _LADDER[-1])
    smallest = request.planned(fewest, fps).scaled(narrowest)
    (has, limit), *_ = request.excess(smallest)
    place = request.place.title if request.place else ""
    return (
        f"{counted(fewest, 'timestep')}, {smallest.width}x{smallest.height} pixels at {fps} frames"
        f" a second, come to {has}; {place} shows up to {limit}."
    )


def _what_would_fit(request: _Request) -> str:
    """The next step: what would fit if one thing that was asked for, or all of it, were open."""
    asked = request.asked
    named = [name for name in ("width", "fps", "pace", "timesteps") if getattr(asked, name)]
    for names in (*([name] for name in named), named):
        fewer = replace(asked, **dict.fromkeys(names, False))
        pace = None if "pace" in names else request.options.pace
        options = replace(request.options, pace=pace)
        try:
            fitted = _fit(replace(request, asked=fewer, options=options, plans={})).plan
        except MisfitError:
            continue
        shown, before = _timesteps(fitted), request.timesteps
        told = {
            "width": f"{fitted.width} pixels in width",
            "fps": f"{fitted.fps} frames a second",
            "pace": f"a pace of {round(fitted.timing.pace, 2):g} s",
            "timesteps": counted(shown, "timestep"),
        }
        same = {"fps"} if fitted.fps == options.fps else set()
        same |= {"timesteps"} if shown == before else set()
        return (
            f" With {' and '.join(told[name] for name in names if name not in same)} it would fit."
        )
    return ""
