"""A title over a film's opening picture: a card in its middle, the whole cell behind it."""

from gatereel.scenes.draw.fitted import fitted_lines
from gatereel.scenes.draw.outlines import rounded_box
from gatereel.scenes.draw.painted import Painted, Style
from gatereel.scenes.draw.typeset import Text, Typesetter, plain
from gatereel.scenes.fonts.text_width import CAP_HEIGHT
from gatereel.scenes.plan import Plan
from gatereel.scenes.tell import words

_WIDTH = 0.76
"""Of the page's."""
_SIZES = (0.056, 0.046, 0.036)
_SMALL_SIZES = (0.03, 0.024)
"""Type sizes, of the page's width: the title's, and those of what the cell is."""
_MOST_LINES = 3
_LINE = 1.22
_PADDING = 0.03
_CORNER = 10.0


def title_card(planned: Plan) -> tuple[Painted, ...]:
    """The card, from back to front, in pixels of the page; below the title what the cell is."""
    page, theme, typesetter = planned.page, planned.theme, Typesetter()
    padding = _PADDING * page.width
    room = _WIDTH * page.width - 2 * padding
    sizes, small_sizes = (
        [share * page.width for share in shares] for shares in (_SIZES, _SMALL_SIZES)
    )
    lines, size = fitted_lines((planned.title,), sizes, room, _MOST_LINES, bold=True)
    name = words.long_name(planned.storyboard.cell, planned.language)
    below, small = fitted_lines((name,), small_sizes, room, 1)
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
    y += padding
    for text in texts:
        glyphs = typesetter.glyphs(text)
        colour = theme.text if text.bold else theme.quiet_text
        baseline = y + (_LINE + CAP_HEIGHT) * text.size / 2
        outline = glyphs.moved(middle - glyphs.width / 2, baseline)
        y += _LINE * text.size
        painted.append(Painted(outline, Style(colour, None, 0.0)))
    return tuple(painted)
