"""What happens when: a trace becomes beats in seconds. Pure data, no renderer.

    narrate(trace, excerpt, language=..., timing=...) -> Storyboard

A film opens and closes on the complete cell. In between, each timestep begins with its input,
computes the cell's nodes in their order, and lets each new state leave the cell.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

from gatereel.rnn_math import INPUT, Cell, Claim, Node, Trace, WeightedSum, previous
from gatereel.rnn_math.formulas import Formula, read_backward
from gatereel.scenes.tell import words
from gatereel.scenes.tell.acts import Act, Arrive, Clear, Complete, Focus, Reveal, Travel, Write
from gatereel.scenes.tell.claims import story
from gatereel.scenes.tell.equations import (
    Lines,
    Told,
    entering_equations,
    leaving_equation,
    state_equations,
    told_equations,
)
from gatereel.scenes.tell.excerpt import Excerpt, choose_excerpt
from gatereel.scenes.tell.language import Language
from gatereel.scenes.tell.rows import OUT_SUFFIX
from gatereel.scenes.tell.tempo import (
    CLOSING_MOTION,
    MOTION_SHARE,
    TIME_FOR_A_SUM,
    Tempo,
    Timing,
    tempo_of,
    timing_of,
)

BeatKind = Literal["complete", "begin", "compute", "leave", "return"]


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
    gist: str
    equations: tuple[Formula, ...]
    numbers: tuple[Formula, ...]
    formulas: tuple[Lines, ...]
    shown: tuple[str, ...] = ()
    story: str = ""
    """A sentence in place of the second line."""


@dataclass(frozen=True)
class Beat:
    """A stretch of the film: `start` and `duration` in seconds, of which `motion` move."""

    kind: BeatKind
    start: float
    duration: float
    motion: float
    timestep: int
    """The sequence's, counted from 1."""
    acts: tuple[Act, ...]
    """What happens, one beside the other."""
    telling: Telling

    @property
    def moves(self) -> tuple[Travel, ...]:
        """What travels from row to row."""
        return tuple(act for act in self.acts if isinstance(act, Travel))

    @property
    def appears(self) -> tuple[str, ...]:
        """The vectors that are revealed."""
        return tuple(act.name for act in self.acts if isinstance(act, Reveal))

    @property
    def values(self) -> Mapping[str, tuple[float, ...]]:
        """Those numbers that are shown, of each vector that gets new ones."""
        written = (act.values for act in self.acts if isinstance(act, Write | Complete))
        return MappingProxyType(
            {name: numbers for each in written for name, numbers in each.items()}
        )

    def frames(self, fps: float) -> tuple[int, int]:
        """How many frame times move and how many stand, on the film's grid of frames."""
        whole = round((self.start + self.duration) * fps) - round(self.start * fps)
        # A beat may be shorter than a frame.
        moving = max(min(max(round(self.motion * fps), 1), whole - 1), 0) if self.motion else 0
        return moving, whole - moving


@dataclass(frozen=True)
class Storyboard:
    """A film of one cell."""

    cell: Cell
    excerpt: Excerpt
    beats: tuple[Beat, ...]
    claims: tuple[Claim, ...] = ()
    """What the story says of the whole; empty where it tells none."""

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

    @property
    def still(self) -> Beat:
        """The beat that shows the complete cell."""
        return self.beats[-1]


def narrate(
    trace: Trace,
    excerpt: Excerpt | None = None,
    *,
    language: Language,
    timing: Timing | None = None,
    claims: Sequence[Claim] = (),
) -> Storyboard:
    """Tell `trace`, or an excerpt of it, as beats.

    `timing` says how long things take; without one, the cell's default pace does. Later timesteps
    run faster than the first one drawn. `claims` are about the whole: their story is told with the
    complete cell if all timesteps are drawn.
    """
    excerpt = excerpt or choose_excerpt(trace)
    drawn = range(excerpt.start, excerpt.stop)
    timing = timing or timing_of(trace.cell, len(drawn))
    if len(drawn) < trace.timesteps:
        claims = ()
    told = story(trace.cell, claims, language)
    teller = _Teller(trace, excerpt, timing, language)
    teller.complete(timing.opening, 0.0, told)
    for t in drawn:
        teller.enter(t)
        for node in trace.cell.nodes:
            teller.compute(node, t)
            if node.name in trace.cell.states:
                teller.leave(node.name, t)
    teller.complete(timing.closing, CLOSING_MOTION, told)
    return Storyboard(trace.cell, excerpt, tuple(teller.beats), tuple(claims))


class _Teller:
    """Collects beats one after the other. Timesteps are rows of the trace."""

    def __init__(self, trace: Trace, excerpt: Excerpt, timing: Timing, language: Language) -> None:
        self.trace = trace
        self.excerpt = excerpt
        self.language = language
        self.cell = trace.cell
        self.pace = timing.pace
        self.slowness = timing.slowness
        self.beats: list[Beat] = []

    def complete(self, hold: float, motion: float, story: str) -> None:
        """The whole cell with the numbers of the last timestep drawn."""
        last = self.excerpt.stop - 1
        names = [INPUT, *map(previous, self.cell.states), *(node.name for node in self.cell.nodes)]
        values = {name: self._numbers(name, last) for name in names}
        values |= {state + OUT_SUFFIX: values[state] for state in self.cell.states}
        self._add(
            "complete",
            motion + hold,
            motion,
            last,
            acts=(Complete(MappingProxyType(values)),),
            step=words.long_name(self.cell, self.language),
            told=state_equations(self.trace, self.excerpt),
            story=story,
        )

    def enter(self, t: int) -> None:
        """The states from before and the next input: at first they appear, later they come."""
        tempo = self._tempo(t)
        before = [previous(state) for state in self.cell.states]
        first = t == self.excerpt.start
        write = Write(MappingProxyType({name: self._numbers(name, t) for name in (INPUT, *before)}))
        round_the_cell = (
            Travel(state + OUT_SUFFIX, previous(state), way="loop") for state in self.cell.states
        )
        self._add(
            "begin" if first else "return",
            tempo.entering(self.pace),
            tempo.transition,
            t,
            acts=(Clear(keeps_cell=False), write)
            if first
            else (*round_the_cell, Arrive(INPUT), Clear(keeps_cell=True), write),
            step=words.beginning(
                self.cell.states, self.language, is_first=self.excerpt.position(t) == 1
            )
            if first
            else words.returning(self.cell.states, self.language),
            told=entering_equations(self.trace, t, self.excerpt),
        )

    def compute(self, node: Node, t: int) -> None:
        """One line of the cell: operands travel, the result appears."""
        tempo = self._tempo(t)
        is_weighted_sum = isinstance(node.operation, WeightedSum)
        seconds = self.pace * tempo.share
        self._add(
            "compute",
            seconds,
            tempo.weighted_sum if is_weighted_sum else tempo.step,
            t,
            acts=_reveal(node.name, node.operands, self._numbers(node.name, t)),
            step=words.vector_name(self.cell, node.name, self.language),
            gist=words.gist(self.trace, node, t, self.excerpt, self.language),
            told=told_equations(
                self.trace,
                node,
                t,
                self.excerpt,
                self.language,
                take_apart=seconds >= TIME_FOR_A_SUM,
            ),
        )

    def leave(self, state: str, t: int) -> None:
        """A new state goes to the right edge."""
        tempo = self._tempo(t)
        out = state + OUT_SUFFIX
        self._add(
            "leave",
            self.pace * tempo.share,
            tempo.step,
            t,
            acts=_reveal(out, (state,), self._numbers(state, t)),
            step=words.leaving(state, self.language),
            told=leaving_equation(self.trace, state, t, self.excerpt),
        )

    def _tempo(self, t: int) -> Tempo:
        return tempo_of(t - self.excerpt.start)

    def _numbers(self, name: str, t: int) -> tuple[float, ...]:
        """The numbers on the discs."""
        shown = list(self.excerpt.indices(self.cell, name).shown)
        return tuple(map(float, self.trace.vector(name, t)[shown]))

    def _add(
        self,
        kind: BeatKind,
        duration: float,
        motion: float,
        t: int,
        *,
        step: str,
        told: Told,
        acts: tuple[Act, ...],
        gist: str = "",
        story: str = "",
    ) -> None:
        start = self.beats[-1].start + self.beats[-1].duration if self.beats else 0.0
        if self.excerpt.backward:
            told = told.changed(read_backward)
        self.beats.append(
            Beat(
                kind=kind,
                start=start,
                duration=duration,
                motion=min(motion * self.slowness, duration * MOTION_SHARE),
                timestep=self.excerpt.position(t),
                acts=acts,
                telling=Telling(
                    title=words.title(self.cell, self.language),
                    timestep=words.timestep_label(self.excerpt, t, self.language),
                    step=step,
                    gist=gist,
                    equations=told.equations,
                    numbers=told.numbers,
                    formulas=told.forms,
                    shown=words.shown_forms(self.excerpt, self.language),
                    story=story,
                ),
            )
        )


def _reveal(name: str, operands: Sequence[str], numbers: tuple[float, ...]) -> tuple[Act, ...]:
    """Operands travel to where a vector comes up with its numbers."""
    return (
        Reveal(name),
        *(Travel(operand, name) for operand in operands),
        Write(MappingProxyType({name: numbers})),
        Focus(name),
    )
