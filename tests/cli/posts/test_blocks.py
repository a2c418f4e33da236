"""Writing blocks: nothing outside changes, doing it twice changes nothing, Markdown stays right."""

import codecs

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from gatereel.cli.posts import Directive, Post, find_directives, read_post, rewrite
from gatereel.rnn_math import InputError
from tests.cli.posts.outside import outside

PICTURE = '<picture>\n<source srcset="a.png">\n<img src="a.gif" alt="a">\n</picture>\n'
DETAILS = "<details>\n<summary>Steps</summary>\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n</details>\n"
IMAGE = "![a](a.gif)"
MARKUPS = st.sampled_from([PICTURE, IMAGE, "", DETAILS, PICTURE + DETAILS, "<p>a</p>\n", "text"])

LINE_ENDS = st.sampled_from(["\n", "\r\n", "\r"])
LINES = st.sampled_from(
    [
        "<!-- gatereel: lstm -->",
        "<!-- gatereel: lstm -->",
        "<!-- gatereel: gru\n --hidden-size 2 -->  ",
        "  <!-- gatereel: lstm --still -->",
        "> <!-- gatereel: rnn -->",
        "<!-- /gatereel -->",
        "<!-- /gatereel -->  ",
        "> <!-- /gatereel -->",
        "",
        "",
        "Text.",
        "- item",
        "  * item",
        "```",
        "<div>",
        "</div>",
        "![a](b.gif)",
        "\udcff\udc80",  # bytes that are no UTF-8
        "trạng thái ẩn",
    ]
)
STARTS = st.sampled_from(["", "\ufeff", "---\ntitle: x\n---\n", "\ufeff+++\r\n+++\r\n", "{ }\n"])

_COMMONMARK = MarkdownIt("commonmark", {"html": True})


@st.composite
def posts(draw: st.DrawFn) -> Post:
    """Posts with all line ends, even mixed, with and without one at the end."""
    lines = draw(st.lists(LINES, max_size=10))
    text = draw(STARTS) + "".join(line + draw(LINE_ENDS) for line in lines)
    if draw(st.booleans()):
        text = text.rstrip("\r\n")
    return read_post(text.encode("utf-8", "surrogateescape"))


def directives(post: Post) -> list[Directive]:
    return [found for found in find_directives(post) if isinstance(found, Directive)]


def written(text: str, markup: str = PICTURE) -> str:
    """A post's text with the same markup in every block."""
    post = read_post(text.encode())
    return rewrite(post, dict.fromkeys(directives(post), markup)).decode()


@given(posts(), st.data())
def test_rewriting_keeps_what_is_outside_and_twice_is_once(post: Post, data: st.DataObject) -> None:
    chosen = [directive for directive in directives(post) if data.draw(st.booleans())]
    markups = [data.draw(MARKUPS) for _ in chosen]
    try:
        once = rewrite(post, dict(zip(chosen, markups, strict=True)))
    except InputError:
        assert "div>" in post.text  # HTML up to a fence, which a blank line in a block sets free
        assert "```" in post.text
        return
    again = read_post(once, post.name)
    assert outside(again) == outside(post)
    assert [found.words for found in directives(again)] == [
        found.words for found in directives(post)
    ]
    places = [directives(post).index(directive) for directive in chosen]
    found = [directives(again)[place] for place in places]
    assert all(directive.block for directive in found)
    assert rewrite(again, dict(zip(found, markups, strict=True))) == once


@given(posts())
def test_nothing_to_write_changes_nothing(post: Post) -> None:
    assert rewrite(post, {}) == post.encode()


def test_outside_is_all_but_content_and_closing_comment() -> None:
    text = b"One\n<!-- gatereel: lstm -->\nold\n<!-- /gatereel -->\nTwo\n<!-- gatereel: gru -->"
    left = b"One\n<!-- gatereel: lstm -->\nTwo\n<!-- gatereel: gru -->"
    assert outside(read_post(text)) == left
    assert outside(read_post(left)) == left


@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("mark", ["", codecs.BOM_UTF8.decode()])
def test_a_block_has_the_line_ends_of_its_directive(line_end: str, mark: str) -> None:
    text = mark + "One\n\n<!-- gatereel: lstm -->".replace("\n", line_end)
    block = "".join(f"{line}{line_end}" for line in PICTURE.splitlines())
    assert written(text) == f"{text}{line_end}{block}<!-- /gatereel -->"
    assert written(text + line_end) == f"{text}{line_end}{block}<!-- /gatereel -->{line_end}"


def test_old_content_goes_whatever_it_is() -> None:
    text = "<!-- gatereel: lstm -->\n{}<!-- /gatereel -->\nText\n"
    for old in ("", "# old\n", "\n\n", "<p>\n", "```\n```\n", DETAILS):
        assert written(text.format(old), IMAGE) == text.format(IMAGE + "\n")


def test_a_block_has_the_indent_of_its_directive_and_the_marks_of_its_quote() -> None:
    assert written("- item\n\n  <!-- gatereel: lstm -->\n", "a\n\nb") == (
        "- item\n\n  <!-- gatereel: lstm -->\n  a\n\n  b\n  <!-- /gatereel -->\n"
    )
    assert written("> <!-- gatereel: lstm -->\n", "a\n\nb") == (
        "> <!-- gatereel: lstm -->\n> a\n>\n> b\n> <!-- /gatereel -->\n"
    )


# What CommonMark makes of a written post: what stood around the directive is as it was.


@pytest.mark.parametrize("markup", [PICTURE, IMAGE, DETAILS, PICTURE + DETAILS])
@pytest.mark.parametrize("before", ["", "One *a*.\n", "One *a*.\n\n", "> One\n", "# One\n"])
@pytest.mark.parametrize("after", ["", "Two *b*.\n", "\nTwo *b*.\n", "# Two\n", "- Two\n"])
def test_text_around_a_block_is_shown_as_before(before: str, after: str, markup: str) -> None:
    bare = "<!-- gatereel: lstm -->\n<!-- /gatereel -->\n"
    html = _COMMONMARK.render(written(f"{before}{bare}{after}", markup))
    start, end = _COMMONMARK.render(f"{before}{bare}{after}").split(bare)
    assert html.startswith(start)
    assert html.endswith(end)


def test_a_blank_line_stands_only_where_html_would_swallow_text() -> None:
    block = f"<!-- gatereel: lstm -->\n{PICTURE}"
    closing = "<!-- /gatereel -->\n"
    for after in ("", "\nTwo\n"):
        assert written(f"<!-- gatereel: lstm -->\n{after}") == f"{block}{closing}{after}"
    text = written("<!-- gatereel: lstm -->\n*Two*\n")
    assert text == f"{block}\n{closing}*Two*\n"
    assert "<em>Two</em>" in _COMMONMARK.render(text)
    assert "<em>Two</em>" not in _COMMONMARK.render(text.replace("\n\n", "\n"))


def test_a_block_keeps_a_tight_list_tight() -> None:
    html = _COMMONMARK.render(written("- one\n  <!-- gatereel: lstm -->\n- two\n"))
    assert "<li>two</li>" in html


@pytest.mark.parametrize("indent", ["", "  ", "    ", "\t"])
def test_a_block_within_html_is_html(indent: str) -> None:
    text = f'<div align="center">\n{indent}<!-- gatereel: lstm -->\n</div>\n\n*Two*\n'
    html = _COMMONMARK.render(written(text))
    assert html.endswith("<!-- /gatereel -->\n</div>\n<p><em>Two</em></p>\n")
    assert "<code>" not in html
    assert '<img src="a.gif" alt="a" />' in _COMMONMARK.render(written(text, IMAGE))


def test_old_content_that_hides_what_is_behind_it_is_named() -> None:
    old = "<!-- gatereel: lstm -->\n<div>\n<!-- /gatereel -->\n```\n<!-- gatereel: gru -->\n"
    post = read_post(old.encode(), "a.md")
    with pytest.raises(
        InputError, match=r"^a\.md, line 5: .* Put a blank line behind that block\.$"
    ):
        rewrite(post, {directives(post)[0]: PICTURE})
    apart = read_post(old.replace("```", "\n```").encode(), "a.md")
    assert rewrite(apart, {directives(apart)[0]: PICTURE}).endswith(b"<!-- gatereel: gru -->\n")


def test_two_directives_within_the_same_html_do_not_change_each_other() -> None:
    text = "<div>\n<!-- gatereel: lstm -->\n<!-- gatereel: gru -->\n</div>\n"
    once = written(text, IMAGE)
    assert once.count("\n\n![a]") == 2
    assert written(once, IMAGE) == once


def test_a_directive_too_deep_for_its_block_is_named() -> None:
    post = read_post(b"Text\n    <!-- gatereel: lstm -->\n", "a.md")
    markups = dict.fromkeys(directives(post), DETAILS)
    with pytest.raises(InputError, match=r"^a\.md, line 2: .* fewer than 4 columns\.$"):
        rewrite(post, markups)
