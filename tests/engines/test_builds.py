"""Sites built by the real engines: the page shows the picture, to every reader, at every width.

Left out where an engine is not installed; `make engines` installs those that are listed.
"""

import os
import shutil
from collections.abc import Iterator
from contextlib import chdir
from functools import partial
from http.server import ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest
from playwright.sync_api import Browser, sync_playwright

from gatereel.cli import main
from gatereel.cli.sites.engines import ENGINES
from tests.engines.sites import NODE, QUICK, SITES, Site
from tests.test_posts_in_browser import CHROMIUM, LAPTOP, TELEPHONE, Quiet

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium; `make browser` installs it"),
]


SHOWN = "[...document.images].filter(i => i.checkVisibility() && i.src.includes('rnn'))"
"""Pictures of ours: of a light and a dark one, a page may show either."""
WITHIN_ITS_SLIDE = """i => {
  const inner = i.getBoundingClientRect(), outer = i.closest("section").getBoundingClientRect();
  return inner.top >= outer.top && inner.bottom <= outer.bottom && inner.right <= outer.right;
}"""
A_WHILE = 20_000
"""Milliseconds in which a picture on the same machine has come."""


@pytest.fixture(scope="module")
def drawn(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The pictures that all sites show, drawn once."""
    folder = tmp_path_factory.mktemp("drawn")
    (folder / "post.md").write_text(f"<!-- gatereel: {QUICK} -->\n", encoding="utf-8")
    with chdir(folder):
        assert main(["embed", "post.md", "--quiet"]) == 0
    return folder / "assets"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield chromium
        chromium.close()


@pytest.mark.parametrize("site", SITES, ids=lambda site: site.name)
def test_the_built_page_shows_the_picture(
    site: Site, tmp_path: Path, drawn: Path, browser: Browser
) -> None:
    needs_node = site.name.startswith("mdx")
    if not site.is_installed or (needs_node and not NODE.is_dir()):
        pytest.skip(f"{site.program} is not there; `make engines` installs it")
    post = site.write(tmp_path)
    if needs_node:
        (tmp_path / "node_modules").symlink_to(NODE)
    shutil.copytree(drawn, folder_for_pictures(tmp_path, post), dirs_exist_ok=True)
    with chdir(tmp_path):
        assert main(["embed", site.post, "--quiet"]) == 0
        first = post.read_bytes()
        page = site.built(tmp_path)
        assert main(["embed", site.post, "--check", "--quiet"]) == 0
    assert post.read_bytes() == first
    for width in (TELEPHONE, LAPTOP):
        for dark in (False, True):
            look(browser, site, tmp_path, page, width, dark=dark)


def folder_for_pictures(root: Path, post: Path) -> Path:
    """Where gatereel will look for them, so that each is drawn only once."""
    tops = [(engine, top) for top in (root, post.parent) for engine in ENGINES]
    found = (engine.place(top, post) for engine, top in tops if engine.tells(top, post))
    return next((placement.folder for placement in found), post.parent / "assets")


def look(browser: Browser, site: Site, folder: Path, page: Path, width: int, *, dark: bool) -> None:
    """Open a built page as a reader does: pictures have come, and nothing of ours sticks out."""
    served = folder / site.served
    with Serving(served, site.base) as address:
        opened = browser.new_page(
            viewport={"width": width, "height": 900}, color_scheme="dark" if dark else "light"
        )
        # Fonts and scripts of other hosts are not what is looked at.
        opened.route(
            "**/*",
            lambda route: (
                route.continue_() if route.request.url.startswith(address) else route.abort()
            ),
        )
        way = page.relative_to(served).as_posix()
        opened.goto(f"{address}{site.base}/{way}{site.at}", wait_until="load")
        opened.evaluate(f"{SHOWN}.forEach(i => i.scrollIntoView())")
        opened.wait_for_function(f"{SHOWN}.every(i => i.naturalWidth > 0)", timeout=A_WHILE)
        boxes = opened.evaluate(
            f"{SHOWN}.map(i => [i.getBoundingClientRect().right, i.naturalWidth])"
        )
        text = opened.inner_text("body")
        slides = opened.evaluate(f"{SHOWN}.map({WITHIN_ITS_SLIDE})") if site.name == "marp" else []
        opened.close()
    assert boxes, "no picture of ours is on the page"
    assert all(natural > 0 for _, natural in boxes)
    if site.name == "marp":  # a deck is scaled to the window
        assert slides == [True]
    else:
        assert all(right <= width + 1 for right, _ in boxes)
    for mark in ("gatereel:", "<picture", "<figure", "&lt;", "{/*"):
        assert mark not in text
    assert "Before." in text or site.name == "marp"
    if site.name == "marp":  # nor is it among what the presenter sees
        assert "gatereel" not in page.read_text(encoding="utf-8").partition("</style>")[2]


class Serving:
    """Serves a folder below a path, as a site's host does."""

    def __init__(self, folder: Path, base: str) -> None:
        self.folder, self.base = folder, base

    def __enter__(self) -> str:
        base = self.base

        class Below(Quiet):
            def translate_path(self, path: str) -> str:
                return super().translate_path(path.removeprefix(base) or "/")

        handler = partial(Below, directory=os.fspath(self.folder))
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        Thread(target=self.server.serve_forever, daemon=True).start()
        return f"http://127.0.0.1:{self.server.server_port}"

    def __exit__(self, *_: object) -> None:
        self.server.shutdown()
        self.server.server_close()
