"""Posts as people write them, in tests/posts."""

from pathlib import Path

import pytest

from gatereel.cli.posts import (
    Directive,
    Mistake,
    Post,
    find_directives,
    read_post,
    replace_image,
    rewrite,
)
from tests.cli.posts.outside import outside

POSTS = Path(__file__).parents[2] / "posts"
PICTURE = '<picture>\n<img src="a.gif" alt="a">\n</picture>\n'

HOT_LINKS = {
    "https://example.com/gifs/illustrated-rnn.gif": "Ô RNN: trạng thái ẩn và đầu vào được ghép nối",
    "/assets/Illustrated_LSTM.gif": "LSTM cell",
    "https://example.com/gifs/gru.gif": "GRU: cổng đặt lại và cổng cập nhật",
}


def sample(name: str) -> Post:
    return read_post((POSTS / name).read_bytes(), name)


def directives(post: Post) -> list[Directive]:
    return [found for found in find_directives(post) if isinstance(found, Directive)]


@pytest.fixture(params=["jekyll.md", "hugo.md", "README.md", "json-front-matter.md"])
def post(request: pytest.FixtureRequest) -> Post:
    return sample(request.param)


@pytest.mark.parametrize(
    ("name", "lines", "first_words"),
    [
        ("jekyll.md", [49], ["lstm"]),
        ("hugo.md", [12, 21, 42], ["rnn", "lstm", "gru"]),
        ("README.md", [9, 28, 38], ["lstm", "gru", "lstm"]),
        ("json-front-matter.md", [11, 12], ["gru", "lstm"]),
    ],
)
def test_the_directives_of_a_post(name: str, lines: list[int], first_words: list[str]) -> None:
    found = directives(sample(name))
    assert [directive.line for directive in found] == lines
    assert [directive.words[0] for directive in found] == first_words


def test_a_mistake_in_a_post() -> None:
    (mistake,) = [
        m for m in find_directives(sample("json-front-matter.md")) if isinstance(m, Mistake)
    ]
    assert mistake.line == 17


def test_the_samples_are_as_their_engines_take_them() -> None:
    jekyll = (POSTS / "jekyll.md").read_bytes()
    assert jekyll.count(b"\n") == jekyll.count(b"\r\n") > 0
    assert not (POSTS / "README.md").read_bytes().endswith(b"\n")
    assert (POSTS / "json-front-matter.md").read_bytes().startswith(b"\xef\xbb\xbf{")


def test_a_post_is_rewritten_once_and_for_all(post: Post) -> None:
    once = read_post(rewrite(post, dict.fromkeys(directives(post), PICTURE)))
    assert all(directive.block for directive in directives(once))
    assert outside(once) == outside(post)
    assert rewrite(once, dict.fromkeys(directives(once), PICTURE)) == once.encode()


def test_three_hot_links_of_a_post_become_directives() -> None:
    post = sample("jekyll.md")
    for old, alt in HOT_LINKS.items():
        replaced = replace_image(post, old, ["lstm"])
        assert (replaced.alts, replaced.remaining) == ((alt,), ())
        post = replaced.post
    assert len(directives(post)) == 1 + len(HOT_LINKS)
    assert post.text.count("\n") == post.text.count("\r\n")


def test_images_of_a_readme_are_replaced_in_its_table_and_named_beside_sources() -> None:
    post = sample("README.md")
    in_a_cell = replace_image(post, "docs/gru.gif", ["gru"])
    assert (in_a_cell.alts, in_a_cell.remaining) == (("GRU",), ())
    row = in_a_cell.post.text.splitlines()[15]
    assert row == "| GRU  | 2     | <!-- gatereel: gru --><!-- /gatereel --> |"
    replaced = replace_image(post, "docs/lstm.gif", ["lstm"])
    assert (replaced.alts, len(replaced.remaining)) == (("lstm",), 1)
