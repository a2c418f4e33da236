"""Which steps a timestep is told in, and which of them go together. No seconds, no pixels.

steps(cell, drawn=0) -> a step for each line of the cell: the first timestep explains
steps(cell, drawn=1) -> what is parallel in one step: the same cell, recognised
"""

from collections.abc import Iterator
from functools import cache, cached_property
from typing import Literal

from gatereel.rnn_math import (
    Addition,
    Cell,
    InputError,
    Multiplication,
    WeightedSum,
)
from gatereel.rnn_math.counting import in_words
from gatereel.rnn_math.records import dataclass
from gatereel.scenes.tell.rows import OUT_SUFFIX

StepKind = Literal["begin", "compute", "leave", "return"]

FEW_STEPS = 4
"""A cell of so few steps a timestep is told step by step each time."""

_MOST_PHASES = 3
"""Of a step: more that happens one after the other is a step of its own."""


@dataclass(frozen=True)
class FilmStep:
    """A step: what comes up, phase after phase; names of nodes, or of states that leave.

    With `travels`, operands go along their wires; without, the wires light up.
    """

    kind: StepKind
    phases: tuple[tuple[str, ...], ...] = ()
    travels: bool = True

    @cached_property
    def names(self) -> tuple[str, ...]:
        """All that comes up, in order."""
        return tuple(name for phase in self.phases for name in phase)

    @cached_property
    def told(self) -> tuple[str, ...]:
        """What the step is about: the nodes that it comes to."""
        phases = ([name for name in phase if not leaves(name)] for phase in reversed(self.phases))
        return next((tuple(names) for names in phases if names), ())


@dataclass(frozen=True)
class StepChoice:
    """Which steps of a film are told; the others are computed all the same, and stand there.

    `only` are the nodes that steps are about; a timestep's beginning is always told with them.
    `first` and `last` count the film's steps from 1.
    """

    only: tuple[str, ...] = ()
    first: int = 1
    last: int | None = None

    def takes(self, step: FilmStep, number: int) -> bool:
        """Whether a film's step of that number is told."""
        if number < self.first or (self.last is not None and number > self.last):
            return False
        begins = step.kind in ("begin", "return")
        return not self.only or begins or any(name in self.only for name in step.told)


EVERY_STEP = StepChoice()


def numbered(cell: Cell, timesteps: int) -> Iterator[tuple[int, FilmStep]]:
    """Every step of a film of so many timesteps: which timestep drawn it is in, from 0."""
    for drawn in range(timesteps):
        for step in steps(cell, drawn):
            yield drawn, step


def check_choice(choice: StepChoice, cell: Cell, timesteps: int) -> None:
    """Raise InputError where a choice names what the film has not, or leaves nothing to tell."""
    names = [node.name for node in cell.nodes]
    for name in choice.only:
        if name not in names:
            raise InputError(
                f"--only {name}: the {cell.title} has no such step; it has {in_words(names)}."
            )
    every = list(numbered(cell, timesteps))
    for option, number in (("--from-step", choice.first), ("--to-step", choice.last)):
        if number is not None and number > len(every):
            raise InputError(f"{option} is {number}; the film has {len(every)} steps.")
    if not any(choice.takes(step, number) for number, (_, step) in enumerate(every, start=1)):
        raise InputError(
            f"--from-step is {choice.first}; the steps end with {choice.last}."
            if choice.last is not None and choice.first > choice.last
            else "There is no such step among those from --from-step to --to-step."
        )


def leaves(name: str) -> bool:
    """Whether a name is that of a state on its way out of the cell."""
    return name.endswith(OUT_SUFFIX)


def steps(cell: Cell, drawn: int) -> tuple[FilmStep, ...]:
    """The steps of a timestep, by how many were drawn before it."""
    return _steps(cell, is_first=drawn == 0)


@cache
def _steps(cell: Cell, *, is_first: bool) -> tuple[FilmStep, ...]:
    beginning = FilmStep("begin" if is_first else "return")
    one_by_one = tuple(_one_by_one(cell))
    if is_first or len(one_by_one) < FEW_STEPS:
        return (beginning, *one_by_one)
    return (beginning, *_together(cell))


def meets_another(cell: Cell, name: str) -> bool:
    """Whether what comes up is made of two operands, value by value."""
    if leaves(name) or name in cell.given:
        return False
    node = cell.node(name)
    return isinstance(node.operation, Multiplication | Addition) and len(node.operands) > 1


def operands(cell: Cell, name: str) -> tuple[str, ...]:
    """Where what comes up comes from."""
    return (name.removesuffix(OUT_SUFFIX),) if leaves(name) else cell.node(name).operands


def _one_by_one(cell: Cell) -> Iterator[FilmStep]:
    for node in cell.nodes:
        yield FilmStep("compute", ((node.name,),))
        if node.name in cell.states:
            yield FilmStep("leave", ((node.name + OUT_SUFFIX,),))


def _together(cell: Cell) -> Iterator[FilmStep]:
    """Levels of the cell, gathered until weighted sums or a new state are there."""
    phases: list[tuple[str, ...]] = []
    leaving: tuple[str, ...] = ()
    levels = _levels(cell)
    for i, level in enumerate(levels):
        phases.append((*level, *leaving))
        leaving = tuple(name + OUT_SUFFIX for name in level if name in cell.states)
        is_whole = bool(leaving) or any(
            isinstance(cell.node(name).operation, WeightedSum) for name in level
        )
        is_last = i == len(levels) - 1
        if is_last and leaving:
            phases.append(leaving)
        if is_whole or is_last or len(phases) == _MOST_PHASES:
            yield FilmStep("compute", tuple(phases), travels=False)
            phases = []


def _levels(cell: Cell) -> list[tuple[str, ...]]:
    """Nodes by how many others must be computed before them."""
    depth = dict.fromkeys(cell.given, 0)
    for node in cell.nodes:
        depth[node.name] = 1 + max(depth[operand] for operand in node.operands)
    by_depth: dict[int, list[str]] = {}
    for node in cell.nodes:
        by_depth.setdefault(depth[node.name], []).append(node.name)
    return [tuple(names) for _, names in sorted(by_depth.items())]
