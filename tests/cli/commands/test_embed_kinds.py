"""`gatereel embed` in files of every kind, and in one that others write at the same time."""

import json
from pathlib import Path

import pytest

from gatereel.cli.commands import embed
from gatereel.cli.drawing.engine import Engine
from gatereel.cli.embedding.page import EmbeddedPost
from gatereel.cli.embedding.run import EmbedRun, draw_and_write
from gatereel.cli.sites.site import Site
from gatereel.cli.terminal.report import Bar
from tests.cli.commands.test_embed import QUICK_STILL, directive, state, write
from tests.cli.conftest import Command

WORDS = f"rnn {QUICK_STILL} --theme dark"


@pytest.mark.slow
def test_each_kind_gets_its_block_and_the_second_run_changes_nothing(
    gatereel: Command, folder: Path
) -> None:
    rst = write("a.rst", f"T\n=\n\n.. gatereel: {WORDS}\n\nEnd.\n")
    page = write("a.html", f"<body>\n  {directive(WORDS)}  <pre>\n\n</pre>\n")
    cell = {"cell_type": "markdown", "source": directive(WORDS), "metadata": {}}
    notebook = write("a.ipynb", json.dumps({"cells": [cell], "nbformat": 4}, indent=1))
    ended = gatereel("embed", ".", "--jobs", "1")
    assert (ended.code, ended.err) == (0, "")
    text = rst.read_text(encoding="utf-8")
    assert text.startswith(f"T\n=\n\n.. gatereel: {WORDS}\n\n.. raw:: html\n\n   <figure ")
    assert "   <template>\n\n.. figure:: assets/rnn-dark-" in text
    assert text.endswith("\n.. raw:: html\n\n   </template>\n\n.. /gatereel\n\nEnd.\n")
    text = page.read_text(encoding="utf-8")
    assert text.endswith("  </figure>\n  <!-- /gatereel -->\n  <pre>\n\n</pre>\n")
    source = json.loads(notebook.read_bytes())["cells"][0]["source"]
    assert source.startswith(f"{directive(WORDS)}<figure ")
    before = state(folder)
    second = gatereel("embed", ".", "--jobs", "1")
    assert (second.code, second.out, second.err) == (0, "3 posts up to date\n", "")
    assert state(folder) == before


def test_a_cell_of_a_notebook_is_named(gatereel: Command, folder: Path) -> None:
    source = ["Text.\n", directive("nothing")]
    cells = [{"cell_type": "code", "source": []}, {"cell_type": "markdown", "source": source}]
    write("a.ipynb", json.dumps({"cells": cells}))
    ended = gatereel("embed", "a.ipynb")
    assert ended.code == 1
    assert "gatereel: a.ipynb, cell 2, line 2: " in ended.err


def test_lines_of_old_images_count_in_their_cell(gatereel: Command, folder: Path) -> None:
    cells = [
        {"cell_type": "markdown", "source": ["![LSTM](a.gif)\n", "\n", "![LSTM](a.gif)\n"]},
        {"cell_type": "markdown", "source": ["Text.\n", "\n", "![LSTM](a.gif)"]},
    ]
    write("a.ipynb", json.dumps({"cells": cells}))
    ended = gatereel("embed", "a.ipynb", "--replace", "a.gif", "--check")
    became = [line for line in ended.out.splitlines() if "would become" in line]
    assert [line.split(":")[0] for line in became] == [
        *("a.ipynb, cell 1, line 1", "a.ipynb, cell 1, line 3", "a.ipynb, cell 2, line 3")
    ]


def test_an_html_page_takes_no_markdown(gatereel: Command, folder: Path) -> None:
    write("a.html", directive("lstm --style markdown"))
    ended = gatereel("embed", "a.html")
    assert ended.code == 1
    assert "a.html:1: --style markdown: an HTML page takes no Markdown" in ended.err


@pytest.mark.slow
@pytest.mark.parametrize(
    ("edit", "message"),
    [
        ("\nNew.\n", ""),
        ("\n" + directive("gru --still"), "changed in the meantime; run the command"),
    ],
)
def test_a_post_that_changes_meanwhile_is_planned_again(
    gatereel: Command, folder: Path, monkeypatch: pytest.MonkeyPatch, edit: str, message: str
) -> None:
    post = write("p.md", directive(WORDS))

    def edited(
        pages: list[EmbeddedPost], site: Site, engine: Engine, bar: Bar, outcome: EmbedRun
    ) -> None:
        write("p.md", directive(WORDS), edit)
        draw_and_write(pages, site, engine, bar, outcome)

    monkeypatch.setattr(embed, "draw_and_write", edited)
    ended = gatereel("embed", "p.md", "--jobs", "1")
    text = post.read_text(encoding="utf-8")
    assert text.endswith(edit)
    if message:  # a picture is missing that the run did not know of
        assert ended.code == 1
        assert message in ended.err
        assert text == directive(WORDS) + edit
    else:
        assert (ended.code, ended.err) == (0, "")
        assert "<figure" in text
        assert "p.md  written" in ended.out


def test_a_post_that_changes_all_the_time_is_told(
    gatereel: Command, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from gatereel.cli.embedding import run
    from gatereel.cli.embedding.post_file import PostChangedError

    tried: list[Path] = []

    def changed(path: Path, old: bytes, new: bytes) -> bool:
        tried.append(path)
        raise PostChangedError("it was changed in the meantime; run the command again.")

    monkeypatch.setattr(run, "write_post_file", changed)
    monkeypatch.setattr(run, "_missing", lambda *_: [])  # all pictures are there
    post = write("p.md", directive(WORDS))
    ended = gatereel("embed", "p.md", "--jobs", "1")
    assert ended.code == 1
    assert "p.md: it changes all the time; try again later." in ended.err
    assert len(tried) == run.MOST_PLANS
    assert post.read_text(encoding="utf-8") == directive(WORDS)
