"""Notebooks: Markdown cells are posts, and every byte outside their blocks stays."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gatereel.cli.posts import (
    Directive,
    Mistake,
    file_with,
    find_directives,
    read_post,
    replace_image,
    rewrite,
)
from gatereel.rnn_math import InputError

NAME = "n.ipynb"
DIRECTIVE = "<!-- gatereel: lstm -->"
FIGURE = "<figure>\né\n</figure>\n"


def written(notebook: str, markup: str = FIGURE) -> str:
    post = read_post(notebook.encode(), NAME)
    parts = [part for part in find_directives(post) if isinstance(part, Directive)]
    return file_with(notebook.encode(), rewrite(post, dict.fromkeys(parts, markup)), NAME).decode()


LIST = r"""{
 "cells": [
  {"cell_type": "markdown", "id": "a",
   "source": [
    "caf\u00e9 \/ \\u00e9\n",
    "<!-- gatereel: lstm -->\n",
    "\n",
    "\u00ff"
   ]},
  {"source": "<!-- gatereel: gru -->", "cell_type": "code", "outputs": [1e400, -0.0]},
  {"source": "a\n<!-- gatereel: lstm -->", "cell_type": "markdown"},
  {"cell_type": "markdown", "source": []}
 ], "metadata": {"b": 1, "a": 2}}"""


def test_only_the_sources_change_and_keep_their_form() -> None:
    assert written(LIST) == LIST.replace(
        r"""
    "<!-- gatereel: lstm -->\n",
""",
        r"""
    "<!-- gatereel: lstm -->\n",
    "<figure>\n",
    "\u00e9\n",
    "</figure>\n",
    "<!-- /gatereel -->\n",
""",
    ).replace(
        r"a\n<!-- gatereel: lstm -->",
        r"a\n<!-- gatereel: lstm -->\n<figure>\n\u00e9\n</figure>\n<!-- /gatereel -->",
    )
    assert written(written(LIST)) == written(LIST)
    json.loads(written(LIST))


def test_letters_stay_as_the_file_writes_them() -> None:
    start, stop = '\ufeff{"cells":[{"cell_type":"markdown","source":["ế\\u001b\\n","', '"]}]}\n'
    new = written(start + DIRECTIVE + stop)
    assert new.startswith(start + DIRECTIVE + '\\n","<figure>\\n","é\\n"')
    assert new.endswith(stop)


def test_cells_are_closed_and_lines_count_in_them() -> None:
    sources = ["```\nopen", f"x\n{DIRECTIVE}", "<!-- /gatereel -->", "<!-- gatereel: lstm", "-->"]
    notebook = json.dumps({"cells": [{"cell_type": "markdown", "source": s} for s in sources]})
    post = read_post(notebook.encode(), NAME)
    directive, *mistakes = find_directives(post)
    assert isinstance(directive, Directive)
    assert directive.content is None
    assert post.cell_of(directive.line) == (2, 2)
    assert [post.cell_of(each.line) for each in mistakes] == [(3, 1), (4, 1)]
    assert all(isinstance(each, Mistake) for each in mistakes)


def test_images_of_cells_are_replaced() -> None:
    cell = {"cell_type": "markdown", "source": ["a\n", "\n", "![](x.gif)"]}
    notebook = json.dumps({"cells": [cell]})
    done = replace_image(read_post(notebook.encode(), NAME), "x.gif", ["lstm"])
    new = json.loads(file_with(notebook.encode(), done.post.encode(), NAME))
    assert "".join(new["cells"][0]["source"]) == f"a\n\n{DIRECTIVE}\n<!-- /gatereel -->"


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "no {"),
        ('{"worksheets": []}', "it has no cells"),
        ('{"cells": [{"cell_type": "markdown", "source": 1}]}', "cell 1 has no source"),
        ('{"cells": [' * 3, "is no notebook"),
        ('{"cells": ' + "[" * 100_000, "is no notebook"),
        ('{"cells": [{"cell_type": "markdown", "source": "\\u001e"}]}', r"U\+001E"),
    ],
)
def test_what_is_no_notebook(text: str, reason: str) -> None:
    with pytest.raises(InputError, match=reason):
        read_post(f"{text}<!-- gatereel: lstm -->".encode(), NAME)


def test_what_is_no_notebook_and_asks_for_nothing_stays() -> None:
    old = b'{"worksheets": []}'
    post = read_post(old, NAME)
    assert find_directives(post) == ()
    assert file_with(old, post.encode(), NAME) == old


TEXTS = st.lists(
    st.sampled_from(
        [
            DIRECTIVE + "\n",
            "<!-- /gatereel -->\n",
            "é\n",
            '\\ "\n',
            "\u2028\r\n",
            "```\n",
            "\n",
            "a",
        ]
    )
).map("".join)


@given(
    st.lists(st.tuples(st.sampled_from(["markdown", "code"]), TEXTS, st.booleans()), max_size=4),
    st.sampled_from([None, 1, "\t"]),
    st.booleans(),
)
def test_no_other_byte_changes_and_twice_is_once(
    cells: list[tuple[str, str, bool]], indent: int | str | None, ascii_alone: bool
) -> None:
    document = {
        "cells": [
            {"cell_type": kind, "source": text.splitlines(keepends=True) if lines else text}
            for kind, text, lines in cells
        ],
        "nbformat": 4,
    }
    old = json.dumps(document, indent=indent, ensure_ascii=ascii_alone)
    post = read_post(old.encode(), NAME)
    assert file_with(old.encode(), post.encode(), NAME) == old.encode()
    try:
        new = written(old, "<p>\n</p>\n")
    except InputError:
        return
    assert written(new, "<p>\n</p>\n") == new
    after = json.loads(new)
    for (kind, text, lines), cell in zip(cells, after["cells"], strict=True):
        source = "".join(cell["source"])
        assert isinstance(cell["source"], list) is lines
        if kind == "code" or DIRECTIVE not in text:
            assert source == text
