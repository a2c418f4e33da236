"""Colours, stroke widths and type sizes: everything about the look that is not a position.

A theme is passed along; nothing reads one at import time.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

_HEX_DIGITS_A_CHANNEL = 2
_CHANNELS = 3


def rgb(colour: str) -> tuple[int, int, int]:
    """Red, green and blue, 0 to 255, of "#rrggbb"."""
    digits = colour.removeprefix("#")
    r, g, b = (
        int(digits[i * _HEX_DIGITS_A_CHANNEL : (i + 1) * _HEX_DIGITS_A_CHANNEL], 16)
        for i in range(_CHANNELS)
    )
    return r, g, b


def mix(colour: str, other: str, share: float) -> str:
    """Blend `share` (0 to 1) of `other` into `colour`."""
    blend = (round(a + (b - a) * share) for a, b in zip(rgb(colour), rgb(other), strict=True))
    return "#" + "".join(f"{channel:02x}" for channel in blend)


@dataclass(frozen=True)
class Strengths:
    """How far a part recedes into what is behind it: 0 not at all, 1 gone."""

    waiting_fill: float = 0.76
    waiting_line: float = 0.80
    waiting_text: float = 0.62
    past_line: float = 0.50
    past_fan: float = 0.35


@dataclass(frozen=True)
class Strokes:
    """Line widths in pixels of the reference picture."""

    outline: float = 1.2
    traveller: float = 1.8
    body: float = 2.0
    wire: float = 2.0
    active_wire: float = 3.0
    fan: float = 1.1
    focus: float = 3.0
    rule: float = 1.4


@dataclass(frozen=True)
class TypeSizes:
    """Sizes of text, in pixels of the reference picture."""

    label: float = 16.0
    gate_tag: float = 13.5
    state_tag: float = 20.0
    caption_tag: float = 16.0
    title: float = 18.0
    step: float = 16.5
    gist: float = 15.0
    equation: float = 18.5
    numbers: float = 16.0


@dataclass(frozen=True)
class Theme:
    """One look. `fills` maps a role to its colours; the units of a row take them in turn."""

    name: str
    background: str
    body: str
    line: str
    text: str
    quiet_text: str
    light_text: str
    accent: str
    state_tag: str
    caption_tag: str
    gate_tag: str
    strip: str
    strip_line: str
    fills: Mapping[str, tuple[str, ...]]
    strengths: Strengths = field(default_factory=Strengths)
    strokes: Strokes = field(default_factory=Strokes)
    sizes: TypeSizes = field(default_factory=TypeSizes)

    def fill(self, role: str, unit: int) -> str:
        """Colour of unit number `unit` (from 0) of a row with this role."""
        colours = self.fills[role]
        return colours[unit % len(colours)]

    def letter_on(self, fill: str) -> str:
        """Colour of a symbol's letter: light on a dark fill, dark on a light one."""
        r, g, b = rgb(fill)
        luma = 0.299 * r + 0.587 * g + 0.114 * b  # ITU-R BT.601: how bright an eye finds it
        return self.text if luma > _LETTER_LUMA else self.light_text

    def exact_colours(self, roles: Collection[str]) -> tuple[tuple[int, int, int], ...]:
        """Every colour that must come out exact to the byte in a picture with these roles.

        Their order is fixed. A role that is not there must not take a colour from those that are.
        """
        plain = (
            self.background,
            self.body,
            self.line,
            self.text,
            self.light_text,
            self.accent,
            self.state_tag,
            self.caption_tag,
            self.gate_tag,
            self.quiet_text,
            self.strip,
            self.strip_line,
        )
        fills = (
            colour for role, colours in self.fills.items() if role in roles for colour in colours
        )
        return tuple(dict.fromkeys(rgb(colour) for colour in (*plain, *fills)))


_LETTER_LUMA = 110.0

ILLUSTRATED = Theme(
    name="illustrated",
    background="#ffffff",
    body="#ffe599",
    line="#000000",
    text="#000000",
    quiet_text="#595959",
    light_text="#ffffff",
    accent="#c2410c",
    state_tag="#f4f4f4",
    caption_tag="#cccccc",
    gate_tag="#f4ecd5",
    strip="#fafafa",
    strip_line="#d9d9d9",
    fills=MappingProxyType(
        {
            "hidden state in": ("#e06666",),
            "input": ("#93c47d",),
            "cell state in": ("#6d9eeb",),
            "forget * cell state": ("#c9daf8",),
            "cell state out": ("#1c4587",),
            "hidden state out": ("#990000",),
            "gru hidden state out": ("#cc0000",),
            # The illustrated forget gate has two greys, one a unit.
            "forget gate": ("#cccccc", "#d9d9d9"),
            "reset gate": ("#d9d9d9",),
            "input gate": ("#999999",),
            "candidate": ("#cccccc",),
            "output gate": ("#b7b7b7",),
            "update gate": ("#b7b7b7",),
            "one minus update": ("#b7b7b7",),
            "input * candidate": ("#d9d9d9",),
            "reset * hidden state": ("#f4cccc",),
            "kept hidden state": ("#6d9eeb",),
            "update * candidate": ("#c9daf8",),
            "one minus update * candidate": ("#c9daf8",),
            # The candidate's two parts are paler than what they are made of.
            "hidden state's part": ("#ea9999",),
            "reset * hidden state's part": ("#f4cccc",),
            "input's part": ("#b6d7a8",),
            "sum of both parts": ("#efefef",),
        }
    ),
)
"""The look of the illustrated cells: "Animated RNN, LSTM and GRU", Raimi Karim, 2018."""
