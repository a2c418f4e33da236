"""Traces, and what is told of them, for the tests of the pictures; no renderer is imported here."""

from collections.abc import Sequence

from gatereel.rnn_math import (
    CELLS,
    DEMOS,
    Cell,
    Claim,
    Trace,
    demo,
    random_inputs,
    random_parameters,
    unroll,
)
from gatereel.rnn_math.cells import RELATIVES
from gatereel.scenes.diagrams import DIAGRAMS
from gatereel.scenes.language.files import load_language
from gatereel.scenes.lay_out.diagram import Diagram, translate
from gatereel.scenes.tell import storyboard
from gatereel.scenes.tell.beats import Storyboard, Telling
from gatereel.scenes.tell.excerpt import Excerpt
from gatereel.scenes.tell.language import Language
from gatereel.scenes.tell.tempo import Timing, timing_of
from tests.scenes.typst_text import written

ENGLISH = load_language("en")


def narrate(
    trace: Trace,
    excerpt: Excerpt | None = None,
    *,
    language: Language = ENGLISH,
    pace: float | None = None,
    timing: Timing | None = None,
    claims: Sequence[Claim] = (),
) -> Storyboard:
    """Tell a trace in English, unless a language is given, at its own pace, unless one is given."""
    if pace is not None:
        timing = timing_of(trace.cell, trace.timesteps, pace=pace)
    return storyboard.narrate(trace, excerpt, language=language, timing=timing, claims=claims)


ENGLISH_DIAGRAMS: dict[str, Diagram] = {
    name: translate(diagram, ENGLISH) for name, diagram in DIAGRAMS.items()
}


def demo_trace(cell: str | Cell, timesteps: int | None = None) -> Trace:
    """The demo of a cell, or its first timesteps; random numbers where it has none."""
    cell = {**CELLS, **RELATIVES}[cell] if isinstance(cell, str) else cell
    if cell.name not in DEMOS:
        return random_trace(cell, timesteps or 3)
    shown = demo(cell)
    return unroll(shown.cell, shown.parameters, shown.inputs[:timesteps], shown.initial)


def demo_claims(cell: str | Cell) -> tuple[Claim, ...]:
    """What the demo of a cell claims; nothing where it has none."""
    name = cell if isinstance(cell, str) else cell.name
    return DEMOS[name].claims if name in DEMOS else ()


def random_trace(
    cell: Cell, timesteps: int = 3, input_size: int = 3, hidden_size: int = 2
) -> Trace:
    """A trace with random numbers, the same each time."""
    parameters = random_parameters(cell, input_size, hidden_size, seed=1)
    return unroll(cell, parameters, random_inputs(input_size, timesteps, seed=2))


def lines_of(telling: Telling) -> list[tuple[str, str]]:
    """The pairs of lines that the strip chooses from, as they are set; an empty one is ""."""
    return [
        (written(first), "" if second is None else written(second))
        for first, second in telling.formulas
    ]
