"""Where things stand, for every cell and every size that can be drawn: nothing in another's way.

The laws are checked on boxes and axis-parallel wires; no renderer is needed.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cache
from itertools import combinations, compress, pairwise, product
from math import dist, floor

import numpy as np
import pytest
from numpy.typing import NDArray

from gatereel.rnn_math import InputError
from gatereel.rnn_math.arrays import Array
from gatereel.scenes.diagrams import DIAGRAMS
from gatereel.scenes.draw.shapes import HEAD_LENGTH
from gatereel.scenes.fonts.text_width import CAP_HEIGHT, text_width
from gatereel.scenes.language.files import load_language
from gatereel.scenes.lay_out.diagram import Diagram, Label, Wire, label_lines, translate
from gatereel.scenes.lay_out.geometry import Box, Point
from gatereel.scenes.lay_out.layout import (
    STRIP_HEIGHT,
    TEXT_LINE,
    WIDEST_NUMBER,
    Layout,
    lay_out,
    tag_box,
)
from gatereel.scenes.lay_out.placed_rows import PlacedRow
from gatereel.scenes.plan import (
    LARGE_NUMBER,
    LARGEST_NUMBER,
    MOST_FOR_LARGE_NUMBERS,
    MOST_UNITS_FOR_LARGE_NUMBERS,
    SMALLEST_NUMBER,
)
from gatereel.scenes.tell.excerpt import MAX_HIDDEN_SIZE, MAX_INPUT_SIZE
from gatereel.scenes.tell.language import LANGUAGES
from gatereel.scenes.tell.numbers import DECIMALS
from gatereel.scenes.tell.rows import OPERANDS_SUFFIX
from gatereel.scenes.theme.files import load_theme

ILLUSTRATED = load_theme("illustrated")

NARROW = "i"
"""The narrower the letter, the closer to its room's width a text of it comes."""


def widest_words(label: Label, size: float) -> str:
    """As many letters as a label has room for, in each of the lines it has height for."""
    line = NARROW * floor(label.room / text_width(NARROW, size))
    return f"{line}\n{line}" if label.side == "left" else line


def full(diagram: Diagram) -> Diagram:
    """The diagram in a language whose labels take all the room there is."""

    def worded(each: Diagram) -> Diagram:
        labels = (
            replace(label, text=widest_words(label, each.label_size)) for label in each.labels
        )
        return replace(each, labels=tuple(labels))

    return diagram.changed(worded)


DRAWN: dict[str, Diagram] = {
    **{
        f"{cell}, {name}": translate(diagram, load_language(name))
        for cell, diagram in DIAGRAMS.items()
        for name in LANGUAGES
    },
    **{f"{cell}, full": full(diagram) for cell, diagram in DIAGRAMS.items()},
}
"""Every cell in every language."""

Sizes = tuple[int, int, bool, bool]
"""Inputs and units shown, and whether there are more of each."""

SIZES: list[Sizes] = [
    *product(range(1, MAX_INPUT_SIZE + 1), range(1, MAX_HIDDEN_SIZE + 1), [False], [False]),
    *product(range(1, MAX_INPUT_SIZE + 1), range(1, MAX_HIDDEN_SIZE + 1), [True], [True]),
    *product((1, 3, MAX_INPUT_SIZE), (1, 2, MAX_HIDDEN_SIZE), [True], [False]),
    *product((1, 3, MAX_INPUT_SIZE), (1, 2, MAX_HIDDEN_SIZE), [False], [True]),
]

WIDE_NUMBER = "\N{MINUS SIGN}999.99"
"""No number of two decimals is written wider."""

CLEAR_OF_DISCS = 1.0
"""Pixels between neighbouring discs: an outline's width, so that two outlines do not touch."""

CLEAR_OF_BODY = 2.0
"""Pixels from a number, label or disc to the body's outline, which is as thick."""

SMALLEST_TEXT = 13.0 / 1125.0
"""The illustrated cells' smallest label, as a share of the picture's width."""

TOLERANCE = 1e-9
"""For sums of floats that should come out equal."""

FOCUS = 4.0
"""Pixels from a row and its numbers to the outer edge of the frame around the active row."""

DESCENDER = 1.7
"""Pixels by which a "p" hangs out of the box of a label."""

Item = tuple[str, Box]

Edges = tuple[float, float, float, float]
"""Left, top, right and bottom."""


@dataclass(frozen=True)
class Items:
    """What stands in a picture: there is too much of it to compare boxes one by one."""

    names: list[str]
    edges: Array
    """Left, top, right and bottom of each, `(items, 4)`."""

    def first(self, count: int) -> "Items":
        return Items(self.names[:count], self.edges[:count])


every_picture = pytest.mark.parametrize(
    ("cell", "values"), [(cell, values) for cell in DRAWN for values in (True, False)]
)
every_number = pytest.mark.parametrize(
    ("cell", "widest"),
    [(cell, number) for cell in DRAWN for number in (WIDEST_NUMBER, WIDE_NUMBER)],
)


def layouts(cell: str, values: bool = True, widest: str = WIDEST_NUMBER) -> tuple[Layout, ...]:
    return _layouts(cell, values, widest)


@cache
def _layouts(cell: str, values: bool, widest: str) -> tuple[Layout, ...]:
    """What is left out and what is named are one request here, as they are not to a cache."""
    return tuple(
        lay_out(
            DRAWN[cell],
            features,
            units,
            rest_features=rest_features,
            rest_units=rest_units,
            values=values,
            widest_numbers=fewer_decimals(widest),
        )
        for features, units, rest_features, rest_units in SIZES
    )


def fewer_decimals(number: str) -> tuple[str, ...]:
    """A number with two decimals, one, and none."""
    return number, number[:-1], number[:-3]


def size_of(layout: Layout) -> str:
    rests = sum(disc.is_rest for disc in layout.rows["hx" if "hx" in layout.rows else "x"].discs)
    return f"input {layout.input_size}, hidden {layout.hidden_size}, {rests} rests"


LABEL_HEIGHT = 14.0
"""Of a label's one line, in pixels."""


def label_box(label: Label, size: float) -> Box:
    """The rectangle a placed label covers, set at `size` pixels."""
    lines = label.text.split("\n")
    half_width = max(text_width(line, size) for line in lines) / 2
    half_height = (LABEL_HEIGHT + (len(lines) - 1) * TEXT_LINE * size) / 2
    return Box(
        label.x - half_width,
        label.y - half_height,
        label.x + half_width,
        label.y + half_height,
    )


def discs_box(row: PlacedRow) -> Box:
    return Box(
        row.discs[0].x - row.radius,
        row.y - row.radius,
        row.discs[-1].x + row.radius,
        row.y + row.radius,
    )


def numbers(layout: Layout, widest: str) -> Items:
    text = fewer_decimals(widest)[DECIMALS - layout.decimals]
    size = layout.value_size
    half = np.array([text_width(text, size), CAP_HEIGHT * size]) / 2
    spots = np.array([spot for row in layout.rows.values() for spot in row.value_spots])
    middles = spots.reshape(-1, 2)
    names = [
        f"number {i} of {row.name}"
        for row in layout.rows.values()
        for i in range(len(row.value_spots))
    ]
    return Items(names, np.hstack((middles - half, middles + half)))


def rows(layout: Layout) -> Iterator[Item]:
    for row in layout.rows.values():
        yield f"discs of {row.name}", discs_box(row)


def labels(layout: Layout) -> Iterator[Item]:
    for label in layout.labels:
        yield f"label {label.text} of {label.row}", label_box(label, layout.diagram.label_size)


def tags(layout: Layout, *, gates: bool) -> Iterator[Item]:
    for tag in layout.tags:
        if gates == (tag.kind == "gate"):
            yield f"tag {tag.text} of {tag.row}", tag_box(tag)


def segments(path: tuple[Point, ...]) -> Iterator[Edges]:
    """A wire's straight pieces, as boxes of no width or no height."""
    for (ax, ay), (bx, by) in pairwise(path):
        yield min(ax, bx), min(ay, by), max(ax, bx), max(ay, by)


def edges(boxes: Iterable[Box]) -> Array:
    """Left, top, right and bottom of each box, `(boxes, 4)`."""
    return np.array([(box.left, box.top, box.right, box.bottom) for box in boxes]).reshape(-1, 4)


def overlapping(ones: Array, others: Array) -> list[tuple[int, int]]:
    """Which of the ones overlap which of the others, by their edges, as `Box.overlaps` says."""
    left, top, right, bottom = ones.T[..., np.newaxis]
    meet = left < others[:, 2]
    meet &= right > others[:, 0]
    meet &= top < others[:, 3]
    meet &= bottom > others[:, 1]
    return list(zip(*(places.tolist() for places in meet.nonzero()), strict=True))


def placed(
    cell: str, values: bool = True, widest: str = WIDEST_NUMBER
) -> tuple[tuple[Layout, Items], ...]:
    """Each layout with its numbers, discs, labels and tags, those of gates last."""
    return _placed(cell, values, widest)


@cache
def _placed(cell: str, values: bool, widest: str) -> tuple[tuple[Layout, Items], ...]:
    return tuple(
        (
            layout,
            together(
                numbers(layout, widest),
                *rows(layout),
                *labels(layout),
                *tags(layout, gates=False),
                *tags(layout, gates=True),
            ),
        )
        for layout in layouts(cell, values, widest)
    )


def together(those: Items, *items: Item) -> Items:
    """Those and others, in this order."""
    names = [*those.names, *(name for name, _ in items)]
    return Items(names, np.vstack((those.edges, edges(box for _, box in items))))


@pytest.fixture(scope="module", autouse=True)
def forgotten() -> Iterator[None]:
    """Thousands of layouts are kept for these tests: nobody needs them behind these tests."""
    yield
    _layouts.cache_clear()
    _placed.cache_clear()


def beside_gates(layout: Layout, items: Items) -> Items:
    """The items without the tags of gates."""
    return items.first(len(items.names) - sum(tag.kind == "gate" for tag in layout.tags))


def collisions(items: Items) -> list[str]:
    found = overlapping(items.edges, items.edges)
    return [f"{items.names[i]} and {items.names[j]}" for i, j in found if i < j]


def hits(wires: Iterable[Wire], items: Items) -> list[str]:
    """What wires run through; touching an edge is not enough."""
    pieces = [(wire, piece) for wire in wires for piece in segments(wire.path)]
    crossed = overlapping(np.array([piece for _, piece in pieces]), items.edges)
    named = [(pieces[i][0], items.names[j]) for i, j in crossed]
    return [f"{wire.source} to {wire.target} through {name}" for wire, name in named]


# --- discs ---------------------------------------------------------------------------------------


@every_picture
def test_discs_of_a_row_stand_apart(cell: str, values: bool) -> None:
    close = [
        f"{row.name}, {size_of(layout)}"
        for layout in layouts(cell, values)
        for row in layout.rows.values()
        for left, right in pairwise(row.discs)
        if right.x - left.x < left.radius + right.radius + CLEAR_OF_DISCS
    ]
    assert close == []


@every_picture
def test_discs_stay_in_their_slot(cell: str, values: bool) -> None:
    outside = [
        f"{drawn.name}, {size_of(layout)}"
        for layout in layouts(cell, values)
        for drawn in layout.diagram.rows
        for row in [layout.rows[drawn.name]]
        for slot in [drawn.room if values and drawn.shows_values else drawn.slot]
        if discs_box(row).right - discs_box(row).left > slot + TOLERANCE
        or abs((row.discs[0].x + row.discs[-1].x) / 2 - row.x) > TOLERANCE
    ]
    assert outside == []


@pytest.mark.parametrize("cell", DRAWN)
def test_a_row_has_a_disc_for_each_unit_and_one_for_the_rest(cell: str) -> None:
    for layout, (features, units, rest_features, rest_units) in zip(
        layouts(cell), SIZES, strict=True
    ):
        of_units = (units, rest_units)
        counts = {"hidden": of_units, "projected": of_units, "input": (features, rest_features)}
        for row in DRAWN[cell].rows:
            wanted = []
            for stretch in row.stretches:
                count, has_rest = counts[stretch.size]
                wanted += [(stretch.role, False)] * count + [(stretch.role, True)] * has_rest
            placed = layout.rows[row.name].discs
            assert [(disc.role, disc.is_rest) for disc in placed] == wanted
            of_role: dict[str, list[int]] = {}
            for disc in placed:
                of_role.setdefault(disc.role, []).append(disc.unit)
            assert all(numbers == list(range(len(numbers))) for numbers in of_role.values())
            assert len({disc.radius for disc in placed}) == 1


@pytest.mark.parametrize("cell", DRAWN)
def test_every_unit_has_its_number_and_operands_have_none(cell: str) -> None:
    for layout in layouts(cell):
        for name, row in layout.rows.items():
            units = sum(not disc.is_rest for disc in row.discs)
            count = 0 if name.endswith(OPERANDS_SUFFIX) else units
            assert len(row.value_spots) == count, f"{name}, {size_of(layout)}"


@pytest.mark.parametrize("cell", DRAWN)
def test_without_values_there_are_none(cell: str) -> None:
    spots = [row.value_spots for layout in layouts(cell, False) for row in layout.rows.values()]
    assert not any(spots)


# --- nothing overlaps ----------------------------------------------------------------------------


@every_number
def test_numbers_labels_tags_and_discs_do_not_overlap(cell: str, widest: str) -> None:
    found = [
        f"{pair}, {size_of(layout)}"
        for layout, items in placed(cell, widest=widest)
        for pair in collisions(items)
    ]
    assert found == []


@pytest.mark.parametrize("cell", DRAWN)
def test_without_values_nothing_overlaps_either(cell: str) -> None:
    found = [
        f"{pair}, {size_of(layout)}"
        for layout, items in placed(cell, False)
        for pair in collisions(items)
    ]
    assert found == []


@every_number
def test_wires_run_clear_of_text_and_discs(cell: str, widest: str) -> None:
    """Gate tags are left out: they are opaque, and wires run under them."""
    found = [
        f"{hit}, {size_of(layout)}"
        for layout, items in placed(cell, widest=widest)
        for hit in hits(layout.wires, beside_gates(layout, items))
    ]
    assert found == []


@pytest.mark.parametrize("cell", DRAWN)
def test_without_values_wires_run_clear_too(cell: str) -> None:
    found = [
        f"{hit}, {size_of(layout)}"
        for layout, items in placed(cell, False)
        for hit in hits(layout.wires, beside_gates(layout, items))
    ]
    assert found == []


@pytest.mark.parametrize("cell", DRAWN)
def test_the_frame_around_a_row_cuts_through_nothing(cell: str) -> None:
    found = []
    for layout in layouts(cell):
        framed = [row for name, row in layout.rows.items() if not name.endswith(OPERANDS_SUFFIX)]
        own = [own_edges(layout, row) for row in framed]
        frames = np.array([(*np.min(each, axis=0)[:2], *np.max(each, axis=0)[2:]) for each in own])
        frames += (-FOCUS, -FOCUS, FOCUS, FOCUS)
        others = together(
            numbers(layout, WIDEST_NUMBER),
            *rows(layout),
            *((name, hanging(box)) for name, box in labels(layout)),
            *tags(layout, gates=False),
            *tags(layout, gates=True),
        )
        found += [
            f"{framed[i].name} and {others.names[j]}, {size_of(layout)}"
            for i, j in overlapping(frames, others.edges)
            if tuple(others.edges[j].tolist()) not in own[i]
        ]
    assert found == []


def own_edges(layout: Layout, row: PlacedRow) -> list[Edges]:
    """Of a row's discs together and of each of its numbers."""
    half_width = text_width(WIDEST_NUMBER, layout.value_size) / 2
    half_height = CAP_HEIGHT * layout.value_size / 2
    discs = discs_box(row)
    return [
        (discs.left, discs.top, discs.right, discs.bottom),
        *(
            (x - half_width, y - half_height, x + half_width, y + half_height)
            for x, y in row.value_spots
        ),
    ]


def hanging(box: Box) -> Box:
    return Box(box.left, box.top, box.right, box.bottom + DESCENDER)


def test_the_checks_above_can_fail() -> None:
    box = (0.0, 0.0, 10.0, 10.0)
    names = ["a", "b"]
    assert collisions(Items(names, np.array([box, (9.0, 9.0, 20.0, 20.0)]))) == ["a and b"]
    assert collisions(Items(names, np.array([box, (10.0, 0.0, 20.0, 10.0)]))) == []
    for path, through in (
        (((-5.0, 5.0), (20.0, 5.0)), ["x to h through a"]),
        (((5.0, -5.0), (5.0, 4.0)), ["x to h through a"]),
        (((-5.0, 11.0), (20.0, 11.0)), []),
    ):
        assert hits([Wire("x", "h", path)], Items(["a"], np.array([box]))) == through


def test_boxes_are_compared_as_the_layout_compares_them() -> None:
    layout = lay_out(DRAWN["lstm, full"])
    frames = [row.extent for row in layout.rows.values()]
    items = together(numbers(layout, WIDE_NUMBER), *rows(layout), *labels(layout))
    boxes = [Box(*each) for each in items.edges.tolist()]
    asked = [(i, j) for i, a in enumerate(frames) for j, b in enumerate(boxes) if a.overlaps(b)]
    assert overlapping(edges(frames), items.edges) == asked != []


# --- inside the picture and the body -------------------------------------------------------------


@every_number
def test_everything_stays_in_the_picture_and_clear_of_the_body_outline(
    cell: str, widest: str
) -> None:
    outside: list[str] = []
    on_the_edge: list[str] = []
    for layout, items in placed(cell, widest=widest):
        body = layout.body
        assert body.top >= 0, size_of(layout)
        picture = Box(0, 0, layout.width, layout.diagram.height)
        (all_of_it,), (outline,) = edges([picture]), edges([body])
        clear = np.array([-CLEAR_OF_BODY, -CLEAR_OF_BODY, CLEAR_OF_BODY, CLEAR_OF_BODY])
        near = np.zeros(len(items.names), dtype=bool)
        for i, _ in overlapping(items.edges, (outline + clear)[np.newaxis]):
            near[i] = True
        out = ~within(items.edges, all_of_it)
        across = near & ~within(items.edges, outline - clear)
        if (out | across).any():
            where = [f"{name}, {size_of(layout)}" for name in items.names]
            outside += compress(where, out)
            on_the_edge += compress(where, across)
    assert outside == []
    assert on_the_edge == []


def within(items: Array, other: Array) -> NDArray[np.bool_]:
    """Which of the items lie in the other, by their edges."""
    lower, upper = items[:, :2] >= other[:2], items[:, 2:] <= other[2:]
    inside: NDArray[np.bool_] = np.logical_and.reduce([*lower.T, *upper.T])
    return inside


@pytest.mark.parametrize("cell", DRAWN)
def test_a_states_tags_stand_as_far_below_it_as_they_do_without_numbers(cell: str) -> None:
    bare = lay_out(DRAWN[cell], values=False)
    numbered = lay_out(DRAWN[cell])
    for tag, moved in zip(bare.tags, numbered.tags, strict=True):
        if tag.kind != "gate":
            rows = bare.rows[tag.row], numbered.rows[tag.row]
            assert moved.y - rows[1].y == pytest.approx(tag.y - rows[0].y, abs=TOLERANCE)


@pytest.mark.parametrize("cell", DRAWN)
def test_what_is_concatenated_has_its_numbers_on_one_line_while_its_parts_have(cell: str) -> None:
    """Up to nine discs; of more, neighbours take turns on two lines, as do those of six units."""
    for layout in layouts(cell):
        for name in {"x", "hx", "rhx"} & set(layout.rows):
            row = layout.rows[name]
            lines = len({y for _, y in row.value_spots})
            assert lines <= (1 if len(row.discs) <= 9 else 2), f"{name}, {size_of(layout)}"


@pytest.mark.parametrize("cell", DRAWN)
def test_the_strip_is_below_the_cell_or_not_there(cell: str) -> None:
    diagram = DRAWN[cell]
    with_strip, without = lay_out(diagram), lay_out(diagram, strip=False)
    assert with_strip.strip == Box(0, diagram.height, diagram.width, diagram.height + STRIP_HEIGHT)
    assert with_strip.height == diagram.height + STRIP_HEIGHT
    assert without.strip is None
    assert (without.width, without.height) == (diagram.width, diagram.height)


# --- wires ---------------------------------------------------------------------------------------


@every_picture
def test_wires_are_long_enough_for_their_heads(cell: str, values: bool) -> None:
    short = [
        f"{wire.source} to {wire.target}: {dist(*wire.path[-2:]):.1f} pixels, {size_of(layout)}"
        for layout in layouts(cell, values)
        for wire in layout.wires
        if dist(*wire.path[-2:]) < HEAD_LENGTH
    ]
    assert short == []


@every_number
def test_wires_are_straight_and_go_on(cell: str, widest: str) -> None:
    """Each piece is level or upright and has a length; the last ones keep their direction."""
    for layout in layouts(cell, widest=widest):
        for wire, drawn in zip(layout.wires, layout.diagram.wires, strict=True):
            where = f"{wire.source} to {wire.target}"
            assert len(wire.path) == len(drawn.path), f"{where}, {size_of(layout)}"
            for i, ((ax, ay), (bx, by)) in enumerate(pairwise(wire.path)):
                (cx, cy), (dx, dy) = drawn.path[i : i + 2]
                assert (ax == bx) != (ay == by), f"{where}, {size_of(layout)}"
                along = (bx - ax) * (dx - cx) + (by - ay) * (dy - cy)
                assert along > 0, f"{where}, {size_of(layout)}"


@pytest.mark.parametrize("cell", DRAWN)
def test_every_wire_leads_to_a_row_and_every_row_stands_once(cell: str) -> None:
    diagram = DRAWN[cell]
    names = [row.name for row in diagram.rows]
    assert len(set(names)) == len(names)
    for wire in diagram.wires:
        assert {wire.source, wire.target} <= set(names)
    assert {label.row for label in diagram.labels} <= set(names)
    assert {tag.row for tag in diagram.tags} <= set(names)


# --- the reference -------------------------------------------------------------------------------


@pytest.mark.parametrize("cell", DRAWN)
def test_at_the_reference_size_without_values_nothing_is_moved(cell: str) -> None:
    diagram = DRAWN[cell]
    layout = lay_out(diagram, values=False)
    assert layout.wires == diagram.wires
    for label, drawn in zip(layout.labels, diagram.labels, strict=True):
        box = label_box(label, diagram.label_size)
        stands_at = box.right if drawn.side == "left" else label.x
        assert stands_at == pytest.approx(drawn.x, abs=TOLERANCE)
        assert label.y == drawn.y
    assert layout.body == Box(*diagram.body)
    assert {row.radius for row in layout.rows.values()} == {diagram.radius}


@pytest.mark.parametrize("cell", DRAWN)
def test_no_text_is_smaller_than_the_smallest_illustrated_label(cell: str) -> None:
    """A symbol's letter is not meant: it belongs to its disc and shrinks with it."""
    sizes = ILLUSTRATED.sizes
    written = [
        sizes.label,
        sizes.gate_tag,
        sizes.state_tag,
        sizes.caption_tag,
        sizes.title,
        sizes.step,
        sizes.timestep,
        sizes.sentence,
        sizes.equation,
        sizes.numbers,
        DRAWN[cell].value_size,
    ]
    assert min(written) >= SMALLEST_TEXT * DRAWN[cell].width


@pytest.mark.parametrize("cell", DRAWN)
def test_numbers_are_fifteen_pixels_where_a_picture_is_1125_wide(cell: str) -> None:
    for layout in layouts(cell):
        assert layout.value_size * 1125.0 / layout.width >= 15.0, size_of(layout)


@every_number
def test_every_number_stands_over_the_middle_of_its_disc(cell: str, widest: str) -> None:
    for layout in layouts(cell, widest=widest):
        for row in layout.rows.values():
            numbered = [disc for disc in row.discs if not disc.is_rest]
            for disc, (x, y) in zip(numbered, row.value_spots, strict=bool(row.value_spots)):
                assert (x, y < disc.y - disc.radius) == (disc.x, True), size_of(layout)


@pytest.mark.parametrize("cell", DRAWN)
def test_numbers_of_the_reference_size_stand_on_one_line(cell: str) -> None:
    layout = lay_out(DRAWN[cell])
    heights = {name: {y for _, y in row.value_spots} for name, row in layout.rows.items()}
    assert {name: found for name, found in heights.items() if len(found) > 1} == {}


@pytest.mark.parametrize("cell", DRAWN)
def test_ordinary_numbers_keep_two_decimals_at_every_size(cell: str) -> None:
    assert {layout.decimals for layout in layouts(cell)} == {DECIMALS}


@pytest.mark.parametrize("cell", DRAWN)
def test_numbers_make_room_for_the_longest(cell: str) -> None:
    """Numbers on one line are at least as far apart as the longest one is wide."""
    diagram = DRAWN[cell]
    for layout in layouts(cell, widest=WIDE_NUMBER):
        width = text_width(
            fewer_decimals(WIDE_NUMBER)[DECIMALS - layout.decimals], diagram.value_size
        )
        for row in layout.rows.values():
            for (ax, ay), (bx, by) in combinations(row.value_spots, 2):
                assert ay != by or bx - ax > width, f"{row.name}, {size_of(layout)}"


@pytest.mark.parametrize("size", [SMALLEST_NUMBER, LARGE_NUMBER, LARGEST_NUMBER])
@pytest.mark.parametrize("cell", DIAGRAMS)
def test_numbers_of_another_size_are_in_nobodys_way(cell: str, size: float) -> None:
    diagram = DRAWN[f"{cell}, full"].changed(lambda each: replace(each, value_size=size))
    units = MOST_UNITS_FOR_LARGE_NUMBERS
    for features, rest in product((1, 3, MOST_FOR_LARGE_NUMBERS - units), (False, True)):
        layout = lay_out(diagram, features, units, rest_units=rest)
        items = together(
            numbers(layout, WIDEST_NUMBER),
            *rows(layout),
            *labels(layout),
            *tags(layout, gates=False),
        )
        assert collisions(items) == []
        assert hits(layout.wires, items) == []


# --- words ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", LANGUAGES)
@pytest.mark.parametrize("cell", DIAGRAMS)
def test_words_fit_their_places(cell: str, name: str) -> None:
    diagram, language = DIAGRAMS[cell], load_language(name)
    sizes = {"gate": ILLUSTRATED.sizes.gate_tag, "caption": ILLUSTRATED.sizes.caption_tag}
    size = diagram.label_size
    too_wide = [
        line
        for label in diagram.labels
        for line in label_lines(label, size, language)
        if text_width(line, size) > label.room
    ]
    too_wide += [
        line
        for tag in diagram.tags
        if tag.kind != "state"
        for line in language.tags[tag.text].split("\n")
        if text_width(line, sizes[tag.kind]) > tag.room
    ]
    assert too_wide == []


@pytest.mark.parametrize("cell", ["gru", "gru-reset-before"])
def test_a_wide_label_beside_a_row_stands_in_two_lines(cell: str) -> None:
    drawn = translate(DIAGRAMS[cell], load_language("vi"))
    assert [label.text for label in drawn.labels if label.side == "left"] == ["nhân\ntừng vị trí"]
    drawn = translate(DIAGRAMS[cell], load_language("en"))
    assert [label.text for label in drawn.labels if label.side == "left"] == ["multiplication"]


@pytest.mark.parametrize("cell", DIAGRAMS)
def test_a_translation_changes_nothing_but_words(cell: str) -> None:
    diagram = DIAGRAMS[cell]
    drawn = translate(diagram, load_language("vi"))
    unchanged = replace(drawn, labels=diagram.labels, tags=diagram.tags, roomier=diagram.roomier)
    assert unchanged == diagram
    symbols = [tag for tag in diagram.tags if tag.kind == "state"]
    assert [tag for tag in drawn.tags if tag.kind == "state"] == symbols


# --- sizes that cannot be drawn ------------------------------------------------------------------


@pytest.mark.parametrize("cell", DRAWN)
@pytest.mark.parametrize(
    ("input_size", "hidden_size", "named"),
    [
        (0, 2, "1 to 8 inputs, not 0"),
        (MAX_INPUT_SIZE + 1, 2, f"inputs, not {MAX_INPUT_SIZE + 1}"),
        (3, 0, "1 to 6 units, not 0"),
        (3, MAX_HIDDEN_SIZE + 1, f"units, not {MAX_HIDDEN_SIZE + 1}"),
        (-1, 2, "inputs, not -1"),
    ],
)
def test_sizes_that_cannot_be_drawn_are_named(
    cell: str, input_size: int, hidden_size: int, named: str
) -> None:
    with pytest.raises(InputError, match=named):
        lay_out(DRAWN[cell], input_size, hidden_size)


def test_the_limits_are_those_of_the_tests() -> None:
    assert (MAX_INPUT_SIZE, MAX_HIDDEN_SIZE) == (8, 6)
