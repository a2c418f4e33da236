"""Directives in comments that a post's engine takes: of MDX, and definitions in decks of Marp."""

import pytest

from gatereel.cli.posts import Directive, find_directives, rewrite
from gatereel.cli.posts.reading import Post, post_of

DECK = "---\nmarp: true\n---\n\n# Cells\n\n{}\n\n---\n\nAfter.\n"
IMAGE = "![a](a.gif)\n\n*A caption.*\n"


def directive_of(post: Post) -> Directive:
    (found,) = find_directives(post)
    assert isinstance(found, Directive)
    return found


def written(post: Post, markup: str) -> str:
    return rewrite(post, {directive_of(post): markup}).decode()


def test_in_a_deck_a_comment_becomes_a_definition() -> None:
    post = post_of(DECK.format("<!-- gatereel: lstm --width 300 -->"), "deck.md")
    text = written(post, IMAGE)
    assert text == DECK.format(
        "[//]: # ( gatereel: lstm --width 300 )\n\n"
        "![a](a.gif)\n\n*A caption.*\n\n[//]: # ( /gatereel )"
    )
    again = post_of(text, "deck.md")
    assert directive_of(again).words == ("lstm", "--width", "300")
    assert written(again, IMAGE) == text


def test_an_old_block_of_a_deck_changes_its_comments() -> None:
    post = post_of(DECK.format("<!-- gatereel: lstm -->\nold\n<!-- /gatereel -->"), "deck.md")
    assert "<!--" not in written(post, IMAGE)
    assert "old" not in written(post, IMAGE)


def test_what_a_definition_cannot_hold_stays_a_comment() -> None:
    directive = '<!-- gatereel: lstm --alt "a (b)" -->'
    post = post_of(DECK.format(directive), "deck.md")
    assert directive in written(post, IMAGE)


@pytest.mark.parametrize("front", ["", "---\ntitle: marp\n---\n\n", "---\nmarp: false\n---\n\n"])
def test_elsewhere_comments_stay(front: str) -> None:
    post = post_of(f"{front}<!-- gatereel: lstm -->\n", "post.md")
    assert written(post, IMAGE).startswith(f"{front}<!-- gatereel: lstm -->\n![a]")


def test_a_definition_is_a_directive_in_any_markdown() -> None:
    post = post_of("Text.\n\n[//]: # (gatereel: gru)\n", "post.md")
    assert directive_of(post).words == ("gru",)
    assert written(post, IMAGE).endswith("*A caption.*\n\n[//]: # ( /gatereel )\n")


def test_in_mdx_a_comment_of_html_becomes_one_of_mdx() -> None:
    post = post_of("<!-- gatereel: lstm -->\nold\n<!-- /gatereel -->\n", "post.mdx")
    assert written(post, "<b />\n") == "{/* gatereel: lstm */}\n<b />\n{/* /gatereel */}\n"
    stays = "<!-- gatereel: lstm --alt '*/}' -->\n"
    assert written(post_of(stays, "post.mdx"), "<b />\n").startswith(stays)


def test_where_an_engine_shows_comments_none_is_left() -> None:
    post = post_of("# Cells\n\n<!-- gatereel: lstm -->\n\n---\n\nAfter.\n", "slides.md")
    text = rewrite(post, {directive_of(post): IMAGE}, shows_comments=True).decode()
    assert "<!--" not in text
    assert "[//]: # ( gatereel: lstm )" in text
