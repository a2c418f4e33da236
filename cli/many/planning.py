"""Plan many pictures, and find all that is wrong with them before one is drawn."""

import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

import click

from gatereel.cli.drawing.task import packed
from gatereel.cli.inputs.planning import Proposal, plan_pictures
from gatereel.cli.many.names import Named, default_name, differing, named, values_of
from gatereel.cli.many.picture import FilmPicture
from gatereel.cli.many.requests import Request, check_standard_input
from gatereel.cli.many.spool import Place, Spool
from gatereel.cli.terminal.failures import reason
from gatereel.rnn_math import InputError
from gatereel.rnn_math.counting import some_of

if TYPE_CHECKING:
    from gatereel.scenes.plan import Plan
    from gatereel.scenes.stills import Order

SECONDS_A_MINUTE = 60
LONG_FILM_MINUTES = 10
"""From here on a film's length is told before it is drawn."""


@dataclass(frozen=True, eq=False)
class Ordered:
    """A planned picture, and its files."""

    label: str
    """What it is called where something is told of it."""
    order: "Order"
    fingerprint: str
    transparent: bool
    place: Place
    """Where it lies in the spool."""
    work: int
    """Frame times to draw."""
    merges: str
    """The same for pictures that may be drawn as one; empty for one that is drawn alone."""


@dataclass(eq=False)
class Plans:
    """What came of planning."""

    ordered: list[Ordered] = field(default_factory=list)
    folders: dict[str, bool] = field(default_factory=dict)
    """Those that the outputs name; with those above them where a placeholder names one."""
    requests: list[Request] = field(default_factory=list)
    """As they were named."""
    assumptions: dict[tuple[object, ...], str] = field(default_factory=dict)
    """What numbers hang on and no file says, by the numbers and the words."""
    notes: dict[str, None] = field(default_factory=dict)
    """What else the user may not expect, each once."""
    problems: dict[str, list[str]] = field(default_factory=dict)
    """Why pictures cannot be drawn, with their labels."""
    is_input: bool = True
    """Whether all of the problems are of what was given, and none of the machine."""


def plan_all(requests: Sequence[Request], spool: Spool) -> Plans:
    """Plan every picture and put it into the spool; what cannot be planned is a problem.

    Raises InputError where the requests do not go together.
    """
    check_standard_input(requests)
    plans, apart = Plans(), differing(requests)
    for number, (request, proposal) in enumerate(_proposals(requests), start=1):
        values = values_of(request, number)
        name = default_name(values, apart) or str(request.source.weights)
        label = f"{request.where} ({name})" if request.where else name
        try:
            if isinstance(proposal, Exception):
                raise proposal
            values = values_of(request, number, proposal.plan)
            whole = named(request, values)
            _add(plans, spool, whole, proposal, default_name(values, apart), label)
        except Exception as error:  # whatever one picture meets, all others are planned
            plans.is_input &= isinstance(error, InputError | click.ClickException)
            plans.problems.setdefault(reason(error), []).append(label)
    _check_apart(plans.ordered)
    return plans


def problem_lines(plans: Plans, count: int) -> Iterator[str]:
    """A line a problem; one of all `count` pictures names none of them."""
    for why, labels in plans.problems.items():
        yield why if len(labels) == count > 1 else f"{some_of(labels)}: {why}"


def what_is_drawn(planned: "Plan") -> str:
    """A line about what the picture leaves out, and about a film that nobody will sit through."""
    from gatereel.scenes.language.files import load_language
    from gatereel.scenes.tell.words import shown_forms

    minutes = planned.storyboard.duration / SECONDS_A_MINUTE
    shown = shown_forms(planned.storyboard.excerpt, load_language())  # as all that is reported
    parts = [f"drawn: {form}" for form in shown[:1]]
    if minutes > LONG_FILM_MINUTES:
        parts.append(f"the film lasts {minutes:.0f} minutes (--from and --to choose timesteps)")
    return "; ".join(parts)


def _proposals(requests: Sequence[Request]) -> Iterator[tuple[Request, Proposal | Exception]]:
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


def _computation(request: Request) -> tuple[object, ...]:
    return request.cell, request.source, request.selection, request.suffixes


def _planned(group: Sequence[Request]) -> tuple[Proposal, ...]:
    first = group[0]
    looks = [request.look for request in group]
    return plan_pictures(first.cell, first.source, first.selection, looks, first.suffixes)


def _add(
    plans: Plans, spool: Spool, whole: Named, proposal: Proposal, name: str, label: str
) -> None:
    from gatereel.scenes.render import order_outputs

    request, planned = whole.request, proposal.plan
    paths = request.stills.outputs(request.outputs, name, request.look.suffix)
    order = order_outputs(planned, paths, request.stills.stills(name))
    picture = FilmPicture(planned, order.stills)
    merges = f"{picture.fingerprint} {planned.place and planned.place.title}"
    plans.ordered.append(
        Ordered(
            label,
            order,
            picture.fingerprint,
            planned.transparent,
            spool.put(packed(picture)),
            order.work(planned.frames),
            merges if picture.is_film_alone else "",
        )
    )
    plans.requests.append(request)
    plans.folders.update(dict.fromkeys(whole.folders, True))
    for text in proposal.assumptions:
        numbers = (request.cell, request.source, text)
        plans.assumptions.setdefault(numbers, f"{label}: {text}")
    place = request.look.place
    on_place = () if place is None else (place.note_on(path) for path in paths)
    for text in (*proposal.notes, what_is_drawn(planned), *on_place):
        if text:
            plans.notes[text] = None


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
