"""Markdown as its readers' engines read it: CommonMark, GitHub, and kramdown where it is found."""

import shutil
import subprocess
from collections.abc import Callable
from functools import cache

import cmarkgfm
import pytest
from markdown_it import MarkdownIt

_KRAMDOWN = """
require "kramdown"
require "kramdown-parser-gfm"
text = STDIN.read.force_encoding("UTF-8")
puts Kramdown::Document.new(text, input: "GFM", hard_wrap: false).to_html
"""
"""As Jekyll sets it."""

Engine = Callable[[str], str]


def commonmark(text: str) -> str:
    """CommonMark with tables, as Hugo's and MkDocs's engines are at heart."""
    return str(MarkdownIt("commonmark", {"html": True}).enable("table").render(text))


def github(text: str) -> str:
    """GitHub's own parser and its filter of tags."""
    return str(
        cmarkgfm.github_flavored_markdown_to_html(text, cmarkgfm.cmark.Options.CMARK_OPT_UNSAFE)
    )


@cache
def has_kramdown() -> bool:
    """Whether Ruby is here with the engine of Jekyll."""
    ruby = shutil.which("ruby")
    if ruby is None:
        return False
    needed = ["-r", "kramdown", "-r", "kramdown-parser-gfm", "-e", ""]
    return subprocess.run([ruby, *needed], capture_output=True, check=False).returncode == 0


def kramdown(text: str) -> str:
    """Jekyll's engine; the test is left out where it is not installed."""
    if not has_kramdown():
        pytest.skip("kramdown is not installed; `make browser` brings it")
    done = subprocess.run(
        ["ruby", "-e", _KRAMDOWN], input=text, capture_output=True, encoding="utf-8", check=True
    )
    return done.stdout


ENGINES: tuple[Engine, ...] = (commonmark, github, kramdown)
