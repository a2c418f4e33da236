"""What the author of a post wrote beside an image is read with it."""

import pytest

from gatereel.cli.posts import Image
from gatereel.cli.posts.images import image_alone

TARGET = {"label": "https://example.org/l"}


@pytest.mark.parametrize(
    ("text", "image"),
    [
        ("![a](x.gif)", Image("a", "x.gif")),
        ('![a](x.gif "A *title*")', Image("a", "x.gif", title="A *title*")),
        ("![a](x.gif 'It\\'s')", None),
        ("![a](x.gif){ width=80% }", Image("a", "x.gif", width="80%")),
        ("![a](x.gif){#fig-a width=80%}", Image("a", "x.gif", identifier="fig-a", width="80%")),
        ('![a](x.gif){: .b .c width="300px"}', Image("a", "x.gif", classes="b c", width="300")),
        ("![a](x.gif){:.b}", Image("a", "x.gif", classes="b")),
        ('![a](x.gif){: style="width:60%;"}', Image("a", "x.gif", width="60%")),
        (
            '![a](x.gif){: style="width:90%; display: block; margin:8px auto"}',
            Image("a", "x.gif", width="90%", lost=('style="display: block; margin:8px auto"',)),
        ),
        (
            '![a](x.gif){: width="5em" align=left bare}',
            Image("a", "x.gif", lost=("bare", 'width="5em"', 'align="left"')),
        ),
        ("[![a](x.gif)](b.html)", Image("a", "x.gif", link="b.html")),
        ('[![a](x.gif)](<b.html> "t")', Image("a", "x.gif", link="b.html")),
        ("[![a](x.gif)][label]", Image("a", "x.gif", link="https://example.org/l")),
        ("[![a](x.gif)][none]", Image("a", "x.gif", lost=("the link [none]",))),
        (
            '[![a](x.gif){: .b}](c){:target="_blank"}',
            Image("a", "x.gif", link="c", classes="b", lost=('target="_blank"',)),
        ),
        ("![a](x.gif)<br>*Figure 1*", Image("a", "x.gif", caption="Figure 1")),
        ("![a](x.gif) <br/> _From [b](c)_", Image("a", "x.gif", caption="From b")),
        ("![a](x.gif){: .b}<br>c_d", Image("a", "x.gif", caption="c_d", classes="b")),
        ("![[x.gif]]", Image("", "x.gif")),
        ("![[x.gif|300]]", Image("", "x.gif", width="300")),
        ("![[x.gif|An a|30x20]]", Image("An a", "x.gif", width="30")),
        ('<img src="x.gif" alt="a" width=300 height=2>', Image("a", "x.gif", width="300")),
        ("<img src='x.gif' width=300/>", Image("", "x.gif", width="300")),
        (
            '<img src="x.gif" style="zoom:40%;" class="b" id=c title="d">',
            Image("", "x.gif", "d", classes="b", identifier="c", lost=('style="zoom:40%;"',)),
        ),
        ('<a href="b"><img src="x.gif"></a>', Image("", "x.gif", link="b")),
        ('<p align="center"><img src="x.gif"></p>', Image("", "x.gif", lost=('align="center"',))),
        ('<center><img src="x.gif"></center>', Image("", "x.gif", lost=("<center>",))),
        (
            '<figure class="b"><img src="x.gif"><figcaption>A <b>c</b></figcaption></figure>',
            Image("", "x.gif", caption="A c", classes="b"),
        ),
        (
            '{{< figure src="x.gif" alt="a" caption="*b*" width="60%" link="c" class="d" >}}',
            Image("a", "x.gif", caption="b", link="c", classes="d", width="60%"),
        ),
        (
            '{% include figure.liquid path="x.gif" class="img-fluid" zoomable=true %}',
            Image("", "x.gif", classes="img-fluid", lost=('zoomable="true"',)),
        ),
        (
            '{% include image.html url="x.gif" description="A b" %}',
            Image("", "x.gif", caption="A b"),
        ),
        ("{% include figure.html %}", None),
        ("{{< figure >}}", None),
    ],
)
def test_what_stands_beside_an_image(text: str, image: Image | None) -> None:
    assert image_alone(text, TARGET) == image
