"""A state dict of PyTorch, as `.safetensors` or by `torch.save`.

One module has no prefix, so that an nn.LSTM loads it; of several, each has its name.
"""

from collections.abc import Mapping, Sequence
from io import BytesIO
from types import MappingProxyType

import numpy as np

from gatereel.rnn_math.cell import Cell
from gatereel.rnn_math.cells import GRU_RESET_AFTER, LSTM, RNN, RNN_RELU
from gatereel.rnn_math.cells.relatives.lstm_projected import NAME as PROJECTED
from gatereel.rnn_math.errors import InputError
from gatereel.rnn_math.exporting.chains import Chain, chains_of, plain_names, stacks_of
from gatereel.rnn_math.exporting.gates import gates_of, has_biases, projection_of
from gatereel.rnn_math.exporting.stored import (
    ExportTask,
    Floats,
    Kept,
    Made,
    stacked,
    starts_apart,
    widened,
)
from gatereel.rnn_math.models.model import Direction
from gatereel.rnn_math.models.packages import load
from gatereel.rnn_math.models.pytorch.names import SUFFIXES

SUFFIXES_OF_FILES = (".safetensors", ".pt", ".pth")

_KINDS: Mapping[Cell, tuple[str, str]] = MappingProxyType(
    {
        RNN: ("RNN", "h"),
        RNN_RELU: ("RNN", "h"),
        LSTM: ("LSTM", "ifgo"),
        GRU_RESET_AFTER: ("GRU", "rzn"),
    }
)
"""Cell to its class in torch.nn and the order of its blocks."""

_ARRAYS = (
    ("W", "weight_ih"),
    ("U", "weight_hh"),
    ("b_input", "bias_ih"),
    ("b_recurrent", "bias_hh"),
)


def problem(cell: Cell) -> str:
    """Why PyTorch does not compute a cell; empty when it does."""
    return "" if _known(cell) in _KINDS else f"it computes {cell.convention}"


def _known(cell: Cell) -> Cell:
    """The cell by which _KINDS knows a module: a projected LSTM is an nn.LSTM."""
    return LSTM if cell.family == PROJECTED else cell


def make(task: ExportTask) -> Made:
    """Make the file. Raises InputError for layers that no module of PyTorch computes."""
    stacks = [stack for chain in chains_of(task.layers) for stack in stacks_of(chain)]
    for stack in stacks:
        if set(stack[0].strands) == {"backward"}:
            raise InputError(
                f"The layer {stack[0].name!r} runs backward alone, which PyTorch's modules do only "
                "beside a forward direction; --to keras and --to onnx have it."
            )
    titles = plain_names(stack[0].module for stack in stacks)
    is_alone = len(stacks) == 1
    tensors: dict[str, Floats] = {}
    kept: dict[str, Mapping[Direction, Kept]] = {}
    for stack, title in zip(stacks, titles, strict=True):
        prefix = "" if is_alone else f"{title}."
        own, found = _tensors(stack, task)
        tensors |= {prefix + name: each for name, each in own.items()}
        kind = _KINDS[_known(_cell(stack))][0]
        called = kind.lower() if is_alone else title
        for level, each in enumerate(found, start=1):
            kept[called if len(stack) == 1 else f"{called}:{level}"] = each
    return Made(
        _bytes(tensors, task.suffix),
        MappingProxyType(kept),
        _code(stacks, titles, task),
        f"{len(tensors)} tensors of PyTorch",
        tuple(starts_apart(task.layers, "hand them over when the module is called")),
    )


def _cell(stack: Chain) -> Cell:
    return next(iter(stack[0].strands.values())).cell


def _tensors(
    stack: Chain, task: ExportTask
) -> tuple[dict[str, Floats], list[Mapping[Direction, Kept]]]:
    order = _KINDS[_known(_cell(stack))][1]
    with_biases = _has_biases(stack)
    tensors: dict[str, Floats] = {}
    kept: list[Mapping[Direction, Kept]] = []
    for level, layer in enumerate(stack):
        found: dict[Direction, Kept] = {}
        for direction, strand in layer.strands.items():
            gates = gates_of(strand)
            for name, tensor in _ARRAYS if with_biases else _ARRAYS[:2]:
                values = task.rounding(stacked(gates, order, name))
                tensors[f"{tensor}_l{level}{SUFFIXES[direction]}"] = values
            projection = projection_of(strand)
            if projection is not None:
                values = task.rounding(projection)
                tensors[f"weight_hr_l{level}{SUFFIXES[direction]}"] = values
                projection = values.astype(np.float64)
            found[direction] = Kept(widened(gates, task.rounding), projection=projection)
        kept.append(found)
    return tensors, kept


def _has_biases(stack: Chain) -> bool:
    return any(has_biases(strand) for layer in stack for strand in layer.strands.values())


def _bytes(tensors: Mapping[str, Floats], suffix: str) -> bytes:
    if suffix == SUFFIXES_OF_FILES[0]:
        numpy_files = load("safetensors.numpy", "Writing .safetensors files", "gatereel")
        # PyTorch's own save_file notes this; some loaders ask for it.
        data: bytes = numpy_files.save(dict(tensors), metadata={"format": "pt"})
        return data
    torch = load("torch", f"Writing {suffix} files", "gatereel[torch]")
    stream = BytesIO()
    torch.save({name: torch.from_numpy(each.copy()) for name, each in tensors.items()}, stream)
    return stream.getvalue()


def _code(stacks: Sequence[Chain], titles: Sequence[str], task: ExportTask) -> tuple[str, ...]:
    modules = [_module(stack, task) for stack in stacks]
    model = modules[0]
    if len(modules) > 1:
        named = ", ".join(
            f"{title!r}: {module}" for title, module in zip(titles, modules, strict=True)
        )
        model = f"torch.nn.ModuleDict({{{named}}})"
    loaded = (
        f"safetensors.torch.load_file({task.name!r})"
        if task.suffix == SUFFIXES_OF_FILES[0]
        else f"torch.load({task.name!r}, weights_only=True)"
    )
    return (f"model = {model}", f"model.load_state_dict({loaded})")


def _module(stack: Chain, task: ExportTask) -> str:
    lowest, cell = stack[0], _cell(stack)
    options = [str(lowest.input_size), str(lowest.hidden_size)]
    if len(stack) > 1:
        options.append(f"num_layers={len(stack)}")
    if len(lowest.strands) > 1:
        options.append("bidirectional=True")
    if not _has_biases(stack):
        options.append("bias=False")
    if cell.projected:
        options.append(f"proj_size={cell.projected}")
    if cell is RNN_RELU:
        options.append("nonlinearity='relu'")
    if task.rounding.dtype == "float64":
        options.append("dtype=torch.float64")
    return f"torch.nn.{_KINDS[_known(cell)][0]}({', '.join(options)})"
