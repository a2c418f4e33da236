"""Directives within a line: between tags of HTML, and in a table of Markdown."""

import re
import shlex

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gatereel.cli.posts import (
    Directive,
    Mistake,
    Post,
    find_directives,
    in_paragraphs,
    read_post,
    rewrite,
)
from gatereel.rnn_math import InputError
from tests.cli.embedding.readers import ENGINES, Engine

MARKUP = '<picture>\n  <source srcset="b.png">\n  <img src="a.gif" alt="">\n</picture>\n'
ON_ONE_LINE = '<picture><source srcset="b.png"><img src="a.gif" alt=""></picture>'
LSTM, GRU, END = "<!-- gatereel: lstm -->", "<!-- gatereel: gru -->", "<!-- /gatereel -->"


def post_of(text: str, name: str) -> Post:
    return read_post(text.encode(), name)


def directives(post: Post) -> list[Directive]:
    return [part for part in find_directives(post) if isinstance(part, Directive)]


def written(post: Post) -> str:
    return rewrite(post, dict.fromkeys(directives(post), MARKUP)).decode()


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.html", f"<p>text {LSTM} text</p>\n"),
        ("a.html", f"<p class='a'\n  title='b'>text {LSTM} text</p>"),
        ("a.html", f"<pre>\na\n</pre>{LSTM}\n"),
        ("a.html", f"<td>{LSTM}</td>\r\n<td>{GRU}</td>\r\n"),
        ("a.html", f"<td>{LSTM}</td><td>{GRU}</td>"),
        ("a.html", "<p>text <!-- gatereel:\n lstm\n --still --> text</p>"),
        ("a.md", f"Text\n\n<p>text {LSTM} text</p>\n\nText\n"),
        ("a.md", f"<div>\n<b>text</b> {LSTM}\n</div>\n"),
        ("a.md", f"> <p>text {LSTM} text</p>\n> more\n"),
        ("a.md", f"| a | b |\n|---|---|\n| LSTM | {LSTM} |\n| GRU | {GRU} |\n"),
        ("a.md", f"{LSTM} | b\n--- | ---\n c | `{LSTM}` and {GRU}\n"),
        ("a.mdx", "<p>text {/* gatereel: lstm */} text</p>\n"),
        ("a.ipynb", '{"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [{"cell_type": '
         f'"markdown", "metadata": {{}}, "source": ["<p>a {LSTM} b</p>"]}}]}}'),
    ],
)  # fmt: skip
def test_the_picture_stands_in_its_line_and_twice_is_once(name: str, text: str) -> None:
    post = post_of(text, name)
    found = directives(post)
    assert found
    assert all(directive.inline for directive in found)
    once = written(post)
    assert once.count(ON_ONE_LINE) == len(found)
    assert once.count("\n") == post.text.count("\n")
    kept = once
    for end in (END, "{/* /gatereel */}"):
        kept = kept.replace(ON_ONE_LINE + end, "")
    assert kept == post.text
    again = read_post(once.encode(), "a.md" if name == "a.ipynb" else name)
    assert written(again) == once


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.md", f"Text {LSTM} text\n"),
        ("a.md", f"{LSTM} text\n"),
        ("a.md", f"- a {LSTM}\n"),
        ("a.md", f"a | {LSTM}\n"),  # no table: nothing rules its head off
        ("a.md", f'<p title="{LSTM}">a</p>\n'),
    ],
)
def test_elsewhere_in_markdown_it_is_a_mistake(name: str, text: str) -> None:
    (mistake,) = find_directives(post_of(text, name))
    assert isinstance(mistake, Mistake)
    assert "shares its line" in mistake.reason


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.html", f'<p title="{LSTM}">a</p>'),
        ("a.html", f"<p>a <script>'{LSTM}'</script></p>"),
        ("a.md", f"| a |\n|---|\n| `{LSTM}` |\n"),
    ],
)
def test_in_tags_scripts_and_code_it_is_none(name: str, text: str) -> None:
    assert find_directives(post_of(text, name)) == ()


def test_the_old_block_goes_wherever_a_formatter_put_its_lines() -> None:
    for between in (ON_ONE_LINE, MARKUP, "\n" + MARKUP + "  "):
        text = f"<p>a {LSTM}{between}{END} b</p>\n"
        assert written(post_of(text, "a.html")) == f"<p>a {LSTM}{ON_ONE_LINE}{END} b</p>\n"


def test_text_of_the_author_is_no_block() -> None:
    text = f"<p>a {LSTM} b</p>\n<p>c</p>\n{END}\n"
    directive, mistake = find_directives(post_of(text, "a.html"))
    assert isinstance(directive, Directive)
    assert directive.block is None
    assert isinstance(mistake, Mistake)
    assert mistake.line == 3


@pytest.mark.parametrize(
    ("name", "text", "narrow"),
    [
        ("a.html", f"<p>a {LSTM}</p>", True),
        ("a.html", f"<p\nclass='a'>\n{LSTM}\n</p>", True),
        ("a.html", f"<p>a</p><div>{LSTM}</div>", False),
        ("a.html", f"<p>a<div>{LSTM}</div>", False),
        ("a.html", f"<script>'<p>'</script><td>{LSTM}</td>", False),
        ("a.html", f"<figure>\n{LSTM}\n<figcaption>b</figcaption></figure>", True),
        ("a.html", f"<a href='b'>{LSTM}</a>", True),
        ("a.html", f"<p-card>{LSTM}</p-card>", False),
        ("a.md", f"| a |\n|---|\n| {LSTM} |\n", True),
        ("a.md", f"<td>{LSTM}</td>\n", False),
        ("a.md", f"<p>a</p> <p>{LSTM}</p>\n", True),
    ],
)
def test_where_blocks_may_not_stand(name: str, text: str, narrow: bool) -> None:
    post = post_of(text, name)
    found = directives(post)
    assert len(found) == 1
    assert in_paragraphs(post, found) == (frozenset(found) if narrow else frozenset())


@pytest.mark.parametrize("engine", ENGINES)
def test_in_a_cell_no_engine_shows_the_comment(engine: Engine) -> None:
    words = ("rnn", "--lang", "vi", "--alt", "it's a -- b --- | &c", "")
    comment = f"<!-- gatereel: {shlex.join(words).replace('|', 'or')} -->"
    text = f"| a | b |\n|---|---|\n| *RNN* | x {comment} y |\n"
    post = post_of(text, "a.md")
    once = written(post)
    assert " -\\-lang vi " in once
    again = post_of(once, "a.md")
    assert [each.words for each in directives(again)] == [each.words for each in directives(post)]
    assert written(again) == once
    html = engine(once)
    assert "&lt;" not in html
    assert re.search(r'<td>x .*<img src="a\.gif" alt=""\s*/?></picture>.* y</td>', html)


PIECES = st.sampled_from(
    [LSTM, GRU, END, "<p>", "</p>", "<td>", " a ", "\n", "\r\n", "<pre>", "</pre>", "|", "|--|--|",
     "\n\n", "`", "<!--", "-->", '<b c="', '">', "<script>", "</script>", ON_ONE_LINE]
)  # fmt: skip


@given(st.lists(PIECES, max_size=14), st.sampled_from(["a.html", "a.md", "a.mdx"]))
def test_whatever_is_around_twice_is_once(pieces: list[str], name: str) -> None:
    post = post_of("".join(pieces), name)
    try:
        once = written(post)
    except InputError:
        return
    again = post_of(once, name)
    assert [each.words for each in directives(again)] == [each.words for each in directives(post)]
    assert written(again) == once
