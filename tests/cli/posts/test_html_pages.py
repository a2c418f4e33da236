"""HTML pages: directives between tags, and nothing else."""

from hypothesis import given
from hypothesis import strategies as st

from gatereel.cli.posts import Directive, find_directives, read_post, replace_image, rewrite
from gatereel.rnn_math import InputError
from tests.cli.posts.outside import outside

FIGURE = "<figure>\n<img src='a.gif' alt=''>\n</figure>\n"
DIRECTIVE = "<!-- gatereel: lstm -->"


def directives(text: str) -> list[Directive]:
    found = find_directives(read_post(text.encode(), "page.html"))
    return [part for part in found if isinstance(part, Directive)]


def test_a_directive_stands_between_tags() -> None:
    for text in (
        f"<body>\n    {DIRECTIVE}\n</body>",
        f"<p>a\n\n        {DIRECTIVE}\n",  # deep indents are no code
        f"---\ntitle: x\n---\n<div>\n{DIRECTIVE}</div".replace(f"{DIRECTIVE}</div", DIRECTIVE),
        f"<pre>a</pre>\n{DIRECTIVE}",
        f"<p>```</p>\n{DIRECTIVE}\n",
    ):
        assert len(directives(text)) == 1, text


def test_elsewhere_it_is_none() -> None:
    for text in (
        f"<pre>\n{DIRECTIVE}\n</pre>",
        f"<SCRIPT>\n{DIRECTIVE}\n</script>",
        f"<style>\n\n{DIRECTIVE}\n</style>",
        f"<textarea>\n{DIRECTIVE}\n</textarea>",
        f"<template>\n{DIRECTIVE}\n</template>",
        "<!-- other\n<!-- gatereel: lstm\n-->",
        f'<p title="\n{DIRECTIVE}\n">',
        f"<script>\nlet a = 1;\n{DIRECTIVE}\n",  # never closed
        f'<script>const a = "{DIRECTIVE}";</script>',
        f'<p title="{DIRECTIVE}">a</p>',
    ):
        assert find_directives(read_post(text.encode(), "page.html")) == (), text


def test_no_blank_line_comes_into_a_page() -> None:
    page = f"<div>\n  {DIRECTIVE}\n  <pre>\na\n  </pre>\n</div>\n"
    post = read_post(page.encode(), "page.html")
    new = rewrite(post, dict.fromkeys(directives(page), FIGURE)).decode()
    assert new == (
        f"<div>\n  {DIRECTIVE}\n  <figure>\n  <img src='a.gif' alt=''>\n  </figure>\n"
        "  <!-- /gatereel -->\n  <pre>\na\n  </pre>\n</div>\n"
    )


def test_an_image_between_tags_is_replaced() -> None:
    image = '<img src="x.gif" alt="LSTM">'
    page = f"<body>\n\n    <p>{image}</p>\n<script>\n{image}\n</script>"
    done = replace_image(read_post(page.encode(), "page.html"), "x.gif", ["lstm"])
    assert done.count == 1
    assert done.post.text.startswith(f"<body>\n\n    {DIRECTIVE}\n    <!-- /gatereel -->\n<script>")


LINES = st.sampled_from(
    [
        DIRECTIVE,
        "<!-- /gatereel -->",
        "<!-- gatereel: gru\n --still -->",
        "  " + DIRECTIVE,
        "",
        "<pre>",
        "</pre>",
        "<script>",
        "</script>",
        "<p>a",
        "</p>",
        "<!--",
        "-->",
        "<a b='",
        "'>",
    ]
)


@given(st.lists(LINES, max_size=10), st.sampled_from(["\n", "\r\n"]))
def test_what_is_outside_stays_and_twice_is_once(lines: list[str], end: str) -> None:
    post = read_post(end.join(lines).encode(), "page.html")
    try:
        once = rewrite(post, dict.fromkeys(directives(post.text), FIGURE))
    except InputError:
        return
    again = read_post(once, "page.html")
    assert outside(again) == outside(post) or not post.text.endswith(end)
    assert rewrite(again, dict.fromkeys(directives(again.text), FIGURE)) == once
