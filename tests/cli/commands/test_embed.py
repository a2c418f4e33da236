"""`gatereel embed` as its users meet it: posts in folders, once, twice, and with mistakes."""

import json
import re
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from PIL import Image

from gatereel.cli.posts import read_post
from tests.cli.conftest import TIME_LIMIT, Command
from tests.cli.posts.outside import outside

POSTS = Path(__file__).parents[2] / "posts"

QUICK = "--timesteps 1 --width 240 --fps 5 --pace 0.2 --plain"
"""Options of a film that is drawn in a second."""

QUICK_STILL = f"{QUICK} --still"

Start = Callable[[Sequence[str]], "subprocess.Popen[str]"]


def directive(words: str) -> str:
    return f"<!-- gatereel: {words} -->\n"


def write(path: str, *lines: str, encoding: str = "utf-8") -> Path:
    file = Path(path)
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes("".join(lines).encode(encoding))
    return file


def state(folder: Path) -> dict[str, tuple[bytes, int]]:
    """Every file's content and the time it was written."""
    return {
        path.relative_to(folder).as_posix(): (path.read_bytes(), path.stat().st_mtime_ns)
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def pictures(folder: str = "assets") -> list[str]:
    return sorted(path.name for path in Path(folder).iterdir())


@pytest.mark.slow
def test_a_post_gets_its_picture_and_the_second_run_changes_nothing(
    gatereel: Command, folder: Path
) -> None:
    post = write("post.md", "# Title\n\n", directive(f"lstm {QUICK}"), "\nText.\n")
    first = gatereel("embed", "post.md", "--jobs", "1")
    assert (first.code, first.err) == (0, "")
    text = post.read_text(encoding="utf-8")
    assert text.startswith(f"# Title\n\n{directive(f'lstm {QUICK}')}<figure lang=")
    assert text.endswith("</figure>\n<!-- /gatereel -->\n\nText.\n")
    names = pictures()
    assert sorted(re.sub("[0-9a-f]{8}", "#", name) for name in names) == [
        *("lstm-#.gif", "lstm-#.png", "lstm-dark-#.gif", "lstm-dark-#.png")
    ]
    assert all(f"assets/{name}" in text for name in names)
    width, height = re.findall(r'<img [^>]*width="(\d+)" height="(\d+)"', text)[0]
    film = next(name for name in names if name.endswith(".gif"))
    with Image.open(Path("assets", film)) as picture:
        assert picture.size == (int(width), int(height))
        assert getattr(picture, "n_frames", 1) > 1
    before = state(folder)
    second = gatereel("embed", "post.md", "--jobs", "1")
    assert (second.code, second.out, second.err) == (0, "1 post up to date\n", "")
    assert state(folder) == before
    checked = gatereel("embed", "post.md", "--check")
    assert (checked.code, checked.out) == (0, "1 post up to date\n")
    assert state(folder) == before


@pytest.mark.slow
def test_a_directive_within_a_line_gets_its_picture_there(gatereel: Command, folder: Path) -> None:
    words = f"rnn {QUICK_STILL} --dark none"
    post = write(
        "page.html",
        f"<p>a <!-- gatereel: {words} --> b</p>\n<td><!-- gatereel: {words} --></td>\n",
    )
    ended = gatereel("embed", "page.html")
    assert (ended.code, ended.err) == (0, "")
    text = post.read_text(encoding="utf-8")
    (name,) = pictures()
    first, second, rest = text.split("\n")
    assert rest == ""
    assert first.startswith(f'<p>a <!-- gatereel: {words} --><picture><img src="assets/{name}"')
    assert first.endswith("></picture><!-- /gatereel --> b</p>")
    assert second.startswith(f"<td><!-- gatereel: {words} --><figure lang=")
    assert "</figcaption></figure><!-- /gatereel --></td>" in second
    before = state(folder)
    assert gatereel("embed", "page.html").out == "1 post up to date\n"
    assert state(folder) == before


@pytest.mark.slow
def test_a_site_that_moves_changes_the_address_in_feeds_alone(
    gatereel: Command, folder: Path
) -> None:
    write("mkdocs.yml", "site_url: https://one.org/\n")
    words = f"rnn {QUICK_STILL} --dark none"
    post = write("docs/a.md", f"> <!-- gatereel: {words} -->\n")
    assert gatereel("embed", "docs").code == 0
    one = post.read_text(encoding="utf-8")
    assert one.count("https://one.org/assets/cells/rnn-") == 1
    write("mkdocs.yml", "site_url: https://two.org/\n")
    assert gatereel("embed", "docs").code == 0
    assert post.read_text(encoding="utf-8") == one.replace("one.org", "two.org")
    write("mkdocs.yml", "site_name: a\n")
    assert gatereel("embed", "docs").code == 0
    assert "https://" not in post.read_text(encoding="utf-8")


@pytest.mark.slow
def test_changed_options_draw_that_picture_alone(gatereel: Command, folder: Path) -> None:
    post = write("p.md", directive(f"rnn {QUICK_STILL}"), "\n", directive(f"gru {QUICK_STILL}"))
    assert gatereel("embed", "p.md").code == 0
    before = state(folder)
    post.write_text(
        post.read_text(encoding="utf-8").replace("gru --timesteps 1", "gru --timesteps 2"),
        encoding="utf-8",
    )
    changed = gatereel("embed", "p.md")
    assert changed.code == 0
    after = state(folder)
    new = {name for name in after if after[name] != before.get(name)}
    assert len(new) == 3
    assert all(name == "p.md" or name.startswith("assets/gru-") for name in new)
    assert "no longer shown by these posts, and left where it is: assets/gru-" in changed.err
    assert set(before) <= set(after)


@pytest.mark.slow
def test_what_is_gone_or_is_something_else_is_drawn_again(gatereel: Command, folder: Path) -> None:
    write("p.md", directive(f"rnn {QUICK_STILL} --theme safe"))
    gatereel("embed", "p.md")
    before = state(folder)
    (name,) = pictures()
    Path("assets", name).unlink()
    stale = gatereel("embed", "p.md", "--check")
    assert (stale.code, stale.out) == (
        1,
        f"p.md:1: {Path('assets', name)} is missing or out of date.\n",
    )
    assert not Path("assets", name).exists()
    Path("assets", name).write_bytes(b"something else")
    assert gatereel("embed", "p.md", "--check").code == 1
    assert gatereel("embed", "p.md").code == 0
    assert {name: kept for name, (kept, _) in state(folder).items()} == {
        name: kept for name, (kept, _) in before.items()
    }


@pytest.mark.slow
def test_posts_share_a_picture_that_is_drawn_once(gatereel: Command, folder: Path) -> None:
    words = f"rnn {QUICK_STILL} --theme print"
    for name in ("content/a.md", "content/deep/b.md", "content/deep/c.md"):
        write(name, directive(words), "\n", directive(words))
    Path("static").mkdir()
    ended = gatereel("embed", "content", "--assets", "static/cells", "--url", "/cells")
    assert (ended.code, ended.err) == (0, "")
    (name,) = pictures("static/cells")
    for post in Path("content").rglob("*.md"):
        assert post.read_text(encoding="utf-8").count(f'src="/cells/{name}"') == 2
    drawn = [line for line in ended.out.splitlines() if ".png" in line]
    assert len(drawn) == 1
    # What was said once is not forgotten silently.
    ended = gatereel("embed", "content")
    assert ended.code == 1
    assert "its pictures are addressed as /cells/..., and would now be as assets/...;" in ended.err
    # Beside each post, there is a file for each folder.
    assert gatereel("embed", "content", "--site", "none").code == 0
    assert pictures("content/assets") == pictures("content/deep/assets") == [name]


@pytest.mark.slow
def test_one_mistake_does_not_keep_the_others_from_their_pictures(
    gatereel: Command, folder: Path
) -> None:
    good = directive(f"rnn {QUICK_STILL}")
    post = write(
        "p.md",
        directive("lsmt"),
        "<p>old</p>\n<!-- /gatereel -->\n\n",
        good,
        "\n",
        directive("lstm --weights none.json"),
        "\n",
        directive("lstm 'open"),
        "\n",
        directive("lstm --inputs -"),
    )
    other = write("other.md", good)
    ended = gatereel("embed", "p.md", "missing-directive.md", "other.md")
    assert ended.code == 2  # a post that is not there is a mistake in the command
    assert not Path("assets").exists()
    ended = gatereel("embed", "p.md", "other.md")
    assert ended.code == 1
    text = post.read_text(encoding="utf-8")
    assert text.startswith(f"{directive('lsmt')}<p>old</p>\n<!-- /gatereel -->\n\n{good}<figure")
    assert other.read_text(encoding="utf-8").startswith(f"{good}<figure")
    lines = text.splitlines()
    told = re.findall(r"^gatereel: p\.md:(\d+): (.*)$", ended.err, re.MULTILINE)
    assert [(lines[int(line) - 1].split(" -->")[0], reason) for line, reason in told] == [
        (
            "<!-- gatereel: lsmt",
            "Invalid value for '[CELL]': 'lsmt' is none of rnn, lstm, gru, rnn-relu, "
            "gru-reset-before or gru-reset-after. Did you mean lstm?",
        ),
        ("<!-- gatereel: lstm --weights none.json", told[1][1]),
        (
            "<!-- gatereel: lstm 'open",
            "the directive cannot be split into words: a quotation mark is not closed",
        ),
        (
            "<!-- gatereel: lstm --inputs -",
            "A directive cannot read the standard input; name a file.",
        ),
    ]
    assert "none.json" in told[1][1]
    again = gatereel("embed", "p.md", "other.md")
    assert (again.code, again.err) == (1, ended.err)
    assert again.out == "1 post up to date\n"


@pytest.mark.slow
@pytest.mark.parametrize(
    "name", ["jekyll.md", "hugo.md", "README.md", "json-front-matter.md", "windows.md"]
)
def test_everything_outside_the_blocks_keeps_every_byte(
    gatereel: Command, folder: Path, name: str
) -> None:
    shutil.copytree(POSTS, folder / "posts")
    post = folder / "posts" / name
    content = (POSTS / "hugo.md" if name == "windows.md" else post).read_bytes()
    if name == "windows.md":
        content = b"\xef\xbb\xbf" + content.replace(b"\n", b"\r\n") + b"\r\nLatin: \xe9"
    post.write_bytes(content)
    look = (
        "--width",
        "200",
        "--style",
        "markdown",
        "--no-caption",
        "--max-seconds",
        "7",
        "--quiet",
    )
    ended = gatereel("embed", str(post), *look, "--jobs", "1")
    mistakes = 1 if name == "json-front-matter.md" else 0
    assert ended.code == mistakes
    assert len(re.findall("^gatereel: .*:\\d+: ", ended.err, re.MULTILINE)) == mistakes
    new = post.read_bytes()
    assert new != content
    assert outside(read_post(new)) == outside(read_post(written_empty(content)))
    ends_with_return = b"\r\n" in content
    assert (b"\n" in new.replace(b"\r\n", b"")) != ends_with_return
    assert (b"\r\n" in new) == ends_with_return


def written_empty(content: bytes) -> bytes:
    """A post's bytes with the closing comments that its directives lack."""
    from gatereel.cli.posts import Directive, find_directives, rewrite

    post = read_post(content)
    found = [part for part in find_directives(post) if isinstance(part, Directive)]
    return rewrite(post, dict.fromkeys(found, ""))


@pytest.mark.slow
def test_three_hot_links_become_pictures_in_one_command(gatereel: Command, folder: Path) -> None:
    content, _ = (POSTS / "jekyll.md").read_bytes().split("## Ô của chúng ta".encode())
    Path("post.md").write_bytes(content)
    old = (
        "https://example.com/gifs/illustrated-rnn.gif",
        "/assets/Illustrated_LSTM.gif",
        "https://example.com/gifs/gru.gif",
    )
    options = [*(word for image in old for word in ("--replace", image)), "--jobs", "1"]
    look = ("--style", "markdown", "--width", "200", "--max-seconds", "9", "--once")
    ended = gatereel("embed", "post.md", *options, *look)
    assert ended.code == 0
    text = Path("post.md").read_text(encoding="utf-8")
    assert "example.com/gifs" not in text
    # What the author had stays.
    kept = {
        "rnn": "--alt 'Ô RNN: trạng thái ẩn và đầu vào được ghép nối' --class center",
        "lstm": "--title 'Ô LSTM' --link https://example.com/lstm",
        "gru": "--alt 'GRU: cổng đặt lại và cổng cập nhật' --display-width 480",
    }
    image = {
        "rnn": r"!\[Ô RNN: .*\]\(assets/rnn-\w+\.gif\)",
        "lstm": r'\[!\[LSTM.*\]\(assets/lstm-\w+\.gif "Ô LSTM"\)\]\(https://example\.com/lstm\)',
        "gru": r"!\[GRU: .*\]\(assets/gru-\w+\.gif\)",
    }
    for cell, words in kept.items():
        said = "--style markdown --width 200 --max-seconds 9.0 --once"
        directive = f"<!-- gatereel: {cell} {said} {words} -->"
        assert re.search(rf"^{directive}\n{image[cell]}$", text, re.MULTILINE), cell
    assert "--display-width 480: an image in Markdown has no place for it" in ended.err
    # In code, a line that looks like the image is text.
    assert "    ![LSTM]({{ site.baseurl }}/assets/Illustrated_LSTM.gif)" in text
    assert "this took the place of [![LSTM cell]" in ended.err
    # The directives say all by themselves.
    again = gatereel("embed", "post.md", *options)
    assert (again.code, Path("post.md").read_text(encoding="utf-8")) == (0, text)
    assert all(f"--replace {image}: no line" in again.err for image in old[::2])


@pytest.mark.slow
def test_a_missing_folder_is_made_with_those_above_it(gatereel: Command, folder: Path) -> None:
    post = write("post.md", directive("lsmt"))
    assert gatereel("embed", "post.md", "--assets", "a/b/c").code == 1
    assert not Path("a").exists()
    post = write("post.md", directive(f"rnn {QUICK_STILL}"))
    assert gatereel("embed", str(post), "--assets", "a/b/c").code == 0
    assert pictures("a/b/c")


def test_a_check_tells_what_would_be_replaced(gatereel: Command, folder: Path) -> None:
    content = "a\n\n![](b=1.gif)\n\n![](LSTM3-chain.png)\n\na ![](b=1.gif) b\n"
    post = write("post.md", content)
    ended = gatereel(
        "embed", "post.md", "--check", "--replace", "b=1.gif=gru", "--replace-known", "--once"
    )
    assert ended.code == 1
    assert "post.md:3: ![](b=1.gif) would become gru, as asked for" in ended.out
    assert "post.md:5: ![](LSTM3-chain.png) would become lstm, which this picture is" in ended.out
    assert re.search(r"^post.md:5: .*lstm-\w+.png is missing", ended.out, re.MULTILINE)
    assert "post.md:7: the image shares its line with other text" in ended.err
    assert "took the place" not in ended.err
    assert post.read_text(encoding="utf-8") == content


HOT_LINKS = {
    "1*kLIkXgfeGRdi1Mds5CV5xA.png": "legend",
    "1*xn5kA92_J5KLaKcP7BMRLA.gif": "rnn",
    "1*goJVQs-p9kgLODFNyhl9zA.gif": "lstm",
    "1*FpRS0C3EHQnELVaWRvb8bg.gif": "gru",
}


def test_a_post_of_four_hot_links_is_planned_in_one_command(
    gatereel: Command, folder: Path
) -> None:
    links = "\n\nLưu ý.\n\n".join(
        f"![](https://cdn-images-1.medium.com/max/1000/{name})" for name in HOT_LINKS
    )
    write("post.md", f"---\ntitle: RNN\n---\n\n{links}\n\n\n")
    ended = gatereel("embed", "post.md", "--replace-known", "--lang", "vi", "--once", "--check")
    assert ended.code == 1
    for line, (name, cell) in zip((5, 9, 13, 17), HOT_LINKS.items(), strict=True):
        assert re.search(rf"post.md:{line}: .*assets/{cell}-\w+.png is missing", ended.out)
        assert f"{name}) would become {cell}, which this picture is known to show" in ended.out
    assert ended.err == ""


def test_nothing_known_is_told(gatereel: Command, folder: Path) -> None:
    write("post.md", "![](a.gif)\n")
    ended = gatereel("embed", "post.md", "--replace-known")
    assert ended.code == 0
    assert "--replace-known: these posts show none of the pictures that" in ended.err
    assert "no directive found" not in ended.err


@pytest.mark.parametrize(
    ("place", "begins", "told_height"),
    [
        ("github", "<figure", False),
        ("devto", "![", False),
        ("medium", "![", False),
        ("pypi", "![", False),
        ("cloudflare", "<figure", True),
        ("pages", "<figure", True),
    ],
)
@pytest.mark.slow
def test_markup_is_what_the_place_takes(
    gatereel: Command, folder: Path, place: str, begins: str, told_height: bool
) -> None:
    words = f"rnn {QUICK_STILL} --theme dark"
    post = write("p.md", directive(words))
    relative = gatereel("embed", "p.md", "--for", place)
    if place == "pages":
        assert relative.code == 0
    else:
        assert relative.code == 1
        assert "absolute addresses alone; give --url" in relative.err
        assert not Path("assets").exists()
    assert gatereel("embed", "p.md", "--for", place, "--url", "https://example.com/c").code == 0
    block = post.read_text(encoding="utf-8").removeprefix(directive(words))
    assert block.startswith(begins)
    assert ("height=" in block) == told_height
    assert "https://example.com/c/rnn-dark-" in block
    refused = gatereel("embed", "p.md", "--for", place, "--style", "video")
    assert (refused.code, "does not take --style video" in refused.err) == (1, place != "pages")


@pytest.mark.slow
def test_words_and_pictures_are_in_the_language_asked_for(gatereel: Command, folder: Path) -> None:
    post = write("p.md", directive(f"lstm {QUICK_STILL}"))
    gatereel("embed", "p.md")
    english = pictures()
    assert gatereel("embed", "p.md", "--lang", "vi").code == 0
    assert not set(english) & (set(pictures()) - set(english))
    text = post.read_text(encoding="utf-8")
    assert '<figure lang="vi"' in text
    assert "cổng quên" in text
    assert "forget gate" not in text


def test_an_image_stays_until_there_is_a_picture(gatereel: Command, folder: Path) -> None:
    content = "# A\n\n![](https://example.com/a.gif)\n![](https://example.com/lstm.gif)\n"
    post = write("post.md", content)
    ended = gatereel("embed", "post.md", "--replace", "https://example.com/a.gif")
    assert (ended.code, ended.err) == (
        1,
        "gatereel: post.md:3: neither https://example.com/a.gif nor its words name one cell; "
        "say which by --cell.\n",
    )
    write("assets", "a file")
    ended = gatereel("embed", "post.md", "--replace", "https://example.com/lstm.gif")
    assert ended.code == 1
    assert "--assets assets is a file, not a folder." in ended.err
    assert post.read_text(encoding="utf-8") == content


def test_nothing_is_drawn_for_a_post_that_cannot_be_written(
    gatereel: Command, folder: Path
) -> None:
    kept = write("kept.md", directive(f"lstm {QUICK_STILL}"))
    write("post.md", directive(f"rnn {QUICK_STILL}"))
    kept.chmod(0o444)
    ended = gatereel("embed", "kept.md", "post.md")
    assert (ended.code, "kept.md: it is read-only; nothing was written." in ended.err) == (1, True)
    assert {name.split("-")[0] for name in pictures()} == {"rnn"}
    kept.chmod(0o644)
    assert gatereel("embed", "kept.md").code == 0
    kept.chmod(0o444)
    for picture in Path("assets").glob("lstm-*"):
        picture.unlink()
    assert gatereel("embed", "kept.md").code == 0  # nothing in it changes: its pictures are drawn
    assert {name.split("-")[0] for name in pictures()} == {"rnn", "lstm"}


@pytest.mark.parametrize(
    ("words", "code", "message"),
    [
        ("embed", 2, "Missing argument 'POST...'"),
        ("embed none.md", 2, "none.md does not exist; name a post, or a folder."),
        ("embed empty", 2, "empty: no post here ends in .md, .markdown, .qmd, "),
        ("embed post.md --theme none", 2, "The theme 'none' is none of"),
        ("embed post.md --style flash", 2, "'flash' is not one of"),
        ("embed post.md --jobs 0", 2, "--jobs"),
        ("embed post.md --cell lstm", 2, "give --replace, too"),
        ("embed post.md --replace a=rnn --replace a=gru", 2, "both rnn and gru cannot take"),
        ("embed utf16.md", 1, "utf16.md: it is in UTF-16; posts are in UTF-8"),
        ("embed plain.md", 0, "no directive found. It is a line of its own"),
    ],
)
def test_what_cannot_be_done(
    gatereel: Command, folder: Path, words: str, code: int, message: str
) -> None:
    write("post.md", directive(f"lstm {QUICK_STILL}"))
    write("plain.md", "# No picture\n")
    write("utf16.md", directive("lstm"), encoding="utf-16")
    Path("empty").mkdir()
    before = state(folder)
    ended = gatereel(*words.split())
    assert (ended.code, message in ended.err) == (code, True), ended.err
    assert state(folder) == before
    assert not Path("assets").exists()


def test_a_check_imports_no_renderer(gatereel_process: Command, folder: Path) -> None:
    write("post.md", directive("lstm"))
    program = (
        "import sys, gatereel.cli\n"
        "code = gatereel.cli.main(['embed', 'post.md', '--check'])\n"
        "sys.exit(0 if code == 1 and 'manim' not in sys.modules else 3)"
    )
    import sys

    done = subprocess.run(
        [sys.executable, "-c", program], cwd=folder, capture_output=True, check=False
    )
    assert done.returncode == 0, done.stderr


@pytest.mark.slow
def test_several_processes_draw_the_same_as_one(gatereel: Command, folder: Path) -> None:
    for name in ("one", "two"):
        write(
            f"{name}/p.md", directive(f"rnn {QUICK}"), "\n", directive(f"lstm {QUICK} --theme safe")
        )
    assert gatereel("embed", "one", "--jobs", "1").code == 0
    assert gatereel("embed", "two", "--jobs", "2").code == 0
    one, two = state(folder / "one"), state(folder / "two")
    assert {name: kept for name, (kept, _) in one.items()} == {
        name: kept for name, (kept, _) in two.items()
    }
    assert len(one) == 7


@pytest.mark.slow
def test_an_interruption_leaves_posts_as_they_were_and_nothing_half_done(
    start: Start, gatereel: Command, folder: Path
) -> None:
    words = "--width 240 --plain --timesteps 1 --pace 3 --fps 5"
    content = [directive(f"{cell} {words}") + "\n" for cell in ("lstm", "gru", "rnn")]
    post = write("post.md", *content)
    before = post.read_bytes()
    with start(["embed", "post.md", "--jobs", "2"]) as process:
        hangs = time.monotonic() + TIME_LIMIT
        while not list(folder.glob("assets/.gatereel-*")):
            assert time.monotonic() < hangs
            assert process.poll() is None
            time.sleep(0.02)
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=TIME_LIMIT)
    assert (process.returncode, err) == (128 + signal.SIGINT, "gatereel: interrupted\n")
    assert "up to date" not in str(out)
    assert post.read_bytes() == before
    left = [path.name for path in folder.rglob("*") if path.is_file()]
    assert not [name for name in left if name.startswith(".")]
    # What was finished is kept, and the next run goes on from there.
    assert gatereel("embed", "post.md", "--jobs", "1").code == 0
    assert gatereel("embed", "post.md", "--check").code == 0
    assert json.dumps(out) is not None
