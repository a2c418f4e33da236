"""Old images become directives: which cell, which line, and what stays."""

import pytest

from gatereel.cli.embedding import replacements
from gatereel.cli.embedding.keeping import says_more
from gatereel.cli.embedding.replacements import Replaced, replaced
from gatereel.cli.posts import Image, read_post

LSTM, GIF = "https://example.com/illustrated-lstm.gif", "https://example.com/picture.gif"


def replace(
    text: str, *old: str, cell: str | None = None, defaults: tuple[str, ...] = ()
) -> Replaced:
    return replaced(read_post(text.encode()), dict.fromkeys(old, cell), defaults)


def text_of(found: Replaced) -> str:
    assert found.post is not None
    return found.post.text


@pytest.mark.parametrize(
    ("text", "old", "cell", "directive"),
    [
        (f"![]({LSTM})", LSTM, None, "lstm"),
        (f"![An LSTM]({LSTM})", LSTM, None, "lstm"),
        ("![](images/rnn/lstm.png)", "images/rnn/lstm.png", None, "lstm"),
        ("![](LSTM_assets/rolled-rnn1.png)", "LSTM_assets/rolled-rnn1.png", None, "rnn"),
        (f"![LSTM\u7ed3\u6784\u56fe]({GIF})", GIF, None, "lstm"),
        (f"![]({GIF})", GIF, "legend", "legend"),
        (f"![A GRU]({GIF})", GIF, None, "gru"),
        (f"![]({GIF})", GIF, "rnn", "rnn"),
        (f"![]({LSTM})", LSTM, "rnn", "rnn"),
    ],
)
def test_which_cell_takes_an_image_s_place(
    text: str, old: str, cell: str | None, directive: str
) -> None:
    found = replace(text, old, cell=cell)
    assert text_of(found) == f"<!-- gatereel: {directive} -->\n<!-- /gatereel -->"
    assert (found.problems, found.found) == ((), frozenset({old}))


def test_options_for_all_stand_in_the_directive() -> None:
    found = replace(f"![]({LSTM})\n", LSTM, defaults=("--style", "video", "--once"))
    assert text_of(found).startswith("<!-- gatereel: lstm --style video --once -->\n")


@pytest.mark.parametrize("alt", ["", "Two cells: RNN and GRU"])
def test_an_image_that_names_no_cell_stays(alt: str) -> None:
    found = replace(f"\n![{alt}]({GIF})\n", GIF)
    assert found.post is None
    ((line, reason),) = found.problems
    assert (line, reason.endswith("say which by --cell.")) == (2, True)


@pytest.mark.parametrize(
    ("text", "old", "reason"),
    [
        (f"![A GRU]({LSTM})", LSTM, "name several cells, gru and lstm"),
        ("![LSTM](lstm-gru.gif)", "lstm-gru.gif", "name several cells, gru and lstm"),
        (
            "![](LSTM%20notes_assets/2023-04-18-image.png)",
            "LSTM%20notes_assets/2023-04-18-image.png",
            "nor its words name one cell",
        ),
        ("![](lstm/a.gif?b=lstm#lstm)", "lstm/a.gif?b=lstm#lstm", "nor its words name one cell"),
        ("![LSTM](LSTM3-var-tied.png)", "LSTM3-var-tied.png", "whose forget and input gates"),
    ],
)
def test_in_doubt_the_author_is_asked(text: str, old: str, reason: str) -> None:
    found = replace(text, old)
    assert found.post is None
    ((line, said),) = found.problems
    assert line == 1
    assert reason in said
    assert said.endswith("say which by --cell.")


def test_several_images_each_with_its_cell() -> None:
    post = read_post(b"![](a.gif)\n\n![](b.gif)\n")
    found = replaced(post, {"a.gif": "gru", "b.gif": "rnn"}, ())
    assert text_of(found).split("\n")[::3] == [
        "<!-- gatereel: gru -->",
        "<!-- gatereel: rnn -->",
    ]
    assert found.notes[1] == "gru, as asked for"


KEPT = f'[![How an LSTM forgets]({LSTM} "By hand"){{#a .b width=80%}}](c.html)<br>*Figure 1*'
OPTIONS = frozenset(
    ("--alt", "--title", "--class", "--id", "--display-width", "--link", "--caption-text")
)


def test_what_the_author_had_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(replacements, "options_for", lambda words: OPTIONS)
    found = replace(KEPT, LSTM, defaults=("--once",))
    assert text_of(found).startswith(
        "<!-- gatereel: lstm --once --alt 'How an LSTM forgets' --title 'By hand' --class b --id a "
        "--display-width 80% --link c.html --caption-text 'Figure 1' -->\n"
    )
    assert found.notes == {1: "lstm, named by its address"}


def test_what_cannot_stay_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(replacements, "options_for", lambda words: OPTIONS - {"--id"})
    text = f'<p align="center"><img id="a" src="{LSTM}" alt="An --> arrow"></p>'
    found = replace(text, LSTM)
    assert text_of(found) == "<!-- gatereel: lstm -->\n<!-- /gatereel -->"
    assert found.notes[1].endswith(
        "; not kept: the alt text 'An --> arrow', the id 'a', align=\"center\""
    )


def test_each_image_keeps_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(replacements, "options_for", lambda words: OPTIONS)
    found = replace(f"![Forgetting]({LSTM})\n\n![Remembering]({LSTM})\n", LSTM)
    assert text_of(found).split("\n")[::3] == [
        "<!-- gatereel: lstm --alt Forgetting -->",
        "<!-- gatereel: lstm --alt Remembering -->",
    ]


@pytest.mark.parametrize(
    ("alt", "more"),
    [
        ("", False),
        ("LSTM", False),
        ("image", False),
        ("An LSTM cell", False),
        ("a picture of the Gated Recurrent Unit", False),
        ("LSTM3", False),
        ("chain-7", False),
        ("chain-7.png", False),
        ("LSTM\u7ed3\u6784\u56fe", False),
        ("The forget gate of an LSTM", True),
        ("\u00d4 nh\u1edb LSTM", True),
        ("LSTM\u7684\u9057\u5fd8\u95e8", True),
    ],
)
def test_whether_an_alt_text_says_more_than_ours(alt: str, more: bool) -> None:
    assert says_more(Image(alt, "img/chain-7.png")) is more


def test_lines_are_known_behind_a_tag_of_several_lines() -> None:
    text = f"one\n<img\n  src='{LSTM}'\n>\nfive {GIF}\n![GRU]({GIF})\n"
    found = replace(text, LSTM, GIF)
    assert (found.lines, found.remaining) == ({2: 2, 5: 6}, (5,))
    assert (found.was[2], found.origins) == (f"<img src='{LSTM}' >", (1, 2, 2, 5, 6, 6))


def test_a_legend_gets_no_option_of_a_film() -> None:
    words = ("--style", "video", "--lang", "vi", "--once", "--max-seconds", "9")
    found = replace(f"![]({GIF})", GIF, cell="legend", defaults=words)
    assert text_of(found).startswith("<!-- gatereel: legend --lang vi -->")


def test_lines_are_known_in_both_posts() -> None:
    text = f"one\n![]({LSTM})\nthree\n![GRU]({GIF})\nfive with ![GRU]({GIF}) in it\n![]({LSTM})"
    found = replace(text, LSTM, GIF)
    new = text_of(found).splitlines()
    assert found.lines == {2: 2, 5: 4, 8: 6}
    assert all(new[line - 1].startswith("<!-- gatereel: ") for line in found.lines)
    assert found.remaining == (5,)
    assert found.was == {2: f"![]({LSTM})", 4: f"![GRU]({GIF})", 6: f"![]({LSTM})"}


def test_nothing_to_replace() -> None:
    assert replace("text\n", LSTM) == Replaced()
