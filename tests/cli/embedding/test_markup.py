"""The markup of a block, letter by letter and as each engine of Markdown reads it."""

import re
from dataclasses import replace
from html import unescape
from xml.etree import ElementTree

import html5lib
import pytest

from gatereel.cli.embedding.markup import Figure, Link, picture, video
from gatereel.cli.embedding.plain_markup import markdown, quarto
from gatereel.cli.sites.conventions import Conventions, PageDark
from gatereel.scenes.tell.description import DescribedStep, Description
from tests.cli.embedding.readers import ENGINES, Engine

HTML = "{http://www.w3.org/1999/xhtml}"

STEPS = Description(
    summary="All steps",
    headings=("t", "Step", "Equation", "Numbers"),
    rows=(
        DescribedStep("t = 1 of 3 · '<'", "forget gate", "f<sub>t</sub> = σ(…)", "≈ [0.97, −0.04]"),
        DescribedStep("t = 2 of 3 · '{{ x }}'", "hidden state", "h<sub>t</sub>", "= 1 &lt; 2"),
    ),
)
MOVING = Figure(
    light=Link("a/lstm.gif", "a/lstm.png"),
    dark=Link("a/lstm-dark.gif", "a/lstm-dark.png"),
    width=1125,
    height=850,
    alt='LSTM "cell" & <gates>',
    language="vi",
)
TOLD = Figure(
    light=Link("a/lstm.gif", "a/lstm.png"),
    dark=None,
    width=8,
    height=6,
    alt="a * b _c_ [d] | e",
    language="en",
    caption="LSTM. After *Raimi*",
    summary=STEPS.summary,
    table=STEPS,
    tells_height=False,
)
HARD_TEXTS = (
    "a * b _c_ [d](e) `f` \\ !g",
    "{{ x }} {% raw %} {{< y >}}",
    "a < b & c | d #e $f$",
    "1. x",
)
"""What Markdown, HTML or a template would take for something else."""


def test_a_picture_that_moves() -> None:
    assert picture(MOVING, in_paragraph=False) == (
        '<figure lang="vi" style="margin:1em 0">\n'
        "<picture>\n"
        '<source media="(prefers-reduced-motion: reduce) and (prefers-color-scheme: dark)"'
        ' srcset="a/lstm-dark.png">\n'
        '<source media="(prefers-reduced-motion: reduce)" srcset="a/lstm.png">\n'
        '<source media="(prefers-color-scheme: dark)" srcset="a/lstm-dark.gif">\n'
        '<img src="a/lstm.gif" alt="LSTM &quot;cell&quot; &amp; &lt;gates&gt;"'
        ' width="1125" height="850" style="max-width:100%;height:auto">\n'
        "</picture>\n"
        "</figure>\n"
    )


def test_a_still_has_a_source_for_dark_pages_alone() -> None:
    still = Figure(Link(None, "a.png"), Link(None, "b.png"), 8, 6, "alt", "en")
    lines = picture(still, in_paragraph=True).splitlines()
    assert lines[1:-1] == [
        '<source media="(prefers-color-scheme: dark)" srcset="b.png">',
        '<img src="a.png" alt="alt" width="8" height="6" style="max-width:100%;height:auto">',
    ]


def test_a_video() -> None:
    film = Figure(Link("a.mp4", "a.png"), Link("b.mp4", None), 8, 6, 'a "b"', "en")
    assert video(film, in_paragraph=True) == (
        '<video autoplay loop muted playsinline controls preload="none" width="8" height="6"'
        ' style="max-width:100%;height:auto;aspect-ratio:8/6" poster="a.png"'
        ' aria-label="a &quot;b&quot;">\n'
        '<source media="(prefers-reduced-motion: no-preference) and (prefers-color-scheme: dark)"'
        ' src="b.mp4" type="video/mp4">\n'
        '<source media="(prefers-reduced-motion: no-preference)" src="a.mp4" type="video/mp4">\n'
        '<img src="a.png" alt="a &quot;b&quot;" width="8" height="6"'
        ' style="max-width:100%;height:auto">\n'
        "</video>\n"
    )


def test_markdown_alone() -> None:
    assert markdown(TOLD) == (
        "![a \\* b \\_c\\_ \\[d\\] \\| e](a/lstm.gif)\n\n*LSTM. After \\*Raimi\\**\n"
    )


def test_a_template_in_an_address_stays_as_it_is() -> None:
    prefix = "{{ '/cells' | relative_url }}"
    figure = Figure(Link(None, f"{prefix}/a&b.png"), None, 8, 6, "alt", "en")
    assert f'src="{prefix}/a&amp;b.png"' in picture(figure, in_paragraph=True)


@pytest.mark.parametrize("text", HARD_TEXTS)
def test_words_have_no_meaning_to_a_template(text: str) -> None:
    figure = Figure(Link("a.gif", "a.png"), None, 8, 6, text, "en", text, table=STEPS)
    for markup in (
        picture(figure, in_paragraph=False),
        video(figure, in_paragraph=False),
        markdown(figure),
    ):
        assert not re.search(r"\{\{|\{%", markup)


@pytest.mark.parametrize("in_paragraph", [False, True])
@pytest.mark.parametrize("figure", [MOVING, TOLD])
@pytest.mark.parametrize("write", [picture, video])
def test_no_blank_line_ends_the_html(write: object, figure: Figure, in_paragraph: bool) -> None:
    assert callable(write)
    assert "\n\n" not in write(figure, in_paragraph=in_paragraph)


def test_in_jsx_tags_are_closed_and_attributes_are_called_as_there() -> None:
    figure = replace(
        TOLD, dark=Link("a/lstm-dark.gif", "a/lstm-dark.png"), classes="wide", title='a "{b}"'
    )
    markup = picture(
        replace(figure, conventions=Conventions("jsx", dark="system")), in_paragraph=False
    )
    assert markup.startswith(
        '<figure lang="en" className="wide" style={{margin: \'1em 0\'}}>\n<picture>\n'
        '<source media="(prefers-reduced-motion: reduce) and (prefers-color-scheme: dark)"'
        ' srcSet="a/lstm-dark.png" />\n'
    )
    assert "style={{maxWidth: '100%', height: 'auto'}} />" in markup
    assert 'title="a &quot;&#123;b&#125;&quot;"' in markup
    # Nothing but our own styles and the caption is in braces.
    caption = '<figcaption>\n{"' + figure.caption + '"}\n'
    assert caption in markup
    rest = re.sub(r"style=\{\{[^{}]*\}\}", "", markup.replace(caption, ""))
    assert re.findall(r"\{(?!\{)", rest) == []
    assert re.findall(r"<(?:img|source)[^>]*[^/]>", markup) == []


BY_PAGE = Conventions(dark=PageDark("html.dark", "html.auto"))


FAR = {"a/lstm.gif": "https://me.org/a/lstm.gif", "a/lstm.png": "https://me.org/a/lstm.png"}


def test_feeds_get_an_absolute_address_and_the_page_its_own() -> None:
    for figure in (replace(MOVING, absolute=FAR), replace(TOLD, absolute=FAR)):
        lines = picture(figure, in_paragraph=False).split("\n")
        (image,) = (index for index, line in enumerate(lines) if line.startswith("<img "))
        assert lines[image - 1] == '<source srcset="a/lstm.gif">'
        assert lines[image].startswith('<img src="https://me.org/a/lstm.gif" alt=')
        rest = [*lines[: image - 1], lines[image].replace("https://me.org/", "")]
        plain = replace(figure, absolute={})
        assert [*rest, *lines[image + 1 :]] == picture(plain, in_paragraph=False).split("\n")
    film = video(replace(MOVING, absolute=FAR), in_paragraph=False)
    assert film.count("https://me.org/") == 1
    assert '<img src="https://me.org/a/lstm.png"' in film


def test_in_jsx_that_source_is_closed() -> None:
    figure = replace(MOVING, absolute=FAR, conventions=Conventions(dialect="jsx"))
    assert '<source srcSet="a/lstm.gif" />\n<img src="https://me' in picture(
        figure, in_paragraph=True
    )


def test_where_no_figure_stands_the_image_has_its_class_and_id() -> None:
    figure = replace(MOVING, classes="wide", identifier="fig-lstm")
    marks = 'id="fig-lstm" class="wide"'
    for written in (picture(figure, in_paragraph=True), video(figure, in_paragraph=True)):
        assert written.count(marks) == 1
        assert "<figure" not in written
    assert "<img " in picture(figure, in_paragraph=True).partition(marks)[0]
    assert f'<figure lang="vi" {marks}' in picture(figure, in_paragraph=False)


def test_dark_pages_are_told_by_their_theme() -> None:
    markup = picture(replace(MOVING, conventions=BY_PAGE), in_paragraph=False)
    sheet, *lines = markup.splitlines()[1:]
    assert sheet == (
        "<style>html.dark .gatereel-light{display:none}html.dark .gatereel-dark{display:block}"
        "@media (prefers-color-scheme: dark){html.auto .gatereel-light{display:none}"
        "html.auto .gatereel-dark{display:block}}</style>"
    )
    assert lines[0] == '<div class="gatereel-light">'
    # Where no style sheet reaches, the light picture alone is seen.
    assert '<div class="gatereel-dark" hidden>' in lines
    assert "prefers-color-scheme" not in "".join(lines)
    dark = markup.index("lstm-dark.gif")
    assert 'loading="lazy"' in markup[dark:]
    assert 'loading="lazy"' not in markup[:dark]
    in_jsx = picture(
        replace(MOVING, conventions=replace(BY_PAGE, dialect="jsx")), in_paragraph=False
    )
    assert "<style>{`html.dark" in in_jsx
    apart = picture(
        replace(MOVING, conventions=replace(BY_PAGE, style_apart=True)), in_paragraph=False
    )
    assert apart.startswith("<style>")
    assert "</style>\n\n<figure" in apart


def test_what_a_page_has_its_own_attributes_for() -> None:
    markup = picture(
        replace(MOVING, conventions=Conventions(attributes='markdown="0"')), in_paragraph=False
    )
    assert markup.startswith('<figure lang="vi" style="margin:1em 0" markdown="0">\n')


def test_a_few_sentences_stand_in_place_of_the_table() -> None:
    figure = replace(MOVING, summary="In words", sentences=("A &lt; b.", "C."))
    lines = picture(figure, in_paragraph=False).splitlines()
    assert lines[-5:-1] == [
        "<details>",
        "<summary>In words</summary>",
        "<p>A &lt; b. C.</p>",
        "</details>",
    ]


def test_all_but_the_first_picture_wait_until_they_are_near() -> None:
    first, later = (
        picture(replace(MOVING, is_first=is_first), in_paragraph=False)
        for is_first in (True, False)
    )
    assert "loading" not in first
    assert 'loading="lazy" decoding="async">' in later


def test_a_width_that_a_page_shows() -> None:
    in_pixels = picture(replace(MOVING, display_width="450"), in_paragraph=True)
    assert 'width="450" height="340"' in in_pixels
    share = picture(replace(MOVING, display_width="60%"), in_paragraph=True)
    assert 'width="1125" height="850" style="width:60%;max-width:100%;height:auto"' in share


def test_a_link_and_an_id() -> None:
    figure = replace(MOVING, link="https://e.org/?a=1&b=2", identifier="fig-lstm")
    lines = picture(figure, in_paragraph=False).splitlines()
    assert lines[0] == '<figure lang="vi" id="fig-lstm" style="margin:1em 0">'
    assert lines[1:3] == ['<a href="https://e.org/?a=1&amp;b=2">', "<picture>"]
    assert lines[-3:] == ["</picture>", "</a>", "</figure>"]
    assert markdown(replace(TOLD, link="/a b", title='"x"', caption="")) == (
        '[![a \\* b \\_c\\_ \\[d\\] \\| e](a/lstm.gif "&#34;x&#34;")](/a%20b)\n'
    )


def test_a_slide_gets_a_picture_that_fits_on_it() -> None:
    figure = replace(MOVING, alt="a", conventions=Conventions(sizes_in_alt=True))
    assert markdown(figure) == "![h:420px a](a/lstm.gif)\n"
    assert markdown(replace(figure, height=300)) == "![h:300px a](a/lstm.gif)\n"
    assert markdown(replace(figure, display_width="600")) == "![w:600px a](a/lstm.gif)\n"
    assert markdown(replace(figure, display_width="60%")) == "![w:60% a](a/lstm.gif)\n"


def test_print_gets_the_still_in_quarto() -> None:
    words = '![LSTM. After \\*Raimi\\*](a/lstm.{}){{fig-alt="a &#34;b&#34; &#92; c"}}'
    assert quarto(replace(TOLD, alt='a "b" \\ c')) == (
        f'::: {{.content-visible when-format="html"}}\n{words.format("gif")}\n:::\n\n'
        f'::: {{.content-visible unless-format="html"}}\n{words.format("png")}\n:::\n'
    )


def test_in_quarto_what_the_author_had_stays_in_the_attributes() -> None:
    figure = replace(
        MOVING, alt="a", identifier="fig-lstm", classes="wide x", display_width="60%", link="/b"
    )
    listed = '{#fig-lstm .wide .x fig-alt="a" width=60%}'
    assert quarto(figure).count(f"[![](a/lstm.gif){listed}](/b)") == 1
    still = replace(figure, light=Link(None, "a/b.png"), link="", caption="c")
    assert quarto(still) == f"![c](a/b.png){listed}\n"


# --- as engines read it ---------------------------------------------------------------------------


def page(html: str) -> ElementTree.Element:
    """The tree of a page's body. Raises an error for markup that HTML calls a parse error."""
    parser = html5lib.HTMLParser(tree=html5lib.getTreeBuilder("etree"), strict=True)
    tree: ElementTree.Element = parser.parse(
        f"<!DOCTYPE html><html lang='en'><head><title>x</title></head><body>{html}</body></html>"
    )
    return tree


def text_of(element: ElementTree.Element) -> str:
    return " ".join("".join(element.itertext()).split())


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("write", [picture, video])
def test_html_comes_through_as_it_was_written(write: object, engine: Engine) -> None:
    assert callable(write)
    markup = write(TOLD, in_paragraph=False)
    text = f"Before.\n<!-- gatereel: lstm -->\n{markup}<!-- /gatereel -->\n\nAfter *this*.\n"
    tree = page(engine(text))
    (figure,) = tree.iter(f"{HTML}figure")
    assert figure in list(tree.find(f"{HTML}body") or ())
    (image,) = figure.iter(f"{HTML}img")
    assert (image.get("alt"), image.get("width"), image.get("height")) == (TOLD.alt, "8", None)
    (summary,) = figure.iter(f"{HTML}summary")
    assert text_of(summary) == "All steps"
    cells = [text_of(cell) for cell in figure.iter(f"{HTML}td")]
    assert cells == [
        *("t = 1 of 3 · '<'", "forget gate", "ft = σ(…)", "≈ [0.97, −0.04]"),
        *("t = 2 of 3 · '{{ x }}'", "hidden state", "ht", "= 1 < 2"),
    ]
    assert not list(figure.iter(f"{HTML}p"))
    assert [text_of(em) for em in tree.iter(f"{HTML}em")] == ["this"]


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("text", HARD_TEXTS)
def test_markdown_comes_through_with_its_words(text: str, engine: Engine) -> None:
    figure = Figure(Link("a.gif", None), None, 8, 6, text, "en", text)
    block = f"<!-- gatereel: lstm -->\n{markdown(figure)}<!-- /gatereel -->\n"
    html = engine(block)
    (alt,) = re.findall(r'alt="([^"]*)"', html)
    assert unescape(alt) == text
    (caption,) = page(html).iter(f"{HTML}em")
    assert text_of(caption) == text


def test_the_check_of_html_can_fail() -> None:
    with pytest.raises(html5lib.html5parser.ParseError):
        page("<p><figure></figure></p></p>")
