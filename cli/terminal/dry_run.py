"""A planned film as a table: what `gatereel render --dry-run` prints."""

from collections.abc import Sequence

from gatereel.cli.terminal.tables import align
from gatereel.rnn_math import counted
from gatereel.scenes.plan import Plan
from gatereel.scenes.tell.beats import Beat
from gatereel.scenes.tell.numbers import number

_HEADINGS = ("start", "seconds", "t", "moves", "values", "told")
_NUMERIC = 3
"""The first columns hold numbers and stand flush right."""

_VALUES_SHOWN = 8
"""Longer vectors are cut, so that a line fits."""


def format_plan(planned: Plan) -> str:
    """Return what is drawn, how large and how long, and a line a beat. Times are in seconds."""
    story = planned.storyboard
    about = (
        f"{story.cell.title}, {counted(story.timesteps, 'timestep')}, "
        f"input size {story.input_size}, hidden size {story.hidden_size}",
        f"{planned.width}x{planned.height}, {story.duration:.1f} s, "
        f"{planned.frames} frame times at {planned.fps} a second",
        *story.still.telling.shown[:1],
    )
    rows = [_HEADINGS, *(_row(beat) for beat in story.beats)]
    return "\n".join((*about, "", *align(rows, range(_NUMERIC))))


def _row(beat: Beat) -> tuple[str, ...]:
    return (
        f"{beat.start:.2f}",
        f"{beat.duration:.2f}",
        str(beat.timestep),
        ", ".join(
            f"{source} → {target}"
            for source, target in (
                *((move.source, move.target) for move in beat.moves),
                *((sent.source, sent.target) for sent in beat.sends),
            )
        ),
        "all" if beat.kind == "complete" else _values(beat),
        _told(beat),
    )


def _values(beat: Beat) -> str:
    return "; ".join(f"{name} {_vector(values)}" for name, values in beat.values.items())


def _vector(values: Sequence[float]) -> str:
    more = "" if len(values) <= _VALUES_SHOWN else f" and {len(values) - _VALUES_SHOWN} more"
    return " ".join(map(number, values[:_VALUES_SHOWN])) + more


def _told(beat: Beat) -> str:
    telling = beat.telling
    sentence = next(iter(telling.sentences), "")
    return f"{telling.step}: {sentence}" if sentence else telling.step
