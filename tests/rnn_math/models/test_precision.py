"""The type of a layer's numbers, where a file holds several."""

from dataclasses import replace
from itertools import product
from types import MappingProxyType

import numpy as np
import pytest

from gatereel.rnn_math import LSTM, Parameters, random_parameters
from gatereel.rnn_math.models import Layer, Model, Strand, precision
from gatereel.rnn_math.models.model import Dtype
from tests.rnn_math.models.builders import layer

FINE: tuple[Dtype, ...] = ("float32", "float64")


def of_type(dtype: Dtype) -> Layer:
    """A layer whose weights need exactly this type."""
    drawn = random_parameters(LSTM, 3, 2, seed=1)
    weights = {
        name: W.astype(np.float16 if dtype == "float16" else dtype).astype(np.float64)
        for name, W in drawn.weights.items()
    }
    strand = Strand(LSTM, Parameters(weights, drawn.biases, "test"))
    return replace(layer("m", "lstm", 3, 2), strands=MappingProxyType({"forward": strand}))


@pytest.mark.parametrize(("own", "least"), [*product(FINE, ("bfloat16", "float16", "float32"))])
def test_a_layer_is_as_exact_as_its_weights_need(own: Dtype, least: Dtype) -> None:
    one = of_type(own)
    assert precision(Model("PyTorch", (one,), dtype=least), one) == own


@pytest.mark.parametrize("dtype", ["float16", "float32", "float64"])
def test_weights_that_would_fit_into_less_are_what_the_file_says(dtype: Dtype) -> None:
    one = of_type("float16")
    assert precision(Model("PyTorch", (one,), dtype=dtype), one) == dtype


def test_a_layer_is_no_more_exact_than_what_feeds_it() -> None:
    lower, upper = of_type("float16"), of_type("float64")
    fed = replace(upper, below=lower)
    model = Model("PyTorch", (lower, fed), dtype="float16")
    assert (precision(model, upper), precision(model, fed)) == ("float64", "float16")
