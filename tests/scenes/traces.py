"""Traces, and what is told of them, for the tests of the pictures; no renderer is imported here."""

from functools import partial

from gatereel.rnn_math import CELLS, Cell, Trace, demo, random_inputs, random_parameters, unroll
from gatereel.scenes.diagrams import DIAGRAMS
from gatereel.scenes.language.files import load_language
from gatereel.scenes.lay_out.diagram import Diagram, translate
from gatereel.scenes.tell import storyboard
from gatereel.scenes.tell.formula_typst import typst
from gatereel.scenes.tell.storyboard import Telling

ENGLISH = load_language("en")

narrate = partial(storyboard.narrate, language=ENGLISH)
"""Tell a trace in English, unless a language is given."""

ENGLISH_DIAGRAMS: dict[str, Diagram] = {
    name: translate(diagram, ENGLISH) for name, diagram in DIAGRAMS.items()
}


def demo_trace(cell: str | Cell, timesteps: int | None = None) -> Trace:
    """The demo of a cell, or its first timesteps."""
    shown = demo(CELLS[cell] if isinstance(cell, str) else cell)
    return unroll(shown.cell, shown.parameters, shown.inputs[:timesteps], shown.initial)


def random_trace(
    cell: Cell, timesteps: int = 3, input_size: int = 3, hidden_size: int = 2
) -> Trace:
    """A trace with random numbers, the same each time."""
    parameters = random_parameters(cell, input_size, hidden_size, seed=1)
    return unroll(cell, parameters, random_inputs(input_size, timesteps, seed=2))


def lines_of(telling: Telling) -> list[tuple[str, str]]:
    """The pairs of lines that the strip chooses from, as they are set; an empty one is ""."""
    return [
        (typst(first), "" if second is None else typst(second))
        for first, second in telling.formulas
    ]
