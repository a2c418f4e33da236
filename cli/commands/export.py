"""`gatereel export`: the gates of a trained model apart, or the model as another library's file."""

from collections.abc import Sequence
from pathlib import Path

import click

from gatereel.cli.inputs.choice import chained_as
from gatereel.cli.options.common import debug_option, quiet_option
from gatereel.cli.options.sources import chain_option, layer_option, nonlinearity_option
from gatereel.cli.terminal.outlet import show
from gatereel.cli.terminal.report import report_assumptions, report_data
from gatereel.rnn_math import InputError, counted
from gatereel.rnn_math.exporting import TARGETS, TYPES, export_as, write_gates
from gatereel.rnn_math.models import (
    Layer,
    Model,
    check_computable,
    choose_layer,
    read_model,
    with_nonlinearity,
)

_EXAMPLES = """\b
Examples:
  gatereel export model.safetensors -o gates.npz
  gatereel export model.onnx --to pytorch -o model.safetensors
  gatereel export model.pt --layer encoder --to keras -o encoder.weights.h5
"""
"""The first line keeps the others from being wrapped."""


@click.command(epilog=_EXAMPLES)
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    metavar="FILE",
    required=True,
    help="File to write: .npz or .safetensors with each gate; with --to, .safetensors, .pt, "
    ".weights.h5 or .onnx.",
)
@click.option(
    "--to",
    "to",
    type=click.Choice(tuple(TARGETS)),
    help="Write the file of this library in place of the gates one by one.",
)
@click.option(
    "--dtype",
    type=click.Choice(TYPES),
    help="Type of the numbers in the file of a library. Default: float64 where all of the model "
    "is, else float32.",
)
@layer_option
@nonlinearity_option
@chain_option
@quiet_option
@debug_option
def export(
    file: Path,
    output: Path,
    to: str | None,
    dtype: str | None,
    layer: str | None,
    nonlinearity: str | None,
    chain: str | None,
    quiet: bool,
) -> None:
    """Write the weights of FILE down again: gate by gate, or for another library.

    Without --to, each gate has its W, its U and both biases under its own name, such as
    lstm/f/W, whatever library the model is from. With --to, the file is read back and every number
    held against what went in, to the last bit, before it appears; the lines of code that load it
    are printed. A cell that the library does not compute exactly is refused. All layers are
    written unless --layer names one.
    """
    model = read_model(file)
    if nonlinearity is not None:
        model = with_nonlinearity(model, nonlinearity)
    if chain is not None:
        _check_chain(layer, to)
        model = chained_as(model, chain, file)
    layers, left_out = _chosen(model, layer, file)
    if chain is not None:
        report_assumptions(model.assumptions[-1:])
        layers = sorted(layers, key=_level)
    report_assumptions(_open(model, layers, file))
    report_assumptions(left_out)
    if to is None:
        if dtype is not None:
            raise InputError("--dtype is of a library's file; the gates are exact. Leave it out.")
        count = write_gates(output, layers)
        report_data(output, f"{counted(count, 'array')}  {_names(layers)}", quiet=quiet)
        return
    usual = TYPES[1] if model.dtype == TYPES[1] and to != "onnx" else TYPES[0]
    written = export_as(layers, to, output, dtype or usual)
    report_assumptions(written.notes)
    report_data(output, f"{written.what}, read back and equal to the last bit", quiet=quiet)
    show("\n".join(written.code))


def _check_chain(layer: str | None, to: str | None) -> None:
    """Raise InputError where a chain would change nothing of what is written."""
    if to is None:
        raise InputError(
            "--chain says which layers follow each other in another library's file, of --to; each "
            "gate is written by itself. Leave it out."
        )
    if layer is not None:
        raise InputError("--chain is written whole; leave --layer out.")


def _level(layer: Layer) -> int:
    """How many layers are below one; those that it reads are written before it."""
    return 0 if layer.below is None else 1 + _level(layer.below)


def _chosen(model: Model, name: str | None, path: Path) -> tuple[list[Layer], list[str]]:
    """The layers that are written, and a sentence for each that cannot be."""
    if name is not None:
        stack = [layer for layer in model.layers if name in (layer.module, layer.name)]
        try:
            found = stack or [choose_layer(model, name)]
        except InputError as error:
            raise InputError(f"{path}: {error} Name one with --layer.") from None
        for layer in found:
            check_computable(layer)
        return found, []
    found = [layer for layer in model.layers if not layer.refusal]
    if not found:
        check_computable(model.layers[0])
    return found, [
        f"{layer.name} is left out, for it cannot be computed: {layer.refusal}"
        for layer in model.layers
        if layer.refusal
    ]


def _open(model: Model, layers: Sequence[Layer], path: Path) -> list[str]:
    """What the file leaves open and how it was taken."""
    said = [each for layer in layers for each in layer.assumptions]
    said += [
        f"{path} does not tell tanh from relu for {layer.name!r}; taken as tanh "
        "(--nonlinearity relu for the other)"
        for layer in layers
        if not layer.nonlinearity_known
    ][:1]
    return list(dict.fromkeys(said))


def _names(layers: Sequence[Layer]) -> str:
    return ", ".join(layer.name for layer in layers)
