"""What happens when, without a renderer: beats, their order, their numbers and their times."""

import re
import subprocess
import sys
from itertools import pairwise, product
from math import prod
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gatereel.rnn_math import (
    CELLS,
    INPUT,
    RNN,
    Cell,
    Claim,
    InputError,
    Parameters,
    Trace,
    previous,
    random_parameters,
    unroll,
)
from gatereel.scenes.lay_out.diagram import read_backward
from gatereel.scenes.plan import Options, plan
from gatereel.scenes.tell.acts import Focus, Travel
from gatereel.scenes.tell.beats import Beat, Storyboard
from gatereel.scenes.tell.excerpt import choose_excerpt
from gatereel.scenes.tell.followed import followed_unit
from gatereel.scenes.tell.numbers import MINUS, number, relation, trimmed, vector
from gatereel.scenes.tell.rows import OUT_SUFFIX
from gatereel.scenes.tell.tempo import LONGEST_PACE, SHORTEST_PACE, default_pace
from tests.scenes.traces import ENGLISH_DIAGRAMS, demo_trace, lines_of, narrate, random_trace
from tests.scenes.typst_text import written

SECONDS = 1e-9
"""Times are sums of a few dozen floats."""

SHORTEST_STEP = 1.0
SHORTEST_SUM = 4.0
"""Seconds in which a step, and the first sum taken apart, can be read."""

LONGEST_LOOP = 60.0
LONGEST_CLOSING, SHORTEST_CLOSING = 6.0, 4.0
OPENING = 1.0
OPENING_OFF = 0.2
"""Seconds. A reader has to see the complete cell, and then wants to see it move."""

HALF_A_FRAME = 0.5

HALF_A_CENT = 0.005 + 1e-9
"""What rounding to two decimals may take or give; a sum may lie on the edge itself."""

every_cell = pytest.mark.parametrize("cell", CELLS.values(), ids=list(CELLS))


def tiny() -> Trace:
    """One unit, one feature, two timesteps; h = tanh(h_prev + x)."""
    parameters = Parameters({"h": [[1.0, 1.0]]}, {"h": [0.0]}, origin="by hand")
    return unroll(RNN, parameters, np.array([[0.5], [-0.5]]), {"h": np.array([0.25])})


def of_timestep(storyboard: Storyboard, timestep: int) -> list[Beat]:
    return [b for b in storyboard.beats if b.kind != "complete" and b.timestep == timestep]


# --- a film that can be checked by hand ----------------------------------------------------------


def test_a_tiny_film_beat_by_beat() -> None:
    storyboard = narrate(tiny(), pace=1.0)
    told = [
        (beat.kind, beat.timestep, round(beat.start, 6), round(beat.duration, 6), beat.moves)
        for beat in storyboard.beats
    ]
    concatenated = (Travel("h_prev", "hx"), Travel("x", "hx"))
    opening, closing = told[0], told[-1]
    assert opening == ("complete", 2, 0.0, 1.0, ())
    assert told[1:-1] == [
        ("begin", 1, 1.0, 1.0, ()),
        ("compute", 1, 2.0, 1.0, concatenated),
        # The first sum is taken apart, and stands for longer.
        ("compute", 1, 3.0, 2.7, (Travel("hx", "h"),)),
        ("leave", 1, 5.7, 1.0, (Travel("h", "h_out"),)),
        ("return", 2, 6.7, 1.0, (Travel("h_out", "h_prev", "loop"),)),
        ("compute", 2, 7.7, 1.0, concatenated),
        ("compute", 2, 8.7, 1.0, (Travel("hx", "h"),)),
        ("leave", 2, 9.7, 1.0, (Travel("h", "h_out"),)),
    ]
    assert closing[:3] == ("complete", 2, 10.7)
    numbers = [
        {name: tuple(round(value, 4) for value in values) for name, values in beat.values.items()}
        for beat in storyboard.beats
    ]
    first, second = 0.6351, 0.1343  # tanh(0.25 + 0.5), tanh(tanh(0.75) - 0.5)
    complete = {
        "x": (-0.5,),
        "h_prev": (first,),
        "hx": (first, -0.5),
        "h": (second,),
        "h_out": (second,),
    }
    assert numbers == [
        complete,
        {"x": (0.5,), "h_prev": (0.25,)},
        {"hx": (0.25, 0.5)},
        {"h": (first,)},
        {"h_out": (first,)},
        {"x": (-0.5,), "h_prev": (first,)},
        {"hx": (first, -0.5)},
        {"h": (second,)},
        {"h_out": (second,)},
        complete,
    ]
    assert [beat.telling.timestep for beat in storyboard.beats[1:6]] == ["t = 1 of 2"] * 4 + [
        "t = 2 of 2"
    ]
    assert storyboard.beats[3].telling.step == "hidden state"


# --- times ---------------------------------------------------------------------------------------


@every_cell
@pytest.mark.parametrize("timesteps", [1, 2, 3, 7])
def test_beats_follow_each_other_without_a_gap(cell: Cell, timesteps: int) -> None:
    storyboard = narrate(random_trace(cell, timesteps))
    beats = storyboard.beats
    assert beats[0].start == 0.0
    for beat, following in pairwise(beats):
        assert following.start == pytest.approx(beat.start + beat.duration, abs=SECONDS)
    assert storyboard.duration == pytest.approx(sum(b.duration for b in beats), abs=SECONDS)
    assert all(0.0 <= beat.motion <= beat.duration and beat.duration > 0 for beat in beats)


@every_cell
@pytest.mark.parametrize("timesteps", [1, 3])
def test_a_film_opens_and_closes_on_the_complete_cell(cell: Cell, timesteps: int) -> None:
    beats = narrate(random_trace(cell, timesteps)).beats
    assert [i for i, beat in enumerate(beats) if beat.kind == "complete"] == [0, len(beats) - 1]
    assert beats[0].values == beats[-1].values
    assert beats[0].telling == beats[-1].telling
    assert beats[0].motion == 0.0
    assert abs(beats[0].duration - OPENING) <= OPENING_OFF
    assert SHORTEST_CLOSING <= beats[-1].duration - beats[-1].motion <= LONGEST_CLOSING
    assert beats[-1].timestep == timesteps


@every_cell
def test_later_timesteps_are_faster(cell: Cell) -> None:
    storyboard = narrate(random_trace(cell, 4))
    seconds = [sum(b.duration for b in of_timestep(storyboard, t)) for t in range(1, 5)]
    assert seconds[0] > seconds[1]
    assert seconds[1:] == pytest.approx([seconds[1]] * 3, abs=SECONDS)


@every_cell
def test_each_step_can_be_read(cell: Cell) -> None:
    planned = plan(demo_trace(cell))
    sums = {node.name for node in cell.weighted_sums}
    assert min(beat.duration for beat in planned.storyboard.beats) >= SHORTEST_STEP
    apart = next(beat for beat in planned.storyboard.beats if set(beat.appears) & sums)
    assert apart.duration >= SHORTEST_SUM
    for t in range(2, 4):
        assert 4 <= len(of_timestep(planned.storyboard, t)) <= 5


@every_cell
def test_the_default_loop_is_short_enough(cell: Cell) -> None:
    assert plan(demo_trace(cell)).storyboard.duration <= LONGEST_LOOP


@every_cell
@given(st.floats(1.0, 20.0), st.floats(1.0, 3.0))
def test_the_steps_last_in_proportion_to_the_pace(cell: Cell, pace: float, more: float) -> None:
    trace = random_trace(cell, 1)
    shorter, longer = narrate(trace, pace=pace), narrate(trace, pace=pace * more)
    for beat, other in zip(shorter.beats[1:-1], longer.beats[1:-1], strict=True):
        assert beat.duration >= pace * (1.0 - SECONDS)
        assert other.duration == pytest.approx(more * beat.duration, rel=SECONDS)


@every_cell
def test_no_pace_means_the_default_one(cell: Cell) -> None:
    trace = random_trace(cell)
    assert narrate(trace) == narrate(trace, pace=default_pace(cell))
    assert SHORTEST_PACE <= default_pace(cell) <= LONGEST_PACE


@pytest.mark.parametrize("pace", [0.0, -1.0, 0.19, 61.0, float("inf"), float("nan")])
def test_a_pace_out_of_range_is_named(pace: float) -> None:
    with pytest.raises(InputError, match=re.escape(f"{pace:g} seconds")):
        narrate(tiny(), pace=pace)


@every_cell
def test_the_length_does_not_depend_on_the_frame_rate(cell: Cell) -> None:
    trace = demo_trace(cell)
    duration = plan(trace).storyboard.duration
    for fps in range(10, 51):
        assert abs(plan(trace, Options(fps=fps)).frames - duration * fps) <= HALF_A_FRAME


@every_cell
@given(st.integers(5, 50), st.floats(0.2, 3.0))
def test_the_frames_of_the_beats_are_those_of_the_film(cell: Cell, fps: int, pace: float) -> None:
    planned = plan(random_trace(cell, 2), Options(fps=fps, pace=pace))
    frames = [beat.frames(fps) for beat in planned.storyboard.beats]
    assert sum(moving + standing for moving, standing in frames) == planned.frames
    assert all(moving >= 0 and standing >= 0 for moving, standing in frames)
    # What moves comes to rest: a beat of motion alone could not be read.
    assert all(standing > 0 for moving, standing in frames if moving)
    assert planned.pictures <= planned.frames


# --- order ---------------------------------------------------------------------------------------


@every_cell
@pytest.mark.parametrize("timesteps", [1, 3])
def test_steps_come_in_the_cells_order_and_states_leave_at_once(cell: Cell, timesteps: int) -> None:
    storyboard = narrate(random_trace(cell, timesteps))
    expected: list[tuple[str, str]] = []
    for node in cell.nodes:
        expected.append(("compute", node.name))
        if node.name in cell.states:
            expected.append(("leave", node.name + OUT_SUFFIX))
    for t in range(1, timesteps + 1):
        entering, *steps = of_timestep(storyboard, t)
        assert entering.kind == ("begin" if t == 1 else "return")
        if t == 1:
            assert [(beat.kind, *beat.appears) for beat in steps] == expected
        else:
            check_order(cell, [name for beat in steps for name in beat.appears])
    assert [beat.timestep for beat in storyboard.beats[1:-1]] == sorted(
        beat.timestep for beat in storyboard.beats[1:-1]
    )


def check_order(cell: Cell, names: list[str]) -> None:
    """Everything comes up once, after all that it is made of."""
    states = [state + OUT_SUFFIX for state in cell.states]
    assert sorted(names) == sorted([*(node.name for node in cell.nodes), *states])
    known = set(cell.given)
    for name in names:
        made_of = [name.removesuffix(OUT_SUFFIX)] if name in states else cell.node(name).operands
        assert known >= set(made_of), name
        known.add(name)


@every_cell
def test_operands_travel_to_their_result(cell: Cell) -> None:
    storyboard = narrate(random_trace(cell, 2))
    for beat in storyboard.beats:
        if beat.kind == "compute" and len(beat.appears) > 1:
            assert beat.timestep > 1
            assert beat.moves == ()
        elif beat.kind == "compute" and (beat.timestep == 1 or beat.moves):
            (name,) = beat.appears
            assert beat.moves == tuple(Travel(o, name) for o in cell.node(name).operands)
        if beat.kind == "return":
            assert beat.moves == tuple(
                Travel(s + OUT_SUFFIX, previous(s), "loop") for s in cell.states
            )


# --- numbers -------------------------------------------------------------------------------------


@every_cell
@pytest.mark.parametrize(("timesteps", "sizes"), list(product((1, 3), ((3, 2), (1, 1), (8, 6)))))
def test_every_vector_is_shown_at_every_timestep_with_the_traces_numbers(
    cell: Cell, timesteps: int, sizes: tuple[int, int]
) -> None:
    trace = random_trace(cell, timesteps, *sizes)
    storyboard = narrate(trace)
    named = cell.vectors
    for t in range(timesteps):
        shown: dict[str, tuple[float, ...]] = {}
        for beat in of_timestep(storyboard, t + 1):
            assert not set(shown) & set(beat.values), "a vector is computed once a timestep"
            shown |= beat.values
        wanted = {name: tuple(trace.vector(name, t).tolist()) for name in named}
        wanted |= {state + OUT_SUFFIX: wanted[state] for state in cell.states}
        assert shown == wanted
    assert storyboard.still.values == wanted


@every_cell
@given(st.data())
@settings(max_examples=15)
def test_an_excerpt_shows_the_traces_own_components(cell: Cell, data: st.DataObject) -> None:
    """Every number drawn is that of the unit or input it stands for, at its own timestep."""
    timesteps, input_size, hidden_size = 5, 10, 9
    trace = random_trace(cell, timesteps, input_size, hidden_size)
    start = data.draw(st.integers(0, timesteps - 1))
    stop = data.draw(st.integers(start + 1, timesteps))
    units, features = (
        sorted(data.draw(st.sets(st.integers(0, size - 1), min_size=1, max_size=most)))
        for size, most in ((hidden_size, 6), (input_size, 8))
    )
    backward = data.draw(st.booleans())
    excerpt = choose_excerpt(
        trace, units=units, features=features, start=start, stop=stop, backward=backward
    )
    storyboard = narrate(trace, excerpt)
    named = cell.vectors
    for t in range(start, stop):
        shown: dict[str, tuple[float, ...]] = {}
        for beat in of_timestep(storyboard, excerpt.position(t)):
            shown |= beat.values
        wanted = {
            name: tuple(trace.vector(name, t)[list(excerpt.indices(cell, name).shown)].tolist())
            for name in named
        }
        assert wanted["x"] == tuple(trace.inputs[t][features].tolist())
        assert wanted["h"] == tuple(trace.values["h"][t][units].tolist())
        wanted |= {state + OUT_SUFFIX: wanted[state] for state in cell.states}
        assert shown == wanted
    assert storyboard.still.values == wanted
    assert storyboard.still.timestep == excerpt.position(stop - 1)


# --- windows and excerpts ------------------------------------------------------------------------


@every_cell
@pytest.mark.parametrize(("start", "stop"), [(0, 2), (2, 3), (3, 7), (0, 7)])
def test_a_window_takes_the_time_of_as_many_timesteps(cell: Cell, start: int, stop: int) -> None:
    """The first timestep drawn builds the cell, wherever in the sequence it is."""
    trace = random_trace(cell, 7)
    drawn = narrate(trace, choose_excerpt(trace, start=start, stop=stop)).beats
    as_long = narrate(random_trace(cell, stop - start)).beats
    times = [(beat.kind, beat.start, beat.duration, beat.motion) for beat in drawn]
    assert times == [(beat.kind, beat.start, beat.duration, beat.motion) for beat in as_long]
    assert [beat.moves for beat in drawn] == [beat.moves for beat in as_long]
    assert [b.timestep - start for b in drawn] == [b.timestep for b in as_long]


def test_a_window_begins_with_the_states_before_it() -> None:
    trace = random_trace(CELLS["lstm"], 5)
    begin = narrate(trace, choose_excerpt(trace, start=3)).beats[1]
    assert begin.values["h_prev"] == tuple(trace.values["h"][2].tolist())
    assert begin.values["c_prev"] == tuple(trace.values["c"][2].tolist())
    assert begin.telling.timestep == "t = 4 of 5"
    assert begin.telling.step == "the input arrives; the hidden state and cell state before it"
    assert narrate(trace).beats[1].telling.step.startswith("the first input arrives")


@pytest.mark.parametrize(("backward", "last"), [(False, "h_3"), (True, "h_5")])
def test_the_complete_cell_tells_the_last_drawn_timestep(backward: bool, last: str) -> None:
    trace = random_trace(RNN, 7)
    still = narrate(trace, choose_excerpt(trace, start=1, stop=3, backward=backward)).still
    assert f"{last} ≈ {written(vector(trace.values['h'][2]))}" in lines_of(still.telling)[0][0]


@every_cell
def test_read_backward_the_state_before_is_that_of_the_next_timestep(cell: Cell) -> None:
    trace = random_trace(cell, 4)
    forward = narrate(trace)
    backward = narrate(trace, choose_excerpt(trace, backward=True))
    for one, other in zip(forward.beats, backward.beats, strict=True):
        if one.kind != "complete":
            told = [
                tuple(line.replace("_(t-1)", "_(t+1)") for line in pair)
                for pair in lines_of(one.telling)
            ]
            assert lines_of(other.telling) == told
    lines = [tag.text for tag in read_backward(ENGLISH_DIAGRAMS[cell.name]).tags]
    assert not any("t-1" in line for line in lines)
    assert sum("t+1" in line for line in lines) == len(cell.states)


def test_a_story_is_told_of_the_whole_alone() -> None:
    trace = random_trace(RNN, 3)
    claims = (Claim("h", 0, 0, "rises"),)
    storyboard = narrate(trace, claims=claims)
    assert storyboard.still.telling.sentences[:2] == (
        "In unit 1 the hidden state rises at timestep 1.",
        "In unit 1 the hidden state rises at t = 1.",
    )
    assert storyboard.claims == claims
    window = narrate(trace, choose_excerpt(trace, stop=2), claims=claims)
    assert not any("rises" in sentence for sentence in window.still.telling.sentences)
    assert window.claims == ()


@every_cell
def test_told_vectors_have_an_ellipsis_where_something_is_left_out(cell: Cell) -> None:
    trace = random_trace(cell, 2, 300, 128)
    excerpt = choose_excerpt(trace)
    for beat in narrate(trace, excerpt, pace=2.0).beats:
        assert beat.telling.shown[0].endswith(" of 300")
        for pair in lines_of(beat.telling):
            for told in vectors_in(" ".join(pair)):
                numbers = told.split(", ")
                assert len(numbers) in (3, 4, 7), told
                assert numbers[-1] == "…", told


def test_a_concatenation_is_told_with_an_ellipsis_after_each_part() -> None:
    trace = random_trace(RNN, 1, 300, 128)
    beats = narrate(trace, choose_excerpt(trace)).beats
    ((told, _), _) = lines_of(beats[2].telling)
    components = vectors_in(told)[-1].split(", ")
    assert [i for i, component in enumerate(components) if component == "…"] == [2, 6]


@every_cell
def test_a_sum_that_is_not_all_shown_says_that_it_is_over_all(cell: Cell) -> None:
    trace = random_trace(cell, 2, 300, 128)
    excerpt = choose_excerpt(trace, units=(4, 16))
    sums = {node.name: node for node in cell.weighted_sums}
    unit = followed_unit(trace, excerpt)
    for beat in narrate(trace, excerpt, pace=2.0).beats:
        name = beat.appears[0] if len(beat.appears) == 1 else ""
        if name not in sums:
            continue
        s = trace.weighted_sums[name][beat.timestep - 1][unit]
        count = trace.parameters.weights[name].shape[1]
        lines = [line for _, line in lines_of(beat.telling)]
        if beat.timestep == 1:
            called = f'"unit {unit + 1}:" quad "sum of all {count} products"'
            assert lines[0] == f"{called} + b {relation([s])} {number(s)}"
        assert any(line.endswith(f'"(each a sum of all {count} products)"') for line in lines)
        assert lines_of(beat.telling)[-1][1].endswith("…]"), "the shortest fits without it"


@every_cell
def test_a_sum_is_told_of_the_unit_that_the_sentences_follow(cell: Cell) -> None:
    trace = random_trace(cell, 1, 2, 4)
    excerpt = choose_excerpt(trace, units=(2, 3))
    unit = followed_unit(trace, excerpt) + 1
    beats = narrate(trace, excerpt, pace=2.0).beats
    told = [
        (line, beat.telling.sentences)
        for beat in beats
        for _, line in lines_of(beat.telling)
        if '"unit ' in line
    ]
    assert len(told) == len(cell.weighted_sums)
    for line, sentences in told:
        assert line.startswith(f'"unit {unit}:" quad ')
        assert all(sentence.startswith(f"Unit {unit} ") for sentence in sentences)


@pytest.mark.parametrize(("gates", "followed"), [((0.6, 0.9), 2), ((0.05, 0.9), 1)])
def test_the_unit_whose_gates_are_most_decided_is_followed(
    gates: tuple[float, float], followed: int
) -> None:
    """Of weights that are nought, biases alone open a gate."""
    cell = CELLS["lstm"]
    parameters = random_parameters(cell, 1, 2, 0)
    weights = {name: np.zeros_like(W) for name, W in parameters.weights.items()}
    biases = {name: np.zeros(2) for name in parameters.biases}
    biases["i"] = np.log(np.array(gates) / (1.0 - np.array(gates)))
    trace = unroll(cell, Parameters(weights, biases, "by hand"), np.zeros((2, 1)))
    assert followed_unit(trace, choose_excerpt(trace)) + 1 == followed


def test_products_are_told_where_all_operands_are_shown() -> None:
    """The input's part of the candidate is a sum over the inputs alone."""
    cell = CELLS["gru-reset-after"]
    trace = random_trace(cell, 1, 2, 4)
    excerpt = choose_excerpt(trace, units=(2, 3))
    beats = narrate(trace, excerpt, pace=2.0).beats
    (beat,) = (beat for beat in beats if beat.appears == ("xn",))
    line = lines_of(beat.telling)[0][1]
    assert line.startswith(f'"unit {followed_unit(trace, excerpt) + 1}:" quad ')
    assert line.count("⋅") == 2
    assert "sum of all" not in line


def test_a_label_is_told_with_its_timestep() -> None:
    trace = random_trace(RNN, 3)
    excerpt = choose_excerpt(trace, start=1, labels=("'c'", "'b'", "'a'"), backward=True)
    beats = narrate(trace, excerpt).beats
    assert {beat.telling.timestep for beat in beats} == {
        "t = 2 of 3, read backward · 'b'",
        "t = 1 of 3, read backward · 'a'",
    }
    assert beats[0].telling.timestep == "t = 1 of 3, read backward · 'a'"


LARGE = 1e300
"""Beyond, the rounded mantissa may leave what a float holds."""

VECTOR = re.compile(r"\[([^\[\]]*)\]")
DECIMAL = re.compile(rf"{MINUS}?\d+\.\d\d(?!\d)")


def vectors_in(formula: str) -> list[str]:
    """Vectors of numbers in a formula; [h_(t-1), X_t] is one of letters."""
    return [inside for inside in VECTOR.findall(formula) if not re.search(r"[a-zA-Z]_", inside)]


@every_cell
@pytest.mark.parametrize("pace", [0.9, 1.1, 2.0])
def test_the_strip_tells_the_numbers_on_the_discs(cell: Cell, pace: float) -> None:
    """The last vector of every telling is the result, written as the discs write it."""
    trace = demo_trace(cell)
    for beat in narrate(trace, pace=pace).beats:
        if beat.kind not in ("compute", "leave"):
            continue
        # The frames stand around what the step is about.
        framed = [act.name for act in beat.acts if isinstance(act, Focus)]
        written = {name: ", ".join(map(number, beat.values[name])) for name in framed}
        t = beat.timestep - 1
        known = {
            ", ".join(number(float(v)) for v in trace.vector(operand, t))
            for operand in [
                INPUT,
                *map(previous, cell.states),
                *(node.name for node in cell.nodes),
            ]
        } | {", ".join(number(float(v)) for v in sums[t]) for sums in trace.weighted_sums.values()}
        for equation, numbers in lines_of(beat.telling):
            found = vectors_in(equation) + vectors_in(numbers)
            results = set(found) & set(written.values())
            assert results, f"{framed}: {equation} / {numbers}"
            assert set(found) <= known, f"{framed}: {equation} / {numbers}"
        fullest = lines_of(beat.telling)[0]
        told = vectors_in(fullest[0]) + vectors_in(fullest[1])
        assert set(told) >= set(written.values())


@every_cell
def test_a_weighted_sum_adds_up_as_it_is_written(cell: Cell) -> None:
    """Of the followed unit, the rounded products add up to the rounded sum, or are not told."""
    check_told_sums(demo_trace(cell), at_least=len(cell.weighted_sums))


@every_cell
@pytest.mark.parametrize("seed", range(4))
def test_random_weighted_sums_add_up_or_are_not_told(cell: Cell, seed: int) -> None:
    parameters = random_parameters(cell, 3, 2, seed)
    inputs = [[123.45, -999.0, 0.5], [0.13, -0.64, 1.28]]
    check_told_sums(unroll(cell, parameters, inputs), at_least=0)


def check_told_sums(trace: Trace, at_least: int) -> None:
    seen = 0
    label = f'"unit {followed_unit(trace, choose_excerpt(trace)) + 1}:"'
    for beat in narrate(trace, pace=2.0).beats:
        for _, numbers in lines_of(beat.telling):
            if not numbers.startswith(label):
                continue
            left, right = re.split(" [=≈] ", numbers.removeprefix(f"{label} quad "))
            python = left.replace("- ", "+ -").replace("⋅", "*").replace(MINUS, "-")
            total = sum(
                prod(float(factor.strip("() ")) for factor in term.split("*"))
                for term in python.split("+")
            )
            assert abs(total - float(right.replace(MINUS, "-"))) <= HALF_A_CENT, numbers
            seen += 1
    assert seen >= at_least


@every_cell
def test_no_nought_has_a_minus_sign(cell: Cell) -> None:
    """Inputs and states that round to nought from below, all through the film."""
    parameters = random_parameters(cell, 3, 2, seed=4)
    small = -1e-4
    trace = unroll(
        cell,
        Parameters(
            {name: W * small for name, W in parameters.weights.items()},
            {name: b * small for name, b in parameters.biases.items()},
            origin="by hand",
        ),
        np.full((2, 3), small),
        {state: np.full(2, small) for state in cell.states},
    )
    nought = re.compile(rf"[{MINUS}-]0(\.0*)?(?![\d.])")
    for beat in narrate(trace, pace=2.0).beats:
        told = beat.telling
        for text in (
            *told.sentences,
            told.step,
            *(line for pair in lines_of(told) for line in pair),
        ):
            assert not nought.search(text), text


@given(st.floats(-LARGE, LARGE))
def test_a_number_reads_back_within_its_rounding(value: float) -> None:
    text = number(value)
    assert text.replace(MINUS, "-") != "-0.00"
    back = float(text.replace(MINUS, "-"))
    exponent = float(np.floor(np.log10(max(abs(value), 1.0))))
    allowed = 0.005 if abs(value) < 1000 else 0.05 * 10.0**exponent
    assert abs(back - value) <= allowed * (1 + 1e-9) + 1e-12
    assert "-" not in text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.5, "0.50"),
        (-0.5, f"{MINUS}0.50"),
        (-0.001, "0.00"),
        (-0.0, "0.00"),
        (0.995, "0.99"),  # the float is a little below
        (100.0, "100.00"),
        (-999.99, f"{MINUS}999.99"),
        (1000.0, "1.0e3"),
        (-123456.0, f"{MINUS}1.2e5"),
        (1e300, "1.0e300"),
    ],
)
def test_how_numbers_are_written(value: float, text: str) -> None:
    assert number(value) == text


@pytest.mark.parametrize(
    ("value", "decimals", "text"),
    [
        (0.5, 2, "0.5"),
        (-0.5, 2, f"{MINUS}0.5"),
        (-0.001, 2, "0"),
        (-0.001, 3, f"{MINUS}0.001"),
        (100.0, 2, "100"),
        (1.0, 4, "1"),
    ],
)
def test_how_weights_are_written(value: float, decimals: int, text: str) -> None:
    assert written(trimmed(value, decimals)) == text


@pytest.mark.parametrize(
    ("values", "sign"),
    [
        ([0.5, -0.25], "="),
        ([0.1 + 0.2], "="),  # float noise is not rounding
        ([0.123], "≈"),
        ([0.5, 0.001], "≈"),
    ],
)
def test_the_sign_says_whether_numbers_are_rounded(values: list[float], sign: str) -> None:
    assert relation(values) == sign


def test_a_vector_is_written_as_its_numbers() -> None:
    assert written(vector([0.97, -0.04, 0.0])) == f"[0.97, {MINUS}0.04, 0.00]"


@every_cell
def test_large_numbers_are_told_and_fit_the_plan(cell: Cell) -> None:
    inputs = np.array([[1e6, -1e3, 999.999], [0.0, -1e12, 5.0]])
    trace = unroll(cell, random_parameters(cell, 3, 2, seed=3), inputs)
    planned = plan(trace)
    told = " ".join(
        line
        for beat in planned.storyboard.beats
        for pair in lines_of(beat.telling)
        for line in pair
    )
    assert "1.0 dot 10^(6)" in told
    assert f"{MINUS}1.0 dot 10^(12)" in told


# --- no renderer ---------------------------------------------------------------------------------

WITHOUT_MANIM = """
import sys
from gatereel.rnn_math import CELLS, demo, unroll
from gatereel.scenes.plan import plan
{more}
shown = demo(CELLS["lstm"])
plan(unroll(shown.cell, shown.parameters, shown.inputs, shown.initial))
heavy = {{"manim", "typst", "svgelements"}}
sys.exit(any(name.split(".")[0] in heavy for name in sys.modules))
"""


def _manim_was_imported(more: str = "") -> bool:
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", WITHOUT_MANIM.format(more=more)],
        cwd=Path(__file__).parents[3],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode in (0, 1), done.stderr
    assert "Traceback" not in done.stderr, done.stderr
    return done.returncode == 1


def test_planning_a_film_needs_no_renderer() -> None:
    assert not _manim_was_imported()


def test_the_check_for_the_renderer_can_fail() -> None:
    assert _manim_was_imported("import gatereel.scenes.play.manim_player")
