"""Layers and directions by name; what is open is asked for, and what there is is said."""

from dataclasses import replace
from types import MappingProxyType

import pytest

from gatereel.rnn_math import RNN, RNN_RELU, InputError
from gatereel.rnn_math.models import Layer, Model, choose_direction, choose_layer, with_nonlinearity
from tests.rnn_math.models.builders import BOTH, FORWARD, layer, stack


def test_the_only_layer_and_direction_are_taken() -> None:
    model = stack("lstm", "lstm", (3, 2), FORWARD)
    chosen = choose_layer(model)
    assert chosen.name == "lstm"
    assert choose_direction(chosen) == "forward"


def test_a_stack_s_layers_have_numbers() -> None:
    model = stack("encoder.lstm", "lstm", (3, 2, 4), FORWARD)
    assert [each.name for each in model.layers] == ["encoder.lstm:1", "encoder.lstm:2"]
    assert choose_layer(model, "encoder.lstm:2").hidden_size == 4


@pytest.mark.parametrize("name", [None, "lstm", "lstm:3"])
def test_what_is_open_or_unknown_lists_the_names(name: str | None) -> None:
    model = stack("lstm", "lstm", (3, 2, 2), FORWARD)
    with pytest.raises(InputError, match="lstm:1, lstm:2"):
        choose_layer(model, name)


def test_a_layer_of_two_directions_needs_one_named() -> None:
    chosen = choose_layer(stack("gru", "gru", (3, 2), BOTH))
    with pytest.raises(InputError, match="runs forward and backward"):
        choose_direction(chosen)
    assert choose_direction(chosen, "backward") == "backward"


def test_a_direction_that_is_not_there_is_refused() -> None:
    chosen = choose_layer(stack("gru", "gru", (3, 2), FORWARD))
    with pytest.raises(InputError, match="runs forward only"):
        choose_direction(chosen, "backward")


def test_a_nonlinearity_settles_every_open_layer_and_those_it_feeds() -> None:
    model = stack("rnn", "rnn", (3, 2, 2), BOTH)
    lower = replace(model.layers[0], nonlinearity_known=False)
    upper = replace(model.layers[1], nonlinearity_known=False, below=lower)
    other = layer("lstm", "lstm", 3, 2)
    settled = with_nonlinearity(Model("PyTorch", (lower, upper, other)), "relu")
    for one in settled.layers[:2]:
        assert {strand.cell for strand in one.strands.values()} == {RNN_RELU}
        assert one.nonlinearity_known
    assert settled.layers[1].below is settled.layers[0]
    assert settled.layers[2] is other
    tanh = with_nonlinearity(Model("PyTorch", (lower,)), "tanh")
    assert tanh.layers[0].strands["forward"].cell is RNN


def test_a_nonlinearity_that_settles_nothing_is_refused() -> None:
    with pytest.raises(InputError, match="nothing to settle"):
        with_nonlinearity(stack("lstm", "lstm", (3, 2), FORWARD), "relu")


def test_what_a_wrapper_put_before_a_name_need_not_be_said() -> None:
    model = read_model_of("module.encoder.lstm", "module.decoder.lstm", "module.gru")
    assert choose_layer(model, "gru").name == "module.gru"
    assert choose_layer(model, "encoder.lstm").name == "module.encoder.lstm"
    with pytest.raises(InputError, match=r"'lstm' is the end of 2 layers' names"):
        choose_layer(model, "lstm")
    with pytest.raises(InputError, match="There is no recurrent layer 'ru'"):
        choose_layer(model, "ru")


def read_model_of(*names: str) -> Model:
    layers = tuple(Layer(name, "nn.LSTM", 1, 1, MappingProxyType({})) for name in names)
    return Model("PyTorch", layers)
