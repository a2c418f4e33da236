"""Everything that a reader of a picture reads, in one language, as plain data.

A language is passed along; nothing reads one at import time. `scenes/language/files.py` reads them,
`words` puts their entries together. Templates have placeholders, such as {timestep}; a language
says all of them, wherever in the sentence they belong.
"""

from collections.abc import Mapping
from dataclasses import fields
from typing import Any

from gatereel.rnn_math.records import dataclass
from gatereel.scenes.tell.back_words import BackWords
from gatereel.scenes.tell.clip_words import GradientWords, SquashWords, WhyWords
from gatereel.scenes.tell.templates import placeholders_of
from gatereel.scenes.tell.templates import with_placeholders as _with

LANGUAGES = ("en", "vi")
"""The languages that come with the package, a file each in `scenes/language`."""

DEFAULT_LANGUAGE = LANGUAGES[0]


@dataclass(frozen=True)
class Lists:
    """What stands between the members of a list."""

    comma: str
    """Between two members, and between what is said of one unit and of the next."""
    last: str
    """Before the last one."""

    def joined(self, members: tuple[str, ...] | list[str]) -> str:
        """Some members, one or more: "a, b and c"."""
        *rest, last = members
        return f"{self.comma.join(rest)}{self.last}{last}" if rest else last


@dataclass(frozen=True)
class StripWords:
    """The sentences of the strip."""

    timestep: str = _with("timestep", "timesteps")
    timestep_backward: str = _with("timestep", "timesteps")
    first_input: str = _with("states")
    """The step before the first timestep's computation."""
    later_input: str = _with("states")
    """The same where earlier timesteps are not drawn."""
    state_returns: str = _with("states")
    """Between two timesteps, of a cell with one state."""
    states_return: str = _with("states")
    """The same of a cell with several."""
    state_leaves: str = _with("state")
    unit: str = _with("numbers", "total")
    """Which unit is shown, by its number."""
    units: str = _with("numbers", "total")
    input: str = _with("numbers", "total")
    inputs: str = _with("numbers", "total")
    unit_count: str = _with("count", "total")
    """How many units are shown, where their numbers have no room."""
    input_count: str = _with("count", "total")
    of_unit: str = _with("unit")
    """Before a unit's weighted sum."""
    sum_of_all: str = _with("count")
    """What stands for a sum of more products than are shown."""
    each_sum_of_all: str = _with("count")
    """What is said of a vector of such sums."""


@dataclass(frozen=True)
class CloseupWords:
    """What stands beside the numbers of a close-up."""

    unit: str = _with("unit")
    input: str = _with("input")
    sum: str = _with("sum")
    """A weighted sum before its activation."""
    bias: str = _with("bias")
    rest: str = _with("count")
    """Products that are not shown one by one."""


@dataclass(frozen=True)
class Consequences:
    """What a step comes to: clauses about one unit, and what they are put together from."""

    sentence: str = _with("clause")
    """A clause as a sentence."""
    starts_empty: str = _with()
    """The first timestep begins with states of zeros."""
    from_before: str = _with("clause")
    """What a unit holds at the beginning."""
    holds: str = _with("unit", "value")
    begins: str = _with("before", "timestep")
    """Between two timesteps."""
    joins: str = _with("count")
    """What follows a colon is left out where not every weighted sum sees all that is joined."""
    """A concatenation."""
    opens: str = _with("unit", "value")
    partly_open: str = _with("unit", "value")
    closes: str = _with("unit", "value")
    because: str = _with("cause", "effect")
    """One of the three above, with one of the six below."""
    is_kept: str = _with("what")
    is_partly_kept: str = _with("what")
    is_forgotten: str = _with("what")
    gets_through: str = _with("what")
    gets_partly_through: str = _with("what")
    is_kept_out: str = _with("what")
    valued: str = _with("name", "value")
    """What a gate is there for, where its value is known."""
    in_unit: str = _with("unit", "gates")
    """Several gates at once."""
    gate_opens: str = _with("gate", "value")
    gate_partly_open: str = _with("gate", "value")
    gate_closes: str = _with("gate", "value")
    keeps: str = _with("unit", "share", "what", "result")
    """A gate's product with a state from before."""
    lets_through: str = _with("unit", "share", "what", "result")
    """A gate's product with anything else."""
    percent: str = _with("number")
    """How a share is written."""
    adds: str = _with("unit", "first", "second", "result")
    """A sum of what is kept and what is new."""
    makes: str = _with("unit", "first", "second", "result")
    """Any other sum."""
    complement: str = _with("unit", "value", "result")
    squashes: str = _with("unit", "value", "result")
    goes: str = _with("unit", "before", "value")
    """A state that is a weighted sum."""
    proposes: str = _with("unit", "value")
    """A candidate."""


@dataclass(frozen=True)
class StoryWords:
    """The sentence about a whole film; each clause leaves out what the one before it said."""

    in_unit: str = _with("unit", "subject", "predicate", "when")
    same_unit: str = _with("subject", "predicate", "when")
    same_subject: str = _with("predicate", "when")
    when: str = _with("timestep")
    when_in_brief: str = _with("timestep")
    """The same where there is little room."""
    sentence: str = _with("clauses")


@dataclass(frozen=True)
class LegendWords:
    """The legend's title."""

    of_all: str
    of_one: str = _with("cell")
    of_several: str = _with("cells")


@dataclass(frozen=True)
class ReadingWords:
    """The legend's second part: what each sign for a value is called, and what it means."""

    title: str
    levels: str
    levels_mean: str
    cores: str
    cores_mean: str
    weights: str
    weights_mean: str
    waiting: str
    waiting_means: str
    active: str
    active_means: str

    def card(self, name: str) -> tuple[str, str]:
        """The name and the meaning of one of `READINGS`."""
        means = {f.name.rsplit("_", 1)[0]: f.name for f in fields(self) if "_mean" in f.name}
        return getattr(self, name), getattr(self, means[name])


READINGS = ("levels", "cores", "weights", "waiting", "active")
"""The signs for values that the legend explains, in its order."""


@dataclass(frozen=True)
class SheetWords:
    """Around the panels of a sheet of steps: its heading and its pages."""

    title: str = _with("cell", "long_name")
    one_timestep: str = _with("count")
    timesteps: str = _with("count")
    input_size: str = _with("size")
    hidden_size: str = _with("size")
    page: str = _with("page", "pages")


@dataclass(frozen=True)
class DescriptionWords:
    """What stands beside a picture, for those who do not see it: `scenes/tell/description.py`."""

    one_timestep: str = _with("cell")
    timesteps: str = _with("cell", "timesteps")
    one_timestep_of: str = _with("cell", "first", "timesteps")
    timesteps_of: str = _with("cell", "first", "last", "timesteps")
    backward: str = _with("head")
    """How one of the four above goes on where the sequence is read from its end."""
    still: str = _with("cell", "timestep", "timesteps")
    only: str = _with("head")
    """A sentence that has nothing to tell but one of those above."""
    steps: str = _with("head", "steps")
    recurrence: str = _with("head", "state")
    """What a cell without gates does, in place of its steps."""
    film_ends: str = _with("state", "numbers")
    still_holds: str = _with("state", "numbers")
    caption_with_gates: str = _with("head")
    caption: str = _with("head")
    """Of a cell without gates."""
    credit: str = _with("title", "author", "year")
    summary: str = _with("cell")
    in_words: str = _with("cell")
    """The line above the long description, which opens it."""
    timestep_heading: str = _with()
    step_heading: str = _with()
    equation_heading: str = _with()
    numbers_heading: str = _with()


@dataclass(frozen=True)
class LegendDescriptionWords:
    """What stands beside a legend: `scenes/tell/legend_description.py`."""

    count: str = _with("title", "count")
    """The alternative text where the symbols' names have no room."""
    caption: str = _with("title")
    summary: str = _with()
    """The line above the long description, which opens it."""
    symbol_heading: str = _with()
    name_heading: str = _with()
    formula_heading: str = _with()
    symbol: str = _with("name", "look", "formula")
    """A symbol in a sentence."""
    discs: str = _with()
    """How a symbol is drawn; the others say what is special in it."""
    lettered: str = _with("letter")
    labelled: str = _with("label")
    side_by_side: str = _with()
    over_fan: str = _with("discs")


@dataclass(frozen=True)
class Language:
    """One language. Cells, nodes and states are named by their names in `rnn_math`."""

    code: str
    """The language's tag, as HTML's `lang` takes it (BCP 47): "en", "pt-BR"."""
    name: str
    """What the language calls itself."""
    titles: Mapping[str, str]
    """A cell's name to its abbreviation."""
    long_names: Mapping[str, str]
    """A cell's name to the name spelled out."""
    vectors: Mapping[str, Mapping[str, str]]
    """A cell's name to what its nodes, which are also its steps, are called."""
    states: Mapping[str, str]
    labels: Mapping[str, str]
    """What is written at a row in the drawing."""
    tags: Mapping[str, str]
    """What is written in a box, in a line or in several."""
    operations: Mapping[str, str]
    """The legend's names; keys are the titles of the operations."""
    predicates: Mapping[str, str]
    """What a unit does, in the story; keys are the verbs of a demo's claims."""
    lists: Lists
    strip: StripWords
    closeup: CloseupWords
    consequences: Consequences
    story: StoryWords
    legend: LegendWords
    readings: ReadingWords
    sheet: SheetWords
    description: DescriptionWords
    legend_description: LegendDescriptionWords
    squash: SquashWords
    why: WhyWords
    gradient: GradientWords
    back: BackWords


SENTENCES: Mapping[str, type[Any]] = {
    "lists": Lists,
    "strip": StripWords,
    "closeup": CloseupWords,
    "consequences": Consequences,
    "story": StoryWords,
    "legend": LegendWords,
    "readings": ReadingWords,
    "sheet": SheetWords,
    "description": DescriptionWords,
    "legend_description": LegendDescriptionWords,
    "squash": SquashWords,
    "why": WhyWords,
    "gradient": GradientWords,
    "back": BackWords,
}
"""The tables whose entries are the fields of a class."""

PLACEHOLDERS: Mapping[tuple[str, str], tuple[str, ...]] = {
    (table, entry.name): placeholders_of(entry)
    for table, kind in SENTENCES.items()
    for entry in fields(kind)
    if placeholders_of(entry)
}
"""The placeholders of each template, by table and entry."""
