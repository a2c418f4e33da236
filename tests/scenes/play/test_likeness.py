"""The plain picture against measurements of the illustrated cells in `illustrated.json`.

The file holds numbers and colours only: where each disc stands, its fill and the step that reveals
it, the wires' paths, the middles of labels and tags. Everything is found again in rendered pixels.
"""

import json
from collections import Counter
from functools import cache
from itertools import pairwise, product
from math import dist, hypot
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from gatereel.scenes.diagrams import DIAGRAMS
from gatereel.scenes.fonts.text_width import text_width
from gatereel.scenes.plan import Options, plan
from gatereel.scenes.theme.files import load_theme
from tests.scenes.films import (
    PLAIN,
    Drawn,
    Mask,
    Patch,
    Picture,
    draw,
    draw_still,
    find_discs,
    patches,
)
from tests.scenes.traces import demo_trace

ILLUSTRATED = load_theme("illustrated")

MEASURED: dict[str, Any] = json.loads(Path(__file__).with_name("illustrated.json").read_text())

NEAR = 0.01
"""Of the picture's width: how far anything may stand from where it was measured."""

DARK = 70
"""Every channel of a line's or a letter's pixel is below; the dark fills have one above."""

HEAD_BLOCK = 4
"""Pixels: a square that fits into an arrow head, and into no line of two pixels."""

SAMPLE = 3.0
"""Pixels between two points at which a wire is looked for."""

RING = 0.6
"""Of a disc's radius: a ring outside its letter, inside its outline."""

LABEL_HALF_HEIGHT = 8.0
LABEL_MARGIN = 5.0
"""Pixels around a label's middle in which its letters must be found."""

WRITTEN = 0.9
"""Share of a label's width that its dark pixels must span."""

SMALLEST_LETTERS = 12
"""Dark pixels in the smallest text, a tag's symbol with its subscript."""

SMALLEST_TAG = 60
"""Pixels: every tag is wider, every disc narrower."""

every_cell = pytest.mark.parametrize("cell", MEASURED["cells"])


def measured(cell: str) -> Any:
    return MEASURED["cells"][cell]


@cache
def still(cell: str) -> Picture:
    return draw_still(plan(demo_trace(cell), PLAIN))[:, :, :3]


@cache
def build_up(cell: str) -> Drawn:
    """One timestep at a few frames a second: only the end of each step is looked at."""
    return draw(demo_trace(cell, 1), Options(values=False, strip=False, fps=5, pace=1.0))


def dark(picture: Picture) -> Mask:
    red, green, blue = (picture[:, :, k] < DARK for k in range(3))
    return np.asarray(red & green & blue)


def fills(cell: str) -> set[str]:
    return {fill for _, _, fill, _ in measured(cell)["discs"]}


def near(cell: str) -> float:
    return NEAR * float(measured(cell)["size"][0])


def matched(found: list[Patch], wanted: list[Any], limit: float) -> list[str]:
    """What is wrong: each wanted disc must be nearest to one found disc of its fill."""
    wrong = []
    left = list(found)
    for x, y, fill, _ in wanted:
        same = [patch for patch in left if patch.colour == fill]
        best = min(same, key=lambda patch: dist((patch.x, patch.y), (x, y)), default=None)
        if best is None or dist((best.x, best.y), (x, y)) > limit:
            wrong.append(f"no {fill} disc at {x}, {y}")
        else:
            left.remove(best)
    return wrong + [f"a {p.colour} disc too many at {p.x}, {p.y}" for p in left]


def fitted(found: list[Patch], cell: str) -> list[Patch]:
    """The discs after the one uniform scale and shift that bring them nearest to the measured."""
    wanted = measured(cell)["discs"]
    pairs = [
        (patch, min(same, key=lambda d: dist((patch.x, patch.y), d[:2])))
        for patch in found
        if (same := [d for d in wanted if d[2] == patch.colour])
    ]
    rows = [[p.x, 1, 0] for p, _ in pairs] + [[p.y, 0, 1] for p, _ in pairs]
    goal = [d[0] for _, d in pairs] + [d[1] for _, d in pairs]
    scale, dx, dy = np.linalg.lstsq(np.array(rows, float), np.array(goal, float))[0]
    return [
        Patch(p.colour, scale * p.x + dx, scale * p.y + dy, p.width, p.height, p.pixels)
        for p in found
    ]


# --- discs ---------------------------------------------------------------------------------------


@every_cell
def test_the_picture_has_the_reference_size(cell: str) -> None:
    width, height = measured(cell)["size"]
    assert still(cell).shape == (height, width, 3)


@pytest.mark.parametrize(("cell", "count"), [("rnn", 19), ("lstm", 54), ("gru", 48)])
def test_every_disc_stands_in_its_place_with_its_fill(cell: str, count: int) -> None:
    found = find_discs(still(cell), fills(cell), measured(cell)["disc_radius"])
    assert Counter(patch.colour for patch in found) == Counter(
        fill for _, _, fill, _ in measured(cell)["discs"]
    )
    assert len(found) == count
    assert matched(fitted(found, cell), measured(cell)["discs"], near(cell)) == []


@every_cell
def test_the_fill_is_exact_in_the_middle_or_around_its_letter(cell: str) -> None:
    picture, radius = still(cell), measured(cell)["disc_radius"]
    ring = [
        (RING * radius * np.cos(angle), RING * radius * np.sin(angle))
        for angle in np.linspace(0, 2 * np.pi, 40, endpoint=False)
    ]
    wrong = []
    for x, y, fill, _ in measured(cell)["discs"]:
        colours = Counter(
            "#{:02x}{:02x}{:02x}".format(*picture[round(y + dy), round(x + dx)]) for dx, dy in ring
        )
        if colours.most_common(1)[0][0] != fill:
            wrong.append((x, y, fill, colours.most_common(1)))
    assert wrong == []


@every_cell
def test_a_disc_out_of_place_would_be_noticed(cell: str) -> None:
    found = find_discs(still(cell), fills(cell), measured(cell)["disc_radius"])
    first = found[0]
    step = 2 * near(cell)
    moved = Patch(first.colour, first.x + step, first.y, first.width, first.height, first.pixels)
    assert matched([moved, *found[1:]], measured(cell)["discs"], near(cell)) != []
    assert matched(found[1:], measured(cell)["discs"], near(cell)) != []


# --- build-up ------------------------------------------------------------------------------------


@pytest.mark.slow
@every_cell
def test_each_step_reveals_the_discs_of_the_illustrated_step(cell: str) -> None:
    drawn = build_up(cell)
    beats = drawn.plan.storyboard.beats[1:]
    reveals = measured(cell)["discs_visible_per_step"]
    assert len(beats) in (len(reveals), len(reveals) + 1)  # ours always ends on a hold
    counts = []
    for step, beat in enumerate(beats[: len(reveals)]):
        found = find_discs(
            drawn.at(beat.start + beat.duration), fills(cell), measured(cell)["disc_radius"]
        )
        counts.append(len(found))
        wanted = [disc for disc in measured(cell)["discs"] if disc[3] <= step]
        assert matched(found, wanted, near(cell)) == [], f"{beat.kind}: {beat.telling.step}"
    assert counts == reveals


@pytest.mark.slow
@every_cell
def test_steps_that_leave_the_cell_are_the_illustrated_ones(cell: str) -> None:
    kinds = [beat.kind for beat in build_up(cell).plan.storyboard.beats[1:]]
    steps = measured(cell)["steps"]
    assert [kind == "leave" for kind in kinds[: len(steps)]] == [
        "leaves the cell" in step for step in steps
    ]


@pytest.mark.slow
@every_cell
def test_what_waits_is_seen_pale(cell: str) -> None:
    """Before its step a disc is a tint: neither its fill nor nothing at all."""
    drawn = build_up(cell)
    begin = drawn.plan.storyboard.beats[1]
    picture = drawn.at(begin.start + begin.duration)
    tints = []
    for x, y, fill, first_step in measured(cell)["discs"]:
        if first_step == 0:
            continue
        tint = "#{:02x}{:02x}{:02x}".format(*picture[round(y), round(x + RING * 12)])
        tints.append(tint)
        assert tint != fill
    assert ILLUSTRATED.line not in tints
    # A grey may come out as pale as the body; most do not.
    assert sum(tint in (ILLUSTRATED.body, ILLUSTRATED.background) for tint in tints) == 0


# --- wires ---------------------------------------------------------------------------------------


def along(path: list[list[float]]) -> list[tuple[float, float]]:
    points = []
    for (ax, ay), (bx, by) in pairwise(path):
        steps = max(1, int(hypot(bx - ax, by - ay) / SAMPLE))
        points += [(ax + (bx - ax) * i / steps, ay + (by - ay) * i / steps) for i in range(steps)]
    return [*points, (path[-1][0], path[-1][1])]


def window(mask: Mask, x: float, y: float, half_width: float, half_height: float) -> Mask:
    return mask[
        max(0, int(y - half_height)) : int(y + half_height) + 1,
        max(0, int(x - half_width)) : int(x + half_width) + 1,
    ]


def missing(picture: Picture, cell: str) -> list[str]:
    """Points of the measured wires that have no line near, and ends that have no head."""
    lines, reach = dark(picture), near(cell)
    height, width = (length - HEAD_BLOCK + 1 for length in lines.shape)
    shifts = product(range(HEAD_BLOCK), repeat=2)
    heads = np.logical_and.reduce([lines[y : y + height, x : x + width] for y, x in shifts])
    gates = [text for text in measured(cell)["text"] if text[3] == "gate tag"]
    gone = []
    for path in measured(cell)["wires"]:
        for x, y in along(path):
            under_a_tag = any(
                abs(y - tag_y) < 12 and abs(x - tag_x) < 110 for _, tag_x, tag_y, _ in gates
            )
            if not under_a_tag and not window(lines, x, y, reach, reach).any():
                gone.append(f"line at {x:.0f}, {y:.0f}")
        x, y = path[-1]
        if not window(heads, x, y, reach + HEAD_BLOCK, reach + HEAD_BLOCK).any():
            gone.append(f"head at {x:.0f}, {y:.0f}")
    return gone


@every_cell
def test_wires_run_where_they_were_measured_and_end_in_a_head(cell: str) -> None:
    assert missing(still(cell), cell) == []


@every_cell
def test_a_wire_that_is_wiped_out_would_be_noticed(cell: str) -> None:
    for path in measured(cell)["wires"]:
        (ax, ay), (bx, by) = path[-2:]
        picture = still(cell).copy()
        reach = int(near(cell)) + 2 * HEAD_BLOCK
        top, bottom = sorted((int(ay), int(by)))
        left, right = sorted((int(ax), int(bx)))
        picture[top - reach : bottom + reach, left - reach : right + reach] = 255
        assert missing(picture, cell) != []


# --- text and body -------------------------------------------------------------------------------


@every_cell
def test_labels_are_written_where_they_were_measured(cell: str) -> None:
    letters = dark(still(cell))
    for text, x, y, kind in measured(cell)["text"]:
        if kind != "label":
            continue
        width = text_width(text, DIAGRAMS[cell].label_size)
        half = width / 2 + LABEL_MARGIN
        found = np.argwhere(window(letters, x, y, half, LABEL_HALF_HEIGHT))
        assert len(found), text
        (top, left), (bottom, right) = found.min(axis=0), found.max(axis=0)
        assert WRITTEN * width <= right - left + 1 <= width + LABEL_MARGIN, text
        assert abs((left + right) / 2 - half) <= near(cell), text
        assert abs((top + bottom) / 2 - LABEL_HALF_HEIGHT) <= near(cell), text


@every_cell
def test_tags_stand_where_they_were_measured_with_their_text(cell: str) -> None:
    picture = still(cell)
    letters = dark(picture)
    for text, x, y, kind in measured(cell)["text"]:
        if kind == "label":
            continue
        colour = MEASURED["style"][kind.replace(" ", "_")]
        boxes = [
            patch
            for patch in patches(picture, colour)
            if patch.width > SMALLEST_TAG and dist((patch.x, patch.y), (x, y)) <= near(cell)
        ]
        assert len(boxes) == 1, f"{kind} {text}: {len(boxes)}"
        (box,) = boxes
        written = np.argwhere(window(letters, box.x, box.y, box.width / 2, box.height / 2))
        assert len(written) >= SMALLEST_LETTERS, text
        middle = (written.min(axis=0) + written.max(axis=0)) / 2
        assert abs(middle[1] - box.width / 2) <= near(cell), text
        assert abs(middle[0] - box.height / 2) <= near(cell), text


@every_cell
def test_the_body_has_the_measured_edges(cell: str) -> None:
    (body,) = [
        patch
        for patch in patches(still(cell), MEASURED["style"]["body"])
        if patch.width > measured(cell)["size"][0] / 2
    ]
    left, top, right, bottom = measured(cell)["body"]
    for found, wanted in (
        (body.x - body.width / 2, left),
        (body.y - body.height / 2, top),
        (body.x + body.width / 2, right),
        (body.y + body.height / 2, bottom),
    ):
        assert abs(found - wanted) <= near(cell)


@every_cell
def test_the_theme_has_the_measured_colours(cell: str) -> None:
    style = MEASURED["style"]
    assert (style["body"], style["background"]) == (ILLUSTRATED.body, ILLUSTRATED.background)
    assert (style["state_tag"], style["caption_tag"], style["gate_tag"]) == (
        ILLUSTRATED.state_tag,
        ILLUSTRATED.caption_tag,
        ILLUSTRATED.gate_tag,
    )
    assert (style["wire"], style["body_outline"]) == (ILLUSTRATED.line, ILLUSTRATED.line)
    drawn = {fill for row in ILLUSTRATED.fills.values() for fill in row}
    assert fills(cell) <= drawn


def test_every_illustrated_cell_is_measured() -> None:
    """The other cells are drawn in the same way, but nobody illustrated them before."""
    assert set(MEASURED["cells"]) == {"rnn", "lstm", "gru"}
