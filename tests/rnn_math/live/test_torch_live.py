"""Modules of PyTorch in memory: read, traced and recorded, against what they compute."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import gatereel
from gatereel.rnn_math import InputError
from gatereel.rnn_math.live import read_layer, record, trace
from gatereel.rnn_math.models import read_model

torch: Any = pytest.importorskip("torch")
nn = torch.nn

FLOAT32 = 1e-6
INPUT_SIZE, HIDDEN_SIZE, TIMESTEPS = 3, 4, 6

MODULES: dict[str, Callable[[], Any]] = {
    "rnn": lambda: nn.RNN(INPUT_SIZE, HIDDEN_SIZE),
    "rnn relu": lambda: nn.RNN(INPUT_SIZE, HIDDEN_SIZE, nonlinearity="relu"),
    "lstm": lambda: nn.LSTM(INPUT_SIZE, HIDDEN_SIZE),
    "gru": lambda: nn.GRU(INPUT_SIZE, HIDDEN_SIZE, batch_first=True),
    "no bias": lambda: nn.LSTM(INPUT_SIZE, HIDDEN_SIZE, bias=False),
    "stack": lambda: nn.GRU(INPUT_SIZE, HIDDEN_SIZE, num_layers=3, dropout=0.5),
    "both": lambda: nn.LSTM(INPUT_SIZE, HIDDEN_SIZE, num_layers=2, bidirectional=True),
    "float64": lambda: nn.LSTM(INPUT_SIZE, HIDDEN_SIZE, dtype=torch.float64),
    "rnn cell": lambda: nn.RNNCell(INPUT_SIZE, HIDDEN_SIZE, nonlinearity="relu"),
    "lstm cell": lambda: nn.LSTMCell(INPUT_SIZE, HIDDEN_SIZE),
    "gru cell": lambda: nn.GRUCell(INPUT_SIZE, HIDDEN_SIZE),
}
every_module = pytest.mark.parametrize("make", MODULES.values(), ids=list(MODULES))


@pytest.fixture(autouse=True)
def seeded() -> None:
    torch.manual_seed(3)


def rows() -> Any:
    return torch.randn(TIMESTEPS, INPUT_SIZE)


def directions(module: Any) -> tuple[Any, ...]:
    return ("forward", "backward") if getattr(module, "bidirectional", False) else (None,)


@every_module
def test_a_module_is_read_as_its_file_would_be(make: Callable[[], Any], tmp_path: Path) -> None:
    module = make()
    torch.save(module.state_dict(), tmp_path / "m.pt")
    from_file = read_model(tmp_path / "m.pt").layers[-1]
    layer = read_layer(module)
    assert (layer.kind, layer.level, layer.levels) == (
        from_file.kind,
        from_file.level,
        from_file.levels,
    )
    for direction, strand in layer.strands.items():
        theirs = from_file.strands[direction].parameters
        assert strand.parameters.weights.keys() == theirs.weights.keys()
        for name, W in strand.parameters.weights.items():
            np.testing.assert_array_equal(W, theirs.weights[name])


@every_module
def test_a_trace_agrees_with_the_module_and_says_so(make: Callable[[], Any]) -> None:
    module, x = make(), rows()
    x = x.to(next(module.parameters()).dtype)
    for direction in directions(module):
        found = trace(module, x, direction=direction)
        said = float(found.parameters.origin.rpartition(" ")[2])
        assert said <= FLOAT32
        assert "in memory, which agrees within" in found.parameters.origin
    assert module.training, "the module is left as it was"


@pytest.mark.parametrize("batch_first", [True, False])
def test_rows_may_have_a_batch_of_one(batch_first: bool) -> None:
    module, x = nn.LSTM(INPUT_SIZE, HIDDEN_SIZE, batch_first=batch_first), rows()
    plain = trace(module, x).values["h"]
    for given in (x[None], x.numpy(), x.tolist(), x[None].requires_grad_(True)):
        np.testing.assert_array_equal(trace(module, given).values["h"], plain)
    if not batch_first:
        np.testing.assert_array_equal(trace(module, x[:, None]).values["h"], plain)


def test_weights_are_those_that_are_computed_with() -> None:
    module = nn.LSTM(INPUT_SIZE, HIDDEN_SIZE)
    torch.nn.utils.parametrizations.weight_norm(module, "weight_hh_l0")
    assert float(trace(module, rows()).parameters.origin.rpartition(" ")[2]) <= FLOAT32


class Tagger(nn.Module):  # type: ignore[name-defined,misc]
    """Words through a convolution into a stack with learned states, and a cell after it."""

    def __init__(self) -> None:
        super().__init__()
        self.words = nn.Embedding(9, INPUT_SIZE)
        self.near = nn.Conv1d(INPUT_SIZE, INPUT_SIZE, 3, padding=1)
        self.lstm = nn.LSTM(INPUT_SIZE, HIDDEN_SIZE, num_layers=2, batch_first=True)
        self.h, self.c = (nn.Parameter(torch.randn(2, 1, HIDDEN_SIZE)) for _ in range(2))
        self.cell = nn.GRUCell(HIDDEN_SIZE, 2)

    def forward(self, tokens: Any) -> Any:
        x = self.near(self.words(tokens).transpose(1, 2)).transpose(1, 2)
        start = [s.expand(2, len(tokens), HIDDEN_SIZE).contiguous() for s in (self.h, self.c)]
        y, _ = self.lstm(x, tuple(start))
        state = None
        for t in range(y.shape[1]):
            state = self.cell(y[:, t], state)
        return state


def test_what_reaches_each_layer_is_recorded() -> None:
    model = Tagger()
    with record(model) as seen:
        out = model(torch.randint(9, (5, 7)))
    assert set(seen) == {"lstm", "cell"}
    for sequence in range(seen["lstm"].sequences):
        for name in seen:
            found = seen[name].trace(sequence)
            assert float(found.parameters.origin.rpartition(" ")[2]) <= FLOAT32
        last = seen["cell"].trace(sequence).values["h"][-1]
        np.testing.assert_allclose(last, out[sequence].detach().numpy(), atol=FLOAT32)
    assert seen["lstm"].rows(4).shape == (7, INPUT_SIZE)
    assert seen["lstm"].trace(layer="lstm:1").initial["h"].any()
    assert not model.lstm._forward_hooks, "the hooks are gone"
    model(torch.randint(9, (1, 2)))
    assert len(seen["lstm"].calls) == 1


def test_packed_sequences_are_as_long_as_they_are() -> None:
    module = nn.GRU(INPUT_SIZE, HIDDEN_SIZE, bidirectional=True)
    lengths = [3, 6, 2]
    padded = [torch.randn(n, INPUT_SIZE) for n in lengths]
    packed = nn.utils.rnn.pack_sequence(padded, enforce_sorted=False)
    with record(module) as seen:
        module(packed)
    for k, n in enumerate(lengths):
        np.testing.assert_allclose(seen["gru"].rows(k), padded[k].numpy())
        for direction in ("forward", "backward"):
            found = seen["gru"].trace(k, direction=direction)
            assert found.timesteps == n
            assert float(found.parameters.origin.rpartition(" ")[2]) <= FLOAT32


def test_states_may_be_given_by_name_and_without_a_batch() -> None:
    module = nn.LSTM(INPUT_SIZE, HIDDEN_SIZE)
    start = (torch.randn(1, HIDDEN_SIZE), torch.randn(1, HIDDEN_SIZE))
    with record(module) as seen:
        module(rows(), hx=start)
    found = seen["lstm"].trace()
    np.testing.assert_allclose(found.initial["c"], start[1][0].numpy())
    assert float(found.parameters.origin.rpartition(" ")[2]) <= FLOAT32


def test_hooks_go_where_the_block_fails() -> None:
    module = nn.LSTM(INPUT_SIZE, HIDDEN_SIZE)
    with pytest.raises(RuntimeError), record(module):
        module(torch.randn(2, 2, 9))
    assert not module._forward_hooks


def test_the_public_names_are_these() -> None:
    assert (gatereel.read_layer, gatereel.trace, gatereel.record) == (read_layer, trace, record)


@pytest.mark.parametrize(
    ("act", "message"),
    [
        (lambda: read_layer(nn.Linear(2, 2)), "Linear holds no recurrent module"),
        (lambda: read_layer(7), "int is no module of PyTorch, no layer of Keras"),
        (lambda: read_layer(nn.ModuleList([nn.GRU(2, 2), nn.LSTM(2, 2)])), "2 recurrent layers"),
        (lambda: trace(nn.LSTM(3, 4), np.zeros((2, 5))), r"reads \(timesteps, 3\)"),
        (lambda: trace(nn.LSTM(3, 4), np.zeros((2, 5, 3))), "several sequences"),
        (
            lambda: trace(nn.LSTM(3, 4, bidirectional=True), np.zeros((2, 3))),
            "forward and backward",
        ),
        (lambda: record(nn.Linear(2, 2)).__enter__(), "Linear holds no recurrent module"),
        (lambda: record("model").__enter__(), "str is no module of PyTorch"),
    ],
)
def test_what_cannot_be_done_is_told(act: Callable[[], object], message: str) -> None:
    with pytest.raises(InputError, match=message):
        act()


def test_a_sequence_or_a_call_that_there_is_not_is_told() -> None:
    with record(nn.GRU(INPUT_SIZE, HIDDEN_SIZE)) as seen:
        pass
    with pytest.raises(InputError, match="was called 0 times"):
        seen["gru"].trace()
    module = nn.GRU(INPUT_SIZE, HIDDEN_SIZE)
    with record(module) as seen:
        module(rows())
    with pytest.raises(InputError, match="no sequence 3; the call had 1"):
        seen["gru"].trace(3)


def test_a_module_that_computes_something_else_is_found_out() -> None:
    class Louder(nn.LSTM):  # type: ignore[name-defined,misc]
        def forward(self, x: Any, hx: Any = None) -> Any:
            output, state = super().forward(x, hx)
            return output * 1.01, state

    with pytest.raises(InputError, match="itself gives other hidden states"):
        trace(Louder(INPUT_SIZE, HIDDEN_SIZE), rows())
