"""What a language's entries must be, before a picture is made of them.

Texts on one line in letters that the font holds, templates with all their placeholders, and words
that fit the places in the drawing that they are for.
"""

import re
from collections.abc import Iterator
from itertools import combinations
from pathlib import Path
from string import Formatter
from unicodedata import category, normalize

from gatereel.rnn_math import CELLS, DEMOS, InputError, counted, unroll
from gatereel.rnn_math.counting import in_words
from gatereel.scenes.diagrams import DIAGRAMS
from gatereel.scenes.fonts.text_width import FONT_FAMILY, has_glyph, text_width
from gatereel.scenes.lay_out.diagram import label_lines
from gatereel.scenes.lay_out.layout import STRIP_GAP, STRIP_MARGIN
from gatereel.scenes.lay_out.legend_grid import PANEL_WIDTH, Grid
from gatereel.scenes.tell.language import PLACEHOLDERS, READINGS, Language
from gatereel.scenes.tell.storyboard import narrate
from gatereel.scenes.tell.words import legend_title
from gatereel.scenes.theme.entries import TOP, Entries, Entry, assignments
from gatereel.scenes.theme.theme import TypeSizes

_CODE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8})*")
"""BCP 47, as far as its form goes."""

_UNDRAWN = ("description", "legend_description", TOP)
"""Tables of which nothing is drawn: browsers have more fonts."""

_LEGEND_TITLES = ("of_all", "of_one", "of_several")
"""By how many cells it is of."""

_SEVERAL_LINES = "tags"
_CONTROL = "Cc"


def check_texts(path: Path, entries: Entries) -> None:
    """Refuse what is no text, has a wrong placeholder, or cannot be drawn; all of a kind at once.

    A letter and its mark become one character, as everywhere.
    """
    wrong = [
        (Entry(table, name), value)
        for table, name, value in _all(entries)
        if not _is_text(value, several_lines=table == _SEVERAL_LINES)
    ]
    if wrong:
        raise InputError(
            f"{path}: {assignments(wrong)} cannot be used; an entry is a text in quotes, on one "
            f"line, and only in [{_SEVERAL_LINES}] \\n may begin another."
        )
    for table, name, value in _all(entries):
        entries[table][name] = normalize("NFC", str(value))
    code = entries[TOP].get("code", "en")
    if not _CODE.fullmatch(code):
        raise InputError(
            f"{path}: {assignments([(Entry(TOP, 'code'), code)])} cannot be used; it is the tag of "
            'a language, such as "en", "vi" or "pt-BR".'
        )
    _check_placeholders(path, entries)
    _check_letters(path, entries)


def check_rooms(path: Path, language: Language) -> None:
    """Refuse labels and tags that are wider or higher than their place, all of them at once."""
    sizes = TypeSizes()
    tag_sizes = {"gate": sizes.gate_tag, "caption": sizes.caption_tag}
    too_large: dict[str, str] = {}
    for diagram in DIAGRAMS.values():
        for label in diagram.labels:
            lines = label_lines(label, diagram.label_size, language)
            width = max(text_width(line, diagram.label_size) for line in lines)
            if width > label.room:
                place = str(Entry("labels", label.text))
                too_large[place] = f"{place} is {width:.0f} pixels wide, where {label.room:g} are"
        for tag in diagram.tags:
            if tag.kind == "state":
                continue
            place = str(Entry("tags", tag.text))
            words = language.tags[tag.text].split("\n")
            width = max(text_width(line, tag_sizes[tag.kind]) for line in words)
            if len(words) > tag.lines:
                too_large[place] = f"{place} has {len(words)} lines, where {tag.lines} has"
            elif width > tag.room:
                too_large[place] = f"{place} is {width:.0f} pixels wide, where {tag.room:g} are"
    if too_large:
        raise InputError(
            f"{path}: {'; '.join(f'{each} room' for each in too_large.values())}. "
            "Choose shorter words."
        )


def check_legend(path: Path, language: Language) -> None:
    """Refuse names and titles that the legend has no room for, all of them at once.

    Its labels are those of the cells, where they have less room.
    """
    sizes = TypeSizes()
    too_wide: dict[Entry, str] = {}

    def check(entry: Entry, text: str, size: float, room: float) -> None:
        width = text_width(text, size, bold=True)
        if width > room:
            said = f"{entry} ({text!r}) is {width:.0f} pixels wide, where {room:g} are room"
            too_wide.setdefault(entry, said)

    for key, name in language.operations.items():
        check(Entry("operations", key), name, sizes.title, PANEL_WIDTH)
    readings = language.readings
    for name in READINGS:
        called, means = readings.card(name)
        check(Entry("readings", name), called, sizes.title, PANEL_WIDTH)
        check(Entry("readings", f"{name}, its meaning"), means, sizes.label, PANEL_WIDTH)
    room = Grid(len(READINGS)).title_room
    check(Entry("readings", "title"), readings.title, sizes.state_tag, room)
    for count in range(len(CELLS) + 1):
        entry = Entry("legend", _LEGEND_TITLES[min(count, len(_LEGEND_TITLES) - 1)])
        for cells in combinations(CELLS.values(), count):
            used = {node.operation.title for cell in cells for node in cell.nodes}
            room = Grid(len(used or language.operations)).title_room
            check(entry, legend_title(cells, language), sizes.state_tag, room)
    if too_wide:
        raise InputError(f"{path}: {'; '.join(too_wide.values())}. Choose shorter words.")


def check_told(path: Path, language: Language) -> None:
    """Refuse what makes the strip too wide for a cell's picture, as its demo shows."""
    sizes = TypeSizes()
    too_wide: dict[str, float] = {}
    for name, shown in DEMOS.items():
        trace = unroll(shown.cell, shown.parameters, shown.inputs, shown.initial)
        room = DIAGRAMS[name].width - 2 * STRIP_MARGIN
        for beat in narrate(trace, language=language, claims=shown.claims).beats:
            telling = beat.telling
            heading = (
                text_width(telling.title, sizes.title, bold=True),
                text_width(telling.timestep, sizes.timestep),
                text_width(telling.step, sizes.step, bold=True),
            )
            lines = {
                f"{telling.title} {telling.timestep} {telling.step}": sum(heading)
                + STRIP_GAP * (len(heading) - 1),
                telling.sentences[-1]: text_width(telling.sentences[-1], sizes.sentence),
            }
            too_wide |= {line: width - room for line, width in lines.items() if width > room}
    if too_wide:
        line, excess = max(too_wide.items(), key=lambda item: item[1])
        others = f", and {counted(len(too_wide) - 1, 'other')}" if len(too_wide) > 1 else ""
        raise InputError(
            f"{path}: {line!r} is {excess:.0f} pixels wider than its strip{others}. "
            "Choose shorter words."
        )


def _all(entries: Entries) -> Iterator[tuple[str, str, object]]:
    for table, written in entries.items():
        for name, value in list(written.items()):
            yield table, name, value


def _is_text(value: object, *, several_lines: bool) -> bool:
    if not isinstance(value, str):
        return False
    lines = value.split("\n") if several_lines else [value]
    return all(
        line.strip() and not any(category(character) == _CONTROL for character in line)
        for line in lines
    )


def _check_placeholders(path: Path, entries: Entries) -> None:
    wrong = []
    for (table, name), accepted in PLACEHOLDERS.items():
        value = entries[table].get(name)
        if value is not None and (mistake := _mistake(value, accepted)):
            wrong.append(f"{Entry(table, name)} {mistake}")
    if wrong:
        raise InputError(
            f"{path}: {'; '.join(wrong)}. A brace that is none of a placeholder is written twice."
        )


def _mistake(template: str, accepted: tuple[str, ...]) -> str:
    """What is wrong with a template's placeholders; nothing if nothing is."""
    try:
        parts = list(Formatter().parse(template))
    except ValueError:
        return f"has a single brace; its placeholders are {_braced(accepted)}"
    found = []
    for _, field, form, conversion in parts:
        if field is not None:
            found.append(field + (f"!{conversion}" if conversion else "") + f":{form}" * bool(form))
    unknown = [field for field in dict.fromkeys(found) if field not in accepted]
    missing = [field for field in accepted if field not in found]
    said = [
        f"{word} {_braced(fields)}"
        for word, fields in (("lacks", missing), ("has", unknown))
        if fields
    ]
    return f"{' and '.join(said)}; its placeholders are {_braced(accepted)}" if said else ""


def _braced(names: tuple[str, ...] | list[str]) -> str:
    return in_words([f"{{{name}}}" for name in names])


def _check_letters(path: Path, entries: Entries) -> None:
    wrong = []
    for table, name, value in _all(entries):
        missing = [
            character
            for character in dict.fromkeys(str(value))
            if not character.isspace() and not has_glyph(character)
        ]
        if missing and table not in _UNDRAWN:
            wrong.append(f"{Entry(table, name)} ({' '.join(missing)})")
    if wrong:
        raise InputError(
            f"{path}: {in_words(wrong)} {'has' if len(wrong) == 1 else 'have'} characters that the "
            f"font of the pictures, {FONT_FAMILY}, lacks."
        )
