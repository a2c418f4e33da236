"""The worked example: what the README says of the trained network's gates is true of its file."""

from itertools import product
from pathlib import Path

import numpy as np
import pytest

from gatereel.rnn_math import Array, Parameters, Trace, unroll
from gatereel.rnn_math.files import read_sequence
from gatereel.rnn_math.files.vocabulary import read_vocabulary
from gatereel.rnn_math.models import Layer, choose_layer, read_model, run
from gatereel.rnn_math.sequence import one_hot

FOLDER = Path(__file__).resolve().parent.parent / "media" / "first-symbol"
VOCABULARY = FOLDER / "vocab.txt"
MEMORY, FLAG = 0, 1
"""The units: one holds the first letter, one that there was a first letter."""

OPEN, CLOSED = 0.9, 0.1  # as the strip calls gates open and closed
KEPT = 0.98  # a forget gate above this loses less than is seen in a few timesteps
DRIFT = 0.05  # a cell state that moves less than this is called kept
MOST_LETTERS = 7  # all sequences up to here take about a second
LONG, LONG_ONES = 30, 50
SHOWN = 0.005  # half of the last decimal shown


@pytest.fixture(scope="module")
def layer() -> Layer:
    return choose_layer(read_model(FOLDER / "model.safetensors"))


@pytest.fixture(scope="module")
def trace(layer: Layer) -> Trace:
    """The sequence that is drawn."""
    return traced(layer, drawn())


@pytest.fixture(scope="module")
def traces(layer: Layer) -> dict[str, Trace]:
    """All short sequences, by their text."""
    letters = [word for n in range(1, MOST_LETTERS + 1) for word in product("ab", repeat=n)]
    texts = ["".join(word) + "?" for word in letters]
    return {text: traced(layer, text) for text in texts}


def drawn() -> str:
    return (FOLDER / "sequence.txt").read_text(encoding="utf-8").strip()


def rows(text: str) -> Array:
    vocabulary = read_vocabulary(VOCABULARY)
    return one_hot([vocabulary.ids[token] for token in text], len(vocabulary))


def traced(layer: Layer, text: str) -> Trace:
    return run(layer, "forward", rows(text))


def answer(trace: Trace) -> str:
    return "a" if trace.values["h"][-1, MEMORY] > 0 else "b"


def test_the_files_fit_together(layer: Layer, trace: Trace) -> None:
    sequence = read_sequence(FOLDER / "sequence.txt", vocabulary=VOCABULARY)
    assert sequence.tokens is not None
    assert (layer.name, layer.kind) == ("lstm", "nn.LSTM")
    assert (layer.input_size, layer.hidden_size) == (len(read_vocabulary(VOCABULARY)), 2)
    np.testing.assert_array_equal(one_hot(sequence.tokens, layer.input_size), trace.inputs)


@pytest.mark.parametrize(
    ("node", "unit", "said"),
    [
        ("i", MEMORY, [0.95, 0, 0, 0, 0]),
        ("i", FLAG, [0.99, 0, 0, 0, 0]),
        ("g", MEMORY, [0.87, -0.87, 0.86, -0.87, None]),
        ("f", MEMORY, [1, 1, 1, 1, 1]),
        ("f", FLAG, [1, 1, 1, 1, 1]),
        ("c", MEMORY, [0.82, 0.82, 0.82, 0.82, 0.82]),
        ("c", FLAG, [-0.99, -0.99, -0.99, -0.99, -0.99]),
        ("o", MEMORY, [0.01, 0.01, 0.01, 0.01, 0.99]),
        ("h", MEMORY, [None, None, None, None, 0.67]),
    ],
)
def test_the_numbers_in_the_picture_are_those_that_are_told(
    trace: Trace, node: str, unit: int, said: list[float | None]
) -> None:
    for value, told in zip(trace.values[node][:, unit], said, strict=True):
        assert told is None or abs(value - told) <= SHOWN, (node, unit)


def test_the_drawn_sequence_repeats_its_first_letter_and_ends_with_another() -> None:
    text = drawn()
    assert text[0] in text[1:-1]
    assert text[-2] != text[0]
    assert text[-1] == "?"


def test_a_first_b_is_held_with_the_other_sign(layer: Layer) -> None:
    cell_state = traced(layer, "baba?").values["c"][:, MEMORY]
    assert (np.abs(cell_state - -0.83) <= SHOWN).all()


def test_every_short_sequence_is_answered(traces: dict[str, Trace]) -> None:
    assert all(answer(trace) == text[0] for text, trace in traces.items())


def test_long_sequences_are_answered(layer: Layer) -> None:
    random = np.random.default_rng(seed=0)
    for _ in range(LONG_ONES):
        text = "".join(random.choice(["a", "b"], LONG - 1)) + "?"
        assert answer(traced(layer, text)) == text[0], text


@pytest.mark.parametrize("unit", [MEMORY, FLAG])
def test_the_input_gates_open_at_the_first_letter_only(traces: dict[str, Trace], unit: int) -> None:
    for text, trace in traces.items():
        gate = trace.values["i"][:, unit]
        assert gate[0] > OPEN, text
        assert (gate[1:] < CLOSED).all(), text


def test_the_candidate_follows_every_letter(traces: dict[str, Trace]) -> None:
    for text, trace in traces.items():
        candidate = trace.values["g"][:-1, MEMORY]
        np.testing.assert_array_equal(candidate > 0, [letter == "a" for letter in text[:-1]])


def test_nothing_is_forgotten(traces: dict[str, Trace]) -> None:
    for text, trace in traces.items():
        assert (trace.values["f"] > KEPT).all(), text
        cell_state = trace.values["c"]
        assert (np.abs(cell_state - cell_state[0]) < DRIFT).all(), text


def test_the_output_gate_of_the_memory_opens_at_the_question_mark_only(
    traces: dict[str, Trace],
) -> None:
    for text, trace in traces.items():
        gate = trace.values["o"][:, MEMORY]
        assert (gate[:-1] < CLOSED).all(), text
        assert gate[-1] > OPEN, text


def test_it_is_the_other_unit_that_keeps_the_input_gate_closed(layer: Layer, trace: Trace) -> None:
    strand = layer.strands["forward"]
    weights = {name: np.array(W) for name, W in strand.parameters.weights.items()}
    weights["i"][MEMORY, FLAG] = 0.0
    blind = Parameters(weights, strand.parameters.biases, origin="without the flag")
    gate = unroll(strand.cell, blind, trace.inputs).values["i"][:-1, MEMORY]
    assert (gate > OPEN).all()
