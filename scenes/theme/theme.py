"""Colours, stroke widths and type sizes: everything about the look that is not a position.

A theme is passed along; nothing reads one at import time. `scenes/theme/files.py` reads them.
"""

from collections.abc import Collection, Mapping
from dataclasses import field
from functools import lru_cache

from gatereel.rnn_math.records import dataclass

THEMES = ("illustrated", "dark", "safe", "print")
"""The themes that come with the package, a file each in `scenes/theme`."""

DEFAULT_THEME = THEMES[0]
DARK_THEME = "dark"
"""For dark pages."""

ROLES = (
    "input",
    "hidden state in",
    "hidden state out",
    "cell state in",
    "forget gate",
    "forget * cell state",
    "input gate",
    "candidate",
    "input * candidate",
    "cell state out",
    "output gate",
    "reset gate",
    "update gate",
    "one minus update",
    "kept hidden state",
    "reset * hidden state",
    "update * candidate",
    "gru hidden state out",
    "one minus update * candidate",
    "hidden state's part",
    "reset * hidden state's part",
    "input's part",
    "sum of both parts",
)
"""The roles of discs that every theme has colours for. Cells may have others (`Cell.roles`)."""

GRADIENT = "gradient"
"""The role of what goes back through a cell; a theme need not have a colour of its own for it."""

_FAMILIES = (
    (GRADIENT, "hidden state out"),
    ("*", "input * candidate"),
    ("product", "input * candidate"),
    ("one minus", "one minus update"),
    ("gate", "update gate"),
    ("candidate", "candidate"),
    ("sum", "sum of both parts"),
    ("part", "input's part"),
    ("cell state in", "cell state in"),
    ("cell state", "cell state out"),
    ("state in", "hidden state in"),
    ("state", "hidden state out"),
    ("input", "input"),
)
"""What a role has in it, and the role whose colours it takes where a theme has none for it; the
first that fits."""

_STRANGER = "candidate"
"""The role whose colours any other takes."""

LEVEL_CONTRAST = 4.5
"""Of a level to its disc: more than the 3 that a graphic needs (WCAG 2.2, 1.4.11), for greys."""
CORE_CONTRAST = 2.0
"""Of a core to its disc, whose outline is there to compare it with: strong colours stay."""
WAITING_CONTRAST = 1.25
"""Of a disc that waits to what is behind it: its letter has more, its place is seen."""
WAITING_LETTER_CONTRAST = 3.2
"""Of a letter to the disc it waits on: that of large text (WCAG 2.2, 1.4.3) and a little more."""
MARK_CONTRAST = 3.0
"""Of a bar to the core under it (WCAG 2.2, 1.4.11)."""
_DEEPENING_STEPS = 64

_HEX_DIGITS_A_CHANNEL = 2
_CHANNELS = 3
_BRIGHTEST = 255.0

_KEPT = 1024
"""Colours that are remembered: each frame asks again for those that a film has."""


@lru_cache(maxsize=_KEPT)
def rgb(colour: str) -> tuple[int, int, int]:
    """Red, green and blue, 0 to 255, of "#rrggbb"."""
    digits = colour.removeprefix("#")
    r, g, b = (
        int(digits[i * _HEX_DIGITS_A_CHANNEL : (i + 1) * _HEX_DIGITS_A_CHANNEL], 16)
        for i in range(_CHANNELS)
    )
    return r, g, b


@lru_cache(maxsize=_KEPT)
def mix(colour: str, other: str, share: float) -> str:
    """Blend `share` (0 to 1) of `other` into `colour`."""
    blend = (round(a + (b - a) * share) for a, b in zip(rgb(colour), rgb(other), strict=True))
    return "#" + "".join(f"{channel:02x}" for channel in blend)


@lru_cache(maxsize=_KEPT)
def contrast(colour: str, other: str) -> float:
    """Contrast ratio of two colours, 1 to 21: WCAG 2.2, "contrast ratio"."""
    darker, lighter = sorted((_luminance(colour), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    """WCAG 2.2, "relative luminance", 0 to 1."""
    r, g, b = (_linear(channel / _BRIGHTEST) for channel in rgb(colour))
    return 0.2126 * r + 0.7152 * g + 0.0722 * b


def _linear(channel: float) -> float:
    """A channel of sRGB, 0 to 1, as light: IEC 61966-2-1."""
    return channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4


@dataclass(frozen=True)
class Mark:
    """Colours of a bar or a ring: of itself, and of a rim where the disc needs one."""

    fill: str
    rim: str | None


@dataclass(frozen=True)
class Strengths:
    """How far a part recedes into what is behind it: 0 not at all, 1 gone."""

    waiting_fill: float = 0.76
    """Discs that nothing has been computed for yet."""
    waiting_line: float = 0.80
    """Wires, arrow heads, fans and discs' outlines of what waits."""
    waiting_text: float = 0.50
    """Letters, labels and tags of what waits."""
    past_line: float = 0.50
    """Wires and arrow heads of what was computed before the active step."""
    past_fan: float = 0.0
    """The lines of weighted sums of what was computed before the active step."""
    hollow: float = 0.78
    """Discs in which a level or a core says how large their value is."""


@dataclass(frozen=True)
class Strokes:
    """Line widths in pixels of the reference picture."""

    outline: float = 1.2
    """Around a disc."""
    traveller: float = 1.2
    """Around a disc that travels."""
    body: float = 2.0
    """Around the cell's body and the legend's panels."""
    wire: float = 2.0
    """Wires of what waits, is past, or stands in the complete cell."""
    active_wire: float = 3.0
    """Wires of the active step."""
    lane: float = 1.6
    """The dashed ways of states to the next timestep."""
    fan: float = 1.1
    """A weighted sum's lines, one for each weight; of many lines each is thinner."""
    halo: float = 2.6
    """Around a symbol's letter, where a level lies behind it."""
    focus: float = 3.0
    """The frame around the active row."""
    rule: float = 1.4
    """The line between the picture and the strip."""


@dataclass(frozen=True)
class TypeSizes:
    """Sizes of text, in pixels of the reference picture."""

    label: float = 16.0
    """The legend's labels at pointwise operations; a cell's labels have their diagram's size."""
    gate_tag: float = 13.5
    """Gates' names."""
    state_tag: float = 20.0
    """Symbols of states and of the input, and the legend's title."""
    caption_tag: float = 16.0
    """What the states and the input are called."""
    title: float = 18.0
    """The cell's name, and the legend's names of operations."""
    step: float = 18.0
    """The step, in the strip."""
    timestep: float = 15.0
    """The timestep, and which units and inputs are shown."""
    sentence: float = 17.5
    """What a step comes to, in the strip."""
    equation: float = 16.5
    """Equations with letters, in the strip and in the legend."""
    numbers: float = 15.0
    """Equations with numbers, in the strip."""


@dataclass(frozen=True)
class Theme:
    """One look. Colours are "#rrggbb"; `fills` maps a role of discs to its colours."""

    name: str
    """What it is called: the file's name without its suffix."""
    background: str
    """Behind everything."""
    body: str
    """The cell's body, and the legend's panels."""
    line: str
    """Wires, arrow heads, fans, and the outlines of discs and of the body."""
    text: str
    """Labels, tags, numbers, titles and equations."""
    quiet_text: str
    """What is said beside: which units and inputs are shown."""
    dark_letter: str
    """A symbol's letter, or the dots for what is left out, on a light disc."""
    light_letter: str
    """The same on a dark disc."""
    accent: str
    """The frame around the active row, and the step's name in the strip."""
    state_tag: str
    """Behind the symbols of states and of the input."""
    caption_tag: str
    """Behind what the states and the input are called."""
    gate_tag: str
    """Behind a gate's name, on the body."""
    strip: str
    """Behind the strip's text."""
    strip_line: str
    """The line between the picture and the strip."""
    fills: Mapping[str, tuple[str, ...]]
    """Discs, by role; the units of a row take a role's colours in turn. A role that is not there
    takes the colours of its family: a memory gate is a gate."""
    strengths: Strengths = field(default_factory=Strengths)
    """How far what waits and what is past recedes."""
    strokes: Strokes = field(default_factory=Strokes)
    """Line widths."""
    sizes: TypeSizes = field(default_factory=TypeSizes)
    """Type sizes."""

    def fill(self, role: str, unit: int) -> str:
        """Colour of unit number `unit` (from 0) of a row with this role."""
        colours = self.fills[self.coloured(role)]
        return colours[unit % len(colours)]

    def letter_beside(self, letter: str) -> str:
        """The other colour of letters, for what stands around this one."""
        return self.light_letter if letter == self.dark_letter else self.dark_letter

    def hollow(self, fill: str) -> str:
        """A disc's colour around the level or the core in it."""
        # Not the background itself, of which a transparent picture holds nothing.
        is_light = self.letter_on(self.body) == self.dark_letter
        ground = self.light_letter if is_light else self.dark_letter
        return mix(fill, ground, self.strengths.hollow)

    def waiting(self, fill: str, ground: str) -> str:
        """A disc's colour while its values are not computed: pale, and still seen."""
        pale = mix(fill, ground, self.strengths.waiting_fill)
        shares = (share / _DEEPENING_STEPS for share in range(_DEEPENING_STEPS))
        deeper = (mix(pale, self.line, share) for share in shares)
        seen = (each for each in deeper if contrast(each, ground) >= WAITING_CONTRAST)
        return next(seen, self.line)

    def waiting_letter(self, fill: str, ground: str) -> str:
        """A letter, or dots, on a disc that waits: as pale as can still be read."""
        disc = self.waiting(fill, ground)
        letter = self.letter_on(disc)
        shares = (share / _DEEPENING_STEPS for share in reversed(range(_DEEPENING_STEPS)))
        paler = (
            mix(letter, disc, share) for share in shares if share <= self.strengths.waiting_text
        )
        readable = (each for each in paler if contrast(each, disc) >= WAITING_LETTER_CONTRAST)
        return next(readable, letter)

    def level(self, fill: str) -> str:
        """The colour of a gate's level: as much of its own as can be told from the disc."""
        return self._deepened(fill, LEVEL_CONTRAST)

    def core(self, fill: str) -> str:
        """The colour of any other value's core."""
        return self._deepened(fill, CORE_CONTRAST)

    def mark(self, inside: str) -> "Mark":
        """What a bar or a ring is painted with, so that it is seen on core and disc."""
        if contrast(self.line, inside) >= MARK_CONTRAST:
            return Mark(self.line, None)
        return Mark(self.letter_on(inside), self.line)

    def _deepened(self, fill: str, least: float) -> str:
        """A fill that has at least this contrast to its own hollow disc."""
        hollow = self.hollow(fill)
        shares = (share / _DEEPENING_STEPS for share in range(_DEEPENING_STEPS))
        deeper = (mix(fill, self.line, share) for share in shares)
        return next((each for each in deeper if contrast(each, hollow) >= least), self.line)

    def coloured(self, role: str) -> str:
        """The role whose colours `role` has: itself, or what stands for its family."""
        family = (stand_in for part, stand_in in _FAMILIES if part in role)
        candidates = (role, *family, _STRANGER, *self.fills)
        return next(known for known in candidates if known in self.fills)

    def letter_on(self, fill: str) -> str:
        """Colour of a symbol's letter on a disc: the one of two that has more contrast."""
        return max((self.dark_letter, self.light_letter), key=lambda c: contrast(c, fill))

    def exact_colours(self, roles: Collection[str]) -> tuple[tuple[int, int, int], ...]:
        """Every colour that must come out exact to the byte in a picture with these roles.

        Their order is fixed. A role that is not there must not take a colour from those that are.
        """
        shown = {self.coloured(role) for role in roles}
        plain = (
            self.background,
            self.body,
            self.line,
            self.text,
            self.dark_letter,
            self.light_letter,
            self.accent,
            self.state_tag,
            self.caption_tag,
            self.gate_tag,
            self.quiet_text,
            self.strip,
            self.strip_line,
        )
        fills = (
            colour for role, colours in self.fills.items() if role in shown for colour in colours
        )
        strengths = self.strengths
        lines = (
            mix(self.line, ground, share)
            for ground in (self.body, self.background)
            for share in (strengths.past_line, strengths.waiting_line)
        )
        tags = (
            each
            for tag, ground in (
                (self.state_tag, self.background),
                (self.caption_tag, self.background),
                (self.gate_tag, self.body),
            )
            for each in (
                mix(tag, ground, strengths.waiting_text),
                mix(self.text, tag, strengths.waiting_text),
            )
        )
        exact = [*plain, *lines, *tags]
        for fill in fills:
            exact += (fill, self.hollow(fill), self.level(fill), self.core(fill))
            exact += (self.waiting(fill, ground) for ground in (self.body, self.background))
        return tuple(dict.fromkeys(map(rgb, exact)))
