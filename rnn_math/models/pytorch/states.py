"""Run a layer of a PyTorch file in PyTorch itself, with the file's own tensors.

Nothing of gatereel's arrangement of weights is used: this is what its numbers are held against.
"""

import warnings
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np

from gatereel.rnn_math.arrays import Array
from gatereel.rnn_math.cells import RNN_RELU
from gatereel.rnn_math.errors import InputError
from gatereel.rnn_math.files.reading import read_bytes
from gatereel.rnn_math.models.model import Direction, Layer
from gatereel.rnn_math.models.packages import load
from gatereel.rnn_math.models.pytorch import json_files, sharded_files
from gatereel.rnn_math.models.pytorch.dropped_weights import with_whole_weights
from gatereel.rnn_math.models.pytorch.kinds import gradients_of_blocks
from gatereel.rnn_math.models.pytorch.names import TorchModule, module_called
from gatereel.rnn_math.models.pytorch.spectral_norm import divided
from gatereel.rnn_math.models.pytorch.torch_files import load_tensors
from gatereel.rnn_math.models.pytorch.weight_norm import taken_apart
from gatereel.rnn_math.models.sniffing import is_json, is_safetensors, is_sharded

_PARAMETERS = ("weight_ih", "weight_hh", "bias_ih", "bias_hh", "weight_hr")
_PROJECTS = "LSTM with projections"
"""How a warning of PyTorch's begins that says nothing of the numbers."""


def exact_states(
    path: Path, layer: Layer, direction: Direction, inputs: Array
) -> Mapping[str, Array]:
    """Return `layer`'s states, `(timesteps, hidden_size)` each, in the order it reads.

    `inputs` are the module's, `(timesteps, input_size)`, in the order of the sequence. Everything
    is computed in float64, whatever type the weights are kept in. Raises InputError when PyTorch is
    not installed or cannot run the layer.
    """
    return _states(path, layer, direction, inputs, exact=True)


def states(path: Path, layer: Layer, direction: Direction, inputs: Array) -> Mapping[str, Array]:
    """The same, computed in the type of the file's weights; raises as `exact_states` does."""
    return _states(path, layer, direction, inputs, exact=False)


def exact_gradients(
    path: Path,
    layer: Layer,
    direction: Direction,
    inputs: Array,
    sent: Mapping[str, Array],
) -> Mapping[str, Array]:
    """What PyTorch's autograd gives for `sent`, dL by each state, in the order the layer reads.

    dL by what the layer reads, "x", `(timesteps, input_size)`, and by the module's weights, as
    `W_f` and `b_f` of the cell. Computed in float64. Raises InputError as `exact_states` does.
    """
    torch = load("torch", "Running a model of PyTorch", "gatereel[torch]")
    tensors = _put_together(torch, _load_tensors(path), exact=True)
    found = module_called(layer.module, layer.kind, tensors)
    with _as_input_error(path):
        with torch.no_grad():
            rows, initial = _read_by(torch, layer, direction, found, tensors, inputs, torch.float64)
        rows = rows.clone().requires_grad_(True)
        module = _module(torch, layer, direction, found, rows.shape[1], torch.float64)
        reached, seeds = [], []
        state = initial
        for t, row in enumerate(rows):
            with warnings.catch_warnings():
                warnings.filterwarnings("ignore", _PROJECTS)
                state = _stepping(module, found)(row.unsqueeze(0), state)
            for name, value in zip(_states_of(layer), _each(state), strict=True):
                if name in sent:
                    reached.append(value.reshape(-1))
                    seeds.append(torch.from_numpy(np.array(sent[name][t])))
        torch.autograd.backward(reached, seeds)
        here = found.suffix(0, "forward")
        by_name = {
            name: parameter.grad.numpy()
            for name, parameter in module.named_parameters()
            if parameter.grad is not None
        }
        by = {name: by_name.get(f"{name}{here}") for name in _PARAMETERS}
        return {"x": rows.grad.numpy(), **gradients_of_blocks(layer.strands[direction].cell, by)}


def _states(
    path: Path, layer: Layer, direction: Direction, inputs: Array, *, exact: bool
) -> Mapping[str, Array]:
    torch = load("torch", "Running a model of PyTorch", "gatereel[torch]")
    tensors = _put_together(torch, _load_tensors(path), exact=exact)
    found = module_called(layer.module, layer.kind, tensors)
    dtype = torch.float64 if exact else _widest(found, torch)
    with _as_input_error(path), torch.no_grad():
        rows, initial = _read_by(torch, layer, direction, found, tensors, inputs, dtype)
        module = _module(torch, layer, direction, found, rows.shape[1], dtype)
        return _run(layer, rows, _stepping(module, found), initial)


def _read_by(
    torch: Any,
    layer: Layer,
    direction: Direction,
    found: TorchModule[Any],
    tensors: Mapping[str, Any],
    inputs: Array,
    dtype: Any,
) -> tuple[Any, Any]:
    """What a direction of the layer reads, in its own order, and the states it starts from."""
    rows = torch.from_numpy(np.array(inputs)).to(dtype)
    initial = _initial(torch, layer, tensors, dtype)
    if not layer.is_given_rows:
        rows = _through_modules_below(torch, layer, tensors, rows, dtype)
        rows = _through_levels_below(torch, layer, found, rows, initial, dtype)
    if direction == "backward":
        rows = rows.flip(0)
    place = (layer.level - 1) * len(layer.strands) + list(layer.strands).index(direction)
    return rows, _some(initial, slice(place, place + 1))


@contextmanager
def _as_input_error(path: Path) -> Iterator[None]:
    """What PyTorch cannot run is told as such."""
    try:
        yield
    except (RuntimeError, NotImplementedError, MemoryError) as error:
        reason = (str(error).strip() or type(error).__name__).splitlines()[0]
        raise InputError(f"{path} cannot be run in PyTorch: {reason}") from error


def _load_tensors(path: Path) -> Mapping[str, Any]:
    if is_json(path):
        torch = load("torch", "Running a model of PyTorch", "gatereel[torch]")
        return {n: torch.from_numpy(each).float() for n, each in json_files.arrays(path).items()}
    if is_sharded(path):
        package = load("safetensors.torch", "Reading .safetensors files", "gatereel")
        return sharded_files.loaded(path, package.load)
    if not is_safetensors(path):
        return load_tensors(path)
    safetensors = load("safetensors.torch", "Reading .safetensors files", "gatereel")
    tensors: Mapping[str, Any] = safetensors.load(read_bytes(path))
    return tensors


def _put_together(torch: Any, tensors: Mapping[str, Any], *, exact: bool) -> Mapping[str, Any]:
    """The tensors with each weight of weight_norm and the like as PyTorch computes it."""
    together = dict(with_whole_weights(tensors))
    shapes = {name: tuple(tensor.shape) for name, tensor in together.items()}
    for part in divided(shapes):
        names = (part.original, part.left, part.right)
        w, u, v = (together.pop(name) for name in names)
        if exact:
            w, u, v = w.double(), u.double(), v.double()
        matrix = w.T if part.is_turned else w
        together[part.weight] = w / torch.dot(u, torch.mv(matrix, v))
    for each in taken_apart({name: tuple(tensor.shape) for name, tensor in together.items()}):
        lengths, directions = together.pop(each.lengths), together.pop(each.directions)
        if exact:
            lengths, directions = lengths.double(), directions.double()
        dim = -1 if each.axis is None else each.axis
        together[each.weight] = torch._weight_norm(directions, lengths, dim)
    return together


def _initial(torch: Any, layer: Layer, tensors: Mapping[str, Any], dtype: Any) -> Any:
    """The states that the module starts from, `(levels * directions, hidden_size)`: None is zeros.

    An LSTM's are a pair. Levels above the layer are left out where its states are given.
    """
    if layer.is_given_start:
        return _given_start(torch, layer, dtype)
    names = layer.initial_tensors
    states = [tensors[name].reshape(-1, layer.hidden_size).to(dtype) for name in names.values()]
    if not states:
        return None  # PyTorch takes it as zeros
    return tuple(states) if len(states) > 1 else states[0]


def _given_start(torch: Any, layer: Layer, dtype: Any) -> Any:
    levels = [layer]
    while levels[0].level > 1 and levels[0].below is not None:
        levels.insert(0, levels[0].below)
    starts = [strand.initial or {} for each in levels for strand in each.strands.values()]
    states = [
        torch.from_numpy(np.array([start.get(state, nothing) for start in starts])).to(dtype)
        for state, nothing in _noughts(layer).items()
    ]
    return tuple(states) if len(states) > 1 else states[0]


def _noughts(layer: Layer) -> dict[str, Array]:
    cell = next(iter(layer.strands.values())).cell
    return {state: np.zeros(cell.state_width(state, layer.hidden_size)) for state in cell.states}


def _some(state: Any, places: slice) -> Any:
    """The states of some levels and directions."""
    if isinstance(state, tuple):
        return tuple(each[places].contiguous() for each in state)
    return None if state is None else state[places].contiguous()


def _widest(found: TorchModule[Any], torch: Any) -> Any:
    dtype = next(iter(found.tensors.values())).dtype
    for tensor in found.tensors.values():
        dtype = torch.promote_types(dtype, tensor.dtype)
    return dtype


def _options(layer: Layer, found: TorchModule[Any], dtype: Any) -> dict[str, Any]:
    """What the module is made with."""
    options: dict[str, Any] = {
        "bias": any(name.startswith("bias") for name in found.tensors),
        "dtype": dtype,
    }
    if any(strand.cell.name == RNN_RELU.name for strand in layer.strands.values()):
        options["nonlinearity"] = "relu"
    if layer.output_size != layer.hidden_size:
        options["proj_size"] = layer.output_size
    return options


def _through_modules_below(
    torch: Any, layer: Layer, tensors: Mapping[str, Any], rows: Any, dtype: Any
) -> Any:
    """What the layer's module reads: what the one below it gives, where one is chained to it."""
    lowest = layer
    while lowest.level > 1 and lowest.below is not None:
        lowest = lowest.below
    below = lowest.below
    if below is None:
        return rows
    found = module_called(below.module, below.kind, tensors)
    initial = _initial(torch, below, tensors, dtype)
    rows = _through_modules_below(torch, below, tensors, rows, dtype)
    rows = _through_levels_below(torch, below, found, rows, initial, dtype)
    sides = []
    for k, direction in enumerate(below.strands):
        place = (below.level - 1) * len(below.strands) + k
        read = rows.flip(0) if direction == "backward" else rows
        module = _module(torch, below, direction, found, rows.shape[1], dtype)
        start = _some(initial, slice(place, place + 1))
        hidden = torch.from_numpy(_run(below, read, _stepping(module, found), start)["h"]).to(dtype)
        sides.append(hidden.flip(0) if direction == "backward" else hidden)
    return torch.cat(sides, dim=1)


def _through_levels_below(
    torch: Any, layer: Layer, found: TorchModule[Any], rows: Any, initial: Any, dtype: Any
) -> Any:
    """What the layer reads: the outputs of all the levels below it, run as one module."""
    if layer.level == 1:
        return rows
    below = range(layer.level - 1)
    suffixes = [found.suffix(level, each) for level in below for each in layer.strands]
    names = [f"{name}{suffix}" for suffix in suffixes for name in _PARAMETERS]
    make = getattr(torch.nn, layer.kind.removeprefix("nn."))
    module = make(
        rows.shape[1],
        layer.hidden_size,
        num_layers=len(below),
        bidirectional=len(layer.strands) > 1,
        **_options(layer, found, dtype),
    )
    module.load_state_dict({n: found.tensors[n] for n in names if n in found.tensors})
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", _PROJECTS)
        return module(rows, _some(initial, slice(len(below) * len(layer.strands))))[0]


def _module(
    torch: Any,
    layer: Layer,
    direction: Direction,
    found: TorchModule[Any],
    input_size: int,
    dtype: Any,
) -> Any:
    """One level and direction of the file's module, as a module of its own."""
    make = getattr(torch.nn, layer.kind.removeprefix("nn."))
    module = make(input_size, layer.hidden_size, **_options(layer, found, dtype))
    there = found.suffix(layer.level - 1, direction)
    here = found.suffix(0, "forward")
    module.load_state_dict(
        {
            f"{name}{here}": found.tensors[f"{name}{there}"]
            for name in _PARAMETERS
            if f"{name}{there}" in found.tensors
        }
    )
    return module


def _stepping(module: Any, found: TorchModule[Any]) -> Callable[[Any, Any], Any]:
    """A function of an input, `(1, input_size)`, and the states before it, that gives the next."""
    if found.is_cell:
        return lambda row, state: module(row, state)
    return lambda row, state: module(row, state)[1]


def _states_of(layer: Layer) -> tuple[str, ...]:
    return next(iter(layer.strands.values())).cell.states


def _run(
    layer: Layer, rows: Any, step: Callable[[Any, Any], Any], state: Any
) -> Mapping[str, Array]:
    names = _states_of(layer)
    values: dict[str, list[Array]] = {name: [] for name in names}
    for row in rows:
        with warnings.catch_warnings():  # PyTorch tells which of its ways it projects by
            warnings.filterwarnings("ignore", _PROJECTS)
            state = step(row.unsqueeze(0), state)
        for name, value in zip(names, _each(state), strict=True):
            values[name].append(value.double().numpy().reshape(-1))
    return {name: np.array(each) for name, each in values.items()}


def _each(state: Any) -> tuple[Any, ...]:
    """The states one by one: an LSTM's are a pair, the others' stand alone."""
    return state if isinstance(state, tuple) else (state,)
