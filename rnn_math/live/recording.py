"""What each recurrent layer of a model really receives, recorded while the model runs.

    with record(model) as seen:
        model(x)
    seen["encoder.lstm"].trace()

So any model works, whatever stands before the layer: embeddings, convolutions, attention.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import field
from typing import Any

import numpy as np

from gatereel.rnn_math.arrays import Array
from gatereel.rnn_math.errors import InputError
from gatereel.rnn_math.live import torch_modules
from gatereel.rnn_math.live.reading import read_layer
from gatereel.rnn_math.live.tracing import with_origin
from gatereel.rnn_math.models.choose import choose_direction, choose_layer
from gatereel.rnn_math.models.model import Direction, Layer, Model
from gatereel.rnn_math.models.running import run
from gatereel.rnn_math.records import dataclass
from gatereel.rnn_math.trace import Trace


@dataclass(eq=False)
class _Call:
    """One call of a module: `(batch, timesteps, input_size)`, and the states it began with."""

    rows: list[Array]
    """A sequence each, as long as it is."""
    states: dict[str, Array]
    """`(levels * directions, batch, hidden_size)`; empty for zeros."""
    output: list[Array]
    """Of each sequence, what the module gave: `(timesteps, directions * hidden_size)`."""


@dataclass(eq=False)
class Recorded:
    """A recurrent module and all that it received."""

    name: str
    module: Any
    calls: list[_Call] = field(default_factory=list)

    @property
    def sequences(self) -> int:
        """How many sequences the last call had."""
        return len(self._call(-1).rows)

    def rows(self, sequence: int = 0, *, call: int = -1) -> Array:
        """What the module read, `(timesteps, input_size)`."""
        return self._of(self._call(call).rows, sequence)

    def trace(
        self,
        sequence: int = 0,
        *,
        layer: str | None = None,
        direction: Direction | None = None,
        call: int = -1,
    ) -> Trace:
        """One of the sequences of a call, run again, from the states that it began with.

        Of a stack it is the top layer unless `layer` names another, such as "lstm:1". Its origin
        says how far the hidden states are from those that the module gave. Raises InputError for a
        sequence, a call or a layer that there is not.
        """
        made = self._call(call)
        rows = self._of(made.rows, sequence)
        found = self._layer(layer)
        side = choose_direction(found, direction)
        states = {name: values[:, sequence] for name, values in made.states.items()}
        trace = run(torch_modules.with_states(found, states) if states else found, side, rows)
        if found.level < found.levels:
            return with_origin(trace, f"{found.kind} in memory")
        half = list(found.strands).index(side) * found.hidden_size
        theirs = made.output[sequence][:, half : half + found.hidden_size]
        ours = trace.values["h"] if side == "forward" else trace.values["h"][::-1]
        difference = float(np.abs(ours - theirs).max())
        return with_origin(trace, f"{found.kind} in memory, which agrees within {difference:.1e}")

    def _layer(self, name: str | None) -> Layer:
        if name is None:
            return read_layer(self.module)
        layers = torch_modules.layers_of(self.module)
        return choose_layer(Model("PyTorch", layers), name)

    def _call(self, call: int) -> _Call:
        if not -len(self.calls) <= call < len(self.calls):
            raise InputError(f"{self.name!r} was called {len(self.calls)} times while recorded.")
        return self.calls[call]

    def _of(self, sequences: list[Array], sequence: int) -> Array:
        if not 0 <= sequence < len(sequences):
            raise InputError(
                f"There is no sequence {sequence}; the call had {len(sequences)}, from 0."
            )
        return sequences[sequence]


@contextmanager
def record(model: Any) -> Iterator[Mapping[str, Recorded]]:
    """Record every recurrent module of a PyTorch model while the block runs, by name.

    A model that is one itself is there under its kind, such as "lstm". Raises InputError for what
    is no module of PyTorch or holds no recurrent one.
    """
    if not torch_modules.is_module(model):
        raise InputError(
            f"{type(model).__name__} is no module of PyTorch; of Keras, trace(layer, x) takes the "
            "rows that reach a layer."
        )
    modules = torch_modules.recurrent_modules(model)
    if not modules:
        torch_modules.layers_of(model)  # which says what there is not
    seen = {
        name or type(module).__name__.lower(): Recorded(name, module)
        for name, module in modules.items()
    }
    hooks = [
        each.module.register_forward_hook(_hook(each), with_kwargs=True) for each in seen.values()
    ]
    try:
        yield seen
    finally:
        for hook in hooks:
            hook.remove()


def _hook(recorded: Recorded) -> Any:
    def note(module: Any, args: tuple[Any, ...], kwargs: dict[str, Any], output: Any) -> None:
        x = args[0] if args else kwargs["input"]
        given = args[1] if len(args) > 1 else kwargs.get("hx")
        if hasattr(module, "num_layers"):
            recorded.calls.append(_of_module(module, x, given, output[0]))
        else:
            _of_cell(recorded, x, given, output)

    return note


def _of_module(module: Any, x: Any, given: Any, output: Any) -> _Call:
    rows, outputs = _sequences(module, x), _sequences(module, output)
    is_one = not hasattr(x, "batch_sizes") and x.dim() == 2
    states = {}
    for name, value in _named(given):
        array = torch_modules.to_numpy(value)
        states[name] = array[:, None] if is_one else array
    return _Call(rows, states, outputs)


def _of_cell(recorded: Recorded, x: Any, given: Any, output: Any) -> None:
    """A cell is called a timestep at a time: all of them are one call here."""
    rows = torch_modules.to_numpy(x)
    h = torch_modules.to_numpy(output[0] if isinstance(output, tuple) else output)
    rows, h = np.atleast_2d(rows), np.atleast_2d(h)
    if not recorded.calls:
        states = {
            name: np.atleast_2d(torch_modules.to_numpy(value))[None]
            for name, value in _named(given)
        }
        recorded.calls.append(_Call([r[None] for r in rows], states, [o[None] for o in h]))
        return
    (call,) = recorded.calls
    call.rows = [np.concatenate([a, b[None]]) for a, b in zip(call.rows, rows, strict=True)]
    call.output = [np.concatenate([a, b[None]]) for a, b in zip(call.output, h, strict=True)]


def _named(given: Any) -> Iterator[tuple[str, Any]]:
    if given is not None:
        pair = given if isinstance(given, tuple) else (given,)
        yield from zip(("h", "c"), pair, strict=False)


def _sequences(module: Any, x: Any) -> list[Array]:
    """Each sequence of a batch; of a packed one as long as it is."""
    if hasattr(x, "batch_sizes"):
        sizes = [int(size) for size in x.batch_sizes]
        data = torch_modules.to_numpy(x.data)
        starts = np.concatenate([[0], np.cumsum(sizes)])
        found = [
            np.array([data[starts[t] + k] for t, size in enumerate(sizes) if k < size])
            for k in range(sizes[0])
        ]
        order = x.unsorted_indices
        return found if order is None else [found[int(k)] for k in order]
    array = torch_modules.to_numpy(x)
    if array.ndim == 2:
        return [array]
    return list(array if module.batch_first else array.swapaxes(0, 1))
