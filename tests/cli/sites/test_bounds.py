"""What belongs to a site, which files a directive may name, and which links are followed."""

from pathlib import Path

import click
import pytest

from gatereel.cli.embedding import request
from gatereel.cli.embedding.kinds import KINDS
from gatereel.cli.embedding.request import check_files_within
from gatereel.cli.sites.bounds import (
    SITE_MARKS,
    check_assets,
    check_picture_link,
    check_post_link,
    root_of,
)
from gatereel.rnn_math import InputError


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository beside other folders, with a folder of posts in it."""
    for name in ("site/.git", "site/content", "site/data", "elsewhere"):
        (tmp_path / name).mkdir(parents=True)
    monkeypatch.chdir(tmp_path / "site")
    return tmp_path / "site"


@pytest.mark.parametrize("mark", SITE_MARKS)
def test_the_nearest_mark_is_the_top_of_a_site(mark: str, tmp_path: Path) -> None:
    deep = tmp_path / "site" / "content" / "posts"
    deep.mkdir(parents=True)
    assert root_of(deep) == deep
    for top in (tmp_path / "site", tmp_path):
        (top / mark).parent.mkdir(parents=True, exist_ok=True)
    (tmp_path / "site" / mark).touch()
    assert root_of(deep) == tmp_path / "site"
    (tmp_path / mark).touch()
    assert root_of(deep) == tmp_path / "site"


OUTSIDE = (
    "/proc/self/environ",
    "../../elsewhere/x.toml",
    "../data/../../elsewhere/x.toml",
    "../data/link/x.toml",
    "link.toml",
    "loop.toml",
)


@pytest.mark.parametrize("name", OUTSIDE)
@pytest.mark.parametrize(
    "option", ["--inputs", "--weights", "--vocab", "--initial", "--theme", "--dark"]
)
def test_files_outside_are_refused_unread(option: str, name: str, site: Path) -> None:
    folder = site / "content"
    (site / "data" / "link").symlink_to(site.parent / "elsewhere")
    (folder / "link.toml").symlink_to("../../elsewhere/x.toml")
    (folder / "loop.toml").symlink_to("/loop.toml")
    name = name if option not in ("--theme", "--dark") or name.endswith(".toml") else "/x.toml"
    for words in (["lstm", option, name], ["lstm", f"{option}={name}"]):
        with pytest.raises(InputError, match=f"^{option} {name} is outside of the site, {site}"):
            check_files_within(words, folder, root_of(folder))


def test_files_within_and_names_are_taken(site: Path) -> None:
    folder = site / "content"
    (folder / "link.csv").symlink_to("../data/x.csv")
    words = "lstm --inputs link.csv --vocab ../data/a.txt --theme dark --lang vi --weights a/b.pt"
    check_files_within(words.split(), folder, root_of(folder))


def test_a_linked_post_is_named(site: Path) -> None:
    inside, outside = site / "content/a.md", site / "content/b.md"
    inside.symlink_to("../data/a.md")
    outside.symlink_to("../../elsewhere/b.md")
    check_post_link(inside, site)
    with pytest.raises(
        InputError, match=r"a link that leads out of the site, to .*elsewhere/b\.md"
    ):
        check_post_link(outside, site)


def test_a_linked_folder_for_pictures_is_named(site: Path) -> None:
    elsewhere = site.parent / "elsewhere"
    (site / "in").symlink_to("data")
    (site / "out").symlink_to(elsewhere)
    for folder in ("in", "data", "none", "../elsewhere", str(elsewhere), "content/../data"):
        check_assets(Path(folder), site)
    for folder in ("out", "out/deeper", "content/../out", str(site / "out")):
        with pytest.raises(InputError, match=f"leads out of the site, to {elsewhere}"):
            check_assets(Path(folder), site)


def test_a_linked_picture_is_named(site: Path) -> None:
    (site / "in.png").symlink_to("data/a.png")
    (site / "out.png").symlink_to("../elsewhere/a.png")
    (site.parent / "elsewhere" / "b.png").symlink_to("a.png")
    check_picture_link(site / "in.png", site)
    check_picture_link(site.parent / "elsewhere" / "b.png", site)
    with pytest.raises(InputError, match=r"out\.png is a link that leads out of the site"):
        check_picture_link(site / "out.png", site)


WORDS_OF_NO_FILE = {
    "cell",
    "layer",
    "text",
    "embedding",
    "units",
    "features",
    "columns",
    "chain",
    "cells",
    "display_width",
    "alt",
    "title",
    "title_card",
    "only",
    "functions",
    "numbers",
    "reason",
    "scales",
    "forget_biases",
    "classes",
    "identifier",
    "link",
    "caption_text",
}


@pytest.mark.parametrize("command", [request._directive, *KINDS.values()])
def test_every_word_that_may_name_a_file_is_looked_at(command: click.Command) -> None:
    """A new option of free text is a file's name, or is written down here as none."""
    free = [
        parameter
        for parameter in command.params
        if isinstance(parameter.type, click.Path | click.types.StringParamType)
        and parameter.name not in WORDS_OF_NO_FILE
    ]
    assert {each.name for each in free} <= {
        *request._FILES,
        *request._NAMES_OR_FILES,
        *request._WORDS_OR_FILES,
    }
    assert all(each.nargs == 1 for each in free)
