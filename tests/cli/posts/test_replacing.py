"""Old images become directives, in all the ways that people write images."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gatereel.cli.posts import Directive, cell_in, find_directives, read_post, replace_image
from gatereel.rnn_math import CELLS, InputError

OLD = "https://example.org/LSTM_(1).gif?a=1&b=2"
PATH = "/assets/lstm.gif"
WORDS = ("lstm", "--title", "cổng quên")
BLOCK = "<!-- gatereel: lstm --title 'cổng quên' -->\n<!-- /gatereel -->"

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
    f'<p align="center"><img src="{OLD}" alt="An LSTM"></p>',
    f'<center> <img src="{OLD}" alt="An LSTM"/> </center>',
    f'<div><a href="b"><img src="{OLD}" alt="An LSTM"></a></div>',
    f'<figure><img src="{OLD}" alt="An LSTM"><figcaption>A *b*</figcaption></figure>',
    f'<picture><source srcset="d.gif"><img src="{OLD}" alt="An LSTM"></picture>',
    f'{{{{< figure src="{OLD}" alt="An LSTM" >}}}}',
]
OTHER_LINES = [
    f"See ![An LSTM]({OLD})",
    f"![An LSTM]({OLD}) ![A GRU](gru.gif)",
    f"- ![An LSTM]({OLD})",
    f"| ![An LSTM]({OLD}) |",
    f"[An LSTM]({OLD})",
    f"`![An LSTM]({OLD})`",
    f"![An LSTM]({OLD}#x)",
    f'<img src="{OLD}"> <img src="{OLD}">',
    f'<table><tr><td><img src="{OLD}"></td></tr></table>',
    f'<img src="a.gif" alt="{OLD}">',
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
        ("lstms.gif", None),
        ("thelstm", None),
        ("LSTM and GRU", None),
        ("gru, gru-reset-after", None),
        ("a cell", None),
        ("", None),
    ],
)
def test_the_cell_that_a_text_names(text: str, cell: str | None) -> None:
    assert cell_in(text, CELLS) == cell


def test_without_cells_no_cell_is_named() -> None:
    assert cell_in("lstm", ()) is None
