"""How long things take: the seconds of holds, steps and motion. Nothing else knows seconds.

timing_of(cell, timesteps, most_seconds=5, loop=False) -> Timing
"""

from dataclasses import dataclass
from math import floor, isfinite

from gatereel.rnn_math import Cell, InputError, counted
from gatereel.scenes.tell.hundredths import longest_within

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

LONGEST_PACE = 3.0
SHORTEST_PACE = 0.2
LONGEST_FILM = 44.8
"""Seconds: the default pace keeps a film of three timesteps under this."""


class MisfitError(InputError):
    """What was asked for is too much for the room there is."""


@dataclass(frozen=True)
class Tempo:
    """How fast a timestep runs: its steps' share of the pace, and seconds of motion in a step."""

    share: float
    step: float
    weighted_sum: float
    transition: float

    def entering(self, pace: float) -> float:
        """Seconds until the states and the input of the timestep are there."""
        return max(pace * self.share, self.transition / MOTION_SHARE)


MOTION_SHARE = 0.7
"""The most of a step that may move; the rest stands, to be read."""

# The first timestep is read, the second recognised, later ones watched. Few frames move, because
# places that embed a GIF count width x height x frames. Seconds are those of `_REFERENCE_PACE`.
_TEMPI = (
    Tempo(share=1.0, step=0.28, weighted_sum=0.4, transition=0.12),
    Tempo(share=0.6, step=0.16, weighted_sum=0.16, transition=0.4),
    Tempo(share=0.4, step=0.12, weighted_sum=0.12, transition=0.28),
)

READABLE_PACE = _TEMPI[0].step / MOTION_SHARE
"""Seconds a step: below, values would travel faster than in the usual film. Rather than that, a
short film shows fewer timesteps."""

CLOSING_MOTION = 0.1
_REFERENCE_PACE = 1.5
_MOST_SLOWNESS = 2.0
_DEFAULT_TIMESTEPS = 3
_PACE_STEP = 0.01
_LONGEST_ALLOWED_PACE = 60.0
_ROUNDING = 1e-9
"""Seconds that sums of floats may be off."""


@dataclass(frozen=True)
class Timing:
    """The seconds of a film: of a step in the first timestep, and of the holds at both ends.

    Motion takes `slowness` times as long as its `Tempo` says, if its step leaves room for it.
    """

    pace: float
    slowness: float
    opening: float = OPENING_HOLD
    closing: float = CLOSING_HOLD

    def seconds(self, cell: Cell, timesteps: int) -> float:
        """The length of a film of so many timesteps."""
        steps = _steps(cell, timesteps, self.pace)
        return self.opening + steps + CLOSING_MOTION + self.closing


def tempo_of(drawn: int) -> Tempo:
    """Tempo of a timestep by how many are drawn before it."""
    return _TEMPI[min(drawn, len(_TEMPI) - 1)]


def default_pace(cell: Cell) -> float:
    """Seconds a step in the first timestep: unhurried, yet three timesteps stay short."""
    beats = len(cell.nodes) + len(cell.states) + 1
    shares = sum(tempo_of(t).share for t in range(_DEFAULT_TIMESTEPS))
    pace = (LONGEST_FILM - OPENING_HOLD - CLOSING_HOLD - CLOSING_MOTION) / (beats * shares)
    return min(LONGEST_PACE, floor(pace / _PACE_STEP) * _PACE_STEP)


def timing_of(
    cell: Cell,
    timesteps: int,
    *,
    pace: float | None = None,
    most_seconds: float | None = None,
    fps: int = 1,
    loop: bool = True,
) -> Timing:
    """The timing of a film of so many timesteps that lasts at most `most_seconds`.

    It ends on a whole frame of `fps` a second. A `pace`, in seconds a step, is kept; without one
    the steps get shorter once the holds are short. Raises InputError for a pace out of range,
    MisfitError when so many timesteps take longer.
    """
    usual = default_pace(cell) if pace is None else _checked(pace)
    timing = Timing(usual, _slowness(usual))
    if most_seconds is None:
        return timing
    if not isfinite(most_seconds):
        raise InputError(f"A film of {most_seconds:g} seconds cannot be made; give a number.")
    within = longest_within(most_seconds, fps)
    if timing.seconds(cell, timesteps) <= within + _ROUNDING:
        return timing
    shortest = SHORTEST_OPENING + (SHORTEST_CLOSING if loop else SHORTEST_ENDING)
    # The ending of a film that plays once needs no share.
    share = HOLD_SHARE if loop else HOLD_SHARE / 2
    wanted = max(shortest, min(share * within, OPENING_HOLD + CLOSING_HOLD))
    paces = [usual] if pace is not None else _paces_up_to(usual)
    for holds in (wanted, shortest):
        for each in paces:
            room = within - CLOSING_MOTION - _steps(cell, timesteps, each)
            if room >= holds - _ROUNDING:
                return _with_holds(each, usual, room)
    least = paces[-1]
    needed = _steps(cell, timesteps, least) + CLOSING_MOTION + shortest + 1.0 / fps
    raise MisfitError(
        f"The {cell.title} takes at least {_rounded_up(needed):g} s for"
        f" {counted(timesteps, 'timestep')} at {least:g} s a step; {most_seconds:g} s are too few."
    )


def _with_holds(pace: float, usual: float, room: float) -> Timing:
    """Motion is as quick as usual, however short its step."""
    slowness = max(_slowness(pace), min(1.0, _slowness(usual)))
    opening = min(OPENING_HOLD, max(SHORTEST_OPENING, room / 3.0))
    return Timing(pace, slowness, opening, min(CLOSING_HOLD, room - opening))


def _steps(cell: Cell, timesteps: int, pace: float) -> float:
    """Seconds of the timesteps alone."""
    steps = len(cell.nodes) + len(cell.states)
    tempi = map(tempo_of, range(timesteps))
    return sum(steps * pace * each.share + each.entering(pace) for each in tempi)


def _paces_up_to(usual: float) -> list[float]:
    """Paces to choose from, longest first."""
    shortest, longest = (round(pace / _PACE_STEP) for pace in (SHORTEST_PACE, usual))
    return [usual, *(step * _PACE_STEP for step in range(longest - 1, shortest - 1, -1))]


def _slowness(pace: float) -> float:
    return min(pace / _REFERENCE_PACE, _MOST_SLOWNESS)


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
