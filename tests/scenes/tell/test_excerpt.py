"""What of a computation is shown: chosen, or the most active; never a number of another unit."""

import re
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gatereel.rnn_math import (
    CELLS,
    INPUT,
    RNN,
    Cell,
    Concatenate,
    InputError,
    Parameters,
    Trace,
    previous,
    unroll,
)
from gatereel.scenes.tell.excerpt import (
    CHOSEN_FEATURES,
    CHOSEN_UNITS,
    MAX_HIDDEN_SIZE,
    MAX_INPUT_SIZE,
    Excerpt,
    choose_excerpt,
)
from gatereel.scenes.tell.words import LONGEST_LABEL, shown_forms, timestep_label
from tests.scenes.traces import ENGLISH, random_trace

every_cell = pytest.mark.parametrize("cell", CELLS.values(), ids=list(CELLS))


def copying(rows: list[list[float]], initial: list[float] | None = None) -> Trace:
    """Units that go the way of the inputs: h = tanh(x), as many units as features."""
    width = len(rows[0])
    weights = np.hstack([np.zeros((width, width)), np.eye(width)])
    parameters = Parameters({"h": weights}, {"h": np.zeros(width)}, origin="by hand")
    before = {"h": np.zeros(width) if initial is None else np.array(initial)}
    return unroll(RNN, parameters, np.array(rows), before)


def moving(*columns: int, width: int = 9, amount: float = 1.0) -> list[float]:
    return [amount if column in columns else 0.0 for column in range(width)]


@st.composite
def excerpts(draw: st.DrawFn) -> Excerpt:
    hidden_size = draw(st.integers(1, 12))
    input_size = draw(st.integers(1, 12))
    timesteps = draw(st.integers(1, 9))
    start = draw(st.integers(0, timesteps - 1))

    def some(size: int, limit: int) -> tuple[int, ...]:
        chosen = st.sets(st.integers(0, size - 1), min_size=1, max_size=min(limit, size))
        return tuple(sorted(draw(chosen)))

    return Excerpt(
        units=some(hidden_size, MAX_HIDDEN_SIZE),
        features=some(input_size, MAX_INPUT_SIZE),
        hidden_size=hidden_size,
        input_size=input_size,
        start=start,
        stop=draw(st.integers(start + 1, timesteps)),
        timesteps=timesteps,
        backward=draw(st.booleans()),
    )


# --- what is chosen when nobody chooses ----------------------------------------------------------


@every_cell
@pytest.mark.parametrize("sizes", [(1, 1), (3, 2), (MAX_INPUT_SIZE, MAX_HIDDEN_SIZE)])
def test_what_can_be_drawn_is_drawn(cell: Cell, sizes: tuple[int, int]) -> None:
    excerpt = choose_excerpt(random_trace(cell, 3, *sizes))
    assert (excerpt.features, excerpt.units) == tuple(tuple(range(size)) for size in sizes)
    assert (excerpt.rest_features, excerpt.rest_units) == (0, 0)
    assert (excerpt.start, excerpt.stop, excerpt.timesteps) == (0, 3, 3)
    assert shown_forms(excerpt, ENGLISH) == ()


@every_cell
def test_of_more_the_most_active_are_drawn(cell: Cell) -> None:
    trace = random_trace(cell, 4, MAX_INPUT_SIZE + 1, MAX_HIDDEN_SIZE + 1)
    excerpt = choose_excerpt(trace)
    assert (len(excerpt.features), len(excerpt.units)) == (CHOSEN_FEATURES, CHOSEN_UNITS)
    h = [trace.vector(previous("h"), t) for t in range(4)] + [trace.vector("h", 3)]
    way = [sum(abs(h[t + 1][unit] - h[t][unit]) for t in range(4)) for unit in range(len(h[0]))]
    shown = min(way[unit] for unit in excerpt.units)
    assert all(way[unit] <= shown for unit in range(len(way)) if unit not in excerpt.units)


def test_activity_is_the_way_up_and_down_and_begins_with_the_initial_state() -> None:
    """Feature 4 goes there and back, feature 7 and 2 go once; unit 8 begins far away."""
    rows = [moving(3, 6), moving(6, 1)]
    start = moving(7, amount=-0.9)
    excerpt = choose_excerpt(copying(rows, start))
    assert excerpt.features == (1, 3, 6)
    assert excerpt.units == (3, 7)  # 1.52 and 0.9; units 2 and 7 go 0.76
    assert choose_excerpt(copying(rows)).units == (1, 3)


def test_the_lower_number_wins_a_tie() -> None:
    excerpt = choose_excerpt(copying([[0.5] * 9]))
    assert (excerpt.units, excerpt.features) == ((0, 1), (0, 1, 2))


def test_only_the_drawn_timesteps_count() -> None:
    """What stands still in the window is not active there, however large it is."""
    rows = [moving(8, amount=5.0), moving(8, 2, 4, 5, amount=5.0), moving(8, amount=5.0)]
    assert 8 in choose_excerpt(copying(rows), stop=1).features
    excerpt = choose_excerpt(copying(rows), start=1, stop=3)
    assert excerpt.features == (2, 4, 5)
    assert excerpt.units == (2, 4)


def test_the_largest_numbers_can_be_ranked() -> None:
    rows = [moving(8, amount=1.7e308), moving(8, amount=-1.7e308)]
    assert 8 in choose_excerpt(copying(rows)).features


# --- what is chosen ------------------------------------------------------------------------------


def test_chosen_ones_are_put_in_order() -> None:
    trace = random_trace(RNN, 5, 20, 30)
    excerpt = choose_excerpt(trace, units=(17, 4), features=[19, 0], start=1, stop=3)
    assert (excerpt.units, excerpt.features) == ((4, 17), (0, 19))
    assert (excerpt.start, excerpt.stop) == (1, 3)
    assert (excerpt.rest_units, excerpt.rest_features) == (28, 18)
    assert choose_excerpt(random_trace(RNN), units=(1,)).rest_units == 1


@pytest.mark.parametrize(
    ("choice", "message"),
    [
        ({"units": (199,)}, "There is no unit 200; the hidden size is 128."),
        ({"units": (-1,)}, "There is no unit 0; the hidden size is 128."),
        ({"units": (4, 1, 4)}, "The unit 5 is chosen twice; name each once."),
        ({"units": range(7)}, "7 units chosen; a picture holds 1 to 6."),
        ({"units": ()}, "0 units chosen; a picture holds 1 to 6."),
        ({"features": (300,)}, "There is no input 301; the input size is 300."),
        ({"features": (0, 0)}, "The input 1 is chosen twice; name each once."),
        ({"features": range(9)}, "9 inputs chosen; a picture holds 1 to 8."),
        ({"start": 3}, "There is no timestep 4; the sequence has 3 timesteps."),
        ({"start": -1}, "There is no timestep 0; the sequence has 3 timesteps."),
        ({"stop": 4}, "The last timestep to draw is 4; 1 to 3 are accepted."),
        ({"start": 2, "stop": 2}, "The last timestep to draw is 2; 3 to 3 are accepted."),
        ({"labels": ("a",)}, "The sequence has 1 label for 3 timesteps; each timestep needs one."),
    ],
)
def test_what_cannot_be_drawn_is_named(choice: dict[str, Any], message: str) -> None:
    trace = _large()
    with pytest.raises(InputError, match=f"^{re.escape(message)}$"):
        choose_excerpt(trace, **choice)


def _large() -> Trace:
    return random_trace(RNN, 3, 300, 128)


# --- which components ----------------------------------------------------------------------------


@every_cell
@given(excerpt=excerpts())
def test_components_are_those_of_the_chosen_ones(cell: Cell, excerpt: Excerpt) -> None:
    """A concatenation shows what its parts show; an ellipsis stands where something is missing."""
    widths = cell.widths(excerpt.input_size, excerpt.hidden_size)
    parts = {
        node.name: node.operands for node in cell.nodes if isinstance(node.operation, Concatenate)
    }
    for name, width in widths.items():
        whole = np.arange(width, dtype=float)
        shown, ellipses = excerpt.indices(cell, name)
        told = excerpt.cut(cell, name, whole)
        assert len(told) == len(shown) + len(ellipses)
        assert told[~np.isnan(told)].tolist() == list(shown)
        if name in parts:
            offset, wanted = 0, np.zeros(0)
            for part in parts[name]:
                piece = excerpt.cut(cell, part, np.arange(widths[part], dtype=float))
                wanted = np.concatenate([wanted, piece + offset])
                offset += widths[part]
            assert np.array_equal(told, wanted, equal_nan=True)
        else:
            chosen = excerpt.features if width == excerpt.input_size else excerpt.units
            if excerpt.input_size != excerpt.hidden_size:
                assert shown == chosen
            assert ellipses == ((len(shown),) if len(shown) < width else ())


def test_components_of_a_concatenation_by_hand() -> None:
    excerpt = choose_excerpt(_large(), units=(4, 16), features=(1, 8, 32))
    assert excerpt.indices(RNN, "hx") == ((4, 16, 129, 136, 160), (2, 5))
    assert excerpt.indices(RNN, INPUT) == ((1, 8, 32), (3,))
    assert excerpt.indices(RNN, "h") == ((4, 16), (2,))


# --- which timesteps -----------------------------------------------------------------------------


def test_timesteps_are_those_of_the_sequence() -> None:
    trace = random_trace(RNN, 12)
    labels = tuple("abcdefghijkl")
    forward = choose_excerpt(trace, start=2, stop=5, labels=labels)
    assert [forward.position(row) for row in range(2, 5)] == [3, 4, 5]
    assert timestep_label(forward, 2, ENGLISH) == "t = 3 of 12 · c"
    backward = choose_excerpt(trace, backward=True)
    assert [backward.position(row) for row in (0, 1, 11)] == [12, 11, 1]
    assert timestep_label(backward, 7, ENGLISH) == "t = 5 of 12, read backward"
    assert timestep_label(choose_excerpt(trace), 0, ENGLISH) == "t = 1 of 12"


@pytest.mark.parametrize(
    ("label", "shown"),
    [
        ("'l'", "'l'"),
        ("Việt", "Việt"),
        ("Vie\u0323\u0302t", "Việt"),  # marks of their own
        ("\U0001f642!", "□!"),
        ("\u2764\ufe0f", "□"),
        ("a\nb\tc", "a b c"),
        ("#$*\\\"'", "#$*\\\"'"),
        ("a" * LONGEST_LABEL, "a" * LONGEST_LABEL),
        ("a" * (LONGEST_LABEL + 1), "a" * (LONGEST_LABEL - 1) + "…"),
    ],
)
def test_labels_are_shown_in_the_fonts_letters(label: str, shown: str) -> None:
    excerpt = choose_excerpt(random_trace(RNN, 1), labels=(label,))
    assert timestep_label(excerpt, 0, ENGLISH) == f"t = 1 of 1 · {shown}"


# --- the words -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("units", "features", "forms"),
    [
        (
            (4, 16),
            (1, 8, 32),
            (
                "units 5 and 17 of 128 · inputs 2, 9 and 33 of 300",
                "2 of 128 units · 3 of 300 inputs",
            ),
        ),
        ((4,), (0,), ("unit 5 of 128 · input 1 of 300", "1 of 128 units · 1 of 300 inputs")),
    ],
)
def test_it_is_said_what_is_shown(
    units: tuple[int, ...], features: tuple[int, ...], forms: tuple[str, ...]
) -> None:
    excerpt = choose_excerpt(_large(), units=units, features=features)
    assert shown_forms(excerpt, ENGLISH) == forms


def test_only_what_is_shortened_is_said() -> None:
    excerpt = choose_excerpt(random_trace(RNN, 2, 3, 7), units=(6,))
    assert shown_forms(excerpt, ENGLISH) == ("unit 7 of 7", "1 of 7 units")
