"""Old images of reStructuredText, and what becomes of what their authors wrote with them."""

import pytest

from gatereel.cli.posts import Directive, find_directives, replace_image
from gatereel.cli.posts.image_restructured import restructured_image
from gatereel.cli.posts.image_words import Image
from gatereel.cli.posts.reading import post_of


@pytest.mark.parametrize(
    ("text", "image", "lines"),
    [
        (".. image:: a.gif", Image("", "a.gif"), 1),
        ("  .. image:: a b.gif  ", Image("", "ab.gif"), 1),
        (
            ".. image:: a.gif\n   :alt: The LSTM\n   :width: 300px\n   :target: https://e.com\n"
            "   :class: wide\n   :name: cell\n   :align: center\n\nText.",
            Image(
                "The LSTM",
                "a.gif",
                link="https://e.com",
                classes="wide",
                identifier="cell",
                width="300",
                lost=(":align: center",),
            ),
            7,
        ),
        (".. image:: a.gif\n   :width: 60%\n", Image("", "a.gif", width="60%"), 2),
        (
            ".. image:: a.gif\n   :width: 5em\n",
            Image("", "a.gif", lost=(":width: 5em",)),
            2,
        ),
        (
            ".. figure:: a.gif\n   :alt: x\n\n   What the\n   cell does.\n\nText.",
            Image("x", "a.gif", caption="What the cell does."),
            5,
        ),
    ],
)
def test_an_image_with_its_options(text: str, image: Image, lines: int) -> None:
    assert restructured_image(text.split("\n")) == (image, lines)


@pytest.mark.parametrize(
    "text",
    [
        "Text .. image:: a.gif",
        ".. images:: a.gif",
        "..image:: a.gif",
        ".. image:: a.gif\n   no option",
        ".. figure:: a.gif\n\n   Caption.\n\n   Legend.",
    ],
)
def test_what_is_no_image_alone(text: str) -> None:
    assert restructured_image(text.split("\n")) is None


def test_it_becomes_a_directive_where_it_stood() -> None:
    post = post_of(
        "Cells\n=====\n\n* An item\n\n  .. image:: x/lstm.gif\n     :alt: A\n\n"
        "Text ``x/lstm.gif``.\n",
        "post.rst",
    )
    done = replace_image(post, "x/lstm.gif", ("lstm",))
    assert done.post.text == (
        "Cells\n=====\n\n* An item\n\n  .. gatereel: lstm\n  .. /gatereel\n\nText ``x/lstm.gif``.\n"
    )
    (directive,) = find_directives(done.post)
    assert isinstance(directive, Directive)
    assert [image.alt for image in done.images] == ["A"]
    assert list(done.reasons) == [9]


def test_in_a_literal_block_it_stays() -> None:
    post = post_of("Like this::\n\n   .. image:: a.gif\n", "post.rst")
    assert replace_image(post, "a.gif", ("lstm",)).images == ()
