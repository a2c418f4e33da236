"""What stands beside a picture for those who do not see it, from the film's own storyboard.

    alt_text(storyboard, language) -> "LSTM, 3 timesteps. In unit 1 the input gate opens ..."
    describe(storyboard, language) -> Description: every step, with its equation and its numbers
    caption(storyboard, language) -> "LSTM, 3 timesteps: gates, states and their values. After ..."

The language is the one that the storyboard is told in. The storyboard is what is drawn, so none of
these can disagree with the picture.
"""

from collections.abc import Iterator
from html import escape
from typing import Generic, Protocol, TypeVar

from gatereel.rnn_math import Cell
from gatereel.rnn_math.records import dataclass
from gatereel.scenes.tell.acts import Send
from gatereel.scenes.tell.beats import Beat, Storyboard
from gatereel.scenes.tell.claims import story
from gatereel.scenes.tell.formula_html import html
from gatereel.scenes.tell.language import Language
from gatereel.scenes.tell.numbers import ELLIPSIS, number
from gatereel.scenes.tell.script import leaves
from gatereel.scenes.tell.words import (
    BETWEEN_PARTS,
    capitalised,
    credit,
    state_name,
    title,
    vector_name,
)

LONGEST_ALT_TEXT = 150
"""Characters: what is longer is tiresome where a page is read aloud, and cut by some readers."""

_LINE_BREAK = "<br>"


class DescribedRow(Protocol):
    """A row of a long description."""

    @property
    def html(self) -> tuple[str, ...]:
        """What stands in each column, as HTML."""
        ...


@dataclass(frozen=True)
class DescribedStep:
    """A step of a cell. `timestep` and `step` are plain text, the others HTML."""

    timestep: str
    step: str
    equation: str
    numbers: str

    @property
    def html(self) -> tuple[str, ...]:
        """What stands in each column, as HTML."""
        words = (escape(text, quote=False) for text in (self.timestep, self.step))
        return *words, self.equation, self.numbers


Row = TypeVar("Row", bound=DescribedRow, covariant=True)


@dataclass(frozen=True)
class Description(Generic[Row]):
    """The long description: the line that opens it, the columns' headings, and the rows."""

    summary: str
    headings: tuple[str, ...]
    rows: tuple[Row, ...]


def alt_text(storyboard: Storyboard, language: Language, *, still: bool = False) -> str:
    """One or two sentences, plain text of at most `LONGEST_ALT_TEXT` characters.

    Which cell and which timesteps, what happens, and where the hidden state ends up, as far as
    there is room. Of a `still`, what the complete cell shows.
    """
    if storyboard.goes_back:
        return _alt_back(storyboard, language)
    head = _still_head(storyboard, language) if still else _film_head(storyboard, language)
    for form in _alt_forms(storyboard, language, head, still=still):
        text = _sentence(form)
        if len(text) <= LONGEST_ALT_TEXT:
            return text
    return text[: LONGEST_ALT_TEXT - 1] + ELLIPSIS


def describe(storyboard: Storyboard, language: Language) -> Description[DescribedStep]:
    """Every step of the film in its order, the complete cell once, at the end."""
    words = language.description
    _, *beats = storyboard.beats  # it opens with what it closes with
    shown = storyboard.still.telling.shown[:1]
    summary = words.summary.format(cell=title(storyboard.cell, language))
    return Description(
        summary=capitalised(BETWEEN_PARTS.join((summary, *shown))),
        headings=(
            words.timestep_heading,
            words.step_heading,
            words.equation_heading,
            words.numbers_heading,
        ),
        rows=tuple(map(_row, beats)),
    )


def sentences(
    storyboard: Storyboard, language: Language, *, still: bool = False
) -> tuple[str, ...]:
    """Two to four sentences, plain text: what the cell does, its story, where its states end up."""
    if storyboard.goes_back:
        return tuple(map(_sentence, _told_back(storyboard, language)))
    words = language.description
    cell = storyboard.cell
    head = _still_head(storyboard, language) if still else _film_head(storyboard, language)
    told = [_steps(storyboard, language, head)]
    if storyboard.claims and not still:
        told.append(story(cell, storyboard.claims, language))
    form = words.still_holds if still else words.film_ends
    told += [
        _sentence(
            form.format(state=state_name(state, language), numbers=_numbers(storyboard, state))
        )
        for state in reversed(cell.states)
    ]
    return tuple(map(_sentence, told))


def in_words(storyboard: Storyboard, language: Language) -> str:
    """What opens the sentences."""
    return capitalised(language.description.in_words.format(cell=title(storyboard.cell, language)))


def caption(storyboard: Storyboard, language: Language) -> str:
    """One line of plain text: the cell, its timesteps, what is seen, and the credit."""
    if storyboard.goes_back:
        line = language.back.caption.format(head=_film_head(storyboard, language))
        return f"{_sentence(line)} {credit(language)}."
    words = language.description
    form = words.caption_with_gates if _has_gates(storyboard.cell) else words.caption
    line = form.format(head=_film_head(storyboard, language))
    return f"{_sentence(line)} {credit(language)}."


def _row(beat: Beat) -> DescribedStep:
    telling = beat.telling
    return DescribedStep(
        telling.timestep,
        telling.step,
        _LINE_BREAK.join(map(html, telling.equations)),
        _LINE_BREAK.join(map(html, telling.numbers)),
    )


# --- sentences -----------------------------------------------------------------------------------


def _alt_forms(
    storyboard: Storyboard, language: Language, head: str, *, still: bool
) -> Iterator[str]:
    """What an alternative text may say, the most telling first."""
    words = language.description
    cell = storyboard.cell
    alone = words.only.format(head=head)
    state = state_name(cell.states[0], language)
    steps = _steps(storyboard, language, head)
    ends = _sentence(
        (words.still_holds if still else words.film_ends).format(
            state=state, numbers=_numbers(storyboard, cell.states[0])
        )
    )
    if storyboard.claims and not still:
        for in_brief in (False, True):
            yield f"{alone} {story(cell, storyboard.claims, language, in_brief=in_brief)}"
    yield f"{steps} {ends}"
    yield steps
    yield f"{alone} {ends}"
    yield alone


def _steps(storyboard: Storyboard, language: Language, head: str) -> str:
    """What the cell computes, in its order."""
    words, cell = language.description, storyboard.cell
    named = [
        vector_name(cell, node.name, language) for node in cell.nodes if cell.letter(node.name)
    ]
    if _has_gates(cell):
        return words.steps.format(head=head, steps=language.lists.joined(named))
    return words.recurrence.format(head=head, state=state_name(cell.states[0], language))


def _film_head(storyboard: Storyboard, language: Language) -> str:
    """The cell and the timesteps that are drawn, in the order in which they are read."""
    words = language.description
    excerpt = storyboard.excerpt
    cell = title(storyboard.cell, language)
    first, last = excerpt.position(excerpt.start), excerpt.position(excerpt.stop - 1)
    drawn, total = excerpt.stop - excerpt.start, excerpt.timesteps
    if drawn == total:
        form = words.one_timestep if total == 1 else words.timesteps
    else:
        form = words.one_timestep_of if drawn == 1 else words.timesteps_of
    head = form.format(cell=cell, first=first, last=last, timesteps=total)
    return words.backward.format(head=head) if excerpt.backward else head


def _told_back(storyboard: Storyboard, language: Language) -> list[str]:
    """Of a film of the gradient: what it is of, where it begins, its steps, and what arrives."""
    head = language.back.head.format(head=_film_head(storyboard, language))
    loss = next(beat for beat in storyboard.beats if beat.kind == "loss")
    ends = storyboard.still.telling.sentences
    return [
        language.description.only.format(head=head),
        *loss.telling.sentences[:1],
        _steps_back(storyboard, language),
        *ends[:1],
    ]


def _steps_back(storyboard: Storyboard, language: Language) -> str:
    """What the latest timestep is gone back through, in the order of the film."""
    cell = storyboard.cell
    back = [beat for beat in storyboard.beats if beat.kind == "back"]
    sources = dict.fromkeys(
        act.source
        for beat in back
        if beat.timestep == back[0].timestep
        for act in beat.acts
        if isinstance(act, Send) and not leaves(act.source)
    )
    named = [vector_name(cell, name, language) for name in sources]
    steps = language.back.steps.format(
        timestep=back[0].timestep, steps=language.lists.joined(named)
    )
    return f"{steps}."


def _alt_back(storyboard: Storyboard, language: Language) -> str:
    head, *_ = _told_back(storyboard, language)
    ends = storyboard.still.telling.sentences
    forms = (*(f"{head} {end}" for end in ends), head)
    return next(
        (text for text in map(_sentence, forms) if len(text) <= LONGEST_ALT_TEXT), _sentence(head)
    )


def _still_head(storyboard: Storyboard, language: Language) -> str:
    return language.description.still.format(
        cell=title(storyboard.cell, language),
        timestep=storyboard.still.timestep,
        timesteps=storyboard.timesteps,
    )


def _numbers(storyboard: Storyboard, name: str) -> str:
    """A vector's numbers in the complete cell, with an ellipsis for what is left out."""
    shown = [number(value) for value in storyboard.still.values[name]]
    rest = [ELLIPSIS] if storyboard.excerpt.indices(storyboard.cell, name).ellipses else []
    return f"[{', '.join([*shown, *rest])}]"


def _has_gates(cell: Cell) -> bool:
    return any(node.operation.is_share for node in cell.weighted_sums)


def _sentence(text: str) -> str:
    """A sentence on one line, with a capital at its beginning."""
    return capitalised(" ".join(text.split()))
