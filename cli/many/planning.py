"""Plan many pictures, and find all that is wrong with them before one is drawn."""

import os
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future
from dataclasses import field, replace
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

import click

from gatereel.cli.drawing.engine import TASKS_A_PLACE
from gatereel.cli.drawing.processes import Processes
from gatereel.cli.drawing.task import as_bytes, from_bytes, packed
from gatereel.cli.inputs.planning import Proposal, plan_pictures, what_is_drawn
from gatereel.cli.many.names import Named, default_name, differing, named, values_of
from gatereel.cli.many.picture import FilmPicture
from gatereel.cli.many.requests import PictureRequest, check_standard_input
from gatereel.cli.many.spool import NOWHERE, Spool, SpoolEntry
from gatereel.cli.terminal.failures import reason
from gatereel.rnn_math import InputError
from gatereel.rnn_math.counting import some_of
from gatereel.rnn_math.records import dataclass

if TYPE_CHECKING:
    from gatereel.scenes.stills import Order

PLANNED_AT_ONCE = 25
"""Requests that a process plans at a time."""

PROCESSES_FROM = 200
"""Requests from which on several processes plan: to start one takes as long as to plan twenty."""


@dataclass(frozen=True, eq=False)
class Ordered:
    """A planned picture, and its files."""

    label: str
    """What it is called where something is told of it."""
    order: "Order"
    fingerprint: str
    transparent: bool
    work: int
    """Frame times to draw."""
    merges: str
    """The same for pictures that may be drawn as one; empty for one that is drawn alone."""
    place: SpoolEntry = NOWHERE
    """Where it lies in the spool."""


@dataclass(frozen=True, eq=False)
class Piece:
    """What came of planning one picture."""

    ordered: Ordered
    packed: bytes
    whole: Named
    assumptions: tuple[str, ...]
    notes: tuple[str, ...]


@dataclass(frozen=True)
class Problem:
    """Why one cannot be planned."""

    label: str
    why: str
    is_input: bool
    """Whether it is of what was given, and not of the machine."""


@dataclass(eq=False)
class Plans:
    """What came of planning."""

    ordered: list[Ordered] = field(default_factory=list)
    folders: dict[str, bool] = field(default_factory=dict)
    """Those that placeholders name."""
    requests: list[PictureRequest] = field(default_factory=list)
    """As they were named."""
    assumptions: dict[tuple[object, ...], str] = field(default_factory=dict)
    """What numbers hang on and no file says, by the numbers and the words."""
    notes: dict[str, None] = field(default_factory=dict)
    """What else the user may not expect, each once."""
    problems: dict[str, list[str]] = field(default_factory=dict)
    """Why pictures cannot be drawn, with their labels."""
    is_input: bool = True
    """Whether all of the problems are of what was given, and none of the machine."""

    def add(self, piece: Piece | Problem, spool: Spool) -> None:
        """Take up what came of a picture; it goes into the spool."""
        if isinstance(piece, Problem):
            self.is_input &= piece.is_input
            self.problems.setdefault(piece.why, []).append(piece.label)
            return
        request, label = piece.whole.request, piece.ordered.label
        self.ordered.append(replace(piece.ordered, place=spool.put(piece.packed)))
        self.requests.append(request)
        self.folders.update(dict.fromkeys(piece.whole.folders, True))
        for text in piece.assumptions:
            numbers = (request.cell, request.source, text)
            self.assumptions.setdefault(numbers, f"{label}: {text}")
        self.notes.update(dict.fromkeys(piece.notes))


def plan_all(requests: Sequence[PictureRequest], spool: Spool, jobs: int = 1) -> Plans:
    """Plan every picture and put it into the spool; what cannot be planned is a problem.

    Many are planned by up to `jobs` processes. Raises InputError where the requests do not go
    together.
    """
    check_standard_input(requests)
    plans, apart = Plans(), differing(requests)
    if jobs > 1 and len(requests) >= PROCESSES_FROM:
        pieces = _in_processes(requests, apart, jobs)
    else:
        pieces = _pieces(requests, apart, 1)
    for piece in pieces:
        plans.add(piece, spool)
    _check_apart(plans.ordered)
    return plans


def plan_there(data: bytes) -> bytes:
    """Plan some requests in a process of their own."""
    requests, apart, first = from_bytes(data)
    return as_bytes(list(_pieces(requests, apart, first)))


def _in_processes(
    requests: Sequence[PictureRequest], apart: Sequence[str], jobs: int
) -> Iterator[Piece | Problem]:
    """The same as `_pieces`, and in the same order; few are there at a time."""
    processes = Processes(jobs, lambda count: None)
    try:
        waiting: deque[Future[bytes]] = deque()
        for start in range(0, len(requests), PLANNED_AT_ONCE):
            some = requests[start : start + PLANNED_AT_ONCE]
            waiting.append(processes.submit(plan_there, as_bytes((some, apart, start + 1))))
            if len(waiting) > jobs * TASKS_A_PLACE:
                yield from _awaited(waiting.popleft())
        while waiting:
            yield from _awaited(waiting.popleft())
    finally:
        processes.shutdown(cancel_futures=True)


def _awaited(future: "Future[bytes]") -> list[Piece | Problem]:
    pieces: list[Piece | Problem] = from_bytes(future.result())
    return pieces


def _pieces(
    requests: Sequence[PictureRequest], apart: Sequence[str], first: int
) -> Iterator[Piece | Problem]:
    """What comes of each request; they are numbered from `first`."""
    for number, (request, proposal) in enumerate(_proposals(requests), start=first):
        values = values_of(request, number)
        name = default_name(values, apart) or str(request.source.weights)
        label = f"{request.where} ({name})" if request.where else name
        try:
            if isinstance(proposal, Exception):
                raise proposal
            values = values_of(request, number, proposal.plan)
            whole = named(request, values)
            piece = _piece(whole, proposal, default_name(values, apart), label)
        except Exception as error:  # whatever one picture meets, all others are planned
            is_input = isinstance(error, InputError | click.ClickException)
            yield Problem(label, reason(error), is_input)
        else:
            yield piece


def problem_lines(plans: Plans, count: int) -> Iterator[str]:
    """A line a problem; one of all `count` pictures names none of them."""
    for why, labels in plans.problems.items():
        yield why if len(labels) == count > 1 else f"{some_of(labels)}: {why}"


def _proposals(
    requests: Sequence[PictureRequest],
) -> Iterator[tuple[PictureRequest, Proposal | Exception]]:
    """Each request with its plan, or why it has none.

    What differs in its look alone is computed once.
    """
    for _, same in groupby(requests, _computation):
        group = list(same)
        try:
            yield from zip(group, _planned(group), strict=True)
            continue
        except Exception as error:  # of one of them, or of all
            if len(group) == 1:
                yield group[0], error
                continue
        for request in group:
            try:
                (proposal,) = _planned([request])
            except Exception as error:
                yield request, error
            else:
                yield request, proposal


def _computation(request: PictureRequest) -> tuple[object, ...]:
    return request.cell, request.source, request.selection, request.suffixes


def _planned(group: Sequence[PictureRequest]) -> tuple[Proposal, ...]:
    first = group[0]
    looks = [request.look for request in group]
    return plan_pictures(first.cell, first.source, first.selection, looks, first.suffixes)


def _piece(whole: Named, proposal: Proposal, name: str, label: str) -> Piece:
    from gatereel.scenes.render import order_outputs

    request, planned = whole.request, proposal.plan
    paths = request.stills.outputs(request.outputs, name, request.look.suffix)
    order = order_outputs(planned, paths, request.stills.stills(name))
    picture = FilmPicture(planned, order.stills)
    merges = f"{picture.fingerprint} {planned.place and planned.place.title}"
    place = request.look.place
    on_place = () if place is None else tuple(place.note_on(path) for path in paths)
    notes = (*proposal.notes, what_is_drawn(planned), *on_place)
    return Piece(
        Ordered(
            label,
            order,
            picture.fingerprint,
            planned.transparent,
            order.work(planned.frames),
            merges if picture.is_film_alone else "",
        ),
        packed(picture),
        whole,
        proposal.assumptions,
        tuple(note for note in notes if note),
    )


def _check_apart(ordered: Iterable[Ordered]) -> None:
    """Raise InputError where two pictures would be one file."""
    taken: dict[Path, Ordered] = {}
    for each in ordered:
        for path in each.order.files:
            final = Path(os.path.realpath(path))
            other = taken.setdefault(final, each)
            if other is each:
                continue
            both = f"{other.label} and for {each.label}"
            if other.label == each.label:
                both = f"two pictures that are called {each.label}"
            raise InputError(
                f"{path} would be written for {both}; name a folder, such as pictures/, or name "
                "them apart, such as -o '{cell}-{theme}.gif'."
            )


def merged(ordered: Sequence[Ordered]) -> list[Ordered]:
    """Each picture once, with all files that it goes to."""
    found: dict[str, Ordered] = {}
    for number, each in enumerate(ordered):
        key = each.merges or str(number)
        if key in found:
            before = found[key]
            paths = (*before.order.paths, *each.order.paths)
            order = replace(before.order, paths=paths)
            found[key] = replace(before, order=order, work=max(before.work, each.work))
        else:
            found[key] = each
    return list(found.values())
