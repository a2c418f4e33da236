"""A title over a film's opening picture: a card in its middle, the whole cell behind it."""

from gatereel.scenes.draw.outlines import rounded_box
from gatereel.scenes.draw.page_words import fitted_lines
from gatereel.scenes.draw.painted import Painted, Style
from gatereel.scenes.draw.typeset import Text, Typesetter, plain
from gatereel.scenes.plan import Plan
from gatereel.scenes.tell import words

_WIDTH = 0.76
"""Of the page's."""
_SIZES = (0.056, 0.046, 0.036)
_SMALL = 0.03
"""Type sizes, of the page's width."""
_MOST_LINES = 3
_LINE = 1.22
_PADDING = 0.03
_CORNER = 10.0


def title_card(planned: Plan) -> tuple[Painted, ...]:
    """The card, from back to front, in pixels of the page; below the title what the cell is."""
    page, theme, typesetter = planned.page, planned.theme, Typesetter()
    padding = _PADDING * page.width
    room = _WIDTH * page.width - 2 * padding
    sizes = [share * page.width for share in _SIZES]
    lines, size = fitted_lines((planned.title,), sizes, room, _MOST_LINES, bold=True)
    cell = planned.storyboard.cell
    small = _SMALL * page.width
    name = (words.long_name(cell, planned.language),)
    below, small = fitted_lines(name, (small, small * 0.8), room, 1)
    texts = [
        *(Text(plain(line), round(size, 1), bold=True) for line in lines),
        *(Text(plain(line), round(small, 1)) for line in below),
    ]
    typesetter.prepare(texts)
    height = sum(_LINE * text.size for text in texts) + 2 * padding
    half = _WIDTH * page.width / 2
    middle, y = page.width / 2, (page.height - height) / 2
    box = rounded_box(middle - half, y, middle + half, y + height, _CORNER)
    painted = [Painted(box, Style(theme.background, theme.line, theme.strokes.body))]
    y += padding - (_LINE - 1.0) * texts[-1].size / 2
    for text in texts:
        y += _LINE * text.size
        glyphs = typesetter.glyphs(text)
        colour = theme.text if text.bold else theme.quiet_text
        outline = glyphs.moved(middle - glyphs.width / 2, y - (_LINE - 1.0) * text.size)
        painted.append(Painted(outline, Style(colour, None, 0.0)))
    return tuple(painted)
