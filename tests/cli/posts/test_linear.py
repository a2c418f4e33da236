"""Every pass over a post is linear: many times as much takes little more than as many times."""

import json
import time
from collections.abc import Callable
from contextlib import suppress
from math import inf

import pytest

from gatereel.cli.posts import (
    BlockError,
    Directive,
    file_with,
    find_directives,
    in_paragraphs,
    read_post,
    replace_image,
    rewrite,
    shown_images,
)
from gatereel.cli.posts.directives import LONGEST_DIRECTIVE
from gatereel.cli.posts.structure import MOST_CONTAINERS
from tests.cli.posts.outside import outside
from tests.cli.posts.test_structure import lines_of_prose

SIZES = (2_000, 4_000, 8_000)
"""Characters of the smaller post: the first of these that takes `ENOUGH` is told from the larger.

What is cheap is tried with many, for there only many tell.
"""

ENOUGH = 0.003
"""Seconds."""

TIMES = 32
"""How many times as many characters the larger post has."""

ROOM = 2.5
"""How much longer than linear it may take; what is quadratic takes a dozen times as long."""

ROUNDS = 3
"""How often the larger one is tried, at most; the least of their seconds count."""

MILLION = 1_000_000

DIRECTIVE = "<!-- gatereel: lstm -->\n"

Make = Callable[[int], str]


def lines(*beginning: str, of: str) -> Make:
    """Posts that go on with the same words."""
    return lambda size: "".join(beginning) + of * (size // len(of))


HOSTILE: dict[str, Make] = {
    "templates that nothing closes": lines(of="{% raw %}\n{{< highlight x >}}\n{::comment}\n"),
    "a line of items": lambda size: "- " * (size // 2) + "x",
    "a line of quotes": lines(of="> "),
    "items, then blank lines": lines("- " * 90 + "x\n", of="       \n"),
    "quotes, then a long paragraph": lines(">" * 90 + "x\n", of="a text\n"),
    "elements that nothing closes": lines("<div>\n", of="<pre>\n"),
    "comments that nothing closes": lines("<div>\n", of="<!-- x\n"),
    "a line of tags that nothing closes": lines("<div>\n", of="<pre "),
    "directives that nothing closes": lines(of="<!-- gatereel: x\n"),
    "directives too deep for a block": lines("x\n", of=f"    {DIRECTIVE}"),
    "directives within paragraphs": lines("<div>\n", of=f"<p>\n{DIRECTIVE}"),
    "tags that close nothing": lambda size: (
        "<div>\n" + "<b>" * (size // 6) + "\n" + "</i></p>\n" * (size // 18) + DIRECTIVE
    ),
    "backticks of every length": lambda size: (
        " ".join("`" * length for length in range(1, int((2 * size) ** 0.5)))
        + "<!-- gatereel: x -->"
    ),
    "front matter in JSON that nothing closes": lines('{"', of='\\"'),
    "old images": lines(of="![](a.gif)\n"),
    "images in items": lines(of="- ![](a.gif)\n"),
    "tags that go on": lines(of="<img\n"),
    "images in cells": lines("| ", of="![](a.gif) | "),
    "images that nothing closes": lines(of="![a "),
    "an include of images": lines("{% include ", of="img"),
    "an include of strings": lines("{% include img ", of='"'),
    "a shortcode that nothing closes": lines("{{< figure ", of="a=b "),
    "captions": lines("![a](b)", of="<br>"),
    "brackets before a caption": lines("![a](b)", of="] "),
    "an attribute list": lines("![a](a.gif){", of=".a #b c=d "),
    "styles": lambda size: f"<img src=a.gif style='{';width: ' * (size // 8)}'>",
    "cells by their names": lines(of="![lstm long short](lstm.gif)\n"),
    "an address of templates": lines("![a](", of="{{a}}"),
    "images in rows": lines("|a|\n|-|\n", of="| ![a](a.gif) ![[a.gif]] |\n"),
    "a row of links that nothing closes": lines("|a|\n|-|\n|", of="[![a](a.gif) "),
    "directives in a row": lines("|a|\n|-|\n|", of="<!-- gatereel: x --> "),
    "directives in rows": lines("|a|\n|-|\n", of="| <!-- gatereel: x --lang vi --> |\n"),
    "directives within a line of HTML": lines("<p>", of="<b><!-- gatereel: x --></b> "),
    "closing comments within a line": lines("<p>", of="<!-- /gatereel --> "),
    "images within lines of HTML": lines("<div>\n", of="a <img src=a.gif> <img\n"),
    "an attribute without a value": lambda size: f"<img {'a' * size}>",
}


def cells(size: int) -> str:
    """A notebook whose cells are directives."""
    cell = {"cell_type": "markdown", "source": [DIRECTIVE]}
    return json.dumps({"cells": [cell] * (size // 100)})


OF_OTHER_KINDS: dict[str, tuple[str, Make]] = {
    "tags that nothing closes": ("a.html", lines(of='<a b="\n')),
    "comments in a page that nothing closes": ("a.html", lines(of="<!-- x\n<pre>\n")),
    "directives within lines of a page": ("a.html", lines(of="<p>a <!-- gatereel: x --> b\n")),
    "images within lines of a page": ("a.html", lines(of="a <img src=a.gif> <img\n")),
    "comments within a line of a page": ("a.html", lines(of="<!-- gatereel: x")),
    "braces of JSX": ("a.mdx", lines("<img a=", of="{{a} ")),
    "directives in a page": ("a.html", lines(of=f"<p>\n{DIRECTIVE}")),
    "directives that go on": ("a.rst", lines(".. gatereel: x\n", of="  x\n")),
    "directives in reStructuredText": ("a.rst", lines(of=".. gatereel: x\n\n")),
    "a name without an end": ("a.rst", lambda size: f".. {'a' * size}"),
    "cells": ("a.ipynb", cells),
}


def work(text: str, name: str = "a.md") -> None:
    """All that is done with a post."""
    post = read_post(text.encode(), name)
    directives = [part for part in find_directives(post) if isinstance(part, Directive)]
    in_paragraphs(post, directives)
    outside(post)
    with suppress(BlockError):
        written = rewrite(post, dict.fromkeys(directives, "<picture>\n</picture>\n"))
        file_with(text.encode(), written, name)
    for directive in directives:
        post.cell_of(directive.line)
    replace_image(post, "a.gif", ("lstm",))
    shown_images(post)


def seconds(text: str, name: str = "a.md") -> float:
    """Of this process alone, so that others do not count."""
    start = time.process_time()
    work(text, name)
    return time.process_time() - start


def is_linear(make: Make, name: str = "a.md") -> bool:
    """Whether a larger post takes little more than its share; a machine may stumble twice."""
    for size in SIZES:
        small = seconds(make(size), name)
        if small >= ENOUGH:
            break
    text, larger_text = make(size), make(size * TIMES)
    large = inf
    for _ in range(ROUNDS):
        # Before and after: a processor that speeds up in between would hide what is quadratic.
        small = min(small, seconds(text, name), seconds(text, name))
        large = min(large, seconds(larger_text, name))
        small = min(small, seconds(text, name), seconds(text, name))
        if large < ROOM * TIMES * small:
            return True
    return False


@pytest.mark.slow
@pytest.mark.parametrize("make", HOSTILE.values(), ids=HOSTILE)
def test_many_times_as_much_takes_about_as_many_times_as_long(make: Make) -> None:
    assert is_linear(make)


@pytest.mark.slow
@pytest.mark.parametrize(("name", "make"), OF_OTHER_KINDS.values(), ids=OF_OTHER_KINDS)
def test_so_it_is_with_other_kinds(name: str, make: Make) -> None:
    assert is_linear(make, name)


@pytest.mark.slow
@pytest.mark.parametrize("name", ["a line of items", "a line of tags that nothing closes"])
def test_a_post_of_a_million_characters_is_read(name: str) -> None:
    text = HOSTILE[name](MILLION) + f"\n\n{DIRECTIVE}"
    assert len(text) > MILLION - 8
    assert find_directives(read_post(text.encode()))


def test_marks_of_more_than_the_most_containers_are_text() -> None:
    deepest = "> " * MOST_CONTAINERS
    assert lines_of_prose(f"{deepest}~~~\n{deepest}<!-- gatereel: x -->") == "--"
    assert lines_of_prose(f"{deepest}> ~~~\n{deepest}> <!-- gatereel: x -->") == "pp"


def test_all_directives_too_deep_are_told_at_once() -> None:
    post = read_post(f"x\n    {DIRECTIVE}x\n    {DIRECTIVE}\n{DIRECTIVE}".encode())
    directives = [part for part in find_directives(post) if isinstance(part, Directive)]
    with pytest.raises(BlockError) as raised:
        rewrite(post, dict.fromkeys(directives, "a\n\nb\n"))
    assert raised.value.too_deep == set(directives[:2])


def test_a_directive_has_a_length() -> None:
    start, end = "<!-- gatereel:", " -->\n"
    (taken,) = find_directives(read_post(f"{start}{'x' * LONGEST_DIRECTIVE}-->\n".encode()))
    assert isinstance(taken, Directive)
    (refused,) = find_directives(read_post(f"{start}{'x' * LONGEST_DIRECTIVE}{end}".encode()))
    assert "the directive has 16385 characters, of at most 16384" in str(refused)
