"""Words from files are words on the page, whatever they are: no markup, no comment, no template."""

import json
import re
from pathlib import Path

import html5lib
import pytest

from gatereel.cli.embedding.illustration import block, illustrate
from gatereel.cli.embedding.markup import Figure, Link, picture
from gatereel.cli.embedding.plain_markup import quarto
from gatereel.cli.embedding.replacements import replaced
from gatereel.cli.embedding.rst_markup import restructured
from gatereel.cli.embedding.tags import on_one_line
from gatereel.cli.posts import Directive, find_directives, read_post, replace_image
from gatereel.cli.sites.conventions import DEFAULT_CONVENTIONS, Conventions
from gatereel.rnn_math import InputError
from tests.cli.embedding.readers import commonmark, github

HOSTILE = (
    "\"'><img src=x onerror=a()>",
    "]]> --> <!-- -- --!>",
    "</td></table></figure><script>a()</script>",
    "](javascript:a) ![x](y) <b>",
    "{{ x }} {% raw %} {{< y >}}",
    "&lt;script&gt; &#60;b&#62;",
    "*a* _b_ `c` ~~d~~ \\ | $e$ #f",
    "a\u2028b\x0b\x0c\x85c",
)
ELEMENTS = {
    *("html", "head", "body", "figure", "picture", "source", "img", "figcaption", "details"),
    *(
        "summary",
        "div",
        "table",
        "thead",
        "tbody",
        "tr",
        "th",
        "td",
        "br",
        "sub",
        "sup",
        "p",
        "em",
        "a",
    ),
}

ENGINES = (commonmark, github)


def written(folder: Path, *words: str, in_paragraph: bool = False) -> str:
    illustration = illustrate(["rnn", "--still", *words], folder)
    return block(
        illustration,
        lambda name: f"assets/{name}",
        DEFAULT_CONVENTIONS,
        in_paragraph=in_paragraph,
    )


def check_harmless(markup: str) -> None:
    """No template, no comment, and on a page only the elements that a block has."""
    assert not re.search(r"\{\{|\{%|<!--|-->", markup)
    for engine in ENGINES:
        page = engine(f"Before.\n\n<!-- a -->\n{markup}<!-- /a -->\n\nAfter.\n")
        tree = html5lib.parse(page, namespaceHTMLElements=False)
        elements = [each for each in tree.iter() if isinstance(each.tag, str)]
        assert {each.tag for each in elements} <= ELEMENTS
        assert not [name for each in elements for name in each.attrib if name.startswith("on")]
        assert not [each for each in tree.iter("a") if "javascript" in (each.get("href") or "")]
        assert len(list(tree.iter("img"))) == 1


@pytest.mark.parametrize("style", ["picture", "markdown"])
@pytest.mark.parametrize("text", HOSTILE)
def test_tokens_and_labels(text: str, style: str, tmp_path: Path) -> None:
    (tmp_path / "vocab.txt").write_text(f"{text}\nb\n", encoding="utf-8", newline="")
    (tmp_path / "ids.csv").write_text("0\n1\n")
    words = ("--inputs", "ids.csv", "--vocab", "vocab.txt", "--seed", "1", "--style", style)
    check_harmless(written(tmp_path, *words))


@pytest.mark.parametrize("style", ["picture", "markdown"])
@pytest.mark.parametrize("text", HOSTILE[:-1])
def test_words_of_a_language(text: str, style: str, tmp_path: Path) -> None:
    quoted = text.replace("\\", "\\\\").replace('"', '\\"').replace("{", "(").replace("}", ")")
    (tmp_path / "own.toml").write_text(
        f'base = "en"\ncode = "vi"\n[long_names]\nrnn = "{quoted}"\n[description]\n'
        f'summary = "{quoted} {{cell}}"\n',
        encoding="utf-8",
    )
    check_harmless(written(tmp_path, "--lang", "own.toml", "--style", style))


@pytest.mark.parametrize("text", [*HOSTILE, "--x", "x--", "-->", "--!>", "<!--"])
def test_no_written_comment_ends_before_its_end(text: str) -> None:
    post = read_post(b"![](a.gif)\n")
    words = ("lstm", "--theme", text)
    if re.search(r"--!?>|<!--", text):
        with pytest.raises(InputError, match="cannot stand in a directive"):
            replace_image(post, "a.gif", words)
        return
    done = replace_image(post, "a.gif", words)
    (directive,) = find_directives(done.post)
    assert isinstance(directive, Directive)
    assert directive.words[-1] == text
    assert not re.search(r"--!?>", done.post.text[: directive.comment.stop - len("-->")])


def test_an_alt_text_does_not_reach_the_directive() -> None:
    post = read_post(b'![lstm --> <b>"](https://e.com/lstm.gif)\n')
    done = replaced(post, {"https://e.com/lstm.gif": None}, ())
    assert done.post is not None
    assert done.post.text.startswith("<!-- gatereel: lstm -->\n")


# --- in the other dialects -----------------------------------------------------------------------

IN_STYLES = re.compile(r"(?:style=)?\{(?:\{[^{}]*\}|`[^`]*`)\}")
"""Braces of our own: styles, and a sheet of them."""


def captioned(text: str, conventions: Conventions) -> str:
    """A block of a figure whose every word is `text`."""
    figure = Figure(
        light=Link("a.gif", "a.png"),
        dark=None,
        width=3,
        height=2,
        alt=text,
        language="en",
        caption=text,
        summary=text,
        title=text,
        conventions=conventions,
    )
    if conventions.dialect == "quarto":
        return quarto(figure)
    return picture(figure, in_paragraph=False)


@pytest.mark.parametrize("text", HOSTILE)
def test_in_jsx_words_are_strings(text: str) -> None:
    markup = captioned(text, Conventions("jsx"))
    (caption,) = re.findall(r"^\{(\".*\")\}$", markup, re.MULTILINE)
    assert json.loads(caption) == on_one_line(text)
    rest = IN_STYLES.sub("", markup.replace("{" + caption + "}", ""))
    assert not re.search(r"[{}]|<!--|<script", rest)


@pytest.mark.parametrize("text", HOSTILE)
def test_in_quarto_words_are_words(text: str) -> None:
    markup = captioned(text, Conventions("quarto"))
    assert not re.search(r"(?<!\\)<(?:script|img|b)|\{\{|(?<!\\)\$", markup)
    fences = re.findall(r"^:::.*$", markup, re.MULTILINE)
    assert len(fences) == 4
    assert "](javascript" not in markup


@pytest.mark.parametrize("text", HOSTILE)
def test_in_restructured_text_words_are_words(text: str) -> None:
    """Words begin no markup: they stand behind an option's name, or their marks are escaped."""
    told = restructured("<p>x</p>", "a.gif", text, text)
    (alt,) = re.findall(r"^   :alt: (.*)$", told, re.MULTILINE)
    assert alt == " ".join(text.split())
    caption = told.split(alt + "\n\n", 1)[1].split("\n\n.. raw::", 1)[0]
    assert "\n" not in caption
    assert not re.search(r"(?<!\\)(?:\\\\)*[*`|_]", caption)
