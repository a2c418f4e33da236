"""What may stand between the inputs and a PyTorch layer is named, wherever it is in the file."""

import pytest

from tests.rnn_math.models.torch_tensors import Shapes, model_of, shapes_of, stored

SIZE = 6
"""The input size of the layer in these files."""


def between(beside: Shapes, *, first: bool = True) -> tuple[str, ...]:
    """What is found for a layer that reads SIZE values, with these tensors before or after it."""
    module = shapes_of("gru", "gru.", (SIZE, 4))
    (layer,) = model_of(beside | module if first else module | beside).layers
    return layer.between


@pytest.mark.parametrize("first", [True, False])
@pytest.mark.parametrize(
    ("beside", "name"),
    [
        ({"fc_in.weight": (SIZE, 9), "fc_in.bias": (SIZE,)}, "fc_in.weight"),
        ({"fc_in.weight": (SIZE, SIZE), "fc_in.bias": (SIZE,)}, "fc_in.weight"),
        ({"0.weight": (SIZE, 9)}, "0.weight"),
        ({"wte.weight": (50, SIZE)}, "wte.weight"),
        ({"embedding.weight": (50, SIZE)}, "embedding.weight"),
        ({"norm.weight": (SIZE,), "norm.bias": (SIZE,)}, "norm.weight"),
        ({"bn.running_mean": (SIZE,), "bn.running_var": (SIZE,)}, "bn.running_mean"),
        ({"conv.weight": (SIZE, 2, 3), "conv.bias": (SIZE,)}, "conv.weight"),
        ({"up.weight": (2, SIZE, 3), "up.bias": (SIZE,)}, "up.weight"),
        ({"cnn.weight": (3, 1, 5, 5), "cnn.bias": (3,)}, "cnn.weight"),
        ({"attn.in_proj_weight": (3 * SIZE, SIZE)}, "attn.in_proj_weight"),
        ({"positions": (1, 20, SIZE)}, "positions"),
        ({"W": (9, SIZE)}, "W"),
        ({"scale": ()}, "scale"),
    ],
)
def test_what_has_the_layer_s_width_is_named_once(beside: Shapes, name: str, first: bool) -> None:
    assert between(beside, first=first) == (name,)


@pytest.mark.parametrize(
    "beside",
    [
        {"head.weight": (3, 4), "head.bias": (3,)},
        {"reads_it.weight": (3, SIZE), "reads_it.bias": (3,)},
        {"optimizer.state.0.exp_avg": (SIZE, 4)},
        {"opt.state.0.momentum_buffer": (SIZE, 4)},
        {},
    ],
)
def test_what_hands_on_another_width_is_not(beside: Shapes) -> None:
    assert between(beside) == ()


def test_counters_are_not() -> None:
    module = shapes_of("gru", "gru.", (SIZE, 4))
    (layer,) = model_of(module, **{"bn.num_batches_tracked": stored((), "int64")}).layers
    assert layer.between == ()


def test_another_recurrent_module_of_that_width_is_named() -> None:
    shapes = shapes_of("lstm", "a.", (3, 5), both=True) | shapes_of("lstm", "b.", (10, 4))
    lower, upper = model_of(shapes).layers
    assert (lower.between, upper.between) == ((), ("a",))


def test_upper_levels_are_fed_by_those_below() -> None:
    shapes = shapes_of("gru", "gru.", (4, 4), levels=2) | {"fc.weight": (4, 9), "fc.bias": (4,)}
    lower, upper = model_of(shapes).layers
    assert (lower.between, upper.between) == (("fc.weight",), ())


def test_a_decoder_may_start_from_an_encoder() -> None:
    shapes = shapes_of("gru", "encoder.rnn.") | shapes_of("gru", "decoder.rnn.")
    encoder, decoder = model_of(shapes).layers
    assert encoder.assumptions == ()
    (said,) = decoder.assumptions
    assert said.startswith("decoder.rnn may start from what encoder.rnn gives and read what it")
    assert said.endswith("it is run from zeros")


def test_so_it_may_from_one_that_is_not_recurrent() -> None:
    shapes = {"net.img_encoder.conv.weight": (5, 3, 3, 3)} | shapes_of("gru", "net.decoder.")
    (decoder,) = model_of(shapes).layers
    assert "decoder may start from what net.img_encoder gives" in decoder.assumptions[0]
