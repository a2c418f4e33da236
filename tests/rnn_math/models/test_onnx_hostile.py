"""Broken and hostile ONNX files: a clear error or a refused layer, soon, and nothing else."""

import random
import time
import tracemalloc
from collections.abc import Callable
from pathlib import Path

import numpy as np
import onnx
import pytest
from onnx import helper, numpy_helper

from gatereel.rnn_math import InputError
from gatereel.rnn_math.models import Layer, read_model, run
from gatereel.rnn_math.models.onnx import graph as onnx_graph
from tests.rnn_math.models.onnx_builders import (
    MODELS,
    model,
    node,
    one_node,
    saved,
    weights,
    with_constant,
)

MUTATED = ("torch_embedding", "dynamo_lstm_both", "torch_gru_both", "lstm_initial", "lstm_layout")
MUTATIONS = 60
"""Of each file and kind, so some hundred of each kind."""

LEAST_SHARE = 0.1
"""Of the damaged files, so many at least can be computed, and so many cannot."""

UNKNOWN_FIELD = bytes([0xF8, 0x07, 1])
"""A field of a number that ONNX does not have, 127: readers of protobuf skip it."""

SECONDS = 5.0
"""Of this process, which others on the machine do not slow down. Far more than any of these files
needs, far less than a hostile one could ask for."""

BUDGET = 1 << 24
"""Bytes that may be computed in these tests, less than usual, so that they take less."""

PEAK_BYTES = 4 * BUDGET
"""Memory that may be taken with that budget, parsing included."""


def attempt(path: Path) -> bool:
    """Read and run, and tell whether anything was computed; no error but InputError is let go."""
    layers: tuple[Layer, ...] = ()
    message = ""
    try:
        layers = read_model(path).layers
    except InputError as error:
        message = str(error)
    assert layers or path.name in message
    return any([compute(layer) for layer in layers])


def compute(layer: Layer) -> bool:
    """Run a layer in each direction, and tell whether one of them gave finite numbers."""
    bottom = layer
    while bottom.below is not None:
        bottom = bottom.below
    computed = False
    for direction in layer.strands:
        try:
            trace = run(layer, direction, np.full((6, bottom.input_size), 0.5))
        except InputError:
            continue
        assert np.isfinite(trace.final["h"]).all()
        computed = True
    return computed


def assert_some_of_both(computed: int, tried: int) -> None:
    """Damage of these kinds is often harmless and often not; refusing all of it would be easy."""
    assert tried * LEAST_SHARE < computed < tried * (1 - LEAST_SHARE)


def refusal(path: Path) -> str:
    (layer,) = read_model(path).layers
    return layer.refusal or layer.unfed


@pytest.mark.parametrize("name", MUTATED)
def test_flipped_bytes(tmp_path: Path, name: str) -> None:
    choose = random.Random(name)
    original = (MODELS / f"{name}.onnx").read_bytes()
    path = tmp_path / "flipped.onnx"
    computed = 0
    for _ in range(MUTATIONS):
        data = bytearray(original)
        for _ in range(choose.choice([1, 1, 2, 8])):
            data[choose.randrange(len(data))] = choose.randrange(256)
        path.write_bytes(data)
        computed += attempt(path)
    assert_some_of_both(computed, MUTATIONS)


@pytest.mark.parametrize("name", MUTATED)
def test_truncations_and_insertions(tmp_path: Path, name: str) -> None:
    choose = random.Random(name)
    original = (MODELS / f"{name}.onnx").read_bytes()
    path = tmp_path / "cut.onnx"
    for harmless in (original, original + UNKNOWN_FIELD):
        path.write_bytes(harmless)
        assert attempt(path)
    computed = 0
    for k in range(MUTATIONS):
        at = choose.randrange(1, len(original))
        data = original[:at] if k % 2 else original[:at] + choose.randbytes(3) + original[at:]
        path.write_bytes(data)
        computed += attempt(path)
    assert computed < MUTATIONS * LEAST_SHARE, "lengths are wrong nearly everywhere"


def test_changed_numbers_in_every_field(tmp_path: Path) -> None:
    """Mutations that stay well-formed: sizes, attributes, names and operators are exchanged."""
    choose = random.Random(1)
    numbers = [-1, 0, 1, 2, 3, 64, 2**31, 2**62, -(2**63)]
    computed = 0
    for name in MUTATED:
        original = onnx.load(MODELS / f"{name}.onnx", load_external_data=False)
        operators = sorted({each.op_type for each in original.graph.node})
        for _ in range(MUTATIONS):
            made = onnx.ModelProto()
            made.CopyFrom(original)
            nodes, tensors = made.graph.node, made.graph.initializer
            one, tensor = choose.choice(nodes), choose.choice(tensors)
            kind = choose.randrange(6)
            if kind == 0 and one.attribute:
                choose.choice(one.attribute).i = choose.choice(numbers)
            elif kind == 1 and one.input:
                one.input[choose.randrange(len(one.input))] = choose.choice(
                    [each.name for each in tensors] + [each.output[0] for each in nodes]
                )
            elif kind == 2:
                one.op_type = choose.choice(operators)
            elif kind == 3 and tensor.dims:
                tensor.dims[choose.randrange(len(tensor.dims))] = choose.choice(numbers)
            elif kind == 4:
                tensor.data_type = choose.randrange(-1, 25)
            else:
                shape = made.graph.input[0].type.tensor_type.shape.dim
                choose.choice(shape).dim_value = choose.choice(numbers)
            computed += attempt(saved(tmp_path, made))
    assert_some_of_both(computed, MUTATIONS * len(MUTATED))


def test_what_is_no_model_at_all(tmp_path: Path) -> None:
    for data in (b"", b"\0" * 100, b"PK\x03\x04 a zip", b"\x80\x04cos\nsystem\n", b"\n" * 1000):
        path = tmp_path / "none.onnx"
        path.write_bytes(data)
        with pytest.raises(InputError, match=r"none\.onnx"):
            read_model(path)


@pytest.mark.parametrize(
    "dims", [[2**40, 2**40, 3], [1, 8, 2**40], [-1, 8, 3], [1] * 70 + [8, 3], [0, 8, 3], [1, 8], []]
)
def test_absurd_shapes(tmp_path: Path, dims: list[int]) -> None:
    made = one_node("LSTM")
    del made.graph.initializer[0].dims[:]
    made.graph.initializer[0].dims.extend(dims)
    with pytest.raises(InputError, match="is damaged"):
        read_model(saved(tmp_path, made))


def test_wrong_types(tmp_path: Path) -> None:
    made = one_node("LSTM")
    for kind in ("STRING", "INT64", "UINT8", "COMPLEX64"):
        made.graph.initializer[0].data_type = onnx.TensorProto.DataType.Value(kind)
        with pytest.raises(InputError, match="is damaged"):
            read_model(saved(tmp_path, made))


def test_numbers_that_are_not_finite(tmp_path: Path) -> None:
    constants = weights("LSTM")
    constants["R"][0, 3, 1] = np.nan
    made = model([node("LSTM", ["x", "W", "R"], ["y"])], constants)
    with pytest.raises(InputError, match=r"model\.onnx.*nan.*finite"):
        read_model(saved(tmp_path, made))


def test_attributes_of_another_type(tmp_path: Path) -> None:
    for attributes in ({"hidden_size": "two"}, {"direction": 1}, {"activations": 3}):
        made = one_node("LSTM")
        made.graph.node[0].attribute.extend(
            helper.make_attribute(name, value) for name, value in attributes.items()
        )
        with pytest.raises(InputError, match="has no meaning"):
            read_model(saved(tmp_path, made))


@pytest.mark.parametrize("what", ["initializer", "node", "input", "attribute"])
def test_a_name_for_two_things(tmp_path: Path, what: str) -> None:
    made = one_node("GRU", hidden_size=2)
    graph = made.graph
    if what == "initializer":
        graph.initializer.append(graph.initializer[0])
    elif what == "node":
        graph.node.append(graph.node[0])
    elif what == "input":
        graph.node.append(node("Identity", ["W"], ["x"]))
    else:
        graph.node[0].attribute.append(graph.node[0].attribute[0])
    with pytest.raises(InputError, match="is damaged"):
        read_model(saved(tmp_path, made))


def test_a_circle(tmp_path: Path) -> None:
    nodes = [
        node("Identity", ["b"], ["a"]),
        node("Identity", ["a"], ["b"]),
        node("GRU", ["b", "W", "R"], ["y"], name="g"),
    ]
    with pytest.raises(InputError, match="is damaged"):
        read_model(saved(tmp_path, model(nodes, weights("GRU"))))
    itself = node("GRU", ["y", "W", "R"], ["y"], name="g")
    assert "GRU stands between" in refusal(saved(tmp_path, model([itself], weights("GRU"))))


def test_a_long_chain_ends(tmp_path: Path) -> None:
    length = 20_000  # of a chain that recursion would not survive
    chain = [
        onnx.NodeProto(op_type="Identity", input=[f"t{k}"], output=[f"t{k + 1}"])
        for k in range(length)
    ]
    chain[0].input[0] = "x"
    last = node("GRU", [f"t{length}", "W", "R"], ["y"])
    path = saved(tmp_path, model([*chain, last], weights("GRU")))
    assert "more than 1000 operations" in refusal(path)
    chain[0].input[0] = "W"
    last = node("GRU", ["x", f"t{length}", "R"], ["y"])
    path = saved(tmp_path, model([*chain, last], weights("GRU")))
    assert "more than 1000 operations" in refusal(path)


def test_too_many_layers(tmp_path: Path) -> None:
    nodes = [node("GRU", ["x", "W", "R"], [f"y{k}"]) for k in range(300)]
    with pytest.raises(InputError, match="more than 256 recurrent nodes"):
        read_model(saved(tmp_path, model(nodes, weights("GRU"))))


def test_deep_nesting(tmp_path: Path) -> None:
    graph = model([node("GRU", ["x", "W", "R"], ["y"])], weights("GRU")).graph
    for _ in range(20):
        outer = onnx.GraphProto(name="outer")
        outer.node.append(node("If", ["c"], ["y"], then_branch=graph))
        graph = outer
    made = model([node("If", ["c"], ["y"], then_branch=graph)], {})
    assert "inside If" in refusal(saved(tmp_path, made))
    data = made.SerializeToString()
    for _ in range(200):  # a message in a message, deeper than protobuf goes
        data = b"\x3a" + _length(len(data)) + data
    path = tmp_path / "deep.onnx"
    path.write_bytes(data)
    with pytest.raises(InputError, match=r"deep\.onnx"):
        read_model(path)


def _length(size: int) -> bytes:
    """A length as protobuf writes it."""
    out = bytearray()
    while size > 127:
        out.append(size & 127 | 128)
        size >>= 7
    return bytes([*out, size])


def huge_fill() -> list[onnx.NodeProto]:
    return [node("ConstantOfShape", ["huge"], ["s"])]


def huge_expand() -> list[onnx.NodeProto]:
    return [node("Expand", ["half", "huge"], ["s"])]


def doubling() -> list[onnx.NodeProto]:
    first = node("Concat", ["half", "half"], ["d0"], axis=0)
    more = [node("Concat", [f"d{k}", f"d{k}"], [f"d{k + 1}"], axis=0) for k in range(60)]
    return [first, *more, node("Identity", ["d60"], ["s"])]


def huge_gather() -> list[onnx.NodeProto]:
    first = node("Gather", ["half", "rows"], ["g0"], axis=0)
    more = [node("Gather", [f"g{k}", "rows"], [f"g{k + 1}"], axis=k + 1) for k in range(12)]
    return [first, *more, node("Identity", ["g12"], ["s"])]


def huge_split() -> list[onnx.NodeProto]:
    return [node("Split", ["half"], ["s"], num_outputs=2**62)]


def huge_reshape() -> list[onnx.NodeProto]:
    return [node("Reshape", ["half", "huge"], ["s"])]


def many_axes() -> list[onnx.NodeProto]:
    return [node("Unsqueeze", ["half", "axes"], ["s"])]


@pytest.mark.parametrize(
    "make",
    [huge_fill, huge_expand, doubling, huge_gather, huge_split, huge_reshape, many_axes],
)
def test_operations_that_ask_for_too_much(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, make: Callable[[], list[onnx.NodeProto]]
) -> None:
    monkeypatch.setattr(onnx_graph, "_BASE_BUDGET", BUDGET)
    constants = weights("GRU") | {
        "huge": np.array([2**40, 2**20, 2]),
        "half": np.full((1, 1, 2), 0.5, np.float32),
        "rows": np.zeros(100, np.int64),
        "axes": np.arange(100_000),
    }
    last = node("GRU", ["x", "W", "R", "", "", "s"], ["y"], name="g")
    if make is huge_fill:
        value = numpy_helper.from_array(np.array([1.0], np.float32))
        nodes = [node("ConstantOfShape", ["huge"], ["s"], value=value), last]
    else:
        nodes = [*make(), last]
    path = saved(tmp_path, model(nodes, constants))
    started = time.process_time()
    tracemalloc.start()
    try:
        with pytest.raises(InputError, match=r"more memory|does not fit"):
            read_model(path)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < PEAK_BYTES
    assert time.process_time() - started < SECONDS


@pytest.mark.parametrize("axis", [0, 1])
def test_an_absurd_batch_or_length_is_not_laid_out(tmp_path: Path, axis: int) -> None:
    made = one_node("GRU")
    made.graph.input[0].type.tensor_type.shape.dim[axis].dim_value = 2**50
    with pytest.raises(InputError, match="more memory"):
        read_model(saved(tmp_path, made))


def test_an_operation_with_a_graph_in_it_is_not_run(tmp_path: Path) -> None:
    inner = model([node("Identity", ["W"], ["y"])], {}, {}).graph
    nodes = [
        node("Identity", ["W"], ["w"]),
        node("Transpose", ["w"], ["V"], body=inner, perm=[0, 1, 2]),
        node("GRU", ["x", "V", "R"], ["y"]),
    ]
    with pytest.raises(InputError, match="does not fit"):
        read_model(saved(tmp_path, model(nodes, weights("GRU"))))


def test_a_dropout_in_training_is_refused(tmp_path: Path) -> None:
    nodes = [
        node("Dropout", ["x", "", "yes"], ["d"]),
        node("GRU", ["d", "W", "R"], ["y"]),
    ]
    made = with_constant(model(nodes, weights("GRU")), "yes", np.array(True))
    assert "Dropout" in refusal(saved(tmp_path, made))


def test_many_layers_at_the_end_of_long_chains(tmp_path: Path) -> None:
    """As many operations as one layer may have, for as many layers as a file may have."""
    length, layers = 900, 256
    chain = [
        onnx.NodeProto(op_type="Transpose", input=[f"t{k}"], output=[f"t{k + 1}"])
        for k in range(length)
    ]
    chain[0].input[0] = "W"
    for each in chain:
        each.attribute.append(helper.make_attribute("perm", [0, 1, 2]))
    ends = [node("GRU", ["x", f"t{length}", "R"], [f"y{k}"]) for k in range(layers)]
    started = time.process_time()
    with pytest.raises(InputError, match="more than 20000 small operations"):
        read_model(saved(tmp_path, model([*chain, *ends], weights("GRU"))))
    assert time.process_time() - started < 10 * SECONDS


def test_an_input_that_is_there_twice_is_damage(tmp_path: Path) -> None:
    made = one_node()
    made.graph.input.append(made.graph.input[0])
    with pytest.raises(InputError, match="two things are called 'x'"):
        read_model(saved(tmp_path, made))


def test_a_signalling_not_a_number_does_not_warn(tmp_path: Path) -> None:
    made = one_node("RNN", ["", "start"])
    start = np.array([0x7F800001, 0], "<u4").view("<f4").reshape(1, 1, 2)
    with np.errstate(all="raise"):
        (layer,) = read_model(saved(tmp_path, with_constant(made, "start", start))).layers
    assert layer.refusal or layer.strands
