"""`gatereel embed` where something fails: one directive, one picture, one post; never the run."""

import os
import re
from pathlib import Path
from typing import Any

import pytest

from gatereel.cli.commands import embed
from gatereel.cli.drawing.engine import Engine
from gatereel.cli.embedding import planning, post_file
from gatereel.cli.embedding.illustration import illustrate
from gatereel.cli.embedding.page import EmbeddedPost
from gatereel.cli.embedding.run import EmbedRun, draw_and_write
from gatereel.cli.sites.site import Site
from gatereel.cli.terminal.report import Bar
from gatereel.rnn_math import InputError, models
from gatereel.rnn_math.files.exchange import replace_bytes
from tests.cli.commands.test_embed import QUICK_STILL, directive, pictures, write
from tests.cli.conftest import Command

GOOD = directive(f"rnn {QUICK_STILL} --theme dark")


def told(err: str) -> list[tuple[str, int]]:
    """Posts and lines that errors name."""
    found = re.findall(r"^gatereel: ([^:\s]+):(\d+): ", err, re.MULTILINE)
    return [(post, int(line)) for post, line in found]


@pytest.mark.slow
@pytest.mark.parametrize(
    "error",
    [
        MemoryError(),
        RecursionError("maximum recursion depth exceeded"),
        ValueError("embedded null byte"),
        ZeroDivisionError("division by zero."),
        OSError(28, "No space left on device"),
    ],
    ids=lambda error: type(error).__name__,
)
def test_whatever_one_directive_meets_the_others_are_done(
    gatereel: Command, folder: Path, error: Exception, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails_for_gru(words: tuple[str, ...], *others: Any) -> object:
        if "gru" in words:
            raise error
        return illustrate(words, *others)

    monkeypatch.setattr(planning, "illustrate", fails_for_gru)
    post = write("p.md", directive("gru"), "\n", GOOD, "\n", directive("gru"))
    ended = gatereel("embed", "p.md", "--jobs", "1")
    assert (ended.code, told(ended.err)) == (1, [("p.md", 1), ("p.md", post_line(post))])
    assert len(pictures()) == 1
    assert not re.search(r"\.\.|\[Errno|: No space", ended.err.replace("read: No space", ""))


def post_line(post: Path) -> int:
    """The line of the last directive, from 1."""
    return len(post.read_text(encoding="utf-8").splitlines())


@pytest.mark.slow
def test_hostile_words_are_their_directives_failures(gatereel: Command, folder: Path) -> None:
    words = ("lstm --hidden-size 1000000000000", "lstm --weights a\0b.pt")
    write("p.md", *(directive(each) + "\n" for each in words), GOOD)
    ended = gatereel("embed", "p.md", "--jobs", "1")
    assert (ended.code, told(ended.err)) == (1, [("p.md", 1), ("p.md", 3)])
    assert len(pictures()) == 1


@pytest.mark.slow
def test_a_folder_in_the_place_of_a_picture_is_its_directives_failure(
    gatereel: Command, folder: Path
) -> None:
    other = directive(f"gru {QUICK_STILL} --theme dark")
    write("p.md", GOOD)
    assert gatereel("embed", "p.md", "--jobs", "1").code == 0
    (name,) = pictures()
    Path("assets", name).unlink()
    Path("assets", name, "kept").mkdir(parents=True)
    write("p.md", GOOD, "\n", other)
    ended = gatereel("embed", "p.md", "--jobs", "1")
    assert (ended.code, told(ended.err)) == (1, [("p.md", 1)])
    assert f"{name} is a folder" in ended.err
    assert Path("assets", name, "kept").is_dir()
    assert len(pictures()) == 2


@pytest.mark.slow
def test_a_picture_that_was_cut_is_drawn_again(gatereel: Command, folder: Path) -> None:
    write("p.md", GOOD)
    assert gatereel("embed", "p.md", "--jobs", "1").code == 0
    picture = Path("assets", *pictures())
    whole = picture.read_bytes()
    picture.write_bytes(whole[:300])
    assert gatereel("embed", "p.md", "--check").code == 1
    assert gatereel("embed", "p.md", "--jobs", "1").code == 0
    assert picture.read_bytes() == whole


@pytest.mark.slow
def test_links_out_of_the_site_are_not_followed(gatereel: Command, folder: Path) -> None:
    for name in ("site/.git", "elsewhere"):
        Path(name).mkdir(parents=True)
    outside = write("elsewhere/b.md", GOOD)
    write("site/a.md", GOOD)
    Path("site/b.md").symlink_to("../elsewhere/b.md")
    Path("site/assets").symlink_to("../elsewhere")
    ended = gatereel("embed", "site", "--jobs", "1")
    assert ended.code == 1
    assert "site/b.md: it is a link that leads out of the site" in ended.err
    assert "site/a.md:1: site/assets is a link that leads out of the site" in ended.err
    assert [path.name for path in Path("elsewhere").iterdir()] == ["b.md"]
    assert outside.read_text(encoding="utf-8") == GOOD

    Path("site/assets").unlink()
    Path("site/b.md").unlink()
    assert gatereel("embed", "site", "--jobs", "1").code == 0
    (name,) = pictures("site/assets")
    victim = write("elsewhere/victim", "precious")
    Path("site/assets", name).unlink()
    Path("site/assets", name).symlink_to("../../elsewhere/victim")
    ended = gatereel("embed", "site", "--jobs", "1")
    assert (ended.code, f"{name} is a link that leads out of the site" in ended.err) == (1, True)
    assert victim.read_text(encoding="utf-8") == "precious"


def test_a_directive_reads_within_its_site_unless_the_command_says_so(
    gatereel: Command, folder: Path
) -> None:
    write("secret.txt", "a\n")
    post = write("site/p.md", directive("lstm --inputs ../secret.txt --vocab ../secret.txt"))
    before = post.read_bytes()
    ended = gatereel("embed", "site/p.md", "--check")
    assert (ended.code, told(ended.err)) == (1, [("site/p.md", 1)])
    assert f"--inputs ../secret.txt is outside of the site, {folder / 'site'}." in ended.err
    assert "give --allow-outside" in ended.err
    allowed = gatereel("embed", "site/p.md", "--check", "--allow-outside")
    assert "outside of the site" not in allowed.err
    assert post.read_bytes() == before


def test_what_the_command_itself_names_may_be_anywhere(gatereel: Command, folder: Path) -> None:
    write("mine.toml", 'base = "dark"\n[colours]\naccent = "#abcdef"\n')
    write("site/p.md", directive("lstm --still"))
    ended = gatereel("embed", "site/p.md", "--theme", "mine.toml", "--check")
    assert (ended.code, ended.err) == (1, "")
    assert "lstm-mine-" in ended.out


@pytest.mark.slow
def test_a_post_that_cannot_be_written_is_not_up_to_date(
    gatereel: Command, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write("p.md", GOOD)

    def full(*_: object) -> bool:
        raise InputError("p.md cannot be written: No space left on device.")

    monkeypatch.setattr(post_file, "replace_bytes", full)
    ended = gatereel("embed", "p.md", "--jobs", "1")
    assert (ended.code, ended.err) == (
        1,
        "gatereel: p.md: it cannot be written: No space left on device.\n",
    )
    assert "up to date" not in ended.out


@pytest.mark.slow
def test_another_run_of_the_same_command_is_no_failure(
    gatereel: Command, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    post = write("p.md", GOOD)

    def second(path: Path, old: bytes, new: bytes) -> bool:
        post.write_bytes(new)  # by the other run, in the last moment
        return replace_bytes(path, old, new)

    monkeypatch.setattr(post_file, "replace_bytes", second)
    ended = gatereel("embed", "p.md", "--jobs", "1")
    assert (ended.code, ended.err) == (0, "")
    assert ended.out.endswith("1 post up to date\n")


def test_a_post_is_a_file_of_bounded_size(gatereel: Command, folder: Path) -> None:
    os.mkfifo("pipe.md")
    Path("zero.md").symlink_to("/dev/zero")
    with write("large.md", "x").open("r+b") as file:
        file.truncate(1 << 30)
    ended = gatereel("embed", ".", "--check")
    assert ended.code == 1
    assert ended.err.count("it is a device or a pipe; a post is a file.") == 2
    assert "large.md: it has 1073741824 bytes; a post has at most 16777216." in ended.err


def test_a_directive_without_a_cell_is_told_what_it_lacks(gatereel: Command, folder: Path) -> None:
    write("p.md", directive("--seed 1"))
    ended = gatereel("embed", "p.md", "--check")
    assert (ended.code, told(ended.err)) == (1, [("p.md", 1)])
    assert "a name is missing; accepted are rnn, lstm" in ended.err
    assert "unexpected" not in ended.err


def test_a_damaged_file_is_looked_at_once(
    gatereel: Command, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked: list[Path] = []

    def slowly(path: Path) -> object:
        looked.append(path)
        raise InputError(f"{path} took too long to read.")

    monkeypatch.setattr(models, "read_model", slowly)
    write("a/m.keras", "damaged")
    write("a/p.md", *(directive("--weights m.keras") + "\n" for _ in range(5)))
    write("a/b/q.md", directive("--weights ../m.keras"))
    Path("a/.git").mkdir()
    ended = gatereel("embed", "a", "--check")
    assert len(looked) == 1
    assert ended.err.count("gatereel: a/p.md:") == ended.err.count(" m.keras took too long") == 5
    assert "a/b/q.md:1: ../m.keras took too long to read." in ended.err
    write("a/m.keras", "another")
    gatereel("embed", "a", "--check")
    assert len(looked) == 2


def test_one_post_is_one_however_it_is_named(gatereel: Command, folder: Path) -> None:
    write("a/p.md", directive("lstm"))
    Path("a/z.md").symlink_to("p.md")
    Path("a/0.md").symlink_to("p.md")
    names = ("a/p.md", "./a/../a/p.md", str(folder / "a" / "p.md"), "a")
    ended = gatereel("embed", *names, "--check")
    assert {line.split(":")[0] for line in ended.out.splitlines()} == {"a/p.md"}


@pytest.mark.slow
def test_a_post_removed_while_pictures_are_drawn_is_told(
    gatereel: Command, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    post = write("p.md", GOOD)

    def without_the_post(
        pages: list[EmbeddedPost], site: Site, engine: Engine, bar: Bar, outcome: EmbedRun
    ) -> None:
        post.unlink()
        draw_and_write(pages, site, engine, bar, outcome)

    monkeypatch.setattr(embed, "draw_and_write", without_the_post)
    ended = gatereel("embed", "p.md", "--jobs", "1")
    assert ended.code == 1
    assert "p.md: it was removed in the meantime; nothing was written." in ended.err
    assert not post.exists()
