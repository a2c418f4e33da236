"""`gatereel embed`: the legend as a picture of a post, and cards for social previews."""

import re
from pathlib import Path

import pytest
from PIL import Image

from tests.cli.commands.test_embed import QUICK_STILL, directive, pictures, write
from tests.cli.conftest import Command

SMALL = "--width 300"
CELLS = "".join(directive(f"{cell} {QUICK_STILL} --theme dark") for cell in ("rnn", "lstm", "gru"))


@pytest.mark.slow
def test_a_legend_is_drawn_once_for_many_posts_and_not_again(
    gatereel: Command, folder: Path
) -> None:
    first = write("a.md", directive(f"legend lstm {SMALL} --lang vi --describe table"))
    write("b.md", "Text.\n\n", directive(f"legend lstm {SMALL} --lang vi --describe table"))
    ended = gatereel("embed", "a.md", "b.md", "--once")
    assert (ended.code, ended.err) == (0, "")
    light, dark = sorted(pictures(), key=len)
    assert re.fullmatch("legend-[0-9a-f]{8}.png", light)
    assert re.fullmatch("legend-dark-[0-9a-f]{8}.png", dark)
    text = first.read_text(encoding="utf-8")
    assert f'<source media="(prefers-color-scheme: dark)" srcset="assets/{dark}">' in text
    assert 'lang="vi"' in text
    assert "<td>một trừ</td>" not in text
    assert "<td>ghép nối</td><td>[a, b]</td>" in text
    with Image.open(Path("assets", light)) as picture:
        assert picture.size == (300, 156)
    again = gatereel("embed", "a.md", "b.md", "--check")
    assert (again.code, again.out) == (0, "2 posts up to date\n")
    Path("assets", dark).write_bytes(b"another")
    assert gatereel("embed", "a.md", "--check").code == 1
    assert gatereel("embed", "a.md").out.startswith(f"assets/{dark}  ")


@pytest.mark.slow
def test_a_legend_follows_the_cells_of_its_post(gatereel: Command, folder: Path) -> None:
    post = write("p.md", directive(f"legend {SMALL} --theme dark"), "\n", CELLS)
    assert gatereel("embed", "p.md").code == 0
    text = post.read_text(encoding="utf-8")
    assert 'alt="Symbols of RNN, LSTM and GRU: concatenate, weighted sum + sigmoid,' in text
    assert "<td>tanh</td>" not in text
    old = next(name for name in pictures() if name.startswith("legend"))
    post.write_text(text.replace(": lstm --", ": gru --"), encoding="utf-8")
    changed = gatereel("embed", "p.md")
    assert 'alt="Symbols of RNN and GRU: ' in post.read_text(encoding="utf-8")
    assert f"left where it is: assets/{old}" in changed.err.replace("\\", "/")


def test_a_mistake_in_a_cell_leaves_the_legend_as_it_is(gatereel: Command, folder: Path) -> None:
    post = write("p.md", directive("legend"), "\n", directive("lsmt"))
    before = post.read_bytes()
    ended = gatereel("embed", "p.md")
    assert ended.code == 1
    assert "p.md:1: it shows the symbols of the post's cells" in ended.err
    assert "p.md:3: " in ended.err
    assert post.read_bytes() == before


def test_an_option_of_cells_is_refused_by_name(gatereel: Command, folder: Path) -> None:
    write("p.md", directive("legend lstm --still"))
    ended = gatereel("embed", "p.md")
    assert ended.code == 1
    assert "p.md:1: --still is not for a legend" in ended.err


@pytest.mark.slow
def test_as_outlines(gatereel: Command, folder: Path) -> None:
    post = write("p.md", directive("legend rnn --format svg --theme print --style markdown"))
    assert gatereel("embed", "p.md").code == 0
    (name,) = pictures()
    assert name.endswith(".svg")
    text = post.read_text(encoding="utf-8")
    assert f"](assets/{name})" in text
    assert gatereel("embed", "p.md", "--check").code == 0


@pytest.mark.slow
def test_a_post_gets_one_card_and_the_line_that_names_it(gatereel: Command, folder: Path) -> None:
    quick = f"{QUICK_STILL} --theme dark"
    post = write(
        "p.md",
        *("---\ntitle: x\n---\n", directive(f"legend rnn {SMALL} --theme dark")),
        *("\n", directive(f"rnn {quick}"), "\n", directive(f"gru {quick}")),
    )
    ended = gatereel("embed", "p.md", "--card", "--url", "/a")
    (card,) = (name for name in pictures() if "-card-" in name)
    assert card.startswith("rnn-card-dark-")
    entry = f"image: /a/{card}"
    assert ended.err == f"gatereel: p.md: for social previews, add to its front matter: {entry}\n"
    with Image.open(Path("assets", card)) as picture:
        assert picture.size == (1200, 630)
        assert picture.info["Title"] == "RNN: recurrent neural network"
    text = post.read_text(encoding="utf-8")
    assert card not in text
    post.write_text(text.replace("title: x", entry), encoding="utf-8")
    checked = gatereel("embed", "p.md", "--card", "--url", "/a", "--check")
    assert (checked.code, checked.err) == (0, "")
    Path("assets", card).unlink()
    stale = gatereel("embed", "p.md", "--card", "--url", "/a", "--check")
    assert (stale.code, card in stale.out) == (1, True)
    renewed = gatereel("embed", "p.md", "--card", "--url", "/a", "--lang", "vi", "--check")
    assert f"its front matter names {card}; the card is now image: /a/rnn-card-" in renewed.err


def test_a_post_without_a_cell_has_no_card(gatereel: Command, folder: Path) -> None:
    write("p.md", directive("legend"))
    ended = gatereel("embed", "p.md", "--card", "--check")
    assert "p.md: --card shows a cell, and this post shows none." in ended.err
