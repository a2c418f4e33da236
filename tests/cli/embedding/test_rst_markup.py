"""Blocks of reStructuredText: what no text of a picture may end or mean."""

from gatereel.cli.embedding.rst_markup import restructured


def test_an_image_follows_that_writers_of_html_do_not_show() -> None:
    assert restructured("<figure>\n</figure>\n", "assets/a.png", "An LSTM", "").splitlines() == [
        *(".. raw:: html", "", "   <figure>", "   </figure>", "   <template>", ""),
        *(".. image:: assets/a.png", "   :alt: An LSTM", ""),
        *(".. raw:: html", "", "   </template>"),
    ]


def test_words_mean_nothing_to_restructuredtext() -> None:
    block = restructured("", "my pictures/a.png", "a_b *c*\n\n.. raw:: html", "`x`_ |y| *z*::")
    assert block.splitlines() == [
        *(r".. figure:: my\ pictures/a.png", "   :alt: a_b *c* .. raw:: html", ""),
        r"   \`x\`\_ \|y\| \*z\*:\:",
    ]
