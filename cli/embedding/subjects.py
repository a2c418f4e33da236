"""What a directive shows: a cell's film, or the legend; and a cell's card for social previews.

    CellSubject(plan, still=False).draw([Path("lstm-3f9a2c1b.gif")], advance)

Each is planned in one theme, knows its fingerprint and draws itself, so that what looks after
files and posts need not know which it is.
"""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import replace
from functools import cached_property
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any, Generic, TypeAlias, TypeVar

from gatereel.cli.options.common import LEGEND
from gatereel.cli.renderer import load_renderer
from gatereel.cli.terminal.report import each_step
from gatereel.rnn_math.records import dataclass
from gatereel.scenes.lay_out.page import REFERENCE

if TYPE_CHECKING:
    from typing import Self

    from gatereel.cli.drawing.task import Elsewhere
    from gatereel.cli.sites.conventions import Describe
    from gatereel.rnn_math import Cell
    from gatereel.rnn_math.files.traces import Advance
    from gatereel.scenes.clips import ClipPlan
    from gatereel.scenes.draw.card import CardPlan
    from gatereel.scenes.export import Written
    from gatereel.scenes.legend import LegendPlan
    from gatereel.scenes.plan import Plan
    from gatereel.scenes.tell.description import DescribedRow, Description
    from gatereel.scenes.theme.theme import Theme

CARD = "-card"
"""Behind a cell's name, in the names of files."""

Planned = TypeVar("Planned", "Plan", "LegendPlan", "ClipPlan", "CardPlan")
Shown = TypeVar("Shown", "Plan", "LegendPlan", "ClipPlan")


@dataclass(frozen=True, eq=False)
class Subject(ABC, Generic[Planned]):
    """What can be drawn."""

    plan: Planned

    @property
    @abstractmethod
    def name(self) -> str:
        """What its files are called after."""

    @cached_property
    def fingerprint(self) -> str:
        """What its files carry."""
        from gatereel.scenes.fingerprint import fingerprint

        return fingerprint(self.plan)

    @property
    def marked(self) -> Planned:
        """The plan of files that carry the fingerprint."""
        from gatereel.scenes.fingerprint import marked

        return marked(self.plan, self.fingerprint)

    @property
    def frames(self) -> int:
        """Frame times of its film; nought where it has none."""
        return 0

    def moved(self, elsewhere: "Elsewhere") -> "Self":
        """The same: it names no files itself."""
        return self

    @abstractmethod
    def draw(self, paths: "Sequence[Path]", advance: "Advance") -> "tuple[Written, ...]":
        """Draw it into every path; `advance` is told the frame times that are done."""


@dataclass(frozen=True, eq=False)
class ToldSubject(Subject[Shown]):
    """What stands in a block: it has words for those who do not see it."""

    @property
    def cell(self) -> "Cell | None":
        """The one cell that it shows."""
        return None

    @abstractmethod
    def in_theme(self, theme: "Theme") -> "ToldSubject[Shown]":
        """The same in other colours."""

    @abstractmethod
    def alt(self) -> str:
        """The alternative text."""

    @abstractmethod
    def caption(self) -> str:
        """One line that names it, with the credit."""

    @abstractmethod
    def describe(self) -> "Description[DescribedRow]":
        """The long description, as a table."""

    @abstractmethod
    def sentences(self) -> tuple[str, ...]:
        """The long description, as a few sentences, HTML."""

    @abstractmethod
    def summary(self, describe: "Describe") -> str:
        """What opens the long description."""

    def card(self) -> "AnySubject | None":
        """Its picture for social previews, if it has one."""
        return None


AnySubject: TypeAlias = Subject[Any]
AnyToldSubject: TypeAlias = ToldSubject[Any]


@dataclass(frozen=True, eq=False)
class CellSubject(ToldSubject["Plan"]):
    """A cell's film; where it is `still`, the complete cell alone."""

    still: bool

    @property
    def name(self) -> str:
        """The cell's, and the form of the picture where it is another than the reference's."""
        page = self.plan.page.name
        return self.cell.name if page == REFERENCE else f"{self.cell.name}-{page}"

    @property
    def cell(self) -> "Cell":
        """The cell."""
        return self.plan.storyboard.cell

    @property
    def frames(self) -> int:
        """Frame times of the film."""
        return self.plan.frames

    def in_theme(self, theme: "Theme") -> "CellSubject":
        """The same film in other colours."""
        return replace(self, plan=replace(self.plan, theme=theme))

    def alt(self) -> str:
        """What happens, or what the complete cell shows."""
        from gatereel.scenes.tell.description import alt_text

        return alt_text(self.plan.storyboard, self.plan.language, still=self.still)

    def caption(self) -> str:
        """The cell, its timesteps, and the credit."""
        from gatereel.scenes.tell.description import caption

        return caption(self.plan.storyboard, self.plan.language)

    def describe(self) -> "Description[DescribedRow]":
        """Every step."""
        from gatereel.scenes.tell.description import describe

        return describe(self.plan.storyboard, self.plan.language)

    def sentences(self) -> tuple[str, ...]:
        """What happens, and where the states end up."""
        from gatereel.scenes.tell.description import sentences

        told = sentences(self.plan.storyboard, self.plan.language, still=self.still)
        return tuple(escape(each, quote=False) for each in told)

    def summary(self, describe: "Describe") -> str:
        """Every step, or the cell in words."""
        from gatereel.scenes.tell.description import in_words

        storyboard, language = self.plan.storyboard, self.plan.language
        return self.describe().summary if describe == "table" else in_words(storyboard, language)

    def card(self) -> "CardSubject":
        """The complete cell beside its name."""
        from gatereel.scenes.draw.card import plan_card

        return CardSubject(plan_card(self.plan))

    def draw(self, paths: "Sequence[Path]", advance: "Advance") -> "tuple[Written, ...]":
        """Draw the film, or the complete cell alone."""
        from gatereel.scenes.render import check_outputs, render_plan

        planned = self.marked
        order = check_outputs(planned, paths)
        return render_plan(planned, order, progress=each_step(advance), load_manim=load_renderer)


@dataclass(frozen=True, eq=False)
class LegendSubject(ToldSubject["LegendPlan"]):
    """The legend."""

    @property
    def name(self) -> str:
        """The same whatever it shows."""
        return LEGEND

    def in_theme(self, theme: "Theme") -> "LegendSubject":
        """The same legend in other colours."""
        return LegendSubject(replace(self.plan, theme=theme))

    def alt(self) -> str:
        """Of which cells, and which symbols."""
        from gatereel.scenes.tell.legend_description import legend_alt

        return legend_alt(self.plan.cells, self.plan.symbols, self.plan.language)

    def caption(self) -> str:
        """Of which cells, and the credit."""
        from gatereel.scenes.tell.legend_description import legend_caption

        return legend_caption(self.plan.cells, self.plan.language)

    def describe(self) -> "Description[DescribedRow]":
        """Every symbol, with its name and its formula."""
        from gatereel.scenes.tell.legend_description import describe_legend

        return describe_legend(self.plan.symbols, self.plan.language)

    def sentences(self) -> tuple[str, ...]:
        """A sentence a symbol."""
        from gatereel.scenes.tell.legend_description import tell_legend

        return tell_legend(self.plan.symbols, self.plan.language)

    def summary(self, describe: "Describe") -> str:
        """The same for both."""
        return self.describe().summary

    def draw(self, paths: "Sequence[Path]", advance: "Advance") -> "tuple[Written, ...]":
        """Draw the legend."""
        from gatereel.scenes.legend import draw_legend

        return draw_legend(self.marked, paths)


@dataclass(frozen=True, eq=False)
class ClipSubject(ToldSubject["ClipPlan"]):
    """A clip."""

    @property
    def name(self) -> str:
        """What its content is called."""
        return self.plan.content.name

    @property
    def frames(self) -> int:
        """Frame times of its film."""
        return self.plan.frames

    def in_theme(self, theme: "Theme") -> "ClipSubject":
        """The same clip in other colours."""
        return ClipSubject(replace(self.plan, theme=theme))

    def alt(self) -> str:
        """What it shows, and what it comes to."""
        from gatereel.scenes.clips import clip_alt

        return clip_alt(self.plan.content.told(self.plan.language))

    def caption(self) -> str:
        """What it shows; it is after nobody's drawing."""
        return f"{self.plan.content.told(self.plan.language).title}."

    def describe(self) -> "Description[DescribedRow]":
        """Its numbers."""
        from gatereel.scenes.tell.description import Description

        told = self.plan.content.told(self.plan.language)
        return Description(told.summary, told.headings, told.rows)

    def sentences(self) -> tuple[str, ...]:
        """What it comes to."""
        told = self.plan.content.told(self.plan.language)
        return tuple(escape(each, quote=False) for each in told.sentences)

    def summary(self, describe: "Describe") -> str:
        """Its numbers, or its title."""
        told = self.plan.content.told(self.plan.language)
        return told.summary if describe == "table" else told.title

    def draw(self, paths: "Sequence[Path]", advance: "Advance") -> "tuple[Written, ...]":
        """Draw the clip."""
        from gatereel.cli.terminal.signals import raise_if_stopped
        from gatereel.scenes.clips import draw_clip

        def step(count: int) -> None:
            raise_if_stopped()
            advance(count)

        return draw_clip(self.marked, paths, progress=step)


@dataclass(frozen=True, eq=False)
class CardSubject(Subject["CardPlan"]):
    """A cell's card for social previews."""

    @property
    def name(self) -> str:
        """The cell's, and what it is."""
        return f"{self.plan.cell.name}{CARD}"

    def draw(self, paths: "Sequence[Path]", advance: "Advance") -> "tuple[Written, ...]":
        """Draw the card."""
        from gatereel.scenes.card import draw_card

        return draw_card(self.marked, paths)
