"""A new cell is its list, its diagram and its words: four files with two languages, no other."""

import os
import subprocess
import sys
from pathlib import Path
from shutil import copytree, ignore_patterns

import pytest

from gatereel.scenes.tell.language import LANGUAGES

ROOT = Path(__file__).resolve().parents[1]
FOLDERS = ("rnn_math", "scenes", "cli")

LIST = '''
"""The minimal gated unit."""

from gatereel.rnn_math.cell import Cell, Node, Paper
from gatereel.rnn_math.operations import (
    Addition,
    Concatenate,
    Multiplication,
    OneMinus,
    WeightedSumSigmoid,
    WeightedSumTanh,
)

MGU = Cell(
    name="mgu",
    title="MGU",
    long_name="minimal gated unit",
    states=("h",),
    nodes=(
        Node("hx", Concatenate(), ("h_prev", "x")),
        Node("f", WeightedSumSigmoid(), ("hx",), "forget gate", letter="f"),
        Node("nf", OneMinus(), ("f",)),
        Node("kept", Multiplication(), ("nf", "h_prev"), gate="keeps"),
        Node("fh", Multiplication(), ("f", "h_prev"), gate="lets through"),
        Node("fhx", Concatenate(), ("fh", "x")),
        Node("n", WeightedSumTanh(), ("fhx",), "candidate", letter="n"),
        Node("fn", Multiplication(), ("f", "n")),
        Node("h", Addition(), ("kept", "fn"), "hidden state out", letter="h"),
    ),
    paper=Paper("Zhou et al.", "Minimal gated unit for recurrent neural networks", 2016),
    convention="one gate",
)

FAMILY = (MGU,)
'''

DIAGRAM = '''
"""Where everything stands in the minimal gated unit: where it stands in the GRU."""

from dataclasses import replace

from gatereel.scenes.diagrams.gru import GRU
from gatereel.scenes.lay_out.diagram import Wire

_NAMES = {"z": "f", "z.in": "f.in", "nz": "nf", "zn": "fn", "rh": "fh", "rhx": "fhx"}


def _name(old):
    return _NAMES.get(old, old)


def _wire(wire):
    if (wire.source, wire.target) == ("r", "rh"):
        return Wire("f", "fh", ((635.5, 258), (635.5, 207), (468, 207)))
    return replace(wire, source=_name(wire.source), target=_name(wire.target))


MGU = replace(
    GRU,
    cell="mgu",
    rows=tuple(
        replace(row, name=_name(row.name)) for row in GRU.rows if row.name not in ("r", "r.in")
    ),
    wires=tuple(_wire(wire) for wire in GRU.wires if wire.target != "r.in"),
    labels=tuple(replace(label, row=_name(label.row)) for label in GRU.labels),
    tags=tuple(
        replace(tag, row=_name(tag.row), text="forget gate" if tag.row == "z" else tag.text)
        for tag in GRU.tags
        if tag.row != "r"
    ),
    roomier=None,
)

DRAWN = (MGU,)
'''

GATE = {"en": "forget gate", "vi": "cổng quên"}

NODES = ("hx", "f", "nf", "kept", "fh", "fhx", "n", "fn", "h")

RUN = """
from gatereel.cli import main
assert main(["render", "mgu", "-o", "film.gif", "--width", "200", "--timesteps", "1"]) == 0
for language in {languages}:
    assert main(["render", "mgu", "--lang", language, "--dry-run"]) == 0
assert main(["render", "lstm", "-o", "lstm.svg"]) == 0
"""


def with_words(text: str, language: str) -> str:
    """A language's file with a line in each table of the cells' names, and the cell's own."""
    for table in ("titles", "long_names"):
        text = text.replace(f"[{table}]\n", f'[{table}]\nmgu = "MGU"\n')
    vectors = "".join(f'{node} = "{GATE[language]}"\n' for node in NODES)
    return text.replace("\n[states]\n", f"\n[vectors.mgu]\n{vectors}\n[states]\n")


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """The code as it is here, in a folder of its own."""
    for folder in ("gatereel", *FOLDERS):
        leave_out = (
            ignore_patterns("__pycache__", *FOLDERS)
            if folder == "gatereel"
            else (ignore_patterns("__pycache__"))
        )
        copytree(ROOT / folder, tmp_path / folder, ignore=leave_out)
    for folder in FOLDERS:
        (tmp_path / "gatereel" / folder).symlink_to(f"../{folder}")
    return tmp_path


@pytest.mark.slow
def test_a_new_cell_is_drawn_once_its_list_diagram_and_words_are_there(clone: Path) -> None:
    (clone / "rnn_math" / "cells" / "mgu.py").write_text(LIST)
    (clone / "scenes" / "diagrams" / "mgu.py").write_text(DIAGRAM)
    for language in LANGUAGES:
        file = clone / "scenes" / "language" / f"{language}.toml"
        file.write_text(with_words(file.read_text(encoding="utf-8"), language), encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-c", RUN.format(languages=LANGUAGES)],
        cwd=clone,
        env={**os.environ, "PYTHONPATH": str(clone), "PYTHONUTF8": "1"},
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert (clone / "film.gif").stat().st_size > 0
    for language in LANGUAGES:
        assert GATE[language] in done.stdout
    assert "MGU has no demo; parameters: random" in done.stderr
