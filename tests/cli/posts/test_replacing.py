"""Old images become directives, in all the ways that people write images."""

from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gatereel.cli.posts import (
    Directive,
    cells_in,
    find_directives,
    read_post,
    replace_image,
    rewrite,
    shown_images,
)
from gatereel.rnn_math import CELLS, InputError
from tests.cli.embedding.readers import commonmark

OLD = "https://example.org/LSTM_(1).gif?a=1&b=2"
PATH = "/assets/lstm.gif"
WORDS = ("lstm", "--title", "cổng quên")
BLOCK = "<!-- gatereel: lstm --title 'cổng quên' -->\n<!-- /gatereel -->"

D = "<!-- gatereel: lstm --><!-- /gatereel -->"

WHOLE_LINES = [
    f"![An LSTM]({OLD})",
    f"![An LSTM](<{OLD}>)",
    f'![An LSTM]({OLD} "A [title]")  ',
    f"![An LSTM]( {OLD} 'title' )",
    f"[![An LSTM]({OLD})](https://example.org/a_(b))",
    f"[![An LSTM]({OLD})][source]",
    f"![An LSTM]({OLD}){{: .center }}",
    f'![An LSTM]({OLD}){{:width="300px"}}',
    f"![An LSTM]({OLD}){{ width=300 }}",
    f'[![An LSTM]({OLD}){{: .a}}](/b){{:target="_blank"}}',
    "![An LSTM][Figure]",
    "![An LSTM][figure]{: .center}",
    f'<img src="{OLD}" alt="An LSTM">',
    f"<IMG width=300 ALT='An LSTM' SRC='{OLD}' />",
    f'<img alt="An LSTM" src="{OLD.replace("&", "&amp;")}">',
    f'<img alt="An LSTM" title="a > b" src={OLD.replace("=", "&#61;")}>',
    f'<div><a href="b"><img src="{OLD}" alt="An LSTM"></a></div>',
    f'<figure><img src="{OLD}" alt="An LSTM"><figcaption>A *b*</figcaption></figure>',
    f'<picture><source srcset="d.gif"><img src="{OLD}" alt="An LSTM"></picture>',
    f'{{{{< figure src="{OLD}" alt="An LSTM" >}}}}',
    f'{{{{< img src="{OLD}" alt="An LSTM" />}}}}',
    f'{{{{% figure alt="An LSTM" src="{OLD}" caption="A > b" %}}}}',
    f'{{% include figure.liquid path="{OLD}" alt="An LSTM" zoomable=true %}}',
    f"{{%- include_cached my/image.html url='{OLD}' alt='An LSTM' -%}}",
    f"![[{OLD}|An LSTM|300x200]]",
    f"![An LSTM]({OLD}){{ width=80% }}",
    f"![An LSTM]({OLD}){{#fig-lstm width=80%}}",
    f"![An LSTM]({OLD})<br>*Figure 1*",
    f'<img src="{OLD}" alt="An LSTM"><br/><em>Figure 1</em>',
]
OTHER_LINES = [
    f"See ![An LSTM]({OLD})",
    f"![An LSTM]({OLD}) ![A GRU](gru.gif)",
    f"| ![An LSTM]({OLD}) |",
    f"[An LSTM]({OLD})",
    f"`![An LSTM]({OLD})`",
    f"![An LSTM]({OLD}#x)",
    f'<img src="{OLD}"> <img src="{OLD}">',
    f'<img src="a.gif" alt="{OLD}">',
    f"- ![An LSTM]({OLD}) and text",
    f"- [ ] ![An LSTM]({OLD})",
    f"![An LSTM]({OLD})<br>![A GRU](gru.gif)",
    f'{{% include banner.html path="{OLD}" %}}',
    f"![An LSTM]({OLD}){{% include a.html %}}",
]


@pytest.mark.parametrize("line", WHOLE_LINES)
@pytest.mark.parametrize("indent", ["", "  ", "> "])
def test_an_image_alone_on_its_line_becomes_a_block(line: str, indent: str) -> None:
    text = "{}\n\nText\n\n[figure]: " + OLD + ' "title"\n'
    replaced = replace_image(read_post(text.format(indent + line).encode()), OLD, WORDS)
    block = indent + BLOCK.replace("\n", "\n" + indent)
    assert replaced.post.text == text.format(block)
    assert (replaced.count, replaced.alts, replaced.remaining) == (1, ("An LSTM",), ())
    assert replaced.images[0].was == indent + line
    (directive,) = find_directives(replaced.post)
    assert isinstance(directive, Directive)
    assert (directive.words, directive.block is None) == (WORDS, False)


@pytest.mark.parametrize("line", OTHER_LINES)
def test_an_image_beside_other_text_stays_and_is_named(line: str) -> None:
    post = read_post(f"Text\n\n{line}\n".encode())
    replaced = replace_image(post, OLD, WORDS)
    assert replaced.post == post
    assert (replaced.count, replaced.remaining) == (0, (3,))


@pytest.mark.parametrize(
    "destination",
    [
        "{{ site.baseurl }}/assets/lstm.gif",
        "{{site.url}}{{site.baseurl}}/assets/lstm.gif",
        '{{ "/assets/lstm.gif" | relative_url }}',
        "{{ '/assets/lstm.gif' | prepend: site.baseurl }}",
    ],
)
def test_a_path_behind_liquid_is_found_by_the_path_and_as_a_whole(destination: str) -> None:
    for line in (f"![a]({destination})", f"""<img src='{destination.replace("'", '"')}'>"""):
        post = read_post(line.encode())
        assert replace_image(post, PATH, WORDS).count == 1
        assert replace_image(post, "lstm.gif", WORDS).count == 0
    assert replace_image(read_post(f"![a]({destination})".encode()), destination, WORDS).count == 1


@pytest.mark.parametrize(
    "text",
    [
        "```\n{}\n```\n",
        "Text\n\n    {}\n",
        "<!--\n{}\n-->\n",
        "---\nimage: |\n{}\n---\n",
        "{{% raw %}}\n{}\n{{% endraw %}}\n",
    ],
)
def test_images_in_code_stay(text: str) -> None:
    post = read_post(text.format(f"![An LSTM]({OLD})").encode())
    replaced = replace_image(post, OLD, WORDS)
    assert (replaced.post, replaced.count, replaced.remaining) == (post, 0, ())


def test_an_image_in_a_picture_of_several_lines_stays() -> None:
    post = read_post(f'<picture>\n  <source>\n  <img src="{OLD}">\n</picture>\n'.encode())
    replaced = replace_image(post, OLD, WORDS)
    assert (replaced.count, replaced.remaining) == (0, (3,))
    closed = read_post(f'<picture>\n</picture>\n<img src="{OLD}">\n'.encode())
    assert replace_image(closed, OLD, WORDS).count == 1


LIST_ITEMS = [
    "- ![LSTM](x.gif)\n",
    "a\n\n- b\n- ![LSTM](x.gif)\n- c\n",
    "1. ![LSTM](x.gif)\n2. b\n",
    "10)  ![LSTM](x.gif)\n\n     b\n",
    "- a\n  - ![LSTM](x.gif)\n    - b\n  - c\n- d\n",
    "*\t![LSTM](x.gif)\n\n\tb\n",
    "> - ![LSTM](x.gif)\n> - b\n",
    "- a\n\n  ![LSTM](x.gif)\n\n- b\n",
    "- a\n![LSTM](x.gif)\n- b\n",
    "> a\n![LSTM](x.gif)\n\nb\n",
    "a\n     ![LSTM](x.gif)\n",
    "* models:\n  * recurrent \n  ![LSTM](x.gif)\n    * see: x\n    * y\n  * last",
]


class _Outline(HTMLParser):
    """Texts and pictures of a page, each with the lists and quotes that it stands in."""

    def __init__(self) -> None:
        super().__init__()
        self.around: list[str] = []
        self.found: list[tuple[str, ...]] = []

    def handle_starttag(self, tag: str, attrs: object) -> None:
        if tag in ("ul", "ol", "li", "blockquote"):
            self.around.append(tag)
            self.found.append((*self.around, "opens"))
        elif tag == "img":
            self.found.append((*self.around, "picture"))

    def handle_endtag(self, tag: str) -> None:
        if self.around[-1:] == [tag]:
            self.around.pop()

    def handle_comment(self, data: str) -> None:
        if "gatereel:" in data:
            self.found.append((*self.around, "picture"))

    def handle_data(self, data: str) -> None:
        if data.strip():
            self.found.append((*self.around, data.strip()))


def outline(text: str) -> list[tuple[str, ...]]:
    page = _Outline()
    page.feed(commonmark(text))
    return page.found


@pytest.mark.parametrize("text", LIST_ITEMS)
def test_a_picture_in_a_list_stays_in_its_item(text: str) -> None:
    replaced = replace_image(read_post(text.encode()), "x.gif", ["lstm"])
    assert (replaced.count, replaced.remaining) == (1, ())
    assert outline(replaced.post.text) == outline(text)
    (directive,) = find_directives(replaced.post)
    assert isinstance(directive, Directive)
    markup = '<figure>\n<img src="b.gif">\n</figure>\n'
    shown = read_post(rewrite(replaced.post, {directive: markup}))
    pictures = [found for found in outline(shown.text) if found[-1] == "picture"]
    assert pictures == 2 * [found for found in outline(text) if found[-1] == "picture"]
    texts = [found for found in outline(shown.text) if found[-1] != "picture"]
    assert texts == [found for found in outline(text) if found[-1] != "picture"]


@pytest.mark.parametrize(
    ("text", "line", "reason"),
    [
        ("- ![LSTM](x.gif)\nlazy\n", 1, "the next line would leave its list"),
        ("> a\n> ![LSTM](x.gif)\nlazy\n", 2, "the next line would leave its list"),
        ("![LSTM](x.gif)\n    deep\n", 1, "or become code"),
        ("a | b\n--- | ---\nL | {% include image.html url='x.gif' %}\n", 3, "names the old image"),
        ("See ![](x.gif) | here\n", 1, "shares its line with other text"),
        ("See <img alt='' src='x.gif'> here\n", 1, "shares its line with other text"),
        ("<picture>\n<img src='x.gif'>\n</picture>\n", 2, "one of a <picture>"),
        ("<p>a <picture><img src='x.gif'></picture></p>\n", 1, "one of a <picture>"),
        ("- a ![LSTM](x.gif) b\n", 1, "shares its line with other text"),
        ("From [here](x.gif)\n", 1, "names the old image, too"),
    ],
)
def test_why_an_image_stays(text: str, line: int, reason: str) -> None:
    replaced = replace_image(read_post(text.encode()), "x.gif", ["lstm"])
    assert (replaced.count, list(replaced.reasons)) == (0, [line])
    assert reason in replaced.reasons[line]


@pytest.mark.parametrize(
    "tag",
    [
        '<img\n  src="x.gif"\n  alt="LSTM"\n/>',
        '<IMG src="x.gif"\n  alt="LSTM"\n>',
        '{{< figure\n  src="x.gif"\n  alt="LSTM" >}}',
        '{% include figure.liquid\n  path="x.gif"\n  alt="LSTM"\n%}',
    ],
)
@pytest.mark.parametrize("indent", ["", "> ", "  "])
def test_a_tag_of_several_lines_becomes_one_directive(tag: str, indent: str) -> None:
    text = f"{indent}a\n{indent}\n{{}}\n{indent}\n{indent}b\n"
    old = indent + tag.replace("\n", "\n" + indent)
    replaced = replace_image(read_post(text.format(old).encode()), "x.gif", ["lstm"])
    block = f"{indent}<!-- gatereel: lstm -->\n{indent}<!-- /gatereel -->"
    assert replaced.post.text == text.format(block)
    (image,) = replaced.images
    assert (image.line, image.alt) == (3, "LSTM")
    assert replaced.origins == (1, 2, 3, 3, *range(4 + old.count("\n"), 6 + old.count("\n")))


def test_a_tag_that_nothing_closes_stays() -> None:
    for text in ('<img\n  src="x.gif"\n', '<img\n\nsrc="x.gif">\n'):
        replaced = replace_image(read_post(text.encode()), "x.gif", ["lstm"])
        assert replaced.count == 0
        assert len(replaced.remaining) == 1


IMAGE_LINES = ["![](x.gif)", "- ![](x.gif)", "> ![](x.gif)", "<img\nsrc='x.gif'>", "![[x.gif]]"]
OTHER_TEXT = ["", "a", "- b", "  c", "> d", "```", "| ![](x.gif) |", "<div>", "    e", "![](y.gif)"]


@given(
    st.lists(st.tuples(st.sampled_from(IMAGE_LINES + OTHER_TEXT), st.sampled_from(["\n", "\r\n"])))
)
def test_only_the_lines_of_images_change(parts: list[tuple[str, str]]) -> None:
    post = read_post("".join(line + end for line, end in parts).encode())
    replaced = replace_image(post, "x.gif", ["lstm"])
    old = [line.text + line.end for line in post.lines]
    new = [line.text + line.end for line in replaced.post.lines]
    for image in reversed(replaced.images):
        del old[image.line - 1 : image.line + image.was.count("\n")]
    kept = [line for line in new if "gatereel" not in line]
    assert kept == old
    assert len(new) - len(kept) == 2 * replaced.count


def test_line_ends_and_all_other_bytes_stay() -> None:
    content = b"\xef\xbb\xbf---\r\n---\r\n![](a.gif)\r\n\xff\r![x](a.gif)\n![y](a.gif)"
    replaced = replace_image(read_post(content), "a.gif", ["gru"])
    directive, closing = b"<!-- gatereel: gru -->", b"<!-- /gatereel -->"
    assert replaced.post.encode() == (
        b"\xef\xbb\xbf---\r\n---\r\n%b\r\n%b\r\n\xff\r%b\n%b\n%b\r\n%b"
        % (directive, closing, directive, closing, directive, closing)
    )
    assert replaced.alts == ("", "x", "y")
    assert replaced.images[0].line == 3


@given(st.lists(st.text(min_size=1), min_size=1))
def test_words_come_back_from_the_directive(words: list[str]) -> None:
    post = read_post(b"![](a.gif)")
    try:
        replaced = replace_image(post, "a.gif", words)
    except InputError:
        assert any(part in " ".join(words) for part in ("--", "<!", "\n", "\r", "\0"))
        return
    (directive,) = find_directives(replaced.post)
    assert isinstance(directive, Directive)
    assert list(directive.words) == words


@pytest.mark.parametrize("words", [[], ["a-->b"], ["a\nb"], ["<!--"]])
def test_words_that_a_comment_cannot_hold_are_refused(words: list[str]) -> None:
    with pytest.raises(InputError, match="cannot stand in a directive"):
        replace_image(read_post(b"Text"), "a.gif", words)


@pytest.mark.parametrize(
    ("text", "cell"),
    [
        ("LSTM", "lstm"),
        ("https://example.org/illustrated-lstm_2.gif", "lstm"),
        ("An illustrated GRU's gates", "gru"),
        ("gru_reset_after.gif", "gru-reset-after"),
        ("GRU%20reset%20after", "gru-reset-after"),
        ("RNN ReLU", "rnn-relu"),
        ("ô nhớ LSTM: cổng quên", "lstm"),
        ("LSTM3-chain.png", "lstm"),
        ("LSTM结构图", "lstm"),
        ("LSTMの図", "lstm"),
        ("LSTM의 구조", "lstm"),
        ("_gru2", "gru"),
        ("Long short-term memory", "lstm"),
        ("long_short_term-memory.png", "lstm"),
        ("A gated recurrent unit neural network", "gru"),
        ("Gated%20Recurrent%20Units", "gru"),
        ("vanilla RNN", "rnn"),
        ("SimpleRNN", "rnn"),
        ("recurrent neural network", None),
        ("LSTM3-SimpleRNN.png", None),
        ("lstmé", None),
        ("lstms.gif", None),
        ("thelstm", None),
        ("LSTM and GRU", None),
        ("gru, gru-reset-after", None),
        ("a cell", None),
        ("", None),
    ],
)
def test_the_cell_that_a_text_names(text: str, cell: str | None) -> None:
    """None where it names none or several."""
    found = cells_in(text, CELLS)
    assert (next(iter(found)) if len(found) == 1 else None) == cell


def test_all_images_of_a_post_are_found() -> None:
    text = (
        "![](a.gif) b ![c](<d e.gif>)\n\n<p><img alt='' src='f.gif'></p>\n\n![x][y]\n\n"
        "[y]: g.gif\n\n![[h.gif|30]]\n\n[text](i.gif)\n\n    ![](j.gif)\n"
    )
    found = shown_images(read_post(text.encode()))
    assert found == ("a.gif", "d e.gif", "f.gif", "g.gif", "h.gif")


def test_without_cells_no_cell_is_named() -> None:
    assert cells_in("lstm", ()) == frozenset()


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('<p align="center"><img src="x.gif"></p>', '<p align="center">{}</p>'),
        ('<center> <img src="x.gif" width=300> </center>', "<center> {} </center>"),
        ('<div class="a"><div class="b"><img src="x.gif"></div></div>',
         '<div class="a"><div class="b">{}</div></div>'),
    ],
)  # fmt: skip
def test_what_no_option_says_stays_around_the_image(old: str, new: str) -> None:
    for name in ("a.md", "a.html"):
        post = read_post(f"a\n\n{old}\n".encode(), name)
        replaced = replace_image(post, "x.gif", ["lstm"])
        assert replaced.post.text == f"a\n\n{new.format(D)}\n"
        assert replaced.images[0].image.lost == ()
        plain = replace_image(post, "x.gif", ["lstm"], takes_html=False)
        assert plain.post.text == "a\n\n<!-- gatereel: lstm -->\n<!-- /gatereel -->\n"
        assert plain.images[0].image.lost


def test_a_list_of_attributes_in_the_line_below_is_the_images() -> None:
    text = 'a\n\n> ![](x.gif)\n> {: .wide #fig width="300" loading=lazy}\n\n{: .b}\nc\n'
    replaced = replace_image(read_post(text.encode()), "x.gif", ["lstm"])
    (found,) = replaced.images
    assert (found.image.classes, found.image.identifier, found.image.width) == (
        "wide",
        "fig",
        "300",
    )
    block = "> <!-- gatereel: lstm -->\n> <!-- /gatereel -->"
    assert replaced.post.text == f"a\n\n{block}\n\n{{: .b}}\nc\n"
    assert replaced.origins == (1, 2, 3, 3, 5, 6, 7)


def test_attributes_of_jsx_are_read() -> None:
    tag = (
        "<img\n  src={'x.gif'} className=\"wide\" width={400}\n"
        "  style={{ maxWidth: '100%', border: '1px solid' }}\n/>\n"
    )
    replaced = replace_image(read_post(tag.encode(), "a.mdx"), "x.gif", ["lstm"])
    (found,) = replaced.images
    assert (found.image.classes, found.image.width) == ("wide", "400")
    assert found.image.lost == ("style=\"{{ maxWidth: '100%', border: '1px solid' }}\"",)


def test_words_that_would_end_a_cell_stay_out_of_it() -> None:
    text = "| a | b |\n|---|:-:|\n| L | ![f \\| g](x.gif) |\n"
    replaced = replace_image(read_post(text.encode()), "x.gif", lambda image: ["lstm", image.alt])
    assert replaced.post.text == text
    assert "would end the table's cell" in replaced.reasons[3]


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("a.md", "|a|\n|-|\n| x ![LSTM](x.gif) |\n", f"|a|\n|-|\n| x {D} |\n"),
        (
            "a.md",
            "a | b\n- | -\n![[x.gif]] | ![][r]\n\n[r]: x.gif\n",
            f"a | b\n- | -\n{D} | {D}\n\n",
        ),
        ("a.md", "|[![](x.gif)](y){: .wide}|\n|-|\n", f"|{D}|\n|-|\n"),
        ("a.md", "|`![](x.gif)`|\n|-|\n|![](x.gif)|\n", f"|`![](x.gif)`|\n|-|\n|{D}|\n"),
        ("a.md", "<p>\n<img src='x.gif'> </p>\n", f"<p>\n{D} </p>\n"),
        ("a.md", "<td>a <img\n src='x.gif'\n> b</td>\n", f"<td>a {D} b</td>\n"),
        ("a.html", "<a\n href='y'>a <img src='x.gif'></a>\n", f"<a\n href='y'>a {D}</a>\n"),
        ("a.html", "<p>a <img src='x.gif'><img src='x.gif'>", f"<p>a {D}{D}"),
        (
            "a.html",
            "<p>a <!-- <img src='x.gif'> --><img src=x.gif>",
            f" <!-- <img src='x.gif'> -->{D}",
        ),
        ("a.html", "<script>'<img src=x.gif>'</script><img src=x.gif>", f"</script>{D}"),
    ],
)
def test_an_image_within_a_line_becomes_a_directive_there(name: str, old: str, new: str) -> None:
    replaced = replace_image(read_post(old.encode(), name), "x.gif", ["lstm"])
    assert new in replaced.post.text
    found = find_directives(replaced.post)
    assert len(found) == replaced.count == new.count(D)
    assert all(isinstance(each, Directive) and each.inline for each in found)
