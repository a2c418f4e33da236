"""Run a layer that is in memory over a sequence, and hold the numbers against its own.

trace(torch.nn.LSTM(3, 5), x) -> Trace, whose origin says how far it agrees
"""

from dataclasses import replace
from typing import Any

import numpy as np

from gatereel.rnn_math.arrays import Array
from gatereel.rnn_math.errors import InputError
from gatereel.rnn_math.live import flax_cells, keras_layers, torch_modules
from gatereel.rnn_math.live.reading import read_layer
from gatereel.rnn_math.models.choose import choose_direction
from gatereel.rnn_math.models.model import Direction, Layer
from gatereel.rnn_math.models.running import run
from gatereel.rnn_math.parameters import Parameters
from gatereel.rnn_math.trace import Trace

TOLERANCE = 1e-6
"""What rounding in float32 explains, of the largest state or of 1."""
LOOSE = {"float16": 1e-2, "bfloat16": 1e-1}
"""The same of less exact types."""


def trace(
    source: Any, x: Any, *, layer: str | None = None, direction: Direction | None = None
) -> Trace:
    """Run a recurrent module or layer over `x`, `(timesteps, input_size)`, with a 1 for a batch.

    `x` is an array or a tensor of any device. Of a stack it is the top layer, of two directions the
    one that is named. The module runs over the same rows, too: the trace's origin says the largest
    difference of its hidden states. Raises InputError where they differ by more than rounding
    explains, and as `read_layer` does. What stands before a layer in a model is not run: for that,
    `record` the model.
    """
    found = read_layer(source, layer)
    side = choose_direction(found, direction)
    rows = rows_of(x, found, batch_first=getattr(source, "batch_first", True))
    made = run(found, side, rows)
    theirs = _own_states(source, found, side, rows)
    if theirs is None:
        return made
    values, dtype = theirs
    ours = made.values["h"] if side == "forward" else made.values["h"][::-1]
    difference = float(np.abs(ours - values).max())
    tolerance = LOOSE.get(dtype, TOLERANCE) * max(1.0, float(np.abs(values).max()))
    if not difference <= tolerance:
        raise InputError(
            f"{found.name!r} itself gives other hidden states, by up to {difference:.1e}, than its "
            f"equations do; {tolerance:.0e} is what {dtype} rounding explains."
        )
    origin = f"{found.kind} in memory, which agrees within {difference:.1e}"
    return with_origin(made, origin)


def with_origin(made: Trace, origin: str) -> Trace:
    """The same trace, whose parameters say where they come from."""
    parameters = made.parameters
    return replace(made, parameters=Parameters(parameters.weights, parameters.biases, origin))


def rows_of(x: Any, layer: Layer, *, batch_first: bool) -> Array:
    """One sequence, `(timesteps, input_size)`. Raises InputError for several, and other shapes."""
    rows = torch_modules.to_numpy(x)
    if rows.ndim == 3:
        batch = 0 if rows.shape[0] == 1 and (batch_first or rows.shape[1] != 1) else 1
        if rows.shape[batch] != 1:
            raise InputError(
                f"x has the shape {rows.shape}: several sequences; give one, such as x[:1]."
            )
        rows = rows.squeeze(batch)
    width = layer
    while width.below is not None:
        width = width.below
    if rows.ndim != 2 or rows.shape[1] != width.input_size:
        raise InputError(
            f"x has the shape {np.shape(x)}; {layer.name!r} reads (timesteps, {width.input_size})."
        )
    return rows


def _own_states(
    source: Any, layer: Layer, direction: Direction, rows: Array
) -> tuple[Array, str] | None:
    """The hidden states that the source itself gives, in the order of the sequence, and its type.

    None where it cannot be asked: a model that holds the layer somewhere, or a lower layer.
    """
    if keras_layers.is_layer(source):
        is_the_layer = keras_layers.recurrent_layers(source).get(layer.module) is source
        return _of_keras(source, direction, rows) if is_the_layer else None
    if flax_cells.is_module(source):
        return flax_cells.own_states(source, layer.hidden_size, rows)
    if torch_modules.is_recurrent(source) and layer.level == layer.levels:
        return _of_torch(source, layer, direction, rows)
    return None


def _of_torch(module: Any, layer: Layer, direction: Direction, rows: Array) -> tuple[Array, str]:
    weight = next(module.parameters())
    x = weight.new_tensor(rows)
    was_training = module.training
    module.eval()  # no dropout between the layers of a stack
    try:
        if hasattr(module, "num_layers"):
            output = module(x[None] if module.batch_first else x[:, None])[0]
            output = output[0] if module.batch_first else output[:, 0]
            states = torch_modules.to_numpy(output)
        else:
            state: Any = None
            steps = []
            for row in x:
                state = module(row[None], state)
                steps.append(state[0] if isinstance(state, tuple) else state)
            states = np.concatenate([torch_modules.to_numpy(each) for each in steps])
    finally:
        module.train(was_training)
    half = list(layer.strands).index(direction) * layer.hidden_size
    return states[:, half : half + layer.hidden_size], str(weight.dtype).removeprefix("torch.")


def _of_keras(layer: Any, direction: Direction, rows: Array) -> tuple[Array, str]:
    """Its side's own states: one call a length, for whatever a layer returns, the last is there."""
    side = getattr(layer, f"{direction}_layer", layer)
    read = rows if direction == "forward" else rows[::-1]
    dtype = str(side.compute_dtype)
    state = side.cell.get_initial_state(batch_size=1)
    steps = []
    for row in read:
        x = np.asarray(row[None], dtype=dtype if dtype != "bfloat16" else "float32")
        output, state = side.cell(x, state)
        steps.append(torch_modules.to_numpy(output))
    states = np.concatenate(steps)
    return (states if direction == "forward" else states[::-1]), dtype
