"""How long things take: the seconds of holds, steps and motion. Nothing else knows seconds.

timing_of(cell, timesteps, most_seconds=5, loop=False) -> Timing
"""

from collections.abc import Iterator, Mapping, Sequence
from math import floor, isfinite
from types import MappingProxyType
from typing import NamedTuple

from gatereel.rnn_math import Cell, InputError, WeightedSum, counted, previous
from gatereel.rnn_math.records import dataclass
from gatereel.scenes.tell.hundredths import longest_within
from gatereel.scenes.tell.rows import OUT_SUFFIX
from gatereel.scenes.tell.script import (
    EVERY_STEP,
    FilmStep,
    StepChoice,
    leaves,
    meets_another,
    operands,
    steps,
)

OPENING_HOLD = 1.0
CLOSING_HOLD = 5.0
"""Seconds on the complete cell, before and after."""

SHORTEST_OPENING = 0.5
SHORTEST_CLOSING = 0.5
SHORTEST_ENDING = 0.3
"""Seconds that are left of the holds in a short film; the ending of one that plays once is shorter,
because its last picture stays."""

HOLD_SHARE = 0.2
"""Of a short film, for both holds together."""

TIME_FOR_A_SUM = 1.2
"""Seconds a step must stand for to take a weighted sum apart."""

LONGEST_PACE = 2.4
SHORTEST_PACE = 0.2
LONGEST_FILM = 58.0
"""Seconds: the default pace keeps a film of three timesteps under this."""

FASTEST = 750.0
"""Pixels a second of a picture 1125 wide: what travels moves at most 30 in a frame of 25 a second,
or the eye loses it. That is a row: its discs may come closer on the way."""


class MisfitError(InputError):
    """What was asked for is too much for the room there is."""


Ways = Mapping[tuple[str, str], float]
"""How far it is from a vector to another, in pixels."""

USUAL_WAY = 300.0
"""Pixels: where nobody says how far it is."""

MOTION_SHARE = 0.7
"""The most of a step that may move; the rest stands, to be read."""

EASING = 1.0 / 9.0
"""The share of a way at either end in which what travels gathers speed, or loses it."""

_ARRIVAL = 0.12
_FAN = 0.12
_LIGHTING = 0.08
"""Seconds in which a result comes up, a fan grows, and what does not travel is lit."""
_MEETING, _AFTER_MEETING = 0.5, 0.06
"""Seconds in which two operands stand side by side and become one, and in which it is written."""
STANDS_SIDE_BY_SIDE = 0.8
"""The share of it in which they stand."""
_ENTRANCE = 0.12
"""Seconds in which the first states and the first input come up."""

_REFERENCE_PACE = 1.5
_SHORTEST_READ = 0.3
"""Paces: a step in which much moves is longer by so much, at least."""
_FIRST_SUM = 2.7
"""Paces that the film's first weighted sum stands for, taken apart."""
_STEPS_TOGETHER = 1.5
"""Paces of a step in which several things come up."""

READABLE_PACE = 0.45
"""Seconds a step: below, values would travel faster than in the usual film. Rather than that, a
short film shows fewer timesteps."""

NO_WAYS: Ways = MappingProxyType({})

CLOSING_MOTION = 0.1
_MOST_SLOWNESS = 2.0
_DEFAULT_TIMESTEPS = 3
_PACE_STEP = 0.01
_LONGEST_ALLOWED_PACE = 60.0
_ROUNDING = 1e-9
"""Seconds that sums of floats may be off."""


class PhaseTime(NamedTuple):
    """Seconds at the reference pace: of values on their way, and of what comes up at its end.

    In between, two operands meet.
    """

    travel: float
    arrival: float
    meeting: float = 0.0

    @property
    def motion(self) -> float:
        """Seconds in which something moves."""
        return self.travel + self.meeting + self.arrival


@dataclass(frozen=True)
class StepTime:
    """How long a step takes: `share` paces; its phases move one after the other."""

    share: float
    phases: tuple[PhaseTime, ...]


def step_time(cell: Cell, step: FilmStep, ways: Ways, *, is_first_sum: bool = False) -> StepTime:
    """The time of a step, so long that nothing travels too fast and all of it can be read."""
    if step.kind == "begin":
        return StepTime(1.0, (PhaseTime(0.0, _ENTRANCE),))
    if step.kind == "return":
        longest = max(_way(state + OUT_SUFFIX, previous(state), ways) for state in cell.states)
        phases: tuple[PhaseTime, ...] = (PhaseTime(_travelling(longest), _ARRIVAL),)
    else:
        phases = tuple(_phase_time(cell, step, names, ways) for names in step.phases)
    needed = sum(phase.motion for phase in phases) / _REFERENCE_PACE
    usual = _FIRST_SUM if is_first_sum else 1.0 if len(step.names) < 2 else _STEPS_TOGETHER
    return StepTime(max(usual, needed / MOTION_SHARE, needed + _SHORTEST_READ), phases)


def _phase_time(cell: Cell, step: FilmStep, names: Sequence[str], ways: Ways) -> PhaseTime:
    sums = any(not leaves(n) and isinstance(cell.node(n).operation, WeightedSum) for n in names)
    if not step.travels:
        return PhaseTime(0.0, _LIGHTING)
    longest = max(_way(operand, name, ways) for name in names for operand in operands(cell, name))
    if any(meets_another(cell, name) for name in names):
        return PhaseTime(_travelling(longest), _AFTER_MEETING, _MEETING)
    return PhaseTime(_travelling(longest), _ARRIVAL + (_FAN if sums else 0.0))


def _way(source: str, target: str, ways: Ways) -> float:
    return ways.get((source, target), USUAL_WAY)


def _travelling(pixels: float) -> float:
    """Seconds on a way, at the speed that is reached between its ends."""
    return pixels / (FASTEST * (1.0 - EASING))


@dataclass(frozen=True)
class Timing:
    """The seconds of a film: of a step in the first timestep, and of the holds at both ends.

    Motion takes `slowness` times as long as at the reference pace, if its step leaves room for it.
    """

    pace: float
    slowness: float
    opening: float = OPENING_HOLD
    closing: float = CLOSING_HOLD

    def seconds(
        self,
        cell: Cell,
        timesteps: int,
        ways: Ways = NO_WAYS,
        choice: StepChoice = EVERY_STEP,
    ) -> float:
        """The length of a film of so many timesteps."""
        steps = self.pace * _shares(cell, timesteps, ways, choice)
        return self.opening + steps + CLOSING_MOTION + self.closing


def default_pace(cell: Cell, ways: Ways = NO_WAYS) -> float:
    """Seconds a step in the first timestep: unhurried, yet three timesteps stay short."""
    shares = _shares(cell, _DEFAULT_TIMESTEPS, ways)
    pace = (LONGEST_FILM - OPENING_HOLD - CLOSING_HOLD - CLOSING_MOTION) / shares
    return min(LONGEST_PACE, floor(pace / _PACE_STEP) * _PACE_STEP)


class Scene(NamedTuple):
    """A step with its time, the timestep drawn that it is in, from 0, and whether it is told."""

    drawn: int
    step: FilmStep
    time: StepTime
    is_told: bool


def timed_steps(cell: Cell, drawn: int, ways: Ways) -> Iterator[tuple[FilmStep, StepTime]]:
    """The steps of a timestep with their times."""
    has_summed = drawn > 0
    for step in steps(cell, drawn):
        is_sum = any(isinstance(cell.node(name).operation, WeightedSum) for name in step.told)
        yield step, step_time(cell, step, ways, is_first_sum=is_sum and not has_summed)
        has_summed |= is_sum


def scenes(cell: Cell, timesteps: int, ways: Ways, choice: StepChoice) -> Iterator[Scene]:
    """Every step of a film of so many timesteps, those that are told and those that are not."""
    number = 0
    for drawn in range(timesteps):
        for step, time in timed_steps(cell, drawn, ways):
            number += 1
            yield Scene(drawn, step, time, choice.takes(step, number))


def _shares(cell: Cell, timesteps: int, ways: Ways, choice: StepChoice = EVERY_STEP) -> float:
    """How many paces the timesteps take."""
    if choice != EVERY_STEP:
        return sum(
            each.time.share for each in scenes(cell, timesteps, ways, choice) if each.is_told
        )
    first, later = (
        sum(time.share for _, time in timed_steps(cell, drawn, ways)) for drawn in range(2)
    )
    return first + (timesteps - 1) * later


def timing_of(
    cell: Cell,
    timesteps: int,
    *,
    pace: float | None = None,
    most_seconds: float | None = None,
    fps: int = 1,
    loop: bool = True,
    ways: Ways = NO_WAYS,
    choice: StepChoice = EVERY_STEP,
) -> Timing:
    """The timing of a film of so many timesteps that lasts at most `most_seconds`.

    It ends on a whole frame of `fps` a second. A `pace`, in seconds a step, is kept; without one
    the steps get shorter once the holds are short. Raises InputError for a pace out of range,
    MisfitError when so many timesteps take longer.
    """
    usual = default_pace(cell, ways) if pace is None else _checked(pace)
    timing = Timing(usual, _slowness(usual))
    if most_seconds is None:
        return timing
    if not isfinite(most_seconds):
        raise InputError(f"A film of {most_seconds:g} seconds cannot be made; give a number.")
    within = longest_within(most_seconds, fps)
    if timing.seconds(cell, timesteps, ways, choice) <= within + _ROUNDING:
        return timing
    shares = _shares(cell, timesteps, ways, choice)
    shortest = SHORTEST_OPENING + (SHORTEST_CLOSING if loop else SHORTEST_ENDING)
    # The ending of a film that plays once needs no share.
    share = HOLD_SHARE if loop else HOLD_SHARE / 2
    wanted = max(shortest, min(share * within, OPENING_HOLD + CLOSING_HOLD))
    paces = [usual] if pace is not None else _paces_up_to(usual)
    for holds in (wanted, shortest):
        for each in paces:
            room = within - CLOSING_MOTION - each * shares
            if room >= holds - _ROUNDING:
                return _with_holds(each, usual, room)
    least = paces[-1]
    needed = least * shares + CLOSING_MOTION + shortest + 1.0 / fps
    raise MisfitError(
        f"The {cell.title} takes at least {_rounded_up(needed):g} s for"
        f" {counted(timesteps, 'timestep')} at {least:g} s a step; {most_seconds:g} s are too few."
    )


def _with_holds(pace: float, usual: float, room: float) -> Timing:
    """Motion is as quick as usual, however short its step."""
    slowness = min(_slowness(pace), _slowness(usual))
    opening = min(OPENING_HOLD, max(SHORTEST_OPENING, room / 3.0))
    return Timing(pace, slowness, opening, min(CLOSING_HOLD, room - opening))


def _paces_up_to(usual: float) -> list[float]:
    """Paces to choose from, longest first."""
    shortest, longest = (round(pace / _PACE_STEP) for pace in (SHORTEST_PACE, usual))
    return [usual, *(step * _PACE_STEP for step in range(longest - 1, shortest - 1, -1))]


def _slowness(pace: float) -> float:
    return max(1.0, min(pace / LONGEST_PACE, _MOST_SLOWNESS))


def _checked(pace: float) -> float:
    if not SHORTEST_PACE <= pace <= _LONGEST_ALLOWED_PACE:
        raise InputError(
            f"The pace is {pace:g} seconds a step; "
            f"{SHORTEST_PACE:g} to {_LONGEST_ALLOWED_PACE:g} are accepted."
        )
    return pace


def _rounded_up(seconds: float) -> float:
    """To a tenth: so many seconds really are enough."""
    return -floor(-(seconds - _ROUNDING) * 10.0) / 10.0
