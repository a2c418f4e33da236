"""`gatereel verify`: a model in its own library against gatereel's numbers."""

from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

import click
import numpy as np

from gatereel.cli.inputs.choice import Chosen, choose
from gatereel.cli.inputs.prepared import Prepared
from gatereel.cli.inputs.preparing import model_rows, run_ready
from gatereel.cli.inputs.sequences import InputRows
from gatereel.cli.options.common import debug_option
from gatereel.cli.options.loss import as_read_backward, loss_of, loss_option
from gatereel.cli.options.sources import MODEL_OPTIONS, SEQUENCE_OPTIONS, Source, collect
from gatereel.cli.terminal.outlet import show
from gatereel.cli.terminal.report import report_assumptions, report_note
from gatereel.rnn_math import Array, InputError, counted
from gatereel.rnn_math.gradients import Loss, backpropagate
from gatereel.rnn_math.models import (
    PROOF_TYPES,
    library_gradients,
    library_own_states,
    library_states,
    precision,
)

TOLERANCES: Mapping[str, float] = MappingProxyType({"float64": 1e-10, "float32": 1e-5})
"""Largest difference that rounding explains, by the type in which a library is run for the proof.

What is held against gatereel's numbers is computed by the library in its most exact type, of the
weights as they are stored (`PROOF_TYPES`): each sum is then off by about 1e-16 or 6e-8, and an
error of a formula, or of one weight, is far above that. In bfloat16, where a sum is off by 4e-3, it
would not be. The library's own run, in the type that the file asks for, is told beside it and
decides nothing: how far it is off says how much is lost by that type.
"""

READ_HERE: Mapping[str, str] = MappingProxyType(
    {
        "Keras": "what feeds the layer, and which options it has, is as gatereel reads config.json "
        "(nothing of that is handed to Keras, which could run code from it)"
    }
)
"""By library, what is taken for both sides as gatereel reads it, so that no agreement proves it."""

FAILURE = 1
"""Exit code when the numbers differ by more."""

_EXAMPLES = """\b
Examples:
  gatereel verify model.safetensors --inputs sequence.csv
  gatereel verify model.pt --inputs sequence.csv --gradients --loss "h[2]"
  gatereel verify model.onnx --layer encoder --direction backward --inputs sequence.npy
"""
"""The first line keeps the others from being wrapped."""


@click.command(epilog=_EXAMPLES)
@click.argument("file", type=click.Path(path_type=Path))
@collect(*MODEL_OPTIONS[1:], *SEQUENCE_OPTIONS)
@click.option(
    "--gradients",
    is_flag=True,
    help="Compare gradients with the library's autograd, too: by what the layer reads and, of "
    "PyTorch, by every weight.",
)
@loss_option
@debug_option
def verify(file: Path, source: Source, gradients: bool, loss_words: str | None) -> None:
    """Run the model of FILE in its own library, too, and compare the states.

    The library must be installed: torch, keras or onnxruntime. It computes with the weights as
    they are stored, in its most exact type, so that rounding cannot hide an error; what it gives in
    the file's own type is told beside that. Exit code 1 when the largest difference is above what
    rounding explains.
    """
    loss = loss_of(loss_words, gradients)
    chosen = choose(file, source)
    rows = model_rows(chosen, source)
    prepared = run_ready(chosen, rows)
    report_assumptions(prepared.assumptions)
    for note in prepared.notes:
        report_note(note, quiet=False)
    ours = prepared.trace.values
    theirs = library_states(file, chosen.model, chosen.layer, chosen.direction, rows.inputs)
    dtype = PROOF_TYPES[chosen.model.library]
    tolerance = TOLERANCES[dtype]
    length = counted(len(prepared.inputs), "timestep")
    show(f"{file}  {chosen.layer.name}, {chosen.direction}, {length}")
    library, agrees = chosen.model.library, True
    for state, values in theirs.items():
        difference = largest_difference(ours[state], values)
        agrees = agrees and difference <= tolerance * scale(values)
        show(f"  {state}  largest difference from {library}: {difference:.1e}")
    if loss is not None:
        agrees = _gradients_agree(chosen, rows, prepared, loss, tolerance) and agrees
    show(f"  {library} computed with the weights as they are stored, at least in {dtype}")
    verdict = "agrees" if agrees else "DIFFERS"
    if agrees and prepared.assumptions:
        verdict = "agrees, on the assumptions below"
    show(f"  {verdict}: {tolerance:.0e} is what {dtype} rounding explains")
    for assumption in prepared.assumptions:
        show(f"  assumed on both sides, so not proved: {assumption}")
    if library in READ_HERE:
        show(f"  assumed on both sides, so not proved: {READ_HERE[library]}")
    own = precision(chosen.model, chosen.layer)
    if own != dtype:
        show(f"  {_own_run(chosen, rows, ours, own)}")
    if not agrees:
        raise click.exceptions.Exit(FAILURE)


def _gradients_agree(
    chosen: Chosen, rows: InputRows, prepared: Prepared, loss: Loss, tolerance: float
) -> bool:
    """Hold every gradient that the library gives against ours, and tell the largest differences."""
    if prepared.backward:
        loss = as_read_backward(loss, len(prepared.inputs))
    found = backpropagate(prepared.trace, loss)
    theirs = library_gradients(
        chosen.path,
        chosen.model,
        chosen.layer,
        chosen.direction,
        rows.inputs,
        loss.sent(prepared.trace),
    )
    known = {**found.vectors, **found.of_parameters}
    agrees = True
    for name, values in theirs.items():
        difference = largest_difference(known[name], values)
        close = difference <= tolerance * scale(values)
        agrees = agrees and close
        verdict = "" if close else "  DIFFERS"
        show(f"  dL/d{name}  largest difference from autograd: {difference:.1e}{verdict}")
    return agrees


def _own_run(chosen: Chosen, rows: InputRows, ours: Mapping[str, Array], own: str) -> str:
    """What the library gives in the file's own type, which says how much that type loses."""
    library = chosen.model.library
    try:
        theirs = library_own_states(
            chosen.path, chosen.model, chosen.layer, chosen.direction, rows.inputs
        )
    except InputError as error:
        return f"{library} does not run it in {own}, which the file asks for: {error}"
    told = ", ".join(
        f"{state} {largest_difference(ours[state], values):.1e}" for state, values in theirs.items()
    )
    return f"{library} in {own}, the type that the file asks for: largest difference {told}"


def largest_difference(ours: Array, theirs: Array) -> float:
    """The largest absolute difference; infinite where the library has no finite number."""
    if ours.shape != theirs.shape:
        return float("inf")
    difference = np.abs(ours - theirs)
    return float(np.where(np.isfinite(difference), difference, np.inf).max())


def scale(values: Array) -> float:
    """What a tolerance is relative to: the largest state where that is above 1, as after a ReLU."""
    finite = np.abs(values[np.isfinite(values)])
    return max(1.0, float(finite.max(initial=0.0)))
