"""What is said in a picture, put together from the entries of a language."""

from collections.abc import Sequence

from gatereel.rnn_math import Cell
from gatereel.scenes.fonts.text_width import drawable
from gatereel.scenes.tell.excerpt import Excerpt, ProjectedExcerpt
from gatereel.scenes.tell.language import Language
from gatereel.scenes.tell.numbers import ELLIPSIS

LONGEST_LABEL = 16
"""Characters of a timestep's label; the end of a longer one is cut off."""

BETWEEN_PARTS = " · "
_WITH = " + "
"""Between what an operation is and its function, in its title."""

_CREDITED = {
    "title": "Animated RNN, LSTM and GRU",
    "author": "Raimi Karim",
    "year": 2018,
}


def credit(language: Language) -> str:
    """Whose pictures these follow, without a full stop."""
    return language.description.credit.format_map(_CREDITED)


def legend_title(cells: Sequence[Cell], language: Language) -> str:
    """What the legend of these cells is called: "Symbols of LSTM and GRU"; of all without cells."""
    names = [title(cell, language) for cell in cells]
    match names:
        case []:
            return language.legend.of_all
        case [only]:
            return language.legend.of_one.format(cell=only)
        case _:
            return language.legend.of_several.format(cells=language.lists.joined(names))


def sheet_title(cell: Cell, language: Language) -> str:
    """What a sheet of a cell's steps says of itself."""
    return language.sheet.title.format(
        cell=title(cell, language), long_name=long_name(cell, language)
    )


def sheet_facts(cell: Cell, excerpt: Excerpt, language: Language) -> str:
    """What stands below the cell's name on a sheet."""
    sheet, timesteps = language.sheet, excerpt.timesteps
    sizes = (
        (sheet.one_timestep if timesteps == 1 else sheet.timesteps).format(count=timesteps),
        sheet.input_size.format(size=excerpt.input_size),
        sheet.hidden_size.format(size=excerpt.hidden_size),
    )
    return BETWEEN_PARTS.join((long_name(cell, language), language.lists.comma.join(sizes)))


def page_number(page: int, pages: int, language: Language) -> str:
    """Which page of a sheet this is."""
    return language.sheet.page.format(page=page, pages=pages)


# A cell without words of its own, such as one that is made in Python, keeps its English names.


def title(cell: Cell, language: Language) -> str:
    """A cell's abbreviation."""
    return language.titles.get(cell.name, cell.title)


def long_name(cell: Cell, language: Language) -> str:
    """A cell's name spelled out."""
    return language.long_names.get(cell.name, cell.long_name)


def vector_name(cell: Cell, name: str, language: Language) -> str:
    """What a node, and the step that computes it, is called: "forget gate".

    Without words of its own, a state is called as in every cell; anything else is what the cell
    says it is, or what the operation is called.
    """
    named = language.vectors.get(cell.family, {})
    if name in named:
        return named[name]
    if name in cell.states:
        return state_name(name, language)
    node = cell.node(name)
    title = node.operation.title
    return node.role or operation_name(title, language)


def operation_name(title: str, language: Language) -> str:
    """What an operation is called; one without words of its own, by its function."""
    if title in language.operations:
        return language.operations[title]
    first, between, function = title.partition(_WITH)
    return f"{language.operations.get(first, first)}{between}{function}"


def state_name(state: str, language: Language) -> str:
    """What a state is called: "hidden state"."""
    return language.states.get(state, state)


def leaving(state: str, language: Language) -> str:
    """The step in which a state leaves the cell."""
    return language.strip.state_leaves.format(state=state_name(state, language))


def returning(states: Sequence[str], language: Language) -> str:
    """The step between two timesteps."""
    one, several = language.strip.state_returns, language.strip.states_return
    return (several if len(states) > 1 else one).format(states=_states(states, language))


def beginning(states: Sequence[str], language: Language, *, is_first: bool) -> str:
    """The step before the computation of the first timestep drawn, `is_first` of all or not."""
    sentence = language.strip.first_input if is_first else language.strip.later_input
    return sentence.format(states=_states(states, language))


def timestep_label(excerpt: Excerpt, row: int, language: Language) -> str:
    """Which timestep the trace's `row` is, and its label: "t = 3 of 12 · 'l'"."""
    strip = language.strip
    place = (strip.timestep_backward if excerpt.backward else strip.timestep).format(
        timestep=excerpt.position(row), timesteps=excerpt.timesteps
    )
    label = drawable(excerpt.label(row))
    if len(label) > LONGEST_LABEL:
        label = label[: LONGEST_LABEL - 1] + ELLIPSIS
    return BETWEEN_PARTS.join(part for part in (place, label) if part)


def shown_forms(excerpt: Excerpt, language: Language) -> tuple[str, ...]:
    """Which units and inputs are shown, longest form first; nothing when all of them are.

    "units 5 and 17 of 128 · inputs 2, 9 and 33 of 300", or "2 of 128 units · 3 of 300 inputs". Of a
    projected state: "hidden state: 2 of 64 units".
    """
    strip = language.strip
    units = (strip.unit, strip.units, strip.unit_count, excerpt.units, excerpt.hidden_size)
    inputs = (strip.input, strip.inputs, strip.input_count, excerpt.features, excerpt.input_size)
    by_number, by_count = [], []
    parts = [("", units), ("", inputs)]
    if isinstance(excerpt, ProjectedExcerpt):
        named = f"{state_name(excerpt.state, language)}: "
        of_state = (*units[:3], excerpt.projected, excerpt.projected_size)
        parts.insert(1, (named, of_state))
    for named, (one, several, count, chosen, total) in parts:
        if len(chosen) < total:
            numbers = language.lists.joined([str(index + 1) for index in chosen])
            sentence = several if len(chosen) > 1 else one
            by_number.append(named + sentence.format(numbers=numbers, total=total))
            by_count.append(named + count.format(count=len(chosen), total=total))
    return tuple(BETWEEN_PARTS.join(parts) for parts in (by_number, by_count) if parts)


def capitalised(sentence: str) -> str:
    """A sentence with a capital at its beginning."""
    return sentence[:1].upper() + sentence[1:]


def _states(states: Sequence[str], language: Language) -> str:
    return language.lists.joined([state_name(state, language) for state in states])
