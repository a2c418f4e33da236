"""`gatereel verify`: a model in its own library against gatereel's numbers."""

from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

import click
import numpy as np

from cli.models import choose
from cli.options import debug_option
from cli.outlet import show
from cli.preparing import model_rows, run_ready
from cli.report import report_assumptions, report_note
from cli.sources import MODEL_OPTIONS, SEQUENCE_OPTIONS, Source, collect
from rnn_math import Array, counted
from rnn_math.models import library_states, precision

TOLERANCES: Mapping[str, float] = MappingProxyType(
    {"float64": 1e-10, "float32": 1e-5, "float16": 2e-2, "bfloat16": 2e-1}
)
"""Largest difference that the library's own rounding explains, by the type of its weights.

gatereel computes in float64; a library rounds every sum to its weights' type.
"""

FAILURE = 1
"""Exit code when the numbers differ by more."""

_EXAMPLES = """\b
Examples:
  gatereel verify model.safetensors --inputs sequence.csv
  gatereel verify model.onnx --layer encoder --direction backward --inputs sequence.npy
"""
"""The first line keeps the others from being wrapped."""


@click.command(epilog=_EXAMPLES)
@click.argument("file", type=click.Path(path_type=Path))
@collect(*MODEL_OPTIONS[1:], *SEQUENCE_OPTIONS)
@debug_option
def verify(file: Path, source: Source) -> None:
    """Run the model of FILE in its own library, too, and compare the states of every timestep.

    The library must be installed: torch, keras or onnxruntime. Exit code 1 when the largest
    difference is above what rounding explains.
    """
    chosen = choose(file, source)
    rows = model_rows(chosen, source)
    prepared = run_ready(chosen, rows)
    report_assumptions(prepared.assumptions)
    for note in prepared.notes:
        report_note(note, quiet=False)
    ours = prepared.trace.values
    theirs = library_states(file, chosen.model, chosen.layer, chosen.direction, rows.inputs)
    dtype = precision(chosen.model, chosen.layer)
    tolerance = TOLERANCES[dtype]
    show(
        f"{file}  {chosen.layer.name}, {chosen.direction}, {counted(len(rows.inputs), 'timestep')}"
    )
    worst = 0.0
    for state, values in theirs.items():
        difference = largest_difference(ours[state], values)
        worst = max(worst, difference)
        show(f"  {state}  largest difference from {chosen.model.library}: {difference:.1e}")
    agrees = worst <= tolerance
    verdict = "agrees" if agrees else "DIFFERS"
    if agrees and prepared.assumptions:
        verdict = "agrees, on the assumptions below"
    show(f"  {verdict}: {tolerance:.0e} is what {dtype} rounding explains")
    for assumption in prepared.assumptions:
        show(f"  assumed on both sides, so not proved: {assumption}")
    if not agrees:
        raise click.exceptions.Exit(FAILURE)


def largest_difference(ours: Array, theirs: Array) -> float:
    """The largest absolute difference; infinite where the library has no finite number."""
    if ours.shape != theirs.shape:
        return float("inf")
    difference = np.abs(ours - theirs)
    return float(np.where(np.isfinite(difference), difference, np.inf).max())
