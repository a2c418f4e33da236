"""Pages of outlines as SVG, PDF and PNG: the same picture, the same bytes, nothing from outside."""

from __future__ import annotations

import re
import zlib
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest
from PIL import Image

from gatereel.scenes.draw.outlines import (
    Outline,
    circle,
    join,
    line,
    polygon,
    polyline,
    rounded_box,
)
from gatereel.scenes.draw.pages import DrawnPage, Group
from gatereel.scenes.draw.painted import Painted, Style
from gatereel.scenes.export import SHEETS, together, write_pages
from gatereel.scenes.export.svg import svg_text

from .svg_reader import SVG, Reader

FACTS = {"title": "A < B", "comment": 'Made of "discs" & lines'}

LEVELS = 40
"""Of 255, at the edges of shapes: the reader draws coordinates rounded to hundredths."""
FEW = 0.002
"""Share of pixels that may be further off."""

RED, LINE = Style("#c00000", "#000000", 1.2), Style(None, "#1c4587", 2.0)


def ring(x: float, y: float) -> Outline:
    """A disc with a hole: the inner circle runs the other way round."""
    return join([circle(x, y, 9.0), circle(x, y, 4.0)[::-1]])


PAINTED = (
    Painted(rounded_box(4, 4, 116, 76, 3), Style("#ffe599", "#000000", 2.0)),
    Painted(join([circle(20 + 25 * i, 20, 9.5) for i in range(4)]), RED),
    Painted(join([ring(20 + 25 * i, 45.25) for i in range(4)]), Style("#2d2d2d", None, 0.0)),
    Painted(polyline([(10, 60), (60, 60), (60, 72)]), LINE),
    Painted(polygon([(80, 60), (90.5, 66.3), (77, 71)]), Style("#000000", None, 0.0)),
    Painted(line((70, 62), (75.37, 70.11)), LINE),
)


def page(*, background: str | None = "#ffffff", scale: float = 2.0) -> DrawnPage:
    """Two groups with the same things, one of them moved."""
    groups = (Group(PAINTED), Group(PAINTED, 120.0, 10.5))
    return DrawnPage(250.0, 100.0, groups, background, scale)


def written(folder: Path, suffix: str, *pages: DrawnPage) -> Path:
    path = folder / f"a{suffix}"
    with together([path]) as temporaries:
        facts = write_pages(path, temporaries[path], pages, FACTS)
    assert (facts.path, facts.size_bytes) == (path, path.stat().st_size)
    return path


@pytest.mark.parametrize("suffix", SHEETS)
def test_the_same_page_gives_the_same_bytes(tmp_path: Path, suffix: str) -> None:
    first = written(tmp_path, suffix, page()).read_bytes()
    assert written(tmp_path, suffix, page()).read_bytes() == first


@pytest.mark.parametrize("background", ["#ffffff", None])
def test_svg_and_png_are_one_picture(tmp_path: Path, background: str | None) -> None:
    reader = Reader(svg_text(page(background=background), FACTS))
    drawn = reader.drawn()
    with Image.open(written(tmp_path, ".png", page(background=background))) as png:
        assert png.size == (500, 200)
        assert png.mode == ("RGB" if background else "RGBA")
        assert png.info["Title"] == FACTS["title"]
        expected = np.array(png.convert("RGBA"))
    assert (drawn[0, 0, 3] == 255) == (background is not None)
    covered = (drawn[:, :, 3] == 255) & (expected[:, :, 3] == 255)
    assert covered.mean() > 0.6
    off = np.abs(drawn.astype(int) - expected).max(axis=2)[covered]
    assert (off > LEVELS).mean() < FEW
    # The hole of a ring shows what is behind it.
    assert tuple(drawn[90, 40, :3]) == (0xFF, 0xE5, 0x99)


def test_a_reader_that_misses_a_hole_would_be_found() -> None:
    filled = page()
    plain = Painted(circle(20, 45.25, 9.0), PAINTED[2].style)
    other = DrawnPage(250.0, 100.0, (*filled.groups, Group((plain,))), "#ffffff", 2.0)
    first, second = (Reader(svg_text(p, FACTS)).drawn().astype(int) for p in (filled, other))
    assert (np.abs(first - second).max(axis=2) > LEVELS).mean() > FEW


def test_an_svg_tells_what_it_shows_and_needs_nothing_else() -> None:
    text = svg_text(page(), FACTS)
    root = ElementTree.fromstring(text)
    assert root.get("role") == "img"
    assert (root.get("width"), root.get("height")) == ("500", "200")
    assert root.get("viewBox") == "0 0 250 100"
    assert root.findtext(f"{SVG}title") == FACTS["title"]
    assert root.findtext(f"{SVG}desc") == FACTS["comment"]
    tags = {element.tag.removeprefix(SVG) for element in root.iter()}
    assert tags == {"svg", "title", "desc", "defs", "path", "g", "use"}
    assert set(re.findall(r'href="(.)', text)) == {"#"}


def test_an_svg_has_the_colours_that_are_painted() -> None:
    expected = {c for item in PAINTED for c in (item.style.fill, item.style.stroke) if c}
    assert Reader(svg_text(page(background=None), {})).colours() == expected
    assert Reader(svg_text(page(background="#0d1117"), {})).colours() == {*expected, "#0d1117"}


def test_what_occurs_again_is_written_once() -> None:
    many = tuple(Painted(ring(20.0 + 30 * i, 30.0), RED) for i in range(40))
    once, often = (
        len(svg_text(DrawnPage(1300, 60, (Group(items),)), {})) for items in (many[:1], many)
    )
    assert often < once + 40 * len('<use xlink:href="#gabcdef" x="1000.5" y="30"/>\n')


def test_names_are_those_of_what_they_stand_for() -> None:
    """Two drawings on one page may share a name, for then they share the shape."""
    one = Reader(svg_text(page(), {}))
    two = Reader(svg_text(DrawnPage(250, 100, (Group((*PAINTED[1:3], *PAINTED[1:3])),)), {}))
    shared = one.known.keys() & two.known.keys()
    assert shared
    for name in shared:
        assert ElementTree.tostring(one.known[name]) == ElementTree.tostring(two.known[name])


def test_a_pdf_has_its_pages_sizes_and_title_and_no_date(tmp_path: Path) -> None:
    pages = (page(), page(scale=1.0), page())
    data = written(tmp_path, ".pdf", *pages).read_bytes()
    sizes = re.findall(rb"/MediaBox \[ 0 0 (\S+) (\S+) \]", data)
    assert [(float(w), float(h)) for w, h in sizes] == [(375, 150), (187.5, 75), (375, 150)]
    assert b"/Title (A < B)" in data
    assert b"Date" not in data
    assert b"/Font" not in data
    assert b"/Subtype /Image" not in data


def test_a_pdf_holds_curves_in_the_colours_that_are_painted(tmp_path: Path) -> None:
    data = written(tmp_path, ".pdf", page()).read_bytes()
    contents = [
        zlib.decompress(stream) for stream in re.findall(rb"stream\n(x.*?)\nendstream", data, re.S)
    ]
    drawing = max(contents, key=len).decode("ascii")
    fills = {
        tuple(round(255 * float(c)) for c in found)
        for found in re.findall(r"(\S+) (\S+) (\S+) rg\b", drawing)
    }
    assert {(0xFF, 0xE5, 0x99), (0xC0, 0, 0), (0x2D, 0x2D, 0x2D)} <= fills
    assert len(re.findall(r" c\b", drawing)) > 4 * 4 * 3


HOSTILE = "a\x1b[2J\x00\x9b\ud800\uffff\u202e<&>"
SHOWN = r"a\x1b[2J\x00\x9b\ud800\uffff\u202e<&>"


def test_an_svg_of_any_words_is_well_formed() -> None:
    text = svg_text(page(), {"title": HOSTILE, "comment": HOSTILE})
    root = ElementTree.fromstring(text.encode())
    assert [root[0].text, root[1].text] == [SHOWN, SHOWN]


@pytest.mark.parametrize("suffix", [".pdf", ".png"])
def test_any_words_go_along(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"a{suffix}"
    with together([path]) as temporaries:
        write_pages(path, temporaries[path], [page()], {"title": HOSTILE, "comment": HOSTILE})
    if suffix == ".png":
        with Image.open(path) as png:
            assert png.info["Title"] == SHOWN
    else:
        assert SHOWN.encode("utf-16-be").hex().upper().encode() in path.read_bytes()
