"""Posts with their pictures in a browser: what each reader gets, that nothing moves or sticks out.

Left out where there is no Chromium; `make browser` installs it.
"""

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import chdir
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest
from playwright.sync_api import Browser, Page, Route, sync_playwright

from gatereel.cli import main
from tests.cli.embedding.readers import Engine, commonmark, github, has_kramdown, kramdown

CHROMIUM = next(
    filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None
)

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium; `make browser` installs it"),
]

POSTS = Path(__file__).parent / "posts"
TELEPHONE, LAPTOP = 360, 1280
"""Width of a window in pixels."""

QUICK = "--timesteps 1 --fps 5 --pace 0.2"
STYLES = ("picture", "video", "markdown")
SAMPLES = ("jekyll", "hugo", "README")
PAGES = (*SAMPLES, *STYLES, "still")

_BOXES = """all => all.filter(i => !i.parentElement.closest('video')).map(i => {
    const box = i.getBoundingClientRect();
    // A narrow screen gets another picture, whose size its source tells.
    const sources = [...i.parentElement.querySelectorAll(':scope > source[srcset]')];
    const shown = sources.find(source => matchMedia(source.media).matches);
    const from = shown && shown.hasAttribute('height') ? shown : i;
    const told = ['width', 'height'].map(name => from.getAttribute(name));
    return [box.left, box.right, box.width, box.height, ...told];
})"""
"""Where pictures stand, and the width and height that the page tells of them."""

ROUNDING = 0.5
"""Pixels by which a browser may round a box."""

PICTURES = "**/assets/*"
"""Where a page's pictures are asked for."""

# Each is what a reader may have asked for: dark pages, no motion.
READERS = [(dark, still) for dark in (False, True) for still in (False, True)]


class Quiet(SimpleHTTPRequestHandler):
    """Serves files without a word."""

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


def document(body: str) -> str:
    """A page with no style sheet but what the themes of all engines say."""
    return (
        '<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>A post</title>'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        "<style>:root { color-scheme: light dark } p > img { max-width: 100% } "
        "pre { overflow-x: auto }</style></head>"
        f"<body>{body}<p id='after'>After all pictures.</p></body></html>"
    )


def without_front_matter(text: str) -> str:
    for mark in ("---\n", "+++\n"):
        if text.startswith(mark):
            return text.split(mark, 2)[2]
    return text


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a site: sample posts and one of each style, made into pages."""
    folder = tmp_path_factory.mktemp("site")
    for name in ("jekyll.md", "hugo.md", "README.md", "two units.json"):
        shutil.copy(POSTS / name, folder)
    for style in STYLES:
        text = f"# Cells\n\n<!-- gatereel: lstm {QUICK} --style {style} -->\n\nText.\n"
        (folder / f"{style}.md").write_text(text, encoding="utf-8")
    (folder / "still.md").write_text("<!-- gatereel: gru --still -->\n", encoding="utf-8")
    with chdir(folder):
        assert main(["embed", ".", "--describe", "table", "--quiet"]) == 0
    engines: dict[str, Engine] = {"README": github}
    if has_kramdown():
        engines["jekyll"] = kramdown
    for post in folder.glob("*.md"):
        text = post.read_text(encoding="utf-8-sig")
        html = engines.get(post.stem, commonmark)(without_front_matter(text))
        (folder / f"{post.stem}.html").write_text(document(html), encoding="utf-8")
    with ThreadingHTTPServer(
        ("127.0.0.1", 0), partial(Quiet, directory=os.fspath(folder))
    ) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield chromium
        chromium.close()


OpenPage = Callable[..., Page]


@pytest.fixture
def open_page(browser: Browser, site: str) -> Iterator[OpenPage]:
    """Open a page of the site for a reader with a window of some width."""
    opened: list[Page] = []

    def open_one(
        name: str,
        width: int = LAPTOP,
        *,
        dark: bool = False,
        still: bool = False,
        load: bool = True,
    ) -> Page:
        page = browser.new_page(
            viewport={"width": width, "height": 900},
            color_scheme="dark" if dark else "light",
            reduced_motion="reduce" if still else "no-preference",
        )
        opened.append(page)
        if load:
            page.goto(f"{site}/{name}.html", wait_until="load")
        return page

    yield open_one
    for page in opened:
        page.close()


def images(page: Page) -> list[str]:
    """The names of the pictures that images show; all of them must have come."""
    found = page.eval_on_selector_all(
        "img",
        "all => all.filter(i => !i.closest('video')).map(i => [i.currentSrc, i.naturalWidth])",
    )
    assert all(width > 0 for _, width in found)
    return [address.rsplit("/", 1)[-1] for address, _ in found]


@pytest.mark.parametrize(("dark", "still"), READERS)
def test_each_reader_gets_a_picture_of_their_own(
    open_page: OpenPage, dark: bool, still: bool
) -> None:
    (name,) = images(open_page("picture", dark=dark, still=still))
    assert name.startswith("lstm-dark-") == dark
    assert Path(name).suffix == (".png" if still else ".gif")


@pytest.mark.parametrize("dark", [False, True])
def test_a_still_is_light_or_dark(open_page: OpenPage, dark: bool) -> None:
    (name,) = images(open_page("still", dark=dark))
    assert (name.startswith("gru-dark-"), Path(name).suffix) == (dark, ".png")


@pytest.mark.parametrize("dark", [False, True])
def test_markdown_alone_shows_its_one_picture(open_page: OpenPage, dark: bool) -> None:
    (name,) = images(open_page("markdown", dark=dark))
    assert (name.startswith("lstm-dark-"), Path(name).suffix) == (False, ".gif")


@pytest.mark.parametrize("dark", [False, True])
def test_a_video_plays_light_or_dark(open_page: OpenPage, dark: bool) -> None:
    page = open_page("video", dark=dark)
    page.wait_for_function("document.querySelector('video').currentTime > 0")
    address, width, height, controls, muted = page.eval_on_selector(
        "video", "v => [v.currentSrc, v.videoWidth, v.videoHeight, v.controls, v.muted]"
    )
    name = address.rsplit("/", 1)[-1]
    assert (name.startswith("lstm-dark-"), Path(name).suffix) == (dark, ".mp4")
    told = page.eval_on_selector("video", "v => [v.width, v.height]")
    assert [width, height] == told
    assert (controls, muted) == (True, True)


def test_a_reader_who_wants_no_motion_gets_the_video_s_poster(
    open_page: OpenPage, site: str
) -> None:
    page = open_page("video", still=True, load=False)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url.rsplit("/", 1)[-1]))
    page.goto(f"{site}/video.html", wait_until="networkidle")
    assert not [name for name in asked if name.endswith(".mp4")]
    assert [name for name in asked if name.endswith(".png")]
    assert page.eval_on_selector("video", "v => v.paused")


@pytest.mark.parametrize("name", PAGES)
def test_every_picture_of_a_page_comes(open_page: OpenPage, name: str, site: str) -> None:
    page = open_page(name, load=False)
    lost: list[str] = []
    page.on(
        "response", lambda response: lost.append(response.url) if response.status >= 400 else None
    )
    page.goto(f"{site}/{name}.html", wait_until="load")
    # The posts as people write them show pictures of others, which are not here.
    assert [address for address in lost if address.startswith(f"{site}/assets/")] == []
    assert page.eval_on_selector_all("img[src^='assets/'], video", "all => all.length") > 0


@pytest.mark.parametrize("width", [TELEPHONE, LAPTOP])
@pytest.mark.parametrize("name", PAGES)
def test_nothing_sticks_out(open_page: OpenPage, name: str, width: int) -> None:
    page = open_page(name, width)
    page.eval_on_selector_all("details", "all => all.forEach(d => d.open = true)")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    for box in page.eval_on_selector_all("img[src^='assets/'], video", _BOXES):
        left, right, wide, high, told_width, told_height = box
        assert 0 <= left < right <= width
        if told_width is not None:
            assert high == pytest.approx(wide * int(told_height) / int(told_width), abs=ROUNDING)


def hold_pictures(page: Page, address: str) -> list[Route]:
    """Open a page whose pictures do not come, and give their requests once there is one."""
    held: list[Route] = []
    # A method that is built in is no handler that Playwright can keep.
    page.route(PICTURES, lambda route: held.append(route))
    page.goto(address, wait_until="domcontentloaded")
    while not held:  # a busy machine takes its time
        page.wait_for_timeout(20)
    return held


def let_pictures_come(page: Page, held: list[Route]) -> None:
    for route in held:  # and whatever is asked for in the meantime: the list grows
        route.continue_()
    page.unroute(PICTURES)


@pytest.mark.parametrize("width", [TELEPHONE, LAPTOP])
@pytest.mark.parametrize("name", ["picture", "video", "still", "hugo"])
def test_nothing_moves_when_the_pictures_come(
    open_page: OpenPage, site: str, name: str, width: int
) -> None:
    page = open_page(name, width, load=False)
    held = hold_pictures(page, f"{site}/{name}.html")
    where = "document.getElementById('after').getBoundingClientRect().top"
    before = page.evaluate(where)
    let_pictures_come(page, held)
    page.wait_for_load_state("load")
    assert page.evaluate(where) == pytest.approx(before, abs=ROUNDING)
    assert before > page.evaluate(
        "document.querySelector('img, video').getBoundingClientRect().height"
    )


def test_the_check_for_movement_can_fail(open_page: OpenPage, site: str) -> None:
    page = open_page("markdown", load=False)
    held = hold_pictures(page, f"{site}/markdown.html")
    where = "document.getElementById('after').getBoundingClientRect().top"
    before = page.evaluate(where)
    let_pictures_come(page, held)
    page.wait_for_load_state("load")
    assert page.evaluate(where) > before + ROUNDING


@pytest.mark.parametrize("name", ["picture", "jekyll"])
def test_the_picture_is_told_to_those_who_do_not_see_it(open_page: OpenPage, name: str) -> None:
    page = open_page(name)
    figure = page.locator("figure").first
    image = figure.get_by_role("img")
    assert "LSTM" in (image.get_attribute("alt") or "")
    assert figure.get_by_role("row").count() == 0  # within what is closed
    figure.locator("summary").click()
    assert figure.get_by_role("columnheader").count() == 4
    assert figure.get_by_role("row").count() > 10


def test_on_a_telephone_a_table_scrolls_in_its_own_box(open_page: OpenPage) -> None:
    """Its columns keep their words on a line instead of being squeezed to one word each."""
    page = open_page("picture", TELEPHONE)
    page.eval_on_selector_all("details", "all => all.forEach(d => d.open = true)")
    box = "document.querySelector('details table').closest('div')"
    inner, outer = page.evaluate(f"[{box}.scrollWidth, {box}.clientWidth]")
    assert inner > outer
    assert page.evaluate("document.documentElement.scrollWidth") <= TELEPHONE
    page.evaluate(f"{box}.scrollLeft = 100")
    assert page.evaluate(f"{box}.scrollLeft") == 100
