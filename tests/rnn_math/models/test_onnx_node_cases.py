"""ONNX's published node test cases, which the package carries, for its recurrent operators."""

from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import pytest
from numpy.typing import NDArray
from onnx import numpy_helper
from onnx.backend.test.case import node as node_cases
from onnx.backend.test.case.test_case import TestCase as NodeCase

from gatereel.rnn_math import Array
from gatereel.rnn_math.models import Layer, read_model, run
from tests.rnn_math.models.onnx_builders import saved

OPERATORS = ("GRU", "LSTM", "RNN")

FLOAT32 = 1e-6
"""Relative and absolute: the published outputs are float32 numbers."""

COUNT = 18
"""Cases in the installed package; a new one is to be looked at."""


@cache
def cases() -> dict[str, NodeCase]:
    """The cases of the recurrent operators, which the package makes in memory."""
    # Importing an operator's module makes its cases. The public way imports all operators, which
    # takes seconds and warns of overflows in the others.
    for operator in OPERATORS:
        import_module(f"{node_cases.__name__}.{operator.lower()}")
    return {
        case.name: case
        for case in node_cases._NodeTestCases
        if case.model is not None and case.model.graph.node[0].op_type in OPERATORS
    }


def with_constants(case: NodeCase) -> tuple[onnx.ModelProto, NDArray[Any]]:
    """The case's model with all but the sequence as constants of the file, and the sequence."""
    assert case.model is not None
    assert case.data_sets is not None
    ((inputs, _),) = case.data_sets
    made = onnx.ModelProto()
    made.CopyFrom(case.model)
    names = [each.name for each in made.graph.input]
    del made.graph.input[1:]
    for name, array in zip(names[1:], inputs[1:], strict=True):
        made.graph.initializer.append(numpy_helper.from_array(np.asarray(array), name))
    return made, np.asarray(inputs[0])


def expected_outputs(case: NodeCase) -> dict[str, NDArray[Any]]:
    """The published outputs by their names, the timesteps or directions in front of the batch."""
    assert case.model is not None
    assert case.data_sets is not None
    ((_, outputs),) = case.data_sets
    (node,) = case.model.graph.node
    batch_first = any(each.name == "layout" and each.i for each in node.attribute)
    places = ("Y", "Y_h", "Y_c")
    given = [place for place, name in zip(places, node.output, strict=False) if name]
    named = {name: np.asarray(array) for name, array in zip(given, outputs, strict=True)}
    if not batch_first:
        return named
    return {
        name: array.transpose(1, 2, 0, 3) if name == "Y" else array.swapaxes(0, 1)
        for name, array in named.items()
    }


def computed_outputs(layer: Layer, sequence: Array) -> dict[str, Array]:
    """Y, `(timesteps, directions, hidden_size)`, and the last states, for one sequence."""
    traces = {direction: run(layer, direction, sequence).values for direction in layer.strands}
    ordered = [
        values["h"] if direction == "forward" else values["h"][::-1]
        for direction, values in traces.items()
    ]
    outputs = {
        "Y": np.stack(ordered, axis=1),
        "Y_h": np.stack([values["h"][-1] for values in traces.values()]),
    }
    if layer.kind == "LSTM":
        outputs["Y_c"] = np.stack([values["c"][-1] for values in traces.values()])
    return outputs


def test_the_package_s_cases_are_all_looked_at() -> None:
    assert len(cases()) == COUNT


@pytest.mark.parametrize("name", sorted(cases()))
def test_a_published_case(tmp_path: Path, name: str) -> None:
    made, inputs = with_constants(cases()[name])
    (layer,) = read_model(saved(tmp_path, made)).layers
    assert layer.refusal == ""
    batch_first = any(each.name == "layout" and each.i for each in made.graph.node[0].attribute)
    sequences = inputs if batch_first else inputs.swapaxes(0, 1)
    expected = expected_outputs(cases()[name])
    assert expected
    for k, sequence in enumerate(sequences):
        found = computed_outputs(layer, sequence.astype(np.float64))
        for output, values in expected.items():
            of_this = values[:, :, k] if output == "Y" else values[:, k]
            np.testing.assert_allclose(found[output], of_this, rtol=FLOAT32, atol=FLOAT32)
