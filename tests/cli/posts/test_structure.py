"""Which lines are prose, held against a parser of CommonMark that knows nothing of ours."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token

from gatereel.cli.posts import read_post

MARKER = "<!-- gatereel: {} -->"
INDENTS = ("", " ", "  ", "   ", "> ", ">", " >  ")
DEEP_INDENTS = ("    ", "     ", "      ", "\t", " \t ", ">\t", ">     ", "> > ")
PIECES = (
    "text",
    "- item",
    "-",
    "* - item",
    "1. item",
    "2) item",
    "10. item",
    "-\titem",
    "-     code",
    "# heading",
    "===",
    "---",
    "***",
    "<div>",
    "</div>",
    "<span>",
    "</span>",
    "<span> text",
    "<p",
    "`code`",
)
FENCES = ("```", "~~~", "````", "```python", "~~~ `x`", "``` `x`", "- ```", "> ~~~", "1. ~~~~")
HIDING = (
    "<!-- note",
    "-->",
    "<!-- note -->",
    "<pre>",
    "</pre>",
    "<script>",
    "</style>",
    "<?x",
    "?>",
)
EXAMPLES = 300

_COMMONMARK = MarkdownIt("commonmark", {"html": True})


def _leaves(tokens: list[Token]) -> list[Token]:
    """All tokens with their children, flat."""
    return [leaf for token in tokens for leaf in (token, *_leaves(token.children or []))]


def seen_as_html(text: str, count: int) -> set[int]:
    """The markers that CommonMark takes for HTML; the others are letters in code or text."""
    html = "".join(
        leaf.content
        for leaf in _leaves(_COMMONMARK.parse(text))
        if leaf.type in ("html_block", "html_inline")
    )
    return {number for number in range(count) if MARKER.format(number) in html}


def seen_as_prose(text: str) -> set[int]:
    """The markers in lines that are prose here."""
    prose = [line.text for line in read_post(text.encode()).lines if line.prose]
    return {int(line.split()[-2]) for line in prose if "gatereel" in line}


def posts(pieces: tuple[str, ...], deep: tuple[str, ...] = DEEP_INDENTS) -> st.SearchStrategy[str]:
    """Lines of such pieces, blank lines and markers, at all indents; behind a line of text.

    A blank line stands before what is indented deeply: where such a line would go on with a
    paragraph outside of its quote or item, the parser strays from CommonMark.
    """
    pieces = (*pieces, *["MARKER"] * (len(pieces) // 2), *[""] * (len(pieces) // 4))
    shallow = st.tuples(st.sampled_from(INDENTS), st.sampled_from(pieces)).map("".join)
    below_blank = st.tuples(
        st.just("\n"), st.sampled_from((*INDENTS, *deep)), st.sampled_from(pieces)
    )
    line = shallow | below_blank.map("".join)
    return st.lists(line, min_size=2, max_size=9).map(_numbered)


def _numbered(lines: list[str]) -> str:
    text = "\n".join(["Text.", "", *lines])
    for number in range(text.count("MARKER")):
        text = text.replace("MARKER", MARKER.format(number), 1)
    return text


@given(posts(PIECES))
@settings(max_examples=EXAMPLES)
def test_blocks_without_fences_are_those_of_commonmark(text: str) -> None:
    assert seen_as_prose(text) == seen_as_html(text, text.count("gatereel"))


@given(posts((*PIECES[:12], *FENCES), deep=()))
@settings(max_examples=EXAMPLES)
def test_fences_are_those_of_commonmark(text: str) -> None:
    assert seen_as_prose(text) == seen_as_html(text, text.count("gatereel"))


@given(posts((*PIECES, *HIDING)))
@settings(max_examples=EXAMPLES)
def test_what_is_prose_is_html_to_commonmark(text: str) -> None:
    assert seen_as_prose(text) <= seen_as_html(text, text.count("gatereel"))


def lines_of_prose(text: str) -> str:
    """One letter a line: p for prose, - for the others."""
    return "".join("p" if line.prose else "-" for line in read_post(text.encode()).lines)


@pytest.mark.parametrize(
    ("text", "prose"),
    [
        ("Text\n    <!-- gatereel: lstm -->", "pp"),  # goes on with the paragraph
        ("Text\n\n    <!-- gatereel: lstm -->", "pp-"),
        ("Text\n\n\t<!-- gatereel: lstm -->", "pp-"),
        ("- item\n\n    <!-- gatereel: lstm -->", "ppp"),
        ("1. item\n\n       ```\n       <!-- gatereel: lstm -->\n       ```\nText", "pp---p"),
        ("Text\n    ```\n    <!-- gatereel: lstm -->\n    ```\nText", "p---p"),
        ("```\n<!-- gatereel: lstm -->\n~~~\n``\n`````\nText", "-----p"),
        ("```\n<!-- gatereel: lstm -->\n", "--"),  # never closed
        ("> ```\n> <!-- gatereel: lstm -->\nText", "--p"),  # ends with the quote
        ("~~~ `a`\n```\n~~~\nText", "---p"),
        ("<!-- note\n<!-- gatereel: lstm -->\nText", "--p"),
        ("<!-- gatereel: lstm\n\n--hidden-size 2 -->\nText", "pppp"),
        ("<!--\ngatereel: lstm\n-->\nText", "pppp"),
        ("<div>\n<!-- note\n<!-- gatereel: lstm -->\n<!-- gatereel: gru -->\n</div>", "p--pp"),
        ("<div>\n<script>\n\n<!-- gatereel: lstm -->\n</script>\nText", "pp---p"),
        ("<div>\n<script>\n\n<!-- gatereel: lstm -->", "pppp"),  # never closed
        ("<PRE>\n\n<!-- gatereel: lstm -->\n</PRE>\nText", "----p"),
        ("<textarea>\n<!-- gatereel: lstm --></textarea>\nText", "--p"),
        ("!!! note\n\n    <!-- gatereel: lstm -->\n\n        code", "pppp-"),
        ('=== "Tab"\n\n    <!-- gatereel: lstm -->', "ppp"),
    ],
)
def test_lines_of_prose(text: str, prose: str) -> None:
    assert lines_of_prose(text) == prose


@pytest.mark.parametrize(
    ("opening", "closing"),
    [
        ("{% raw %}", "{% endraw %}"),
        ("{%- raw -%}", "{%- endraw -%}"),
        ("{% highlight html linenos %}", "{% endhighlight %}"),
        ("{% comment %}", "{% endcomment %}"),
        ("{{< highlight html >}}", "{{< /highlight >}}"),
        ('{{% highlight html "linenos=table" %}}', "{{% /highlight %}}"),
        ("{::comment}", "{:/comment}"),
        ("{::nomarkdown}", "{:/}"),
    ],
)
def test_regions_of_template_languages_are_no_prose(opening: str, closing: str) -> None:
    assert lines_of_prose(f"Text\n{opening}\n```\n\n<!-- -->\n{closing}\nText") == "p-----p"
    assert lines_of_prose(f"{opening} code {closing}\n<!-- gatereel: lstm -->") == "pp"
    assert lines_of_prose(f"{opening}\n<!-- gatereel: lstm -->") == "pp"  # never closed
    assert lines_of_prose(f"About {opening}\n<!-- gatereel: gru -->\n{closing}") == "ppp"
    assert lines_of_prose(f"```\n{opening}\n```\nText\n{closing}") == "---pp"
