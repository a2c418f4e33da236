"""`.gatereel.toml`: what a site remembers."""

from pathlib import Path

import pytest

from gatereel.cli.sites.memory import FILE, KEYS, Memory, remembered
from gatereel.cli.sites.site import Site
from gatereel.rnn_math import InputError
from tests.cli.commands.test_embed import QUICK_STILL, directive, pictures, write
from tests.cli.conftest import Command


def remember(folder: Path, text: str) -> Memory | None:
    (folder / FILE).write_text(text, encoding="utf-8")
    return remembered(folder / "posts" / "a.md")


def test_what_is_remembered(tmp_path: Path) -> None:
    text = 'assets = "pics"\nurl = "/p"\nlang = "vi"\nwidth = 300\ncard = true\nsite = "hugo"\n'
    memory = remember(tmp_path, text)
    words = (("--lang", "vi"), ("--width", "300"))
    assert memory == Memory(tmp_path, "hugo", tmp_path / "pics", "/p", words, card=True)
    assert remembered(Path("/a.md")) is None


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('asset = "pics"', "has the entry 'asset'; " + KEYS[0]),
        ('card = "yes"', "card = 'yes' is neither true nor false"),
        ("lang = true", "lang = True is no text; write it in quotation marks"),
        ('assets = "../elsewhere"', "is outside of its folder; give it by --assets instead"),
        ('site = "wordpress"', "site = 'wordpress' is not known"),
        ("lang = ", "is no TOML"),
    ],
)
def test_what_cannot_be_used_is_named(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(InputError, match=FILE) as raised:
        remember(tmp_path, text)
    assert message in str(raised.value)


def test_the_command_line_wins(tmp_path: Path) -> None:
    post = tmp_path / "a.md"
    remember(tmp_path, 'assets = "pics"\nurl = "/p"\n')
    assert Site().address(post, "x.png") == "/p/x.png"
    assert Site(url="/q").address(post, "x.png") == "/q/x.png"
    assert Site(assets=Path("elsewhere")).folder(post) == Path("elsewhere")


def test_a_started_memory_is_understood_and_changes_nothing(
    gatereel: Command, folder: Path
) -> None:
    write("mkdocs.yml", "site_name: Notes\n")
    Path("docs").mkdir()
    before = Site().address(Path("docs/a.md"), "x.png")
    assert gatereel("embed", "docs", "--init").out == f"{FILE}  written\n"
    assert Site().address(Path("docs/a.md"), "x.png") == before
    started = Path(FILE).read_text(encoding="utf-8")
    every = "".join(
        line.removeprefix("# ") + "\n" for line in started.splitlines() if " = " in line
    )
    Path(FILE).write_text(every, encoding="utf-8")
    memory = remembered(Path("docs/a.md"))
    assert memory is not None
    assert memory.card
    assert all(key in every for key in KEYS)
    again = gatereel("embed", "docs", "--init")
    assert again.code == 2
    assert "is there already; change it by hand" in again.err


@pytest.mark.slow
def test_a_card_by_memory_and_none_by_the_command_line(gatereel: Command, folder: Path) -> None:
    write(FILE, "card = true\n")
    write("p.md", directive(f"rnn {QUICK_STILL} --theme dark"))
    assert gatereel("embed", "p.md", "--no-card").code == 0
    assert not [name for name in pictures() if "-card-" in name]
    ended = gatereel("embed", "p.md")
    (card,) = (name for name in pictures() if "-card-" in name)
    assert card in ended.err
