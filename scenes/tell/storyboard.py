"""What happens when: a trace becomes beats in seconds. Pure data, no renderer.

    narrate(trace, excerpt, language=..., timing=...) -> Storyboard

A film opens and closes on the complete cell. In between, each timestep begins with its input,
computes the cell's nodes in their order, and lets each new state leave the cell.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from types import MappingProxyType

from gatereel.rnn_math import INPUT, Claim, Concatenate, Trace, previous
from gatereel.scenes.tell import words
from gatereel.scenes.tell.acts import Act, Clear, Complete, Focus, Pass, Reveal, Travel, Write
from gatereel.scenes.tell.beats import Beat, BeatKind, Phase, Progress, Storyboard, Telling
from gatereel.scenes.tell.claims import story
from gatereel.scenes.tell.closeup import Closeup, closeup, closing_closeup
from gatereel.scenes.tell.consequences import consequences
from gatereel.scenes.tell.equations import (
    Told,
    entering_equations,
    leaving_equation,
    state_equations,
    together,
    told_equations,
)
from gatereel.scenes.tell.excerpt import Excerpt, choose_excerpt
from gatereel.scenes.tell.language import Language
from gatereel.scenes.tell.numbers import ELLIPSIS, number
from gatereel.scenes.tell.rows import OUT_SUFFIX
from gatereel.scenes.tell.script import EVERY_STEP, FilmStep, StepChoice, leaves, operands
from gatereel.scenes.tell.tempo import (
    CLOSING_MOTION,
    MOTION_SHARE,
    NO_WAYS,
    TIME_FOR_A_SUM,
    PhaseTime,
    StepTime,
    Timing,
    Ways,
    scenes,
    timing_of,
)


def narrate(
    trace: Trace,
    excerpt: Excerpt | None = None,
    *,
    language: Language,
    timing: Timing | None = None,
    claims: Sequence[Claim] = (),
    ways: Ways = NO_WAYS,
    closeups: bool = False,
    choice: StepChoice = EVERY_STEP,
    captions: bool = True,
) -> Storyboard:
    """Tell `trace`, or an excerpt of it, as beats.

    `timing` says how long things take; without one, the cell's default pace does. The first
    timestep drawn explains every step; in later ones, what is parallel is one. `ways` are how far
    values travel. `claims` are about the whole: their story is told with the complete cell if all
    timesteps are drawn. With `closeups`, each step has one. Of the steps, those of a `choice` are
    told; without `captions` no sentence says what they come to.
    """
    excerpt = excerpt or choose_excerpt(trace)
    drawn = range(excerpt.start, excerpt.stop)
    timing = timing or timing_of(trace.cell, len(drawn), ways=ways)
    if len(drawn) < trace.timesteps:
        claims = ()
    told = [story(trace.cell, claims, language, in_brief=brief) for brief in (False, True)]
    script = tuple(scenes(trace.cell, len(drawn), ways, choice))
    told_steps = Counter(scene.drawn for scene in script if scene.is_told)
    teller = _Teller(
        trace,
        excerpt,
        timing,
        language,
        tuple(told_steps.values()),
        closeups=closeups,
        captions=captions,
    )
    teller.complete(timing.opening, 0.0, tuple(filter(None, told)))
    untold: list[tuple[int, FilmStep]] = []
    for scene in script:
        t = excerpt.start + scene.drawn
        if scene.is_told:
            teller.tell(scene.step, scene.time, t, untold)
            untold = []
        else:
            untold.append((t, scene.step))
    teller.complete(timing.closing, CLOSING_MOTION, tuple(filter(None, told)))
    return Storyboard(trace.cell, excerpt, tuple(teller.beats), tuple(claims))


class _Teller:
    """Collects beats one after the other. Timesteps are rows of the trace."""

    def __init__(
        self,
        trace: Trace,
        excerpt: Excerpt,
        timing: Timing,
        language: Language,
        steps: tuple[int, ...],
        *,
        closeups: bool,
        captions: bool,
    ) -> None:
        self.closeups = closeups
        self.captions = captions
        self.trace = trace
        self.steps = steps
        self.excerpt = excerpt
        self.language = language
        self.cell = trace.cell
        self.pace = timing.pace
        self.slowness = timing.slowness
        self.beats: list[Beat] = []

    def complete(self, hold: float, motion: float, story: tuple[str, ...]) -> None:
        """The whole cell with the numbers of the last timestep drawn."""
        last = self.excerpt.stop - 1
        values = {name: self._numbers(name, last) for name in self.cell.vectors}
        values |= {state + OUT_SUFFIX: values[state] for state in self.cell.states}
        self._add(
            "complete",
            motion + hold,
            last,
            phases=(Phase((Complete(MappingProxyType(values)),), 0.0, motion),),
            step=words.long_name(self.cell, self.language),
            told=state_equations(self.trace, self.excerpt),
            sentences=(*story, *self._ending(last)),
            seen=closing_closeup(self.trace, self.excerpt) if self.closeups else None,
        )

    def tell(
        self, step: FilmStep, time: StepTime, t: int, before: Sequence[tuple[int, FilmStep]] = ()
    ) -> None:
        """A step of a timestep, behind others that are not told."""
        seconds = self.pace * time.share
        named, told = self._telling(step, t, seconds)
        acts = self._entrance(t) if step.kind in ("begin", "return") else self._reveals(step, t)
        if before:
            acts = [(*self._passes(before), *acts[0]), *acts[1:]]
        self._add(
            step.kind,
            seconds,
            t,
            phases=self._phases(acts, time.phases, seconds),
            step=named,
            sentences=consequences(self.trace, step, t, self.excerpt, self.language),
            told=told,
            seen=closeup(self.trace, step, t, self.excerpt) if self.closeups else None,
        )

    def _phases(
        self, acts: Sequence[tuple[Act, ...]], times: Sequence[PhaseTime], seconds: float
    ) -> tuple[Phase, ...]:
        """Acts with their times, as slow as the film is and as its step leaves room for."""
        motion = sum(time.motion for time in times)
        scale = min(self.slowness, seconds * MOTION_SHARE / motion)
        return tuple(
            Phase(each, time.travel * scale, time.arrival * scale, time.meeting * scale)
            for each, time in zip(acts, times, strict=True)
        )

    def _entrance(self, t: int) -> tuple[tuple[Act, ...]]:
        """The states from before and the next input: at first they appear, later they come."""
        before = [previous(state) for state in self.cell.states]
        write = Write(MappingProxyType({name: self._numbers(name, t) for name in (INPUT, *before)}))
        if t == self.excerpt.start:
            return ((Clear(), write),)
        round_the_cell = (
            Travel(state + OUT_SUFFIX, previous(state), way="loop") for state in self.cell.states
        )
        return ((*round_the_cell, Clear(), write),)

    def _passes(self, steps: Sequence[tuple[int, FilmStep]]) -> Iterator[Act]:
        """What came up in steps that are not told."""
        for t, step in steps:
            names = [name.removesuffix(OUT_SUFFIX) for name in step.names]
            shown = dict(zip(step.names, names, strict=True))
            if step.kind in ("begin", "return"):
                yield Clear()
                shown = {name: name for name in self.cell.given}
            values = {name: self._numbers(vector, t) for name, vector in shown.items()}
            yield Pass(MappingProxyType(values))

    def _reveals(self, step: FilmStep, t: int) -> list[tuple[Act, ...]]:
        """Operands travel to where a vector comes up with its numbers."""
        phases: list[tuple[Act, ...]] = []
        for names in step.phases:
            acts: list[Act] = []
            for name in names:
                acts.append(Reveal(name))
                if step.travels:
                    acts += (Travel(operand, name) for operand in operands(self.cell, name))
                numbers = self._numbers(name.removesuffix(OUT_SUFFIX), t)
                acts.append(Write(MappingProxyType({name: numbers})))
                if name in step.told or step.kind == "leave":
                    acts.append(Focus(name))
            phases.append(tuple(acts))
        return phases

    def _telling(self, step: FilmStep, t: int, seconds: float) -> tuple[str, Told]:
        """What a step is called, and its equations."""
        cell, language = self.cell, self.language
        if step.kind == "begin":
            is_first = self.excerpt.position(t) == 1
            named = words.beginning(cell.states, language, is_first=is_first)
            return named, entering_equations(self.trace, t, self.excerpt)
        if step.kind == "return":
            named = words.returning(cell.states, language)
            return named, entering_equations(self.trace, t, self.excerpt)
        if step.kind == "leave":
            (state,) = operands(cell, *step.names)
            return (
                words.leaving(state, language),
                leaving_equation(self.trace, state, t, self.excerpt),
            )
        nodes = [cell.node(name) for name in step.names if not leaves(name)]
        told = [
            told_equations(
                self.trace,
                node,
                t,
                self.excerpt,
                language,
                take_apart=len(nodes) == 1 and seconds >= TIME_FOR_A_SUM,
            )
            for node in nodes
        ]
        named = language.lists.joined(
            [words.vector_name(cell, name, language) for name in self._named(step)]
        )
        return named, together(told, step.told, self.trace, t, self.excerpt)

    def _named(self, step: FilmStep) -> Sequence[str]:
        """What a step is called after: of several nodes, those that compute something."""
        computing = [
            name
            for name in step.told
            if not isinstance(self.cell.node(name).operation, Concatenate)
        ]
        return computing or step.told

    def _ending(self, t: int) -> tuple[str, ...]:
        """What the hidden state is at the end."""
        state = self.cell.states[0]
        numbers = ", ".join(map(number, self._numbers(state, t)))
        rest = f", {ELLIPSIS}" if self.excerpt.indices(self.cell, state).ellipses else ""
        sentence = self.language.description.film_ends.format(
            state=words.state_name(state, self.language), numbers=f"[{numbers}{rest}]"
        )
        return (words.capitalised(sentence),)

    def _numbers(self, name: str, t: int) -> tuple[float, ...]:
        """The numbers on the discs."""
        shown = list(self.excerpt.indices(self.cell, name).shown)
        return tuple(self.trace.vector(name, t)[shown].tolist())

    def _progress(self, kind: BeatKind) -> Progress:
        """How far the film is; the complete cell has all behind it, at the beginning too."""
        if kind == "complete":
            return Progress(self.steps, sum(self.steps), is_telling=False)
        return Progress(self.steps, len(self.beats) - 1, is_telling=True)

    def _add(
        self,
        kind: BeatKind,
        duration: float,
        t: int,
        *,
        step: str,
        told: Told,
        phases: tuple[Phase, ...],
        sentences: tuple[str, ...] = (),
        seen: Closeup | None = None,
    ) -> None:
        start = self.beats[-1].start + self.beats[-1].duration if self.beats else 0.0
        self.beats.append(
            Beat(
                kind=kind,
                start=start,
                duration=duration,
                timestep=self.excerpt.position(t),
                phases=phases,
                telling=Telling(
                    title=words.title(self.cell, self.language),
                    timestep=words.timestep_label(self.excerpt, t, self.language),
                    step=step,
                    sentences=sentences if self.captions else (),
                    equations=told.equations,
                    numbers=told.numbers,
                    formulas=told.forms,
                    shown=words.shown_forms(self.excerpt, self.language),
                    progress=self._progress(kind),
                ),
                closeup=seen,
            )
        )
