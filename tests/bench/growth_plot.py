"""Draw the growth of seconds and memory in the look of the project's own pictures.

python tests/bench/growth_plot.py DATA.json FILE.svg
"""

import json
import sys
from collections.abc import Callable, Sequence
from math import log10
from pathlib import Path

from gatereel.scenes.draw.outlines import circle, line, polyline, rounded_box
from gatereel.scenes.draw.pages import DrawnPage, Group
from gatereel.scenes.draw.painted import Painted, Style
from gatereel.scenes.draw.typeset import Text, Typesetter, plain
from gatereel.scenes.export import write_pages
from gatereel.scenes.theme.files import load_theme
from gatereel.scenes.theme.theme import mix

WIDTH, HEIGHT = 960.0, 530.0
_PANEL_WIDTH, _PANEL_HEIGHT = 432.0, 130.0
_LEFT, _TOP = (32.0, 496.0), (118.0, 336.0)
_TITLE, _LABEL, _NUMBER = 17.0, 14.0, 13.0
_DOT = 4.5
_ROOM = 1.22
"""How much higher than its highest number a panel reaches."""
_WEAK = 0.75

_WHAT = (
    "Each point is a whole film with its start: the RNN's, 300 pixels wide, at the left,"
    " the LSTM's, 600 wide, at the right."
)


def main(data: str, path: str) -> None:
    """Draw four panels: seconds and memory, over timesteps and over hidden units."""
    growth = json.loads(Path(data).read_text(encoding="utf-8"))
    plot = _Plot()
    columns = (("timesteps", "timesteps"), ("hidden units", "hidden_sizes"))
    for left, (name, key) in zip(_LEFT, columns, strict=True):
        points = growth[key]
        at = [point["at"] for point in points]
        per_frame = [1000 * point["seconds"] / point["frames"] for point in points]
        plot.panel(
            left, _TOP[0], name, at, per_frame, "milliseconds of computing a picture", "{:.1f}"
        )
        megabytes = [point["megabytes"] for point in points]
        plot.panel(left, _TOP[1], name, at, megabytes, "megabytes at the peak", "{:.0f}")
    plot.words("How a film's cost grows", _LEFT[0], 40.0, 20.0, bold=True)
    plot.words(_WHAT, _LEFT[0], 64.0, _LABEL, colour=plot.theme.quiet_text)
    page = DrawnPage(WIDTH, HEIGHT, (Group.seen(plot.painted),), plot.theme.background, 1.0)
    told = {"title": "How a film's cost grows", "comment": ""}
    write_pages(Path(path), Path(path), [page], told)


class _Plot:
    def __init__(self) -> None:
        self.theme = load_theme()
        self.painted: list[Painted] = []
        self._typesetter = Typesetter()

    def words(
        self,
        text: str,
        x: float,
        y: float,
        size: float,
        *,
        bold: bool = False,
        place: Callable[[float], float] = lambda width: 0.0,
        colour: str | None = None,
    ) -> None:
        """A line whose left end is `place` of its width to the left of x."""
        glyphs = self._typesetter.glyphs(Text(plain(text), size, bold=bold))
        outline = glyphs.moved(x - place(glyphs.width), y)
        self.painted.append(Painted(outline, Style(colour or self.theme.text, None, 0.0)))

    def panel(
        self,
        left: float,
        top: float,
        across: str,
        at: Sequence[int],
        values: Sequence[float],
        title: str,
        form: str,
    ) -> None:
        """Numbers over a logarithmic axis, each written at its point; upwards from nought."""
        theme, bottom = self.theme, top + _PANEL_HEIGHT
        weak = mix(theme.text, theme.background, _WEAK)
        self.words(title, left, top - 14.0, _TITLE, bold=True)
        self.painted.append(
            Painted(
                rounded_box(left, top, left + _PANEL_WIDTH, bottom, 4.0),
                Style(theme.strip, None, 0.0),
            )
        )
        axis = line((left, bottom), (left + _PANEL_WIDTH, bottom))
        self.painted.append(Painted(axis, Style(None, theme.line, 1.5)))
        first, last = log10(at[0]), log10(at[-1])
        inner = _PANEL_WIDTH - 60.0
        xs = [left + 30.0 + inner * (log10(each) - first) / (last - first) for each in at]
        scale = _PANEL_HEIGHT / (_ROOM * max(values))
        ys = [bottom - value * scale for value in values]
        for x, y in zip(xs, ys, strict=True):
            self.painted.append(Painted(line((x, y), (x, bottom)), Style(None, weak, 1.0)))
        self.painted.append(
            Painted(polyline(list(zip(xs, ys, strict=True))), Style(None, theme.accent, 2.5))
        )
        for x, y, each, value in zip(xs, ys, at, values, strict=True):
            self.painted.append(Painted(circle(x, y, _DOT), Style(theme.accent, None, 0.0)))
            self.words(form.format(value), x, y - 10.0, _NUMBER, place=_middle)
            self.words(f"{each:,}", x, bottom + 18.0, _NUMBER, place=_middle)
        self.words(across, left + _PANEL_WIDTH, bottom + 38.0, _LABEL, place=lambda width: width)


def _middle(width: float) -> float:
    return width / 2


if __name__ == "__main__":
    main(*sys.argv[1:])
