"""Finding directives, their words, their blocks, and mistakes."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gatereel.cli.posts import Directive, Mistake, Post, Span, find_directives, read_post

TEXTS = st.lists(
    st.sampled_from(
        [
            "<!-- gatereel: lstm -->",
            "<!-- gatereel: gru\n--hidden-size 2 -->",
            "<!-- gatereel: ' -->",
            "<!-- gatereel: -->",
            "<!-- gatereel: rnn",
            "<!-- /gatereel -->",
            "<!-- /gatereel --> x",
            "```",
            "> ",
            "    ",
            "x",
            "\n",
            "\n",
            "\r\n",
            "<div>",
            "<pre>",
            "-->",
        ]
    )
).map("".join)


def found(text: str) -> tuple[Directive | Mistake, ...]:
    return find_directives(read_post(text.encode()))


def cut(post: Post, span: Span | None) -> str | None:
    return post.text[span.start : span.stop] if span else None


def only_directive(text: str) -> Directive:
    (directive,) = found(text)
    assert isinstance(directive, Directive)
    return directive


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("<!-- gatereel: lstm -->", ["lstm"]),
        ("<!--gatereel:lstm-->", ["lstm"]),
        ("<!-- gatereel: lstm --hidden-size 2 -->  \n", ["lstm", "--hidden-size", "2"]),
        ("<!-- gatereel: lstm\n  --hidden-size 2\n-->", ["lstm", "--hidden-size", "2"]),
        ("<!--\ngatereel: lstm\n-->", ["lstm"]),
        ("<!-- gatereel: lstm --title 'cổng quên' -->", ["lstm", "--title", "cổng quên"]),
        ("> <!-- gatereel: lstm\n> --hidden-size 2 -->", ["lstm", "--hidden-size", "2"]),
        ('- item\n\n  <!-- gatereel: gru --out "a b" -->', ["gru", "--out", "a b"]),
    ],
)
def test_words_are_split_as_in_a_shell(text: str, words: list[str]) -> None:
    assert list(only_directive(text).words) == words
    assert list(only_directive(text.replace("\n", "\r\n")).words) == words


def test_a_directive_says_where_it_and_its_block_stand() -> None:
    post = read_post(b"One\n\n> <!-- gatereel: lstm -->\n> old\n> <!-- /gatereel -->\nTwo\n")
    (directive,) = find_directives(post)
    assert isinstance(directive, Directive)
    assert (directive.line, directive.indent) == (3, "> ")
    assert cut(post, directive.comment) == "<!-- gatereel: lstm -->"
    assert cut(post, directive.content) == "> old\n"
    assert cut(post, directive.block) == ("<!-- gatereel: lstm -->\n> old\n> <!-- /gatereel -->")


def test_the_first_line_behind_a_byte_order_mark_may_be_a_directive() -> None:
    assert only_directive("\ufeff<!-- gatereel: lstm -->").line == 1


def test_a_block_ends_before_the_next_directive() -> None:
    text = "<!-- gatereel: lstm -->\nText\n<!-- gatereel: gru -->\nold\n<!-- /gatereel -->\n"
    first, second = found(text)
    assert isinstance(first, Directive)
    assert isinstance(second, Directive)
    assert (first.block, second.block is None) == (None, False)


def test_a_closing_comment_in_code_ends_no_block() -> None:
    text = "<!-- gatereel: lstm -->\n\n```\n<!-- /gatereel -->\n```\n"
    assert only_directive(text).block is None


@pytest.mark.parametrize(
    "text",
    [
        "```\n<!-- gatereel: lstm -->\n<!-- /gatereel -->\n```\n",
        "Write `<!-- gatereel: lstm -->` and ``<!-- /gatereel -->``.",
        r"Write \<!-- gatereel: lstm -->.",
        "Write &lt;!-- gatereel: lstm -->.",
        "<!-- gatereel makes the pictures -->",
        "<!-- <!-- gatereel: lstm --> -->",
        "---\n# <!-- gatereel: lstm -->\n---\n",
    ],
)
def test_what_is_shown_or_hidden_is_no_directive(text: str) -> None:
    assert found(text) == ()


@pytest.mark.parametrize(
    ("text", "line", "reason"),
    [
        ("\n<!-- /gatereel -->", 2, "belongs to no directive"),
        ("<!-- gatereel: -->", 1, "is empty; name a cell"),
        ("<!-- gatereel: lstm --title 'x -->", 1, "a quotation mark is not closed"),
        ("<!-- gatereel: lstm \\-->", 1, "ends with a backslash"),
        ("<!-- gatereel: lstm", 1, "not closed by -->"),
        ("<!-- gatereel: lstm\n\n<!-- note -->", 1, "not closed by -->"),
        ("<!-- gatereel: lstm --> text", 1, "directive shares its line"),
        ("Text\n\nText <!-- gatereel: lstm -->", 3, "directive shares its line"),
        ("- a <!-- gatereel: lstm -->", 1, "directive shares its line"),
        ("| a | <!-- gatereel: lstm --> |", 1, "directive shares its line"),
    ],
)
def test_a_mistake_has_its_line_and_reason(text: str, line: int, reason: str) -> None:
    (mistake,) = found(text)
    assert isinstance(mistake, Mistake)
    assert mistake.line == line
    assert reason in mistake.reason


def test_a_mistaken_directive_keeps_its_closing_comment() -> None:
    (mistake,) = found("<!-- gatereel: ' -->\nold\n<!-- /gatereel -->\n")
    assert isinstance(mistake, Mistake)


def test_a_directive_whose_end_is_doubtful_is_not_done() -> None:
    (mistake,) = found("<!-- gatereel: lstm -->\n<picture>\n</picture> <!-- /gatereel -->\n")
    assert isinstance(mistake, Mistake)
    assert mistake.line == 3


@given(TEXTS)
def test_whatever_the_text_lines_are_in_order_and_blocks_apart(text: str) -> None:
    parts = found(text)
    assert [part.line for part in parts] == sorted(part.line for part in parts)
    spans = [part.block or part.comment for part in parts if isinstance(part, Directive)]
    assert all(before.stop <= after.start for before, after in pairwise(spans))
