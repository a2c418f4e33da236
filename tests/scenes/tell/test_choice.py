"""Steps that are chosen: the others are computed all the same, and cost no time."""

import pytest

from gatereel.rnn_math import CELLS, InputError
from gatereel.scenes.plan import Options, Plan, plan
from gatereel.scenes.tell.acts import Clear, Pass, Write
from gatereel.scenes.tell.script import EVERY_STEP, StepChoice, check_choice, numbered
from tests.scenes.traces import demo_trace

ROUNDING = 1e-9


def chosen(cell: str, choice: StepChoice) -> Plan:
    return plan(demo_trace(cell), Options(steps=choice))


def told(planned: Plan) -> list[str]:
    """What the steps between the complete cells come to."""
    return ["+".join(beat.appears) or beat.kind for beat in planned.storyboard.beats[1:-1]]


@pytest.mark.parametrize("cell", CELLS)
def test_every_step_is_the_choice_of_nothing(cell: str) -> None:
    assert chosen(cell, EVERY_STEP).storyboard == plan(demo_trace(cell)).storyboard


def test_only_some_steps_are_told() -> None:
    planned = chosen("lstm", StepChoice(("f", "i")))
    assert told(planned) == [
        *("begin", "f", "i"),
        *("return", "hx+f+i+g+o", "return", "hx+f+i+g+o"),
    ]
    assert planned.storyboard.duration < plan(demo_trace("lstm")).storyboard.duration / 2


def test_a_stretch_of_steps_is_told() -> None:
    planned = chosen("gru", StepChoice(first=5, last=7))
    every = [step.names for _, step in numbered(CELLS["gru"], 3)]
    assert [beat.appears for beat in planned.storyboard.beats[1:-1]] == every[4:7]


@pytest.mark.parametrize("cell", CELLS)
@pytest.mark.parametrize("first", [1, 2, 5, 9])
def test_what_is_not_told_stands_there_with_its_numbers(cell: str, first: int) -> None:
    """Of the last step alone, everything that it needs is shown when it begins."""
    every = list(numbered(CELLS[cell], 3))
    number = min(first, len(every))
    planned = chosen(cell, StepChoice(first=number, last=number))
    (beat,) = planned.storyboard.beats[1:-1]
    shown: dict[str, tuple[float, ...]] = {}
    for act in beat.acts:
        match act:
            case Clear():
                shown.clear()
            case Pass(values) | Write(values):
                shown |= values
    whole = plan(demo_trace(cell)).storyboard.beats[1 : number + 1]
    expected: dict[str, tuple[float, ...]] = {}
    for each in whole:
        if each.kind in ("begin", "return"):
            expected.clear()
        expected |= each.values
    assert shown == expected


@pytest.mark.parametrize("cell", CELLS)
def test_the_film_is_as_long_as_its_timing_says(cell: str) -> None:
    for choice in (StepChoice(last=3), StepChoice(("h",))):
        planned = chosen(cell, choice)
        beats = planned.storyboard.beats
        assert sum(beat.duration for beat in beats) == pytest.approx(
            planned.storyboard.duration, abs=ROUNDING
        )
        progress = beats[-1].telling.progress
        assert progress is not None
        assert sum(progress.steps) == len(beats) - 2
        assert all(progress.steps)


@pytest.mark.parametrize(
    ("choice", "message"),
    [
        (StepChoice(("q",)), "--only q: the LSTM has no such step; it has hx, f, fc"),
        (StepChoice(first=30), "--from-step is 30; the film has 21 steps."),
        (StepChoice(last=99), "--to-step is 99; the film has 21 steps."),
        (StepChoice(first=5, last=4), "--from-step is 5; the steps end with 4."),
        (StepChoice(("f",), first=4, last=5), "There is no such step among those"),
    ],
)
def test_a_choice_of_nothing_is_refused(choice: StepChoice, message: str) -> None:
    with pytest.raises(InputError) as raised:
        check_choice(choice, CELLS["lstm"], 3)
    assert message in str(raised.value)


def test_without_captions_no_step_has_a_sentence() -> None:
    beats = plan(demo_trace("lstm"), Options(captions=False)).storyboard.beats
    assert not any(beat.telling.sentences for beat in beats)


@pytest.mark.parametrize("size", [12.9, 18.1])
def test_numbers_of_a_size_that_cannot_be_are_refused(size: float) -> None:
    with pytest.raises(InputError, match="13 to 18 are accepted"):
        plan(demo_trace("rnn"), Options(number_size=size))
