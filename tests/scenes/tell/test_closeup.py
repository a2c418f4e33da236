"""Close-ups: what is seen large is what was computed."""

import numpy as np
import pytest

from gatereel.rnn_math import CELLS, INPUT, Trace, previous
from gatereel.rnn_math.printing import PLAIN
from gatereel.scenes.tell.closeup import (
    MOST_TERMS,
    Closeup,
    Mark,
    Meeting,
    Rows,
    Terms,
    closeup,
    closing_closeup,
)
from gatereel.scenes.tell.excerpt import choose_excerpt
from gatereel.scenes.tell.script import numbered
from tests.scenes.traces import demo_trace, random_trace

SUMS = 1e-12
"""For sums of floats that are added in another order."""

WIDE = (40, 30)
"""Inputs and units of which not all have a place."""


def closeups(trace: Trace) -> list[tuple[int, Closeup]]:
    """Every step's, with the row of the trace."""
    excerpt = choose_excerpt(trace)
    return [
        (drawn, closeup(trace, step, drawn, excerpt))
        for drawn, step in numbered(trace.cell, trace.timesteps)
    ]


def marks_of(shown: Closeup) -> list[Mark]:
    match shown:
        case Terms():
            return [*(term.mark for term in shown.terms), shown.result]
        case Meeting():
            return [*shown.operands, shown.result]
        case Rows():
            return [mark for row in shown.rows for mark in row]


def traces(cell: str) -> list[Trace]:
    return [demo_trace(cell), random_trace(CELLS[cell], 3, input_size=WIDE[0], hidden_size=WIDE[1])]


@pytest.mark.parametrize("cell", CELLS)
def test_terms_rest_and_bias_are_the_sum(cell: str) -> None:
    found = 0
    for trace in traces(cell):
        for _, shown in closeups(trace):
            if not isinstance(shown, Terms):
                continue
            found += 1
            told = sum(term.weight * term.mark.value for term in shown.terms)
            assert shown.bias is not None
            assert told + shown.rest + shown.bias == pytest.approx(shown.total, abs=SUMS)
            assert len(shown.terms) + (shown.rest_count > 0) <= MOST_TERMS
            assert (shown.rest == 0.0) or shown.rest_count
    assert found >= 2 * len(CELLS[cell].weighted_sums)


@pytest.mark.parametrize("cell", CELLS)
def test_the_largest_products_are_told(cell: str) -> None:
    trace = traces(cell)[1]
    for row, shown in closeups(trace):
        if isinstance(shown, Terms) and shown.rest_count:
            least = min(abs(term.weight * term.mark.value) for term in shown.terms)
            named = shown.result
            (node,) = (
                node
                for node in trace.cell.weighted_sums
                if trace.cell.expression(node.name) == named.vector
            )
            W = trace.parameters.weights[node.name][named.index]
            products = np.abs(W * trace.vector(node.operands[0], row))
            assert (products > least + SUMS).sum() < len(shown.terms)


@pytest.mark.parametrize("cell", CELLS)
def test_every_number_is_the_trace_s(cell: str) -> None:
    for trace in traces(cell):
        known = {
            PLAIN.text(trace.cell.expression(name)): name
            for name in (
                INPUT,
                *map(previous, trace.cell.states),
                *(node.name for node in trace.cell.nodes),
            )
        }
        for row, shown in closeups(trace):
            for mark in marks_of(shown):
                name = known[PLAIN.text(mark.vector)]
                assert mark.value == trace.vector(name, row)[mark.index]
                assert mark.is_share == (name in trace.cell.shares)


@pytest.mark.parametrize("cell", CELLS)
def test_at_the_end_the_states_are_seen(cell: str) -> None:
    trace = demo_trace(cell)
    shown = closing_closeup(trace, choose_excerpt(trace))
    values = [[mark.value for mark in row] for row in shown.rows]
    assert values == [trace.final[state].tolist() for state in reversed(trace.cell.states)]


def test_what_comes_up_together_is_seen_in_one_unit() -> None:
    trace = demo_trace("lstm")
    gates = next(
        shown
        for row, shown in closeups(trace)
        if row == 1 and isinstance(shown, Rows) and shown.by_name
    )
    (marks,) = gates.rows
    assert [PLAIN.text(mark.vector) for mark in marks] == ["f_t", "i_t", "g_t", "o_t"]
    assert len({mark.index for mark in marks}) == 1
