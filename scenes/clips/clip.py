"""A clip: a picture that comes about in a few shots, told in words beside it. Plain data.

    Squash(("sigmoid",), (5.0, 0.1)).clip(theme, language) -> Clip

What a clip is of is a `Content`: frozen data that knows its drawing and its words.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable
from html import escape
from math import floor

from gatereel.rnn_math.records import dataclass
from gatereel.scenes.draw.painted import Painted
from gatereel.scenes.plan import DEFAULT_FPS
from gatereel.scenes.tell.description import LONGEST_ALT_TEXT
from gatereel.scenes.tell.language import Language
from gatereel.scenes.tell.words import capitalised
from gatereel.scenes.theme.theme import Theme

WIDTH = 1125.0
"""Pixels, as the illustrated cells are wide."""

MARGIN = 24.0

LONGEST = 12.0
"""Seconds of a clip, its holds included."""

OPENING_HOLD, CLOSING_HOLD = 1.0, 3.2
"""Seconds in which the whole stands, before it comes about and after."""


def whole_frames(seconds: float) -> float:
    """As many of these seconds as are whole frames."""
    return floor(seconds * DEFAULT_FPS) / DEFAULT_FPS


@dataclass(frozen=True, eq=False)
class Shot:
    """What comes about in `moving` seconds, and stands for `standing` more."""

    at: Callable[[float], tuple[Painted, ...]]
    """All that there is over the ground at a progress of 0 to 1, in pixels of the clip."""
    moving: float
    standing: float


@dataclass(frozen=True, eq=False)
class Clip:
    """A picture `WIDTH` pixels wide: its ground, and the shots in which the rest comes about."""

    height: float
    ground: tuple[Painted, ...]
    shots: tuple[Shot, ...]

    @property
    def whole(self) -> tuple[Painted, ...]:
        """The complete picture."""
        return (*self.ground, *self.shots[-1].at(1.0))

    @property
    def seconds(self) -> float:
        """How long it lasts, holds included."""
        shots = sum(shot.moving + shot.standing for shot in self.shots)
        return OPENING_HOLD + shots + CLOSING_HOLD


@dataclass(frozen=True)
class ToldRow:
    """A row of a long description, plain text."""

    cells: tuple[str, ...]

    @property
    def html(self) -> tuple[str, ...]:
        """What stands in each column, as HTML."""
        return tuple(escape(cell, quote=False) for cell in self.cells)


@dataclass(frozen=True)
class ClipTold:
    """A clip in words, plain text: its title, what it comes to, and a table of its numbers."""

    title: str
    sentences: tuple[str, ...]
    summary: str
    headings: tuple[str, ...]
    rows: tuple[ToldRow, ...]


def clip_alt(told: ClipTold) -> str:
    """The alternative text: the title, and as many sentences as have room."""
    text = f"{told.title}."
    for sentence in told.sentences:
        longer = f"{text} {capitalised(sentence)}"
        if len(longer) > LONGEST_ALT_TEXT:
            break
        text = longer
    return text


@dataclass(frozen=True)
class Values:
    """The numbers of a clip to every digit, a column a name; as many in each."""

    columns: dict[str, tuple[float | int | str, ...]]


@dataclass(frozen=True)
class Content(ABC):
    """What a clip is of."""

    @property
    @abstractmethod
    def name(self) -> str:
        """What its files are called after."""

    @abstractmethod
    def clip(self, theme: Theme, language: Language) -> Clip:
        """Its drawing."""

    @abstractmethod
    def told(self, language: Language) -> ClipTold:
        """Its words."""

    @abstractmethod
    def values(self) -> Values:
        """Its numbers."""

    @property
    def roles(self) -> tuple[str, ...]:
        """The roles of discs whose colours are in it."""
        return ()
