"""Addresses: which are taken for pictures, and that they break neither HTML nor Markdown."""

from html import unescape
from pathlib import Path
from urllib.parse import unquote

import html5lib
import pytest

from gatereel.cli.embedding.markup import Figure, Link, picture
from gatereel.cli.embedding.plain_markup import markdown
from gatereel.cli.sites.addresses import check_url, in_html, in_markdown
from gatereel.cli.sites.site import Site
from gatereel.rnn_math import InputError
from tests.cli.embedding.readers import commonmark, github


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)//",
        "JavaScript:alert(1)",
        " javascript:x",
        "java\tscript:x",
        "data:text/html,x",
        "vbscript:x",
        "file:///etc",
        '/a"onerror=x',
        "/a<b",
        "/a>b",
        "/a`b",
        "/a\\b",
        "/a\nb",
        "/a\x00b",
        "/a\u2028b",
        " /a",
        "/a ",
    ],
)
def test_what_is_no_address_is_refused_by_name(url: str) -> None:
    with pytest.raises(InputError, match=r"^--url "):
        Site(url=url)


URLS = (
    "",
    "/cells",
    "//example.com/c",
    "https://example.com/a_b/*c*/[d]/(e)/f'g?h&i=~j",
    "HTTP://example.com/my cells",
    "{{ site.baseurl }}/c d",
    '{{ "/a" | relative_url }}',
    "{% link a.md %}/(x)",
    "a:b/c".replace(":", "%3A"),
    "&#106;avascript:x".replace(":", "%3A"),
)


@pytest.mark.parametrize("url", URLS)
def test_addresses_come_through_html_and_markdown(url: str) -> None:
    check_url(url)
    address = Site(url=url).address(Path("post.md"), "a.png")
    assert "-->" not in in_html(address) + in_markdown(address)
    if "{" in url:
        return
    figure = Figure(Link(address, address), None, 8, 6, "alt", "en")
    for engine in (commonmark, github):
        html = engine(f"<!-- a -->\n{picture(figure, in_paragraph=False)}")
        tree = html5lib.parse(html, namespaceHTMLElements=False)
        (image,), (source,) = tree.iter("img"), tree.iter("source")
        assert unquote(image.get("src") or "") == unquote(address)
        assert unquote(source.get("srcset") or "") == unquote(address)
        assert len((source.get("srcset") or "").split()) == 1
        (image,) = html5lib.parse(engine(markdown(figure)), namespaceHTMLElements=False).iter("img")
        assert unquote(image.get("src") or "") == unquote(address)


def test_a_template_stays_as_it_is() -> None:
    address = '{{ "/a b" | relative_url }}/c (d)'
    assert in_html(address) == '{{ "/a b" | relative_url }}/c%20(d)'
    assert in_markdown(address) == '{{ "/a b" | relative_url }}/c%20%28d%29'
    assert unescape(in_markdown("&#106;a")) == "&#106;a"
