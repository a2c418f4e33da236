"""What a film is told in: beats in seconds, and what the strip says of each. Pure data.

`narrate` in `scenes/tell/storyboard.py` makes them of a trace.
"""

from collections.abc import Mapping
from functools import cached_property
from math import ceil, floor
from types import MappingProxyType
from typing import Literal

from gatereel.rnn_math import Cell, Claim
from gatereel.rnn_math.formulas import Formula
from gatereel.rnn_math.records import dataclass
from gatereel.scenes.tell.acts import (
    Act,
    Complete,
    CompleteBack,
    Pass,
    Receive,
    Reveal,
    Send,
    Travel,
    Write,
)
from gatereel.scenes.tell.closeup import Closeup
from gatereel.scenes.tell.equations import Lines
from gatereel.scenes.tell.excerpt import Excerpt
from gatereel.scenes.tell.script import StepKind
from gatereel.scenes.tell.tempo import STANDS_SIDE_BY_SIDE

_ROUNDING = 1e-6
"""Frame times that sums of floats may be off."""

BeatKind = Literal["complete", "forward", "loss", "back", "before"] | StepKind
"""The last four are of a film of the gradient; "before" goes to the timestep before."""


@dataclass(frozen=True)
class Progress:
    """How far a film is: `steps` of each timestep drawn, of which `done` are over.

    While `is_telling`, the next one is being told.
    """

    steps: tuple[int, ...]
    done: int
    is_telling: bool


@dataclass(frozen=True)
class Telling:
    """What is told of a step. Words are plain text, formulas trees.

    `formulas` are what the strip chooses from, pairs of lines, fullest first; `equations` and
    `numbers` are all there is to say. `shown` says which units and inputs are shown, longest form
    first; it is empty when all of them are.
    """

    title: str
    timestep: str
    step: str
    sentences: tuple[str, ...]
    """What it comes to, fullest form first."""
    equations: tuple[Formula, ...]
    numbers: tuple[Formula, ...]
    formulas: tuple[Lines, ...]
    shown: tuple[str, ...] = ()
    progress: Progress | None = None


@dataclass(frozen=True)
class Phase:
    """A part of a beat: what happens, one beside the other.

    What travels is on its way for `travel` seconds; two operands meet for `meeting`; for `arrival`
    more what it comes to.
    """

    acts: tuple[Act, ...]
    travel: float
    arrival: float
    meeting: float = 0.0

    @cached_property
    def motion(self) -> float:
        """Seconds in which something moves."""
        return self.travel + self.meeting + self.arrival


@dataclass(frozen=True)
class Beat:
    """A stretch of the film: `start` and `duration` in seconds, of which `motion` move."""

    kind: BeatKind
    start: float
    duration: float
    timestep: int
    """The sequence's, counted from 1."""
    phases: tuple[Phase, ...]
    """What happens, one after the other."""
    telling: Telling
    closeup: Closeup | None = None
    """What is seen close, where there is a place for it."""

    @property
    def motion(self) -> float:
        """Seconds in which something moves."""
        return sum(phase.motion for phase in self.phases)

    @cached_property
    def acts(self) -> tuple[Act, ...]:
        """All that happens."""
        return tuple(act for phase in self.phases for act in phase.acts)

    @property
    def moves(self) -> tuple[Travel, ...]:
        """What travels from row to row."""
        return tuple(act for act in self.acts if isinstance(act, Travel))

    @property
    def sends(self) -> tuple[Send, ...]:
        """What goes back from row to row."""
        return tuple(act for act in self.acts if isinstance(act, Send))

    @cached_property
    def appears(self) -> tuple[str, ...]:
        """The vectors that are revealed."""
        return tuple(act.name for act in self.acts if isinstance(act, Reveal))

    @cached_property
    def values(self) -> Mapping[str, tuple[float, ...]]:
        """Those numbers that are shown, of each vector that gets new ones."""
        kinds = Write | Pass | Complete | Receive | CompleteBack
        written = (act.values for act in self.acts if isinstance(act, kinds))
        return MappingProxyType(
            {name: numbers for each in written for name, numbers in each.items()}
        )

    def pictures(self, fps: float, each: int = 1) -> int:
        """How many pictures differ, at most: operands that stand side by side stand still."""
        moving, standing = self.frames(fps, each)
        stand = (phase.meeting * STANDS_SIDE_BY_SIDE * fps / each for phase in self.phases)
        alike = sum(max(0, floor(pictures) - 1) for pictures in stand)
        return max(moving // each - alike, 0) or min(standing, 1)

    def frames(self, fps: float, each: int = 1) -> tuple[int, int]:
        """How many frame times move and how many stand, on the film's grid of frames.

        What moves is drawn `each` so many frame times.
        """
        whole = round((self.start + self.duration) * fps) - round(self.start * fps)
        # A beat may be shorter than a frame.
        pictures = ceil(self.motion * fps / each - _ROUNDING)
        moving = each * max(min(pictures, (whole - 1) // each), 0)
        return moving, whole - moving


@dataclass(frozen=True)
class Storyboard:
    """A film of one cell."""

    cell: Cell
    excerpt: Excerpt
    beats: tuple[Beat, ...]
    claims: tuple[Claim, ...] = ()
    """What the story says of the whole; empty where it tells none."""
    goes_back: bool = False
    """Whether it is a film of the gradient."""

    @property
    def input_size(self) -> int:
        """Number of features, shown or not."""
        return self.excerpt.input_size

    @property
    def hidden_size(self) -> int:
        """Number of hidden units, shown or not."""
        return self.excerpt.hidden_size

    @property
    def timesteps(self) -> int:
        """Number of timesteps of the whole sequence."""
        return self.excerpt.timesteps

    @property
    def first_timestep(self) -> int:
        """The timestep that builds the cell."""
        return self.excerpt.position(self.excerpt.start)

    @property
    def duration(self) -> float:
        """Seconds of one round."""
        last = self.beats[-1]
        return last.start + last.duration

    def pictures(self, fps: float, each: int = 1) -> int:
        """How many pictures differ in the whole film, at most."""
        if (fps, each) not in self._pictures:
            self._pictures[fps, each] = sum(beat.pictures(fps, each) for beat in self.beats)
        return self._pictures[fps, each]

    @cached_property
    def _pictures(self) -> dict[tuple[float, int], int]:
        """What was asked for before: a film is fitted by trying many widths."""
        return {}

    @property
    def still(self) -> Beat:
        """The beat that shows the complete cell."""
        return self.beats[-1]
