"""Languages: complete, correct in form, and what becomes of a user's own file."""

import sys
import tomllib
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from itertools import cycle
from pathlib import Path
from string import Formatter
from typing import get_args

import pytest

from gatereel.rnn_math import CELLS, InputError
from gatereel.rnn_math.demo import Verb
from gatereel.scenes.diagrams import DIAGRAMS
from gatereel.scenes.draw.picture import draw
from gatereel.scenes.draw.strip import strip
from gatereel.scenes.draw.typeset import Text, Typesetter, plain
from gatereel.scenes.fonts.text_width import text_width
from gatereel.scenes.language.checks import check_legend, check_rooms, check_told
from gatereel.scenes.language.files import entries_of_a_language, load_language
from gatereel.scenes.lay_out.diagram import translate
from gatereel.scenes.lay_out.layout import lay_out
from gatereel.scenes.tell.language import LANGUAGES, PLACEHOLDERS, Language
from gatereel.scenes.tell.words import credit
from gatereel.scenes.theme.files import load_theme
from tests.scenes.toml_files import toml_files_read
from tests.scenes.traces import demo_trace, lines_of, narrate

FOLDER = Path(sys.modules[load_language.__module__].__file__ or "").parent

SAME_EVERYWHERE = {
    "{clause}.",
    "{cause}: {effect}",
    "{name} {value}",
    "{name}: {value}",
    "t = {timestep}: {value}",
    "RNN (ReLU)",
    "tanh",
    ", ",
    "{clauses}.",
    "{predicate} {when}",
    "{head}.",
    "{head}: {steps}.",
}
"""What is written alike in English and in Vietnamese, as cells' abbreviations are."""

every_language = pytest.mark.parametrize("name", LANGUAGES)


@pytest.fixture
def mine(tmp_path: Path) -> Path:
    return tmp_path / "mine.toml"


def refused(path: Path, text: str) -> str:
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputError) as caught:
        load_language(path)
    return str(caught.value).replace(str(path), "mine.toml")


def source(name: str) -> str:
    return (FOLDER / f"{name}.toml").read_text(encoding="utf-8")


def entries(table: dict[str, object], place: str = "") -> Iterator[tuple[str, object]]:
    """Every entry of a file, with its tables' names before its own."""
    for name, value in table.items():
        if isinstance(value, dict):
            yield from entries(value, f"{place}{name}.")
        else:
            yield f"{place}{name}", value


# --- the package's own ---------------------------------------------------------------------------


@every_language
def test_a_language_has_every_entry_and_no_other(name: str) -> None:
    wanted = {
        f"{table}.{entry}" if table else entry
        for table, names in entries_of_a_language().items()
        for entry in names
    }
    assert {place for place, _ in entries(tomllib.loads(source(name)))} == wanted


@every_language
def test_every_entry_is_a_text_without_a_space_too_many(name: str) -> None:
    for place, value in entries(tomllib.loads(source(name))):
        assert isinstance(value, str), place
        assert "  " not in value, place
        assert place.startswith("lists.") or value == value.strip(), place


def test_vietnamese_is_not_english() -> None:
    english = dict(entries(tomllib.loads(source("en"))))
    same = {
        value
        for place, value in entries(tomllib.loads(source("vi")))
        if value == english[place] and not (place.startswith("titles.") and str(value).isupper())
    }
    assert same <= SAME_EVERYWHERE


@every_language
def test_every_cell_state_and_verb_has_words(name: str) -> None:
    language = load_language(name)
    for cell in CELLS.values():
        assert set(language.vectors[cell.name]) == {node.name for node in cell.nodes}
        assert set(cell.states) <= set(language.states)
        assert {node.operation.title for node in cell.nodes} <= set(language.operations)
        assert cell.name in language.titles
        assert cell.name in language.long_names
    assert set(language.predicates) == set(get_args(Verb))


def test_english_names_are_those_of_the_errors() -> None:
    english = load_language("en")
    for cell in CELLS.values():
        assert english.titles[cell.name] == cell.title
        assert english.long_names[cell.name] == cell.long_name
        for node in cell.nodes:
            assert english.operations[node.operation.title] == node.operation.title


@every_language
def test_every_template_has_its_placeholders_in_the_docstring_s_names(name: str) -> None:
    written = tomllib.loads(source(name))
    for (table, entry), placeholders in PLACEHOLDERS.items():
        found = {field for _, field, _, _ in Formatter().parse(written[table][entry]) if field}
        assert found == set(placeholders), f"[{table}] {entry}"


@every_language
def test_the_package_s_own_pass_the_checks_of_a_user_s(name: str, mine: Path) -> None:
    mine.write_text(source(name), encoding="utf-8")
    assert load_language(mine) == load_language(name)


@pytest.mark.parametrize(("name", "code"), [("en", "en"), ("vi", "vi")])
def test_a_language_says_what_it_is(name: str, code: str) -> None:
    language = load_language(name)
    assert language.code == code
    assert language.name == {"en": "English", "vi": "Tiếng Việt"}[name]
    assert "Animated RNN, LSTM and GRU" in credit(language)
    assert "Raimi Karim" in credit(language)
    assert "(2018)" in credit(language)


def test_the_credit_in_english() -> None:
    said = 'After "Animated RNN, LSTM and GRU" by Raimi Karim (2018)'
    assert credit(load_language("en")) == said


def test_a_language_is_frozen_data() -> None:
    language = load_language("vi")
    for entry in fields(Language):
        value = getattr(language, entry.name)
        with pytest.raises((AttributeError, TypeError)):
            setattr(language, entry.name, value)
        if not isinstance(value, str) and not is_dataclass(value):
            with pytest.raises(TypeError):
                value["h"] = "x"


@pytest.mark.parametrize(
    ("more", "read"), [("", 0), ("gatereel.scenes.language.files.load_language()", 1)]
)
def test_nothing_is_read_before_it_is_needed(more: str, read: int) -> None:
    assert toml_files_read(more) == read


# --- a user's own --------------------------------------------------------------------------------


def test_a_file_with_a_base_changes_what_it_says(mine: Path) -> None:
    mine.write_text(
        'base = "vi"\n'
        'name = "của tôi"\n'
        '[vectors.lstm]\nf = "cổng quên đi"\n'
        '[tags]\ninput = "vào"\n'
        '[strip]\ntimestep = "{timesteps}: {timestep}"\n',
        encoding="utf-8",
    )
    vietnamese, language = load_language("vi"), load_language(mine)
    assert (language.code, language.name) == ("vi", "của tôi")
    assert language.vectors["lstm"]["f"] == "cổng quên đi"
    assert language.vectors["lstm"]["i"] == vietnamese.vectors["lstm"]["i"]
    assert language.tags["input"] == "vào"
    assert language.consequences == vietnamese.consequences
    told = narrate(demo_trace("lstm"), language=language).beats[3].telling
    assert (told.timestep, told.step) == ("3: 1", "cổng quên đi")
    assert load_language("vi") == vietnamese


def test_letters_and_their_marks_are_put_together(mine: Path) -> None:
    mine.write_text('base = "vi"\n[tags]\ninput = "đa\u0302\u0300u va\u0300o"\n', encoding="utf-8")
    assert load_language(mine).tags["input"] == "đầu vào"


def test_all_that_is_missing_is_named_at_once(mine: Path) -> None:
    gone = ('h = "hidden state"\nc =', "addition =", "timestep = ", 'code = "en"', "tanh =")
    lines = source("en").replace('\nh = "hidden state"\nc = "cell state"\n', "\n").splitlines()
    kept = [line for line in lines if not line.startswith(gone)]
    assert refused(mine, "\n".join(kept)) == (
        "mine.toml lacks code; [states] h and c; [labels] addition; [operations] addition and "
        "tanh; [strip] timestep; [gradient] timestep. Add what is missing, or name a language to "
        'take it from, such as base = "en", in the first line.'
    )


def test_a_file_that_says_nearly_nothing_names_every_entry(mine: Path) -> None:
    said = refused(mine, 'code = "xx"')
    for table, names in entries_of_a_language(CELLS).items():
        assert not table or f"[{table}] " in said
        assert all(name in said for name in names if name != "code")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            '[lables]\na = "b"\n[tags]\ninptu = "x"\n'
            '[vectors.lstn]\nf = "x"\n[vectors.gru]\nq = "x"',
            "mine.toml: lables (did you mean labels?), [tags] inptu (did you mean input?), "
            "[vectors] lstn (did you mean lstm?) and [vectors.gru] q are no entries of a language.",
        ),
        (
            'nmae = "x"',
            "mine.toml: nmae (did you mean name?) is no entry of a language.",
        ),
        (
            '[labels]\naddition = 3\n[strip]\nunit = ["a"]\n[tags]\ninput = " "\n'
            '[lists]\ncomma = ""\n[consequences]\nopens = "{unit}\\n"\ncloses = "{unit}\\t"',
            "mine.toml: [labels] addition = 3, [strip] unit = ['a'], [tags] input = ' ', [lists] "
            "comma = '', [consequences] opens = '{unit}\\n' and [consequences] closes = "
            "'{unit}\\t' cannot be "
            "used; an entry is a text in quotes, on one line, and only in [tags] \\n may begin "
            "another.",
        ),
        (
            "labels = 3\nvectors.lstm = 4",
            "mine.toml: labels and vectors.lstm must be a table, such as [labels] on a line of its "
            "own with its entries below.",
        ),
        (
            '[strip]\nunit = "u {number} of {total}"\nunits = "of {total}"\n[consequences]\n'
            'proposes = "{unit:>9} {value}"\nholds = "{unit!r} {value} {}"\n'
            'percent = "{number} {"',
            "mine.toml: [strip] unit lacks {numbers} and has {number}; its placeholders are "
            "{numbers} and {total}; [strip] units lacks {numbers}; its placeholders are {numbers} "
            "and {total}; [consequences] holds lacks {unit} and has {unit!r} and {}; its "
            "placeholders are {unit} and {value}; [consequences] percent has a single brace; its "
            "placeholders are {number}; [consequences] proposes lacks {unit} and has {unit:>9}; "
            "its placeholders are {unit} and {value}. A "
            "brace that is none of a placeholder is written twice.",
        ),
        (
            'code = "English"\nbase = "en"',
            "mine.toml: code = 'English' cannot be used; it is the tag of a language, such as "
            '"en", "vi" or "pt-BR".',
        ),
        (
            'base = "en"\n[labels]\naddition = "加法"\n[consequences]\nopens = "{unit} {value} 😀"',
            "mine.toml: [labels] addition (加 法) and [consequences] opens (😀) have characters "
            "that the font of the pictures, Liberation Sans, lacks.",
        ),
        (
            'base = "en"\n[labels]\naddition = "an addition of each with each"\n'
            'multiplication = "multiplication by another"\n'
            '[tags]\n"forget gate" = "the gate that forgets"\ninput = "in\\nput"',
            "mine.toml: [tags] input has 2 lines, where 1 has room; [labels] multiplication is 173 "
            "pixels wide, where 130 are room; [labels] addition is 207 pixels wide, where 130 are "
            'room; [tags] "forget gate" is 120 pixels wide, where 93 are room. Choose shorter '
            "words.",
        ),
        (
            'base = "en"\n[long_names]\nrnn = "' + "long " * 40 + '"',
            "mine.toml: 'RNN t = 3 of 3 " + "long " * 40 + "' is 934 pixels wider than its strip. "
            "Choose shorter words.",
        ),
        (
            'base = "en"\n[operations]\naddition = "an addition of each number to its own one"\n'
            '[legend]\nof_one = "All of the symbols that are needed to draw the whole of this one '
            '{cell}"',
            "mine.toml: [operations] addition ('an addition of each number to its own one') is 361 "
            "pixels wide, where 347 are room; [legend] of_one ('All of the symbols that are "
            "needed to draw the whole of this one RNN (ReLU)') is 727 pixels wide, where 712 are "
            "room. Choose shorter words.",
        ),
        ('base = "eng"', "mine.toml: base is 'eng'; accepted are en and vi. Did you mean en?"),
        ("base = 3", "mine.toml: base is 3; accepted are en and vi."),
    ],
)
def test_what_is_wrong_is_named_with_what_is_accepted(mine: Path, text: str, said: str) -> None:
    assert refused(mine, text) == said


@pytest.mark.parametrize("code", ["pt-BR", "zh-Hant-TW", "gsw", "de"])
def test_a_language_s_tag_may_have_parts(mine: Path, code: str) -> None:
    mine.write_text(f'base = "en"\ncode = "{code}"', encoding="utf-8")
    assert load_language(mine).code == code


@pytest.mark.parametrize(
    "text", ["", "[labels", "a = " + "[" * 10_000, "\x00", "base = 'en'\n" * 2]
)
def test_what_is_no_language_is_refused(mine: Path, text: str) -> None:
    assert refused(mine, text).startswith("mine.toml ")


@pytest.mark.parametrize(
    ("name", "hint"), [("eng", " Did you mean en?"), ("VI", " Did you mean vi?")]
)
def test_an_unknown_name_is_refused_with_the_names(name: str, hint: str) -> None:
    with pytest.raises(InputError) as caught:
        load_language(name)
    assert str(caught.value) == (
        f"The language {name!r} is none of en or vi, and no .toml file.{hint}"
    )


def test_what_does_not_fit_is_found() -> None:
    """The checks of rooms and of the strip say nothing of the package's own."""
    for name in LANGUAGES:
        check_rooms(Path("x"), load_language(name))
        check_legend(Path("x"), load_language(name))
        check_told(Path("x"), load_language(name))


# --- set as it is --------------------------------------------------------------------------------

HOSTILE = '#$"\\*_`]@<'
"""Each of these means something to the typesetter."""

BRACES = "{{}}"


@pytest.fixture
def hostile(mine: Path) -> Language:
    """A language whose every entry has characters that mean something to the typesetter."""
    written = tomllib.loads(source("en"))
    lines = ['base = "en"']
    turns = cycle(range(len(HOSTILE)))
    for table, names in entries_of_a_language().items():
        if not table:
            continue
        lines.append(f"[{table}]")
        inside = written
        for part in table.split("."):
            inside = inside[part]
        for name in names:
            placeholders = PLACEHOLDERS.get((table, name), ())
            start = next(turns)
            value = HOSTILE[start:] + HOSTILE[:start]
            value = value[:3] + " ".join(f"{{{each}}}" for each in placeholders)
            value += BRACES if placeholders else ""
            escaped = value.replace("\\", "\\\\").replace('"', '\\"')
            lines.append(f'"{name}" = "{escaped}"')
    mine.write_text("\n".join(lines), encoding="utf-8")
    return load_language(mine)


SIZE = 16.0
KERNED = 0.05
"""Of a text's width: letters set together may stand closer."""


@pytest.mark.parametrize("cell", CELLS)
def test_no_character_is_an_instruction(cell: str, hostile: Language) -> None:
    """Neither in labels, tags and the strip's words nor among formulas."""
    theme, typesetter = load_theme(), Typesetter()
    layout = lay_out(translate(DIAGRAMS[cell], hostile))
    storyboard = narrate(demo_trace(cell, 1), language=hostile, pace=2.0)
    signs = {label.sign for label in DIAGRAMS[cell].labels}
    assert all(set(label.text) <= {*HOSTILE, *signs} for label in layout.labels)
    assert draw(layout, CELLS[cell], theme, typesetter, storyboard.still.telling).parts
    assert layout.strip is not None
    for beat in storyboard.beats:
        assert strip(beat.telling, layout.strip, theme, typesetter)
        for pair in lines_of(beat.telling):
            for line in filter(None, pair):
                assert typesetter.glyphs(Text(line, SIZE, math=True)).width > 0
        for words in (beat.telling.title, beat.telling.step):
            width = typesetter.glyphs(Text(plain(words), SIZE)).width
            assert width == pytest.approx(text_width(words, SIZE), rel=KERNED)


def test_doubled_braces_are_braces(hostile: Language) -> None:
    told = narrate(demo_trace("rnn"), language=hostile).still.telling
    assert told.timestep.endswith("3 3{}")
    assert set(told.title) <= set(HOSTILE)
