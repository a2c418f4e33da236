"""Fingerprints: the same picture has the same one on every machine, another picture another."""

import os
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from gatereel.rnn_math import (
    CELLS,
    GRU,
    LSTM,
    Cell,
    Trace,
    demo,
    random_inputs,
    random_parameters,
    unroll,
)
from gatereel.scenes.export import ENCODERS
from gatereel.scenes.fingerprint import fingerprint, fingerprint_in, marked
from gatereel.scenes.language.files import load_language
from gatereel.scenes.places import PLACES
from gatereel.scenes.plan import Options, plan
from gatereel.scenes.render import check_outputs, render_plan
from gatereel.scenes.tell.excerpt import choose_excerpt
from gatereel.scenes.theme.files import load_theme

OTHER_ARITHMETIC = 1e-15
"""How far the numbers of two machines may be apart."""

SMALL = Options(width=240, fps=5, pace=0.2, values=False, strip=False)


def trace_of(cell: Cell = LSTM, seed: int = 0, timesteps: int = 1, change: float = 0.0) -> Trace:
    inputs = random_inputs(3, timesteps, seed) + change
    return unroll(cell, random_parameters(cell, 3, 2, seed), inputs)


def test_the_same_plan_has_the_same_fingerprint() -> None:
    assert fingerprint(plan(trace_of())) == fingerprint(plan(trace_of()))


@pytest.mark.parametrize("cell", CELLS.values(), ids=lambda cell: cell.name)
def test_another_machine_s_arithmetic_makes_no_difference(cell: Cell) -> None:
    one, other = trace_of(cell), trace_of(cell, change=OTHER_ARITHMETIC)
    assert any((one.values[name] != other.values[name]).any() for name in one.values)
    assert fingerprint(plan(one)) == fingerprint(plan(other))


@pytest.mark.parametrize(
    "other",
    [
        plan(trace_of(GRU)),
        plan(trace_of(seed=1)),
        plan(trace_of(timesteps=2)),
        plan(trace_of(change=1e-3)),
        plan(trace_of(), claims=demo(LSTM).claims),
        plan(trace_of(), excerpt=choose_excerpt(trace_of(), units=(0,))),
        plan(trace_of(), excerpt=choose_excerpt(trace_of(), labels=("a",))),
        *(
            plan(trace_of(), options)
            for options in (
                Options(width=300),
                Options(fps=20),
                Options(pace=1.0),
                Options(values=False),
                Options(strip=False),
                Options(loop=False),
                Options(transparent=True),
                Options(theme=load_theme("dark")),
                Options(language=load_language("vi")),
                Options(theme=replace(load_theme(), accent="#123456")),
            )
        ),
    ],
)
def test_another_picture_has_another_fingerprint(other: object) -> None:
    from gatereel.scenes.plan import Plan

    assert isinstance(other, Plan)
    assert fingerprint(other) != fingerprint(plan(trace_of()))


def test_how_a_picture_came_about_makes_no_difference() -> None:
    planned = plan(trace_of())
    asked = Options(
        width=planned.width,
        pace=planned.timing.pace,
        most_seconds=1000.0,
        theme=load_theme(),
        language=load_language(),
    )
    assert fingerprint(plan(trace_of(), asked, place=PLACES["github"])) == fingerprint(planned)


def test_another_version_draws_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    before = fingerprint(plan(trace_of()))
    monkeypatch.setattr("gatereel.scenes.fingerprint.VERSION", "99.0")
    assert fingerprint(plan(trace_of())) != before


def test_what_has_no_fingerprint_is_refused() -> None:
    planned = plan(trace_of())
    with pytest.raises(TypeError, match="ndarray"):
        fingerprint(replace(planned, metadata={"a": np.zeros(1)}))  # type: ignore[dict-item]


@pytest.mark.slow
def test_every_format_carries_the_fingerprint(tmp_path: Path) -> None:
    planned = plan(trace_of(), SMALL)
    mark = fingerprint(planned)
    paths = [tmp_path / f"cell{suffix}" for suffix in ENCODERS]
    render_plan(marked(planned, mark), check_outputs(planned, paths))
    assert {path.suffix: fingerprint_in(path) for path in paths} == dict.fromkeys(ENCODERS, mark)
    # The mark says what the picture is; it does not change what that is.
    assert fingerprint_in(tmp_path / "none.gif") is None
    for path in paths:
        whole = path.read_bytes()
        for length in (300, len(whole) // 2, len(whole) - len("</svg>")):
            path.write_bytes(whole[:length])
            assert fingerprint_in(path) is None, (path, length)
    render_plan(planned, check_outputs(planned, paths[:1]))
    assert fingerprint_in(paths[0]) is None


def test_only_a_file_has_a_fingerprint(tmp_path: Path) -> None:
    folder, pipe, device = (tmp_path / name for name in ("a.png", "b.png", "c.png"))
    folder.mkdir()
    os.mkfifo(pipe)  # reading either of these would never end
    device.symlink_to("/dev/zero")
    assert [fingerprint_in(path) for path in (folder, pipe, device)] == [None] * 3
