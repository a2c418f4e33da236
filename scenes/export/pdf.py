"""PDF: pages as shapes, with no fonts; stills and sheets for print."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from io import BytesIO
from pathlib import Path

from gatereel.rnn_math.printable import printable
from gatereel.scenes.draw.pages import POINTS_A_PIXEL, DrawnPage
from gatereel.scenes.export.drawn import draw_page
from gatereel.scenes.export.encoder import Outcome
from gatereel.scenes.tell.metadata import mark_in, with_mark

_LAST_PART = b"startxref"

_NO_DATE = ""
"""The time of the making would make other bytes each time."""


def write_pdf(path: Path, pages: Sequence[DrawnPage], metadata: Mapping[str, str]) -> Outcome:
    """Write `pages` to `path`, each of its own size; "title" and "comment" go along."""
    import cairo

    file = BytesIO()
    surface = cairo.PDFSurface(file, *pages[0].points)
    surface.set_metadata(cairo.PDFMetadata.CREATE_DATE, _NO_DATE)
    for kind, key in ((cairo.PDFMetadata.TITLE, "title"), (cairo.PDFMetadata.SUBJECT, "comment")):
        if key in metadata:
            surface.set_metadata(kind, printable(metadata[key]))
    for page in pages:
        surface.set_size(*page.points)
        context = cairo.Context(surface)
        context.scale(page.scale * POINTS_A_PIXEL, page.scale * POINTS_A_PIXEL)
        draw_page(context, page)
        context.show_page()
    surface.finish()
    path.write_bytes(_marked(file.getvalue(), mark_in(metadata.get("comment", ""))))
    width, height = (round(length) for length in pages[0].points)
    return Outcome(width, height, frames=len(pages), seconds=0.0, unit="page")


def _marked(data: bytes, mark: str | None) -> bytes:
    """A PDF whose mark is found without reading it as one: its metadata may be packed."""
    if mark is None:
        return data
    before, last, after = data.rpartition(_LAST_PART)
    return before + b"%" + with_mark("", mark).encode() + b"\n" + last + after
