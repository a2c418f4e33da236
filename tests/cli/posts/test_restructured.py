"""reStructuredText: directives in comments of its own."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gatereel.cli.posts import Directive, Mistake, find_directives, read_post, rewrite
from tests.cli.posts.outside import outside

DIRECTIVE = ".. gatereel: lstm"
BLOCK = ".. raw:: html\n\n   <figure></figure>\n"


def found(text: str) -> list[tuple[str, ...] | str]:
    parts = find_directives(read_post(text.encode(), "doc.rst"))
    return [part.words if isinstance(part, Directive) else part.reason for part in parts]


def written(text: str) -> str:
    post = read_post(text.encode(), "doc.rst")
    parts = [part for part in find_directives(post) if isinstance(part, Directive)]
    return rewrite(post, dict.fromkeys(parts, BLOCK)).decode()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("T\n=\n\n.. gatereel: lstm\n", [("lstm",)]),
        ("- item\n\n  .. gatereel: lstm\n     --still\n\n- b\n", [("lstm", "--still")]),
        (".. note::\n\n   .. gatereel: lstm", [("lstm",)]),
        (".. gatereel: lstm\n\nText::\n\n    .. gatereel: gru\n", [("lstm",)]),
        (
            ".. code-block:: rst\n   :linenos:\n\n   .. gatereel: gru\n\n.. gatereel: rnn\n",
            [("rnn",)],
        ),
        (".. a comment\n\n   .. gatereel: gru\n", []),
        ("Text with .. gatereel: gru in it.\n", []),
        ("<!-- other -->\n", []),
    ],
)
def test_directives(text: str, words: list[tuple[str, ...]]) -> None:
    assert found(text) == words


@pytest.mark.parametrize(
    "text", ["<!-- gatereel: lstm -->", ".. gatereel:: lstm", "T\n=\n\n<!-- /gatereel -->\n"]
)
def test_another_syntax_is_told(text: str) -> None:
    [part] = find_directives(read_post(text.encode(), "doc.rst"))
    assert isinstance(part, Mistake)
    assert "a directive is written .. gatereel: lstm" in part.reason


def test_a_block_stands_between_blank_lines() -> None:
    assert written("  .. gatereel: lstm\n     --still\n\nEnd.\n") == (
        "  .. gatereel: lstm\n     --still\n\n  .. raw:: html\n\n     <figure></figure>\n\n"
        "  .. /gatereel\n\nEnd.\n"
    )


LINES = st.sampled_from(
    [
        DIRECTIVE,
        DIRECTIVE,
        ".. /gatereel",
        "  " + DIRECTIVE,
        "     --still",
        "",
        "",
        "Text.",
        "a::",
        "    code",
        ".. note::",
        ".. code::",
        "- item",
        ".. comment",
        "<!-- gatereel: lstm -->",
    ]
)


@given(st.lists(LINES, max_size=10), st.sampled_from(["\n", "\r\n"]))
def test_what_is_outside_stays_and_twice_is_once(lines: list[str], end: str) -> None:
    text = "".join(line + end for line in lines)
    once = written(text)
    post, again = (read_post(each.encode(), "doc.rst") for each in (text, once))
    assert outside(again) == outside(post)
    assert written(once) == once
