"""Tableaux and what stands between them: plain data, the same at every frame rate."""

import os
import re
import subprocess
import sys
from dataclasses import replace
from functools import cache
from itertools import pairwise, product
from math import dist
from pathlib import Path

import numpy as np
import pytest

from gatereel.rnn_math import CELLS, Cell
from gatereel.rnn_math.cells import RELATIVES
from gatereel.scenes.draw.outlines import POINTS_A_CURVE
from gatereel.scenes.draw.painted import Painted
from gatereel.scenes.draw.picture import row_backdrop
from gatereel.scenes.draw.tableau import Moving, Tableau, Transition, smooth
from gatereel.scenes.draw.transitions import still_of, transitions
from gatereel.scenes.plan import DEFAULT_FPS, Options, Plan, plan
from gatereel.scenes.play.cairo_player import Steps
from gatereel.scenes.tell.acts import Clear, Complete, Focus, Reveal, Travel, Write
from gatereel.scenes.theme.theme import rgb
from tests.scenes.traces import demo_trace, narrate, random_trace

ROOT = Path(__file__).parents[3]

LEAVING, CLOSE = 0.002, 4.0
"""A share of a motion, and pixels: where a row sets out, narrower if its lane is narrow."""

SHARES = (0.0, 0.1, 0.37, 0.5, 0.74, 0.99)

DRAWN = {**CELLS, **RELATIVES}

every_cell = pytest.mark.parametrize("cell", DRAWN)


@cache
def plan_of(cell: str, timesteps: int = 2, fps: int = DEFAULT_FPS) -> Plan:
    return plan(demo_trace(cell, timesteps), Options(fps=fps))


@cache
def transitions_of(cell: str, timesteps: int = 2, fps: int = DEFAULT_FPS) -> tuple[Transition, ...]:
    return tuple(transitions(plan_of(cell, timesteps, fps)))


def seen(painted: tuple[Painted, ...]) -> list[Painted]:
    """What has an outline and paint."""
    return [
        item
        for item in painted
        if len(item.outline)
        and (item.style.fill is not None or (item.style.stroke and item.style.width))
    ]


def as_data(painted: tuple[Painted, ...]) -> list[tuple[bytes, object]]:
    return [(item.outline.tobytes(), item.style) for item in painted]


def are_same(ones: tuple[Painted, ...], others: tuple[Painted, ...]) -> bool:
    """Whether both are the same as data; what is one object needs no look."""
    return len(ones) == len(others) and all(
        one is other
        or (
            one.style == other.style
            and (one.outline is other.outline or one.outline.tobytes() == other.outline.tobytes())
        )
        for one, other in zip(ones, others, strict=True)
    )


def kinds_of_acts(storyboard_of: Cell) -> list[list[type]]:
    return [[type(act) for act in beat.acts] for beat in narrate(random_trace(storyboard_of)).beats]


# --- acts ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("cell", DRAWN.values(), ids=DRAWN)
def test_a_beat_is_made_of_acts(cell: Cell) -> None:
    opening, first, *rest, closing = kinds_of_acts(cell)
    assert opening == closing == [Complete]
    assert first == [Clear, Write]
    returns = [acts for acts in rest if Clear in acts]
    assert returns == [[Travel] * len(cell.states) + [Clear, Write]] * 2
    steps = [acts for acts in rest if Clear not in acts]
    alone = [acts for acts in steps if acts.count(Reveal) == 1]
    assert all((acts[0], *acts[-2:]) == (Reveal, Write, Focus) for acts in alone)
    assert all(set(acts[1:-2]) <= {Travel} for acts in alone)
    together = [acts for acts in steps if acts.count(Reveal) > 1]
    assert all(set(acts) == {Reveal, Write, Focus} for acts in together)
    assert all(acts.count(Reveal) == acts.count(Write) for acts in together)


@pytest.mark.parametrize("cell", DRAWN.values(), ids=DRAWN)
def test_a_step_reveals_frames_and_writes_the_same_vector(cell: Cell) -> None:
    for beat in narrate(random_trace(cell)).beats:
        revealed = {act.name for act in beat.acts if isinstance(act, Reveal)}
        framed = {act.name for act in beat.acts if isinstance(act, Focus)}
        targets = {act.target for act in beat.acts if isinstance(act, Travel)}
        if revealed:
            assert framed
            assert framed <= revealed == set(beat.values)
            assert targets in (set(), revealed)
            assert targets or len(revealed) > 1 or beat.timestep > 1


# --- between tableaux ----------------------------------------------------------------------------


@every_cell
def test_at_the_end_of_a_transition_stands_the_next_tableau(cell: str) -> None:
    for transition in transitions_of(cell):
        arrived, wanted = seen(transition.at(1.0)), seen(transition.after.items)
        assert len(arrived) == len(wanted)
        # The very same objects in the same order: nothing has to be compared but who they are.
        assert all(one is other for one, other in zip(arrived, wanted, strict=True))


@every_cell
def test_what_stands_still_stands_before_and_after(cell: str) -> None:
    before: set[Painted] = set()
    for transition in transitions_of(cell):
        after = set(transition.after.items)
        told = {item for item in transition.items if isinstance(item, Painted)}
        assert told <= after
        # But for the strip, which is told anew in every beat, nothing comes up by itself.
        layout = plan_of(cell).layout
        assert layout.strip is not None
        for item in told - before if before else ():
            assert item.outline[:, 1].min() > layout.strip.top - 1.0
        before = after


@every_cell
def test_a_movement_has_the_same_number_of_outlines_all_the_way(cell: str) -> None:
    for transition in transitions_of(cell):
        for item in transition.items:
            if isinstance(item, Moving):
                assert {len(item.at(share)) for share in (*SHARES, 1.0)} == {item.count}


@every_cell
def test_what_stands_between_two_tableaux_can_be_drawn(cell: str) -> None:
    for transition in transitions_of(cell):
        for share in SHARES:
            items = transition.at(share)
            for item in items:
                assert item.outline.ndim == 2
                assert len(item.outline) % POINTS_A_CURVE == 0
                assert item.style.width >= 0.0
            assert not items or np.isfinite(np.concatenate([item.outline for item in items])).all()


@every_cell
def test_asked_twice_a_transition_shows_the_same(cell: str) -> None:
    one, other = transitions_of(cell), transitions(plan_of(cell))
    for first, second in zip(one, other, strict=True):
        for share in SHARES:
            shown = first.at(share)
            assert are_same(shown, first.at(share))
            assert are_same(shown, second.at(share))


@pytest.mark.parametrize("fps", [5, 12, 50])
def test_the_frame_rate_changes_no_tableau_and_no_movement(fps: int) -> None:
    usual, other = transitions_of("lstm"), transitions_of("lstm", fps=fps)
    for first, second in zip(usual, other, strict=True):
        for share in (*SHARES, 1.0):
            assert are_same(first.at(share), second.at(share))
        assert are_same(first.after.items, second.after.items)


@pytest.mark.parametrize("fps", [5, 12, 25, 50])
def test_the_frames_of_all_transitions_are_the_film_s(fps: int) -> None:
    planned = plan_of("gru", fps=fps)
    frames = [transition.frames(fps) for transition in transitions_of("gru")]
    assert sum(moving + standing for moving, standing in frames) == planned.frames
    assert all(moving >= 0 and standing >= 0 for moving, standing in frames)


def test_where_nothing_moves_all_frames_stand() -> None:
    first = transitions_of("rnn")[1]
    moving, standing = first.frames(25)
    assert moving > 0
    still = replace(first, items=first.after.items)
    assert (first.moves, still.moves) == (True, False)
    assert still.frames(25) == (0, moving + standing)


def test_a_movement_eases_in_and_out_within_its_span() -> None:
    told: list[float] = []

    def movement(progress: float) -> tuple[Painted, ...]:
        told.append(progress)
        return ()

    moving = Moving(movement, (0.2, 0.6), 0)
    for share in (0.0, 0.2, 0.4, 0.6, 1.0):
        moving.at(share)
    assert told == pytest.approx([0.0, 0.0, 0.5, 1.0, 1.0])
    assert smooth(0.1) < 0.1 < 0.9 < smooth(0.9)


# --- what stands ---------------------------------------------------------------------------------


@every_cell
def test_the_first_and_the_last_tableau_are_one_and_the_still_too(cell: str) -> None:
    first, *_, last = transitions_of(cell)
    still = still_of(plan_of(cell))
    assert as_data(first.after.items) == as_data(last.after.items) == as_data(still.items)
    assert as_data(first.after.ground) == as_data(still.ground)


@every_cell
def test_the_ground_is_one_all_through_a_film(cell: str) -> None:
    first, *others = transitions_of(cell)
    assert all(transition.after.ground is first.after.ground for transition in others)


def test_a_transparent_still_leaves_out_what_waits() -> None:
    usual, transparent = (
        still_of(plan(demo_trace("rnn", 1), Options(transparent=on))) for on in (False, True)
    )
    assert as_data(usual.items) == as_data(transparent.items)
    assert 0 < len(transparent.ground) < len(usual.ground)


@every_cell
def test_a_frame_stands_around_the_active_row_alone(cell: str) -> None:
    planned = plan_of(cell)
    accent = planned.theme.accent
    for transition in transitions_of(cell):
        around = [item for item in transition.after.items if item.style.stroke == accent]
        framed = [act.name for act in transition.beat.acts if isinstance(act, Focus)]
        assert len(around) == len(framed)
        for item, name in zip(around, framed, strict=True):
            row = planned.layout.rows[name]
            (left, top), (right, bottom) = item.outline.min(axis=0), item.outline.max(axis=0)
            for disc in row.discs:
                assert left < disc.x - disc.radius < disc.x + disc.radius < right
                assert top < disc.y - disc.radius < disc.y + disc.radius < bottom


def middles(transition: Transition, share: float) -> list[tuple[float, float]]:
    """Of the discs on their way."""
    return [
        ((x.min() + x.max()) / 2.0, (y.min() + y.max()) / 2.0)
        for item in leaving_nothing(transition)
        for painted in seen(item.at(share))
        if painted.style.fill and painted.style.stroke
        for x, y in [painted.outline.T]
    ]


@cache
def leaving_nothing(transition: Transition) -> list[Moving]:
    """What moves and is not there in the end; transitions are compared by who they are."""
    moving = [item for item in transition.items if isinstance(item, Moving)]
    return [item for item in moving if not seen(item.at(1.0))]


@every_cell
def test_discs_travel_from_their_row_and_are_gone_in_the_end(cell: str) -> None:
    rows = plan_of(cell).layout.rows
    for transition in transitions_of(cell):
        travels = [act for act in transition.beat.acts if isinstance(act, Travel)]
        leaving = middles(transition, LEAVING)
        rounds = (act for act in travels if act.way == "loop")
        for disc in (disc for act in rounds for disc in rows[act.source].discs):
            assert min(np.hypot(x - disc.x, y - disc.y) for x, y in leaving) <= CLOSE
        assert not middles(transition, 0.0)
        assert bool(middles(transition, 0.25)) == bool(travels)
        assert not middles(transition, 1.0)


@every_cell
def test_discs_on_a_wire_never_lie_on_those_they_come_from(cell: str) -> None:
    rows = plan_of(cell).layout.rows
    count = 0
    for transition in transitions_of(cell):
        travels = [act for act in transition.beat.acts if isinstance(act, Travel)]
        if len(travels) != 1 or travels[0].way == "loop":
            continue
        source = rows[travels[0].source]
        apart = 2.0 * source.radius - WHOLE_PIXELS
        first: list[float] = []
        for share in np.linspace(0.0, 1.0, 60):
            there = middles(transition, float(share))
            distances = [dist((x, y), (disc.x, disc.y)) for x, y in there for disc in source.discs]
            assert min(distances, default=apart) >= apart
            for (x, y), (at, height) in product(there, source.value_spots):
                beside = abs(x - at) >= source.radius + HALF_A_NUMBER
                assert beside or not height < y + HALF_A_NUMBER < source.y
            first = first or distances
        # They come into sight beside it, not somewhere on the way.
        assert min(first) <= apart + FIRST_SEEN
        count += 1
    assert count


WHOLE_PIXELS = 3.0
"""Discs that travel stand at whole pixels, and have whole radii."""

HALF_A_NUMBER = 5.0
"""Pixels: less than half of the width and height of any."""

FIRST_SEEN = 45.0
"""Pixels from where a disc is clear of its row to where a sixtieth of the motion first shows it,
over the row's numbers."""


@every_cell
def test_no_sign_stands_among_the_discs_of_an_operand(cell: str) -> None:
    """Where two line up with a sign between them, the standing one would be read as another."""
    layout, theme = plan_of(cell).layout, plan_of(cell).theme
    signs = [label for label in layout.labels if label.text == label.sign]
    meeting = [
        (transition, label)
        for transition in transitions_of(cell)
        for label in signs
        if any(isinstance(act, Reveal) and act.name == label.row for act in transition.beat.acts)
        and any(isinstance(act, Travel) for act in transition.beat.acts)
    ]
    assert bool(meeting) == bool(signs)
    for transition, label in meeting:
        for share in (0.3, 0.6, 0.9):
            there = [
                item.style.fill
                for item in seen(transition.at(share))
                if np.allclose(item.outline.mean(axis=0), (label.x, label.y), atol=SIGN_OFF)
                and np.ptp(item.outline[:, 0]) < SIGN_OFF * 3
            ]
            assert theme.text not in there
        assert theme.text in [item.style.fill for item in seen(transition.after.items)]


SIGN_OFF = 6.0
"""Pixels from a label's middle to its outline's, and a third of what a sign is wide at most."""


@every_cell
def test_what_is_carried_to_a_row_has_its_size_when_it_arrives(cell: str) -> None:
    planned = plan_of(cell)
    row = planned.layout.rows["hx"]
    fills = {planned.theme.fill(disc.role, disc.unit) for disc in row.discs}
    cores = {planned.theme.core(fill) for fill in fills}
    concatenating = next(
        transition
        for transition in transitions_of(cell)
        if [act.name for act in transition.beat.acts if isinstance(act, Reveal)] == ["hx"]
    )
    coming = [item for item in concatenating.items if isinstance(item, Moving) and item.count == 1]
    bodies = [
        item
        for item in coming
        for after in item.at(1.0)
        if after.style.fill in cores and after.style.stroke is None
    ]
    assert bodies
    for item in bodies:
        (after,) = item.at(1.0)
        for share in np.linspace(0.0, 1.0, 50):
            (there,) = item.at(float(share))
            assert len(there.outline) == 0 or there.outline is after.outline


@every_cell
def test_every_timestep_adds_what_it_computes(cell: str) -> None:
    for before, transition in pairwise(transitions_of(cell)):
        standing, more = len(before.after.items), len(transition.after.items)
        if transition.beat.appears:
            assert more > standing
        if transition.beat.kind == "return":
            assert more < standing


@every_cell
def test_what_is_not_computed_yet_waits_pale_at_every_timestep(cell: str) -> None:
    """Read off the picture, in each disc below its letter."""
    planned = plan_of(cell)
    theme, layout, steps = planned.theme, planned.layout, Steps(planned)
    there = set(planned.storyboard.cell.given)
    waiting = {name: row for name, row in layout.rows.items() if name not in there}
    begins = [t for t in transitions_of(cell) if t.beat.kind in ("begin", "return")]
    assert len(begins) == planned.storyboard.timesteps
    for transition in begins:
        frame = steps.frame(transition.after)
        for row in waiting.values():
            ground = row_backdrop(row, layout, theme)
            for disc in row.discs:
                wanted = rgb(theme.waiting(theme.fill(disc.role, disc.unit), ground))
                found = frame[round(disc.y + 0.75 * disc.radius), round(disc.x), :3]
                assert np.abs(found.astype(int) - wanted).max() <= ONE_LEVEL, row.name


@every_cell
def test_what_a_timestep_begins_with_waits_pale_until_it_has_come(cell: str) -> None:
    planned = plan_of(cell)
    theme, layout, steps = planned.theme, planned.layout, Steps(planned)
    transition = next(t for t in transitions_of(cell) if t.beat.kind == "return")
    on_the_way, come = (
        steps.frame(Tableau(transition.after.ground, transition.at(progress)))
        for progress in (0.5, 1.0)
    )
    for name in planned.storyboard.cell.given:
        for disc in layout.rows[name].discs:
            at = round(disc.y + 0.75 * disc.radius), round(disc.x)
            pale = rgb(theme.waiting(theme.fill(disc.role, disc.unit), theme.background))
            off = [np.abs(each[at][:3].astype(int) - pale).max() for each in (on_the_way, come)]
            assert off[0] <= ONE_LEVEL < off[1], name


ONE_LEVEL = 1
"""Of 255: two players may round a colour differently."""


def test_another_theme_moves_nothing_else() -> None:
    planned = plan(demo_trace("rnn", 1))
    theme = planned.theme
    other = replace(planned, theme=replace(theme, accent="#123456", text="#654321"))
    for one, two in zip(transitions(planned), transitions(other), strict=True):
        for share in SHARES:
            pairs = zip(one.at(share), two.at(share), strict=True)
            assert all((a.outline == b.outline).all() for a, b in pairs)


# --- no renderer ---------------------------------------------------------------------------------


def importing(module: str) -> set[str]:
    """The files that import a module by themselves."""
    imports = re.compile(rf"^ *(from|import) {re.escape(module)}\b", re.MULTILINE)
    return {
        path.relative_to(ROOT).as_posix()
        for folder in ("rnn_math", "scenes", "cli")
        for path in (ROOT / folder).rglob("*.py")
        if imports.search(path.read_text(encoding="utf-8"))
    }


def test_manim_is_imported_where_the_page_for_contributors_says() -> None:
    page = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    sentence = page.split("imports manim, through `scenes/play/own_manim.py`:")[1]
    told = re.split(r"\.\s", sentence)[0]
    assert importing("manim") == {"scenes/play/own_manim.py"}
    # What plays imports the scene, which imports manim.
    plays = importing("gatereel.scenes.play.own_manim") | {"scenes/play/manim_player.py"}
    assert plays == set(re.findall(r"`(scenes/[\w/]+\.py)`", told))


DRAWS = """
import sys
from gatereel.cli import main
code = main({words!r})
{more}
sys.exit(3 if code else "manim" in sys.modules)
"""


def imports_manim(folder: Path, words: list[str], more: str = "") -> bool:
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", DRAWS.format(words=words, more=more)],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode in (0, 1), done.stderr
    assert "Traceback" not in done.stderr, done.stderr
    return done.returncode == 1


SMALL = ["render", "rnn", "--timesteps", "1", "--width", "240", "-q"]
EVERY_STILL = [
    *SMALL,
    "--still",
    *(word for suffix in ("png", "svg", "pdf", "webp", "gif") for word in ("-o", f"a.{suffix}")),
    *("--storyboard", "sheet.pdf", "--steps", "steps"),
]
EVERY_LEGEND = [
    *("legend", "--width", "240", "-q"),
    *(word for suffix in ("png", "svg", "pdf", "gif") for word in ("-o", f"l.{suffix}")),
]


@pytest.mark.slow
@pytest.mark.parametrize("words", [EVERY_STILL, EVERY_LEGEND], ids=["stills", "legend"])
def test_what_stands_still_is_drawn_without_manim(tmp_path: Path, words: list[str]) -> None:
    assert not imports_manim(tmp_path, words)
    assert list(tmp_path.iterdir())


@pytest.mark.slow
def test_the_check_for_manim_can_fail(tmp_path: Path) -> None:
    assert imports_manim(tmp_path, [*SMALL, "--pace", "0.2", "-o", "a.gif"])
