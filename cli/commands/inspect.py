"""`gatereel inspect`: the recurrent layers in a model's file."""

from collections.abc import Sequence
from itertools import groupby
from pathlib import Path

import click

from gatereel.cli.options.common import debug_option
from gatereel.cli.terminal.outlet import show
from gatereel.cli.terminal.tables import align
from gatereel.rnn_math.counting import counted, some_of
from gatereel.rnn_math.models import Layer, Model, read_model, recorder

_HEADINGS = ("layer", "kind", "input size", "hidden size", "layers", "directions", "cell")
_NUMERIC = (2, 3, 4)

_EXAMPLES = """\b
Examples:
  gatereel inspect model.safetensors
  gatereel inspect model.keras
"""
"""The first line keeps the others from being wrapped."""


@click.command(epilog=_EXAMPLES)
@click.argument("file", type=click.Path(path_type=Path))
@debug_option
def inspect(file: Path) -> None:
    """List the recurrent layers of FILE, and what `--layer` and `--direction` can name.

    Nothing in the file is run.
    """
    show(format_model(read_model(file), file))


def format_model(model: Model, path: Path) -> str:
    """The layers as a table, a line a module, and below it what else matters."""
    rows = [_row(list(levels)) for _, levels in groupby(model.layers, lambda layer: layer.module)]
    lines = [f"{model.library}, {model.dtype}", "", *align([_HEADINGS, *rows], _NUMERIC)]
    facts = [
        *(
            f"layers of {layer.module}: --layer {layer.module}:1 (reads the inputs) to "
            f"{layer.module}:{layer.levels}"
            for layer in model.layers
            if layer.level == 1 and layer.levels > 1
        ),
        *(
            f"embedding {name}: {matrix.shape[0]} tokens, {matrix.shape[1]} values each"
            for name, matrix in model.embeddings.items()
        ),
        *(
            f"{layer.name} cannot be drawn: {layer.refusal}"
            for layer in model.layers
            if layer.refusal
        ),
        *(
            f"{layer.name}: tanh or relu? the file does not tell; --nonlinearity does"
            for layer in model.layers
            if not layer.nonlinearity_known
        ),
        *(
            f"not known here as {model.library}'s own: {name}; it is not run, and verify refuses it"
            for name in model.foreign
        ),
        *(
            f"{layer.name}: {layer.unstarted} --initial takes those states"
            for layer in model.layers
            if layer.unstarted
        ),
        *(_fed_through(layer) for layer in model.layers if layer.stages),
        *(fact for layer in model.layers if layer.unfed for fact in _unfed(model, layer, path)),
        *(
            f"{layer.name}: may be fed through {some_of(layer.between)}; the file does not tell"
            for layer in model.layers
            if layer.between
        ),
        *(
            fact
            for layer in model.layers
            if layer.between
            for fact in _recorded(model, layer, path)
        ),
        *dict.fromkeys(
            [*(each for layer in model.layers for each in layer.assumptions), *model.assumptions]
        ),
        *model.notes,
    ]
    return "\n".join([*lines, *([""] if facts else []), *facts])


def _fed_through(layer: Layer) -> str:
    """What stands below a layer and is computed, and what goes in there."""
    rows = f"{counted(layer.fed_size, 'value')} a timestep"
    if layer.below is not None:
        source = f"what {layer.below.name} hands up"
    elif layer.embedding:
        source = f"the embedding {layer.embedding}"
    elif layer.repeats:
        source = f"one row of the model's inputs, {counted(layer.fed_size, 'value')},"
    else:
        source = f"the model's inputs, {rows},"
    passed = some_of([f"{stage.kind} {stage.name}" for stage in layer.stages])
    return f"{layer.name}: reads {source} through {passed}; these are computed, too"


def _unfed(model: Model, layer: Layer, path: Path) -> tuple[str, ...]:
    """Why the model's inputs do not reach a layer, and the way round."""
    return (f"{layer.name}: {layer.unfed}", *_recorded(model, layer, path))


def _recorded(model: Model, layer: Layer, path: Path) -> tuple[str, ...]:
    """How the rows that a layer reads are recorded."""
    width = counted(layer.input_size, "value")
    line = recorder(model, layer, path)
    code = f", recorded by\n  {line}" if line else ""
    return (f"{layer.name} reads {width} a timestep; --at-layer takes such rows{code}",)


def _row(levels: Sequence[Layer]) -> tuple[str, ...]:
    lowest = levels[0]
    strands = [strand for layer in levels for strand in layer.strands.values()]
    cells = list(dict.fromkeys(strand.cell.name for strand in strands))
    return (
        lowest.module,
        lowest.kind,
        str(lowest.input_size),
        str(lowest.hidden_size),
        str(lowest.levels),
        " and ".join(lowest.strands) or "-",
        ", ".join(cells) or "-",
    )
