"""Recurrent modules are found in a state dict by names and shapes; what is odd is refused."""

from time import process_time

import numpy as np
import pytest

from gatereel.rnn_math import InputError
from gatereel.rnn_math.models import Layer, run
from gatereel.rnn_math.models.pytorch import state_dict
from tests.rnn_math.models.torch_tensors import Shapes, model_of, shapes_of, stored

MORE = 8
"""How many times as many modules there are in the larger of two files."""

MOST_TIMES_AS_LONG = 3 * MORE
"""It takes MORE times as long; with the square of the modules' number it would take MORE ** 2."""


def only_layer(shapes: Shapes) -> Layer:
    (layer,) = model_of(shapes).layers
    return layer


@pytest.mark.parametrize(
    ("kind", "title", "cell"),
    [("rnn", "nn.RNN", "rnn"), ("gru", "nn.GRU", "gru-reset-after"), ("lstm", "nn.LSTM", "lstm")],
)
def test_the_shapes_tell_the_kind(kind: str, title: str, cell: str) -> None:
    layer = only_layer(shapes_of(kind, "encoder.", (5, 4)))
    assert (layer.module, layer.kind, layer.name) == ("encoder", title, "encoder")
    assert (layer.input_size, layer.hidden_size) == (5, 4)
    assert layer.strands["forward"].cell.name == cell
    assert layer.strands["forward"].parameters.origin == "model.safetensors"
    assert layer.nonlinearity_known == (kind != "rnn")


@pytest.mark.parametrize("kind", ["rnn", "gru", "lstm"])
def test_a_module_without_a_name_is_called_by_its_kind(kind: str) -> None:
    assert only_layer(shapes_of(kind)).module == kind


@pytest.mark.parametrize(("kind", "title"), [("gru", "nn.GRUCell"), ("rnn", "nn.RNNCell")])
def test_cells_have_no_level_in_their_names(kind: str, title: str) -> None:
    shapes = {name.replace("_l0", ""): shape for name, shape in shapes_of(kind).items()}
    assert only_layer(shapes).kind == title


def test_levels_stand_on_one_another() -> None:
    lower, upper = model_of(shapes_of("gru", "a.b.", levels=2, both=True)).layers
    assert (lower.name, upper.name) == ("a.b:1", "a.b:2")
    assert upper.below is lower
    assert list(upper.strands) == ["forward", "backward"]
    assert (lower.input_size, upper.input_size) == (3, 4)


def test_ten_levels_are_in_order_however_the_file_sorts_them() -> None:
    shapes = shapes_of("rnn", levels=11)
    model = model_of(dict(sorted(shapes.items())))
    assert [layer.level for layer in model.layers] == list(range(1, 12))
    assert not any(layer.refusal for layer in model.layers)


def test_without_biases_they_are_noughts() -> None:
    shapes = {n: s for n, s in shapes_of("lstm").items() if not n.startswith("bias")}
    layer = only_layer(shapes)
    biases = layer.strands["forward"].parameters.biases
    assert all(np.array_equal(bias, np.zeros(2)) for bias in biases.values())
    assert run(layer, "forward", np.ones((4, 3))).values["h"].shape == (4, 2)


def test_several_modules_are_said_to_be_taken_apart() -> None:
    model = model_of(shapes_of("lstm", "encoder.") | shapes_of("gru", "decoder."))
    assert [layer.name for layer in model.layers] == ["encoder", "decoder"]
    assert "does not say what feeds what" in model.assumptions[0]


def test_a_named_and_an_unnamed_module_have_different_names() -> None:
    names = [m.module for m in model_of(shapes_of("lstm") | shapes_of("lstm", "lstm.")).layers]
    assert names == ["lstm (unnamed)", "lstm"]


def without(name: str) -> Shapes:
    return {n: s for n, s in shapes_of("lstm", levels=2, both=True).items() if n != name}


@pytest.mark.parametrize(
    ("shapes", "refusal"),
    [
        (without("weight_ih_l0"), "it has no weight_ih_l0."),
        (without("weight_hh_l1_reverse"), "it has no weight_hh_l1_reverse."),
        (without("bias_hh_l0"), "it has no bias_hh_l0."),
        (shapes_of("lstm") | {"weight_ih_l5": (8, 2)}, "it has no weight_ih_l1."),
        (shapes_of("lstm") | {"weight_ih_l9999": (8, 2)}, "it has no weight_ih_l1."),
        (shapes_of("lstm") | {"weight_ih": (8, 3)}, "weight_ih, which does not go with"),
        (shapes_of("gru") | {"weight_hr_l0": (1, 2)}, "weight_hr_l0, a projection that nn.LSTM"),
        (shapes_of("lstm") | {"layer_norm.weight": (8,)}, "layer_norm.weight, too, which nn.LSTM"),
        (shapes_of("lstm") | {"weight_hh_l0": (8, 3)}, "three times and nn.LSTM four times"),
        (shapes_of("lstm") | {"weight_hh_l0": (8,)}, r"weight_hh_l0 has shape \(8,\)"),
        (shapes_of("lstm") | {"weight_hh_l0": (0, 0)}, "it needs rows and columns"),
        (shapes_of("lstm") | {"weight_ih_l0": (8, 0)}, "it needs rows and columns"),
        (shapes_of("lstm") | {"weight_ih_l0": (6, 3)}, r"has shape \(6, 3\); .* need \(8, 3\)"),
        (shapes_of("lstm") | {"bias_ih_l0": (1,) * 30}, "has shape of 30 dimensions"),
        (shapes_of("lstm", levels=2) | {"weight_ih_l1": (8, 3)}, r"the others need \(8, 2\)"),
        (shapes_of("lstm") | {"weight_hh_l0_g": (8, 1)}, "weight_hh_l0_g.*weight_norm"),
        (
            shapes_of("lstm") | {"parametrizations.weight_hh_l0.original0": (8, 1)},
            "parametrizations.weight_hh_l0.original0.*weight_norm",
        ),
        ({"lstm.parametrizations.weight_hh_l0.original1": (8, 2)}, "weight_norm"),
        ({"rnns.0.weight_hh_l0_raw": (8, 2)}, "weight_hh_l0_raw"),
    ],
)
def test_what_does_not_fit_is_refused_with_the_reason(shapes: Shapes, refusal: str) -> None:
    layer = only_layer(shapes)
    assert layer.strands == {}
    with pytest.raises(InputError, match=refusal):
        run(layer, "forward", np.ones((2, 3)))


def test_a_projection_tells_its_sizes() -> None:
    shapes: Shapes = {"weight_ih_l0": (16, 3), "weight_hh_l0": (16, 2), "weight_hr_l0": (2, 4)}
    layer = only_layer(shapes)
    assert (layer.kind, layer.input_size, layer.hidden_size) == ("nn.LSTM", 3, 4)


def test_a_refused_module_leaves_the_others_alone() -> None:
    good, bad = model_of(shapes_of("gru", "a.") | {"b.weight_hh_l0": (6, 2)}).layers
    assert not good.refusal
    assert bad.refusal == "it has no weight_ih_l0."


@pytest.mark.parametrize(
    ("dtype", "problem", "refusal"),
    [
        ("int8", "", "weight_ih_l0 holds int8; accepted are bfloat16, float16, float32, float64"),
        ("complex64", "", "holds complex64"),
        ("float32", "claims more than is stored", "weight_ih_l0 claims more than is stored."),
    ],
)
def test_a_tensor_that_cannot_be_read_is_named(dtype: str, problem: str, refusal: str) -> None:
    model = model_of(shapes_of("gru"), weight_ih_l0=stored((6, 3), dtype, problem))
    assert refusal in model.layers[0].refusal


def test_the_least_exact_type_is_the_model_s() -> None:
    assert model_of(shapes_of("gru")).dtype == "float32"
    half = stored((6, 3), "bfloat16")
    assert model_of(shapes_of("gru"), weight_ih_l0=half).dtype == "bfloat16"


def test_matrices_named_as_embeddings_are_found() -> None:
    model = model_of(
        shapes_of("gru", "gru.")
        | {
            "emb.weight": (9, 3),
            "tok_embed.weight": (4, 3),
            "emb.bias": (3, 3),
            "fc.weight": (5, 2),
        }
        | {"embed.norm.weight": (3,)}
    )
    assert list(model.embeddings) == ["emb.weight", "tok_embed.weight"]
    assert model.embeddings["emb.weight"].shape == (9, 3)


def test_an_embedding_that_cannot_be_read_is_left_out_and_said_so() -> None:
    model = model_of(shapes_of("gru", "gru.") | {"emb.weight": (9, 3)})
    assert model.notes == ()
    tensors = {"emb.weight": stored((9, 3), "int8")}
    model = model_of(shapes_of("gru", "gru."), **tensors)
    assert model.embeddings == {}
    assert model.notes == ("the embedding emb.weight is left out: it holds int8",)


@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_numbers_that_are_not_finite_are_refused_by_name(value: float) -> None:
    tensor = stored((6, 3))
    tensor.values()[1, 2] = value
    with pytest.raises(InputError, match="weight_ih_l0 holds a value that is not finite"):
        model_of(shapes_of("gru"), weight_ih_l0=tensor)


@pytest.mark.parametrize(
    ("shapes", "message"),
    [
        ({}, "no tensors at all"),
        ({"fc.weight": (2, 2), "fc.bias": (2,)}, "weight_ih_l0.*'fc.weight', 'fc.bias'"),
        ({"my_weight_ih_l0": (2, 2)}, "no recurrent layer"),
        ({"weight_ih_l00": (2, 2)}, "no recurrent layer"),
        ({f"w{k}": (1,) for k in range(9)}, "'w4', ..."),
        ({"a\x1b[2J.weight_ih_l0": (2, 2)}, r"named 'a\\x1b\[2J.weight_ih_l0'"),
        ({"a" * 501: (2, 2)}, "a name can have 500 characters"),
        ({"a." * 41: (2, 2)}, "and 40 dots"),
    ],
)
def test_without_a_recurrent_layer_the_error_says_what_is_there(
    shapes: Shapes, message: str
) -> None:
    with pytest.raises(InputError, match=message) as refusal:
        model_of(shapes)
    assert str(refusal.value).startswith("model.safetensors ")


def test_tensors_are_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(state_dict, "MAX_TENSORS", 3)
    with pytest.raises(InputError, match="has 4 tensors; at most 3 are read"):
        model_of(shapes_of("gru"))


def seconds_for(modules: int) -> float:
    """Seconds of this process to find the layers of so many modules; what else runs is left out."""
    shapes: Shapes = {f"{k}.weight_hh_l0": (1, 1) for k in range(modules)}
    start = process_time()
    assert len(model_of(shapes).layers) == modules
    return process_time() - start


def test_many_modules_take_bounded_time() -> None:
    few, many = state_dict.MAX_TENSORS // MORE, state_dict.MAX_TENSORS
    assert seconds_for(many) < MOST_TIMES_AS_LONG * min(seconds_for(few) for _ in range(3))


def test_what_stands_inside_a_refused_module_is_refused() -> None:
    # What a wrapper computes a weight from stands around; the inner copy is a stale one.
    shapes = shapes_of("lstm", "rnns.0.module.")
    shapes["rnns.0.weight_hh_l0_mask"] = (8, 2)
    inner, outer = model_of(shapes).layers
    assert "weight_hh_l0_mask" in outer.refusal
    assert inner.refusal == "it stands inside 'rnns.0', which cannot be computed."
    assert not inner.strands


@pytest.mark.parametrize(
    ("name", "is_one"),
    [
        ("emb.weight", True),
        ("model.word_embeddings.weight", True),
        ("wordemb.weight", True),
        ("encoder.embed_tokens.weight", True),
        ("member.weight", False),
        ("remember.weight", False),
        ("emb.bias", False),
    ],
)
def test_an_embedding_is_told_by_its_name(name: str, is_one: bool) -> None:
    model = model_of(shapes_of("gru", "a."), **{name: stored((5, 3))})
    assert (name in model.embeddings) == is_one
