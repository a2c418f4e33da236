"""A film of the gradient: forward quickly, then back through the same cell, operation by operation.

    narrate_backward(gradients, excerpt, language=..., pace=2.2) -> Storyboard

The last timestep is explained step by step, in earlier ones what belongs together is one step. All
numbers are those of the `Gradients`. Pure data, no renderer.
"""

from collections.abc import Mapping, Sequence
from math import floor
from types import MappingProxyType

import numpy as np

from gatereel.rnn_math import Addition, Array, Cell, Multiplication, Trace, WeightedSum, previous
from gatereel.rnn_math.formulas import read_backward
from gatereel.rnn_math.gradients import Gradients
from gatereel.rnn_math.gradients.flow import keeping
from gatereel.rnn_math.gradients.sending import arriving, sendings
from gatereel.rnn_math.records import dataclass
from gatereel.scenes.tell import words
from gatereel.scenes.tell.acts import (
    Act,
    Clear,
    CompleteBack,
    Focus,
    Pass,
    Receive,
    Send,
    Turn,
)
from gatereel.scenes.tell.back_rules import BackRules
from gatereel.scenes.tell.back_told import arriving_told, received_told, states_told, told_back
from gatereel.scenes.tell.beats import Beat, BeatKind, Phase, Progress, Storyboard, Telling
from gatereel.scenes.tell.equations import Told
from gatereel.scenes.tell.excerpt import Excerpt
from gatereel.scenes.tell.language import Language
from gatereel.scenes.tell.rows import OUT_SUFFIX
from gatereel.scenes.tell.script import leaves, steps
from gatereel.scenes.tell.tempo import CLOSING_HOLD, CLOSING_MOTION, OPENING_HOLD, MisfitError

DEFAULT_PACE = 2.2
"""Seconds of a step in the timestep that is explained."""
SHORTEST_PACE = 0.8
LONGEST = 58.0
"""Seconds: the default pace keeps a film of three timesteps under this."""

_FORWARD, _LOSS, _TOGETHER, _BEFORE = 0.45, 1.4, 1.1, 0.7
"""Paces of a timestep forward, of the loss, of several steps in one, and between two timesteps."""
_TRAVEL, _ARRIVAL, _LIGHTING = 0.36, 0.08, 0.08
"""Seconds in which a gradient is on its way, comes up, and a timestep stands there."""
_ROUND = 0.8
"""Seconds on the way round the cell."""
_PACE_STEP = 0.01
_MOST_MOTION = 0.7
"""Of a step: the rest stands, to be read."""


@dataclass(frozen=True)
class BackStep:
    """A step of the way back: what sends, phase after phase; states that left come in first."""

    phases: tuple[tuple[str, ...], ...]

    @property
    def names(self) -> tuple[str, ...]:
        """All that sends, in order."""
        return tuple(name for phase in self.phases for name in phase)


def back_steps(cell: Cell, drawn: int) -> tuple[BackStep, ...]:
    """The steps through a timestep, by how many were told before: the forward ones, reversed."""
    forward = [step for step in steps(cell, drawn) if step.kind not in ("begin", "return")]
    return tuple(BackStep(tuple(reversed(step.phases))) for step in reversed(forward))


def straight_ways(cell: Cell) -> frozenset[tuple[str, str]]:
    """The ways from the state that is kept, back through the gate that keeps it, to what it was."""
    found = keeping(cell)
    if found is None:
        return frozenset()
    state, gate = found
    ways = {(state + OUT_SUFFIX, state)}
    name = next(
        node.name
        for node in cell.nodes
        if isinstance(node.operation, Multiplication)
        and gate in node.operands
        and previous(state) in node.operands
    )
    ways.add((name, previous(state)))
    while name != state:
        following = next(
            node
            for node in cell.nodes
            if isinstance(node.operation, Addition) and name in node.operands
        )
        ways.add((following.name, name))
        name = following.name
    return frozenset(ways)


def narrate_backward(
    gradients: Gradients,
    excerpt: Excerpt,
    *,
    language: Language,
    pace: float | None = None,
    most_seconds: float | None = None,
    captions: bool = True,
) -> Storyboard:
    """Tell how the gradient goes back through an excerpt of a trace.

    `pace` is in seconds a step. Raises MisfitError for a film that cannot be as short as asked.
    """
    first, last = excerpt.start, _last_row(gradients, excerpt)
    wanted = DEFAULT_PACE if pace is None else pace
    paces = _paces(gradients.trace.cell, excerpt, last)
    limit = most_seconds if most_seconds is not None else LONGEST if pace is None else None
    opening, closing = OPENING_HOLD, CLOSING_HOLD
    if limit is not None:
        holds = opening + closing + CLOSING_MOTION
        if most_seconds is not None and holds > limit / 3:
            opening, closing = limit / 12, limit / 6
            holds = opening + closing + CLOSING_MOTION
        fitting = (limit - holds) / paces
        if fitting < SHORTEST_PACE and most_seconds is not None:
            least = SHORTEST_PACE * paces + holds
            raise MisfitError(
                f"The way back through {last - first + 1} timesteps takes at least {least:.0f} s; "
                f"{most_seconds:g} s are too few."
            )
        if pace is None:
            wanted = max(SHORTEST_PACE, min(wanted, floor(fitting / _PACE_STEP) * _PACE_STEP))
        elif wanted > fitting and most_seconds is not None:
            raise MisfitError(
                f"The way back takes {wanted * paces + holds:.0f} s at {wanted:g} s a step; "
                f"{most_seconds:g} s are too few."
            )
    teller = _Teller(gradients, excerpt, language, wanted, last, captions=captions)
    teller.whole(opening, 0.0)
    for t in range(excerpt.start, excerpt.stop):
        teller.forward(t)
    teller.loss()
    for drawn, t in enumerate(range(last, first - 1, -1)):
        if drawn:
            teller.before(t)
        for step in back_steps(gradients.trace.cell, drawn):
            teller.step(step, t, is_explained=drawn == 0)
    teller.whole(closing, CLOSING_MOTION)
    return Storyboard(gradients.trace.cell, excerpt, tuple(teller.beats), goes_back=True)


def _last_row(gradients: Gradients, excerpt: Excerpt) -> int:
    """The last row that is drawn to which a gradient comes."""
    rows = range(excerpt.stop - 1, excerpt.start, -1)
    return next((t for t in rows if _comes(gradients, t)), excerpt.start)


def _comes(gradients: Gradients, t: int) -> bool:
    return any(values.any() for values in arriving(gradients, t).values())


def _paces(cell: Cell, excerpt: Excerpt, last: int) -> float:
    """How many paces a film takes."""
    timesteps = last - excerpt.start + 1
    later = len(back_steps(cell, 1)) * _TOGETHER + _BEFORE
    return (
        (excerpt.stop - excerpt.start) * _FORWARD
        + _LOSS
        + len(back_steps(cell, 0))
        + (timesteps - 1) * later
    )


class _Teller:
    """Collects beats one after the other. Timesteps are rows of the trace."""

    def __init__(
        self,
        gradients: Gradients,
        excerpt: Excerpt,
        language: Language,
        pace: float,
        last: int,
        *,
        captions: bool,
    ) -> None:
        self.gradients = gradients
        self.trace: Trace = gradients.trace
        self.cell = self.trace.cell
        self.excerpt = excerpt
        self.language = language
        self.words = language.back
        self.pace = pace
        self.last = last
        self.captions = captions
        self.straight = straight_ways(self.cell)
        self.rules = BackRules(gradients, excerpt, language, self.straight)
        self.beats: list[Beat] = []
        self.received: dict[str, Array] = {}
        counts = [len(back_steps(self.cell, drawn)) for drawn in range(last - excerpt.start + 1)]
        forward = excerpt.stop - excerpt.start + 1
        self.progress = (forward, counts[0], *(count + 1 for count in counts[1:]))

    def whole(self, hold: float, motion: float) -> None:
        """Every gradient of the first timestep drawn, and all that is sent there."""
        t = self.excerpt.start
        came = arriving(self.gradients, t)
        sent = sendings(self.gradients, t)
        values = {name: self._shown(name, self.gradients.vector(name, t)) for name in self._names}
        values |= {s + OUT_SUFFIX: self._shown(s, came[s]) for s in self.cell.states}
        sends = [self._send(s + OUT_SUFFIX, s, came[s]) for s in self.cell.states]
        sends += [self._send(node, operand, part) for (node, operand), part in sent.items()]
        act = CompleteBack(tuple(sends), MappingProxyType(values))
        self._add(
            "complete",
            t,
            motion + hold,
            (Phase((act,), 0.0, motion),),
            self.words.whole,
            self.rules.ends(),
            received_told(self.gradients, self.excerpt, tuple(map(previous, self.cell.states)), t),
        )

    def forward(self, t: int) -> None:
        """A timestep as it was computed, all of it at once."""
        values = {n: self._shown(n, self.trace.vector(n, t)) for n in self._names}
        values |= {s + OUT_SUFFIX: values[s] for s in self.cell.states}
        acts: tuple[Act, ...] = (Clear(), Pass(MappingProxyType(values)))
        self._add(
            "forward",
            t,
            self.pace * _FORWARD,
            (Phase(acts, 0.0, _LIGHTING),),
            self.words.forward,
            self.rules.forwards(t),
            states_told(self.trace, self.excerpt, t),
        )

    def loss(self) -> None:
        """Where the gradient begins: at the states that left the cell."""
        self._begin(self.last)
        acts = (Turn(), Receive(self._out(self.last)))
        self._add(
            "loss",
            self.last,
            self.pace * _LOSS,
            (Phase(acts, 0.0, _ARRIVAL),),
            self.words.loss,
            self.rules.loss(self.last),
            arriving_told(self.gradients, self.excerpt, self.last),
        )

    def before(self, t: int) -> None:
        """What the states before a timestep got goes round the cell, to the timestep before."""
        later = self.gradients.vectors
        sends = tuple(
            self._send(previous(s), s + OUT_SUFFIX, later[previous(s)][t + 1], loop=True)
            for s in self.cell.states
        )
        self._begin(t)
        acts: tuple[Act, ...] = (Turn(), Receive(self._out(t)))
        seconds = self.pace * _BEFORE
        share = min(1.0, _MOST_MOTION * seconds / (_ROUND + _ARRIVAL))
        named = [words.state_name(state, self.language) for state in self.cell.states]
        self._add(
            "before",
            t,
            seconds,
            (Phase(sends, _ROUND * share, 0.0), Phase(acts, 0.0, _ARRIVAL * share)),
            self.words.returning.format(states=self.language.lists.joined(named)),
            self.rules.returns(t),
            arriving_told(self.gradients, self.excerpt, t),
        )

    def step(self, step: BackStep, t: int, *, is_explained: bool) -> None:
        """Vectors send to what they were made of; where ways meet, the sum stands."""
        sent, came = sendings(self.gradients, t), arriving(self.gradients, t)
        before = dict(self.received)
        phases: list[tuple[Act, ...]] = []
        for names in step.phases:
            sends: list[Send] = []
            for name in names:
                parts = self._parts(name, sent, came)
                sends += [self._send(name, target, part) for target, part in parts.items()]
                for target, part in parts.items():
                    known = self.received.get(target)
                    self.received[target] = part if known is None else known + part
            targets = dict.fromkeys(send.target for send in sends)
            values = {each: self._shown(each, self.received[each]) for each in targets}
            phases.append((*sends, Receive(MappingProxyType(values)), *map(Focus, targets)))
        seconds = self.pace * (1.0 if is_explained else _TOGETHER)
        motion = (_TRAVEL + _ARRIVAL) * len(phases)
        share = min(1.0, _MOST_MOTION * seconds / motion)
        nodes = [name for name in step.names if not leaves(name)]
        match nodes:
            case []:
                states = self._states_of(step)
                told = received_told(self.gradients, self.excerpt, states, t, self.received)
            case [name]:
                told = told_back(self.gradients, self.excerpt, name, t)
            case _:
                told = received_told(self.gradients, self.excerpt, nodes, t)
        self._add(
            "back",
            t,
            seconds,
            tuple(Phase(acts, _TRAVEL * share, _ARRIVAL * share) for acts in phases),
            self._called(step),
            self.rules.step(step.names, t, before, self.received),
            told,
        )

    # --- what they are made of -------------------------------------------------------------------

    @property
    def _names(self) -> tuple[str, ...]:
        return self.cell.vectors

    def _begin(self, t: int) -> None:
        self.received = {}

    def _out(self, t: int) -> Mapping[str, tuple[float, ...]]:
        came = arriving(self.gradients, t)
        return MappingProxyType(
            {state + OUT_SUFFIX: self._shown(state, came[state]) for state in self.cell.states}
        )

    def _parts(
        self, name: str, sent: Mapping[tuple[str, str], Array], came: Mapping[str, Array]
    ) -> dict[str, Array]:
        """What a row sends, by where to."""
        if leaves(name):
            state = name.removesuffix(OUT_SUFFIX)
            return {state: came[state]}
        operands = dict.fromkeys(self.cell.node(name).operands)
        return {operand: sent[name, operand] for operand in operands}

    def _send(self, source: str, target: str, part: Array, *, loop: bool = False) -> Send:
        is_straight = (source, target) in self.straight or (
            loop and (target, target.removesuffix(OUT_SUFFIX)) in self.straight
        )
        size = float(np.abs(part).max())
        return Send(source, target, size, is_straight, "loop" if loop else "wire")

    def _shown(self, name: str, whole: Array) -> tuple[float, ...]:
        """The numbers on the discs."""
        return tuple(map(float, whole[list(self.excerpt.indices(self.cell, name).shown)]))

    def _states_of(self, step: BackStep) -> tuple[str, ...]:
        return tuple(name.removesuffix(OUT_SUFFIX) for name in step.names)

    def _called(self, step: BackStep) -> str:
        """A step by what is gone back through."""
        nodes = [name for name in step.names if not leaves(name)]
        if not nodes:
            (state, *_) = self._states_of(step)
            return self.words.into.format(state=words.state_name(state, self.language))
        sums = [n for n in nodes if isinstance(self.cell.node(n).operation, WeightedSum)]
        named = [words.vector_name(self.cell, name, self.language) for name in sums or nodes]
        joined = self.language.lists.joined(named)
        while len(joined) > _LONGEST_NAME and len(named) > 1:
            named.pop()
            joined = self.language.lists.joined(named)
        return self.words.through.format(step=joined)

    def _add(
        self,
        kind: BeatKind,
        t: int,
        duration: float,
        phases: tuple[Phase, ...],
        step: str,
        sentences: Sequence[str],
        told: Told,
    ) -> None:
        start = self.beats[-1].start + self.beats[-1].duration if self.beats else 0.0
        if self.excerpt.backward:
            told = told.changed(read_backward)
        is_whole = kind == "complete"
        done = sum(self.progress) if is_whole else len(self.beats) - 1
        title = words.title(self.cell, self.language)
        self.beats.append(
            Beat(
                kind=kind,
                start=start,
                duration=duration,
                timestep=self.excerpt.position(t),
                phases=phases,
                telling=Telling(
                    title=self.words.title.format(cell=title),
                    timestep=words.timestep_label(self.excerpt, t, self.language),
                    step=step,
                    sentences=tuple(sentences) if self.captions else (),
                    equations=told.equations,
                    numbers=told.numbers,
                    formulas=told.forms,
                    shown=words.shown_forms(self.excerpt, self.language),
                    progress=Progress(self.progress, done, is_telling=not is_whole),
                ),
            )
        )


_LONGEST_NAME = 60
"""Characters of the vectors that a step is called by; the picture shows the others."""
