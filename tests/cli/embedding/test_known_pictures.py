"""Pictures that gatereel redraws are known by their names, wherever they lie."""

import pytest

from gatereel.cli.embedding.known_pictures import known_picture
from gatereel.cli.embedding.replacements import replaced
from gatereel.cli.posts import read_post

COLAH = "http://colah.github.io/posts/2015-08-Understanding-LSTMs/img/"
GIF = "1*goJVQs-p9kgLODFNyhl9zA.gif"

HOT_LINKS = {
    "https://cdn-images-1.medium.com/max/1000/1*kLIkXgfeGRdi1Mds5CV5xA.png": "legend",
    "https://cdn-images-1.medium.com/max/1000/1*xn5kA92_J5KLaKcP7BMRLA.gif": "rnn",
    f"https://cdn-images-1.medium.com/max/1000/{GIF}": "lstm",
    "https://cdn-images-1.medium.com/max/1000/1*FpRS0C3EHQnELVaWRvb8bg.gif": "gru",
}


@pytest.mark.parametrize(
    ("address", "cell"),
    [
        *HOT_LINKS.items(),
        (f"https://miro.medium.com/{GIF}", "lstm"),
        (f"https://miro.medium.com/max/1400/{GIF}", "lstm"),
        ("https://miro.medium.com/v2/1*goJVQs-p9kgLODFNyhl9zA.png", "lstm"),
        (f"https://miro.medium.com/v2/resize:fit:1000/{GIF}", "lstm"),
        (f"https://miro.medium.com/v2/resize:fit:720/format:webp/{GIF}", "lstm"),
        (f"//cdn-images-1.medium.com/freeze/max/30/{GIF}?q=20#a", "lstm"),
        (f"https://miro.medium.com/max/1400/{GIF.replace('*', '%2A')}", "lstm"),
        ("assets/1_goJVQs-p9kgLODFNyhl9zA.gif", "lstm"),
        (f"{COLAH}LSTM3-chain.png", "lstm"),
        (f"{COLAH}LSTM3-SimpleRNN.png", "rnn"),
        (f"{COLAH}LSTM3-var-GRU.png", "gru"),
        ("../../.gitbook/assets/lstm3-simplernn.png", "rnn"),
        ('{{ "/img/LSTM3-chain.png" | relative_url }}', "lstm"),
        ("{{ '/img/LSTM3-chain.png' | relative_url }}", "lstm"),
        ("https://miro.medium.com/max/1400/1*itcofCIVsGe7rBmciJcmVw.gif", None),
        (f"https://example.org/{GIF}/other.gif", None),
        ("my-LSTM3-chain.png", None),
        ("LSTM2-notation.png", None),
        ("", None),
    ],
)
def test_what_a_known_picture_shows(address: str, cell: str | None) -> None:
    picture = known_picture(address)
    assert (picture and picture.cell) == cell


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("C-line", "one step"),
        ("gate", "a gate alone"),
        ("focus-f", "one step"),
        ("focus-i", "one step"),
        ("focus-C", "one step"),
        ("focus-o", "one step"),
        ("var-peepholes", "peepholes"),
        ("var-tied", "tied"),
    ],
)
def test_a_known_picture_that_nothing_here_can_take_the_place_of(name: str, reason: str) -> None:
    text = f"a\n\n![LSTM]({COLAH}LSTM3-{name}.png)\n"
    found = replaced(read_post(text.encode()), {}, (), known=True)
    assert (found.post, found.problems, list(found.reasons)) == (None, (), [3])
    assert reason in found.reasons[3]


def test_a_post_of_four_hot_links_is_converted_at_once() -> None:
    post = (
        "---\ntitle: RNN\n---\n\n"
        + "\n\n".join(f"![]({address})\n\nLưu ý." for address in HOT_LINKS)
        + "\n\n\n\n"
    )
    found = replaced(read_post(post.encode()), {}, ("--lang", "vi", "--once"), known=True)
    new = post
    for address, cell in HOT_LINKS.items():
        words = f"{cell} --lang vi" + ("" if cell == "legend" else " --once")
        new = new.replace(f"![]({address})", f"<!-- gatereel: {words} -->\n<!-- /gatereel -->")
    assert found.post is not None
    assert found.post.text == new
    assert (found.problems, found.reasons) == ((), {})
    assert found.notes[5] == "legend, which this picture is known to show"


def test_a_link_to_a_known_picture_is_no_image() -> None:
    text = f"From [here]({COLAH}LSTM3-chain.png).\n\n- a ![]({COLAH}LSTM3-chain.png)\n"
    found = replaced(read_post(text.encode()), {}, (), known=True)
    assert (found.post, list(found.reasons)) == (None, [3])
    assert "shares its line" in found.reasons[3]


def test_known_pictures_in_a_table_are_replaced_where_they_stand() -> None:
    text = (
        f"| a | b |\n|---|---|\n| ![]({COLAH}LSTM3-chain.png) | ![]({COLAH}LSTM3-var-GRU.png) |\n"
    )
    found = replaced(read_post(text.encode()), {}, (), known=True)
    assert found.post is not None
    end = "<!-- /gatereel -->"
    row = f"| <!-- gatereel: lstm -->{end} | <!-- gatereel: gru -->{end} |"
    assert found.post.text == f"| a | b |\n|---|---|\n{row}\n"
    assert (found.lines, found.origins) == ({3: 3}, (1, 2, 3))
    assert found.notes[3].count("is known to show") == 2


def test_what_is_known_of_a_picture_counts_more_than_its_words() -> None:
    post = read_post(f"![GRU](https://miro.medium.com/v2/{GIF})".encode())
    for found in (
        replaced(post, {}, (), known=True),
        replaced(post, {f"https://miro.medium.com/v2/{GIF}": None}, ()),
    ):
        assert found.post is not None
        assert found.post.text.startswith("<!-- gatereel: lstm -->")


def test_known_pictures_behind_liquid_and_elsewhere_in_the_text() -> None:
    text = (
        '![]({{ "/img/LSTM3-chain.png" | relative_url }})\n\n![]({{ site.url }}/LSTM3-chain.png)\n'
    )
    found = replaced(read_post(text.encode()), {}, (), known=True)
    assert list(found.was) == [1, 3]
