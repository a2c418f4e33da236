"""Batch files: the command's own words in three formats, and what is wrong with them."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import gatereel.scenes.render as scenes_render
from gatereel.cli.app import FAILURE, WRONG_USE
from gatereel.cli.many import batch as batch_module
from gatereel.cli.options.sources import STANDARD_INPUT
from gatereel.scenes.export import Written
from gatereel.scenes.plan import Plan
from gatereel.scenes.stills import Order

Command = Callable[..., Any]
Seen = list[tuple[Plan, Order]]


def write(name: str, text: str) -> Path:
    path = Path(name)
    path.parent.mkdir(exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


@pytest.fixture
def seen(monkeypatch: pytest.MonkeyPatch) -> Seen:
    """The plans and files of what would be drawn."""
    found: Seen = []

    def look(planned: Plan, order: Order, **_: object) -> tuple[Written, ...]:
        found.append((planned, order))
        return ()

    monkeypatch.setattr(scenes_render, "render_plan", look)
    return found


TOML = """
[defaults]
width = 300
still = true

[[picture]]
cell = "lstm"
theme = "dark"
output = "one.png"

[[picture]]
cell = ["rnn", "gru"]
still = false
values = false
pace = 0.5
output = ["{cell}.gif"]
"""
CSV = """\
cell, theme, output, still, width, values, pace
lstm, dark, one.png, true, 300,,
rnn, , {cell}.gif, , 300, false, 0.5
gru, , {cell}.gif, FALSE, 300, false, 0.5
"""
JSONL = """
{"cell": "lstm", "theme": "dark", "o": "one.png", "still": true, "width": 300}
{"cell": ["rnn", "gru"], "no-values": true, "pace": 0.5, "output": "{cell}.gif", "width": "300"}
"""


@pytest.mark.parametrize(
    ("name", "text"),
    [("a.toml", TOML), ("a.csv", CSV), ("a.jsonl", JSONL), ("A.CSV", "\ufeff" + CSV)],
)
def test_the_three_formats_say_the_same(
    gatereel: Command, folder: Path, seen: Seen, name: str, text: str
) -> None:
    write(name, text)
    ended = gatereel("render", "--batch", name)
    assert (ended.code, ended.err) == (0, "")
    lstm, rnn, gru = seen
    assert [plan.storyboard.cell.name for plan, _ in seen] == ["lstm", "rnn", "gru"]
    assert {plan.width for plan, _ in seen} == {300}
    assert lstm[0].theme.name == "dark"
    assert lstm[1].stills.still
    assert not rnn[1].stills.still
    assert not rnn[0].levels
    assert [path.name for path in lstm[1].paths] == ["one.png"]
    assert [path.name for path in rnn[1].paths] == ["rnn.gif"]
    assert gru[1].film


def test_the_command_line_says_what_a_line_does_not(
    gatereel: Command, folder: Path, seen: Seen
) -> None:
    write("a.toml", '[defaults]\nlang = "vi"\n[[picture]]\ncell="rnn"\n[[picture]]\ntheme="safe"\n')
    words = ("lstm", "--theme", "dark", "--lang", "en", "--width", "400", "--still")
    assert gatereel("render", *words, "--batch", "a.toml").code == 0
    told = [(p.storyboard.cell.name, p.theme.name, p.language.code, p.width) for p, _ in seen]
    assert told == [("rnn", "dark", "vi", 400), ("lstm", "safe", "vi", 400)]
    assert [path.name for _, order in seen for path in order.paths] == [
        "rnn-dark.png",
        "lstm-safe.png",
    ]


def test_files_lie_where_the_batch_does(gatereel: Command, folder: Path, seen: Seen) -> None:
    write("set/rows.csv", "1,2,3\n3,2,1\n")
    write("set/mine.toml", 'base = "dark"\n')
    write(
        "set/a.toml",
        '[[picture]]\ncell = "rnn"\ninputs = "rows.csv"\ntheme = "mine.toml"\n'
        'output = ["out/", "x.svg"]\n',
    )
    assert gatereel("render", "--batch", "set/a.toml").code == 0
    ((planned, order),) = seen
    assert [path.as_posix() for path in order.paths] == ["set/out/rnn.gif", "set/x.svg"]
    assert planned.storyboard.excerpt.timesteps == 2
    assert planned.theme.name == "mine"


def test_what_is_the_same_is_drawn_once(gatereel: Command, folder: Path, seen: Seen) -> None:
    write("a.csv", "cell,output\nrnn,a.gif\ngru,b.gif\nrnn,c.gif\n")
    assert gatereel("render", "--batch", "a.csv").code == 0
    assert [[path.name for path in order.files] for _, order in seen] == [
        ["a.gif", "c.gif"],
        ["b.gif"],
    ]


@pytest.mark.slow
def test_a_single_line_is_drawn_when_it_is_missing(gatereel: Command, folder: Path) -> None:
    write("a.jsonl", '{"cell": "rnn", "still": true, "width": 200, "timesteps": 1}')
    first = gatereel("render", "--batch", "a.jsonl")
    assert first.out.startswith("rnn.png ")
    assert gatereel("render", "--batch", "a.jsonl").out == "1 picture up to date\n"


WRONG = {
    "a.txt": ("", "a.txt is no batch file; one ends in .toml, .csv or .jsonl."),
    "a.toml": ("", "a.toml is empty."),
    "b.toml": (
        "x = 1\n",
        "b.toml: 'x' stands outside of a picture; accepted are tables [[picture]]",
    ),
    "c.toml": ("[[picture]\n", "c.toml is no TOML: "),
    "d.toml": ("[defaults]\nwidth=300\n", "d.toml has no picture in it."),
    "e.toml": ('picture = "lstm"\n', "e.toml: picture is no list of tables"),
    "f.toml": ("defaults = 1\n", "f.toml: defaults is no table"),
    "g.toml": (
        '[[picture]]\ncell="rnn"\nthme="dark"\n',
        "g.toml, picture 1: 'thme' is no option of a picture; accepted are the options of "
        "`gatereel render` without dashes, and cell. Did you mean theme?",
    ),
    "h.toml": (
        '[[picture]]\ncell="rnn"\nwidth={a=1}\n',
        "h.toml, picture 1: width is a table; text",
    ),
    "i.toml": (
        '[[picture]]\ncell="rnn"\nwidth=[1,2]\n',
        "picture 1: width is a list; it takes one",
    ),
    "j.toml": (
        '[[picture]]\ncell="rnn"\nstill="yes"\n',
        "picture 1: still is 'yes'; true or false",
    ),
    "k.toml": (
        '[[picture]]\ncell="rnn"\nwidth=true\n',
        "picture 1: width is true; text or a number",
    ),
    "l.toml": ('[[picture]]\ncell="rnn"\nwidth="wide"\n', "picture 1: Invalid value for '--width'"),
    "m.toml": ('[[picture]]\ncell="rrn"\n', "'rrn' is none of"),
    "n.toml": (
        '[defaults]\nbatch="x"\n[[picture]]\ncell="rnn"\n',
        "n.toml, [defaults]: 'batch' is no",
    ),
    "o.toml": (
        '[[picture]]\ncell="rnn"\nvalues=true\nno-values=true\n',
        "values and no-values say the",
    ),
    "p.toml": ('[[picture]]\ncell="rnn"\ntext="a\\u0000"\n', "text holds the character NUL"),
    "q.toml": ('[[picture]]\ncell="rnn"\ninputs="-"\n', "inputs is -, the standard input; name a"),
    "r.toml": (
        "[[picture]]\nwidth=300\n",
        "r.toml, picture 1: Invalid value for 'CELL': a name is",
    ),
    "s.toml": (
        '[[picture]]\ncell="rnn"\noutput="x.gif"\n' * 2,
        "x.gif would be written for s.toml",
    ),
    "t.toml": ("[[picture]]\nx=" + "[" * 100_000, "t.toml is nested too deeply."),
    "a.csv": ("cell,cell\nrnn,gru\n", "a.csv, line 1: 'cell' is named twice"),
    "b.csv": ("cell,\nrnn,gru\n", "b.csv, line 1: column 2 has no name"),
    "c.csv": ("cell\nrnn,gru\n", "c.csv, line 2: it has 2 fields; the first line names 1."),
    "d.csv": ('cell\n"rnn\n', "d.csv, line 2: it is no CSV"),
    "e.csv": ("cell,still\nrnn,1\n", "e.csv, line 2: still is '1'; true or false is accepted."),
    "f.csv": ("cell,width\n\n\n\nrnn,1\n", "f.csv, line 5 (rnn): The width is 1;"),
    "g.csv": ("cell\n", "g.csv has no picture in it."),
    "a.jsonl": ("\n[]\n", "a.jsonl, line 2: it is no object"),
    "b.jsonl": ('{"cell": "rnn"\n', "b.jsonl, line 1: it is no JSON: "),
    "c.jsonl": ('{"cell": "rnn", "cell": "gru"}\n', "c.jsonl, line 1: 'cell' is there twice"),
    "d.jsonl": ("[" * 100_000, "d.jsonl, line 1: it is nested too deeply."),
    "e.jsonl": ('{"seed": 1' + "0" * 5000 + "}", "e.jsonl, line 1: it is no JSON: "),
}


@pytest.mark.parametrize("name", WRONG)
def test_what_is_wrong_is_told_with_its_place(gatereel: Command, folder: Path, name: str) -> None:
    text, message = WRONG[name]
    write(name, text)
    ended = gatereel("render", "--batch", name)
    assert (ended.code, ended.out) == (WRONG_USE, "")
    assert message in ended.err
    assert ended.err.count("\n") == 1
    assert [path.name for path in folder.iterdir()] == [name]


def test_a_line_that_is_wrong_costs_its_own_picture_alone(gatereel: Command, folder: Path) -> None:
    drawn = '{"cell": "rnn", "still": true, "width": 200, "timesteps": 1}'
    write("a.jsonl", drawn + '\n{"cel": "rnn"}\n{\n{"cell": "rnn", "lang": "xx"}\n')
    ended = gatereel("render", "--batch", "a.jsonl")
    assert ended.code == FAILURE
    note, *lines = ended.err.splitlines()
    assert "1 picture of what was asked for can be drawn" in note
    told = [line.split(": ")[1] for line in lines]
    assert told == [f"a.jsonl, line {number}" for number in (2, 3, 4)]
    assert sorted(path.name for path in folder.iterdir()) == ["a.jsonl", "rnn.png"]
    again = gatereel("render", "--batch", "a.jsonl")
    assert (again.code, again.out) == (FAILURE, "1 picture up to date\n")


def test_a_dry_run_tells_what_is_wrong_alone(gatereel: Command, folder: Path) -> None:
    write("a.jsonl", '{"cell": "rnn"}\n{"cel": "rnn"}\n')
    ended = gatereel("render", "--batch", "a.jsonl", "--dry-run")
    assert (ended.code, ended.out) == (WRONG_USE, "")
    assert "a.jsonl, line 2: " in ended.err


def test_an_unreadable_line_hides_nothing_of_the_others(gatereel: Command, folder: Path) -> None:
    write("a.jsonl", '{"cel": "rnn"}\n{"weights": "no.pt"}\n{"weights": "nil.pt"}\n')
    ended = gatereel("render", "--batch", "a.jsonl")
    assert ended.code == WRONG_USE
    first, second, third = ended.err.splitlines()
    assert "line 1: " in first
    assert "no.pt does not exist" in second
    assert "nil.pt does not exist" in third
    assert [path.name for path in folder.iterdir()] == ["a.jsonl"]


def test_bytes_that_are_no_text_are_told(gatereel: Command, folder: Path) -> None:
    Path("a.csv").write_bytes(b"cell\n\xff\xfe\n")
    ended = gatereel("render", "--batch", "a.csv")
    assert ended.code == WRONG_USE
    assert "a.csv is not UTF-8 text" in ended.err


def test_every_option_that_names_a_file_is_looked_from_the_batch() -> None:
    """A new option of free text is a file's name, or is written down here as none."""
    import click

    words_of_no_file = {
        *("cells", "layer", "text", "embedding", "units", "features", "columns", "only"),
        *("title_card", "chain"),
    }
    free = {
        parameter.name
        for parameter in batch_module._line.params
        if isinstance(parameter.type, click.Path | click.types.StringParamType)
    }
    assert free - words_of_no_file == {
        *batch_module._FILES,
        *batch_module._NAMES_OR_FILES,
        *batch_module._WORDS_OR_FILES,
    }
    assert str(STANDARD_INPUT) == "-"
