"""Small sites of every engine: how each is recognised, where pictures go, what pages take."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from gatereel.cli.sites.conventions import Dialect, PageDark
from gatereel.cli.sites.engines import ENGINES
from gatereel.cli.sites.recognise import recognise
from gatereel.cli.sites.site import Site


@dataclass(frozen=True)
class Case:
    """A site's files, a post in it, and what is to be known of them."""

    engine: str
    files: Mapping[str, str]
    post: str
    folder: str
    """Where pictures go, from the site's top."""
    address: str
    """What the post's page says to get the picture a.png."""
    mark: str
    dialect: Dialect = "html"
    text: str = ""
    dark: str = "system"
    """"system", "none", or the selector of a dark page."""
    notes: tuple[str, ...] = field(default=())


CASES = (
    Case(
        "jekyll",
        {"_config.yml": "title: A blog\nbaseurl: /blog\n"},
        "_posts/2026-01-02-a.md",
        "assets/cells",
        "{{ site.baseurl }}/assets/cells/a.png",
        "_config.yml",
    ),
    Case(
        "jekyll",
        {"_config.yml": "remote_theme: cotes2020/jekyll-theme-chirpy@v7.1\n"},
        "_posts/2026-01-02-a.md",
        "assets/cells",
        "{{ site.baseurl }}/assets/cells/a.png",
        "_config.yml",
        dark='html[data-mode="dark"]',
    ),
    Case(
        "hexo",
        {"_config.yml": "root: /notes/\n", "package.json": '{"dependencies": {"hexo": "^7"}}'},
        "source/_posts/a.md",
        "source/images/cells",
        "/notes/images/cells/a.png",
        "_config.yml",
    ),
    Case(
        "hugo",
        {"hugo.toml": 'baseURL = "https://me.org/blog/"\n'},
        "content/posts/a.md",
        "static/cells",
        "/blog/cells/a.png",
        "hugo.toml",
        "markdown",
    ),
    Case(
        "hugo",
        {
            "config/_default/hugo.toml": 'baseURL = "https://me.org/"\ntheme = "PaperMod"\n',
            "config/_default/markup.toml": "[goldmark.renderer]\nunsafe = true\n",
        },
        "content/posts/a.md",
        "static/cells",
        "/cells/a.png",
        "config/_default/hugo.toml",
        dark="body.dark",
    ),
    Case(
        "hugo",
        {"config.yaml": "baseURL: https://me.org/\n", "content/_index.md": "# Home\n"},
        "content/posts/cells/index.md",
        "content/posts/cells",
        "a.png",
        "config.yaml",
        "markdown",
    ),
    Case(
        "mkdocs",
        {"mkdocs.yml": "site_name: Notes\n"},
        "docs/guide/a.md",
        "docs/assets/cells",
        "../../assets/cells/a.png",
        "mkdocs.yml",
        dark="none",
    ),
    Case(
        "mkdocs",
        {
            "mkdocs.yml": "site_name: Notes\nuse_directory_urls: false\ntheme:\n  name: material\n"
            "  palette:\n    - scheme: default\n    - scheme: slate\n"
        },
        "docs/guide/a.md",
        "docs/assets/cells",
        "../assets/cells/a.png",
        "mkdocs.yml",
        dark='[data-md-color-scheme="slate"]',
    ),
    Case(
        "zensical",
        {"zensical.toml": '[project]\nsite_name = "Notes"\ndocs_dir = "pages"\n'},
        "pages/a.md",
        "pages/assets/cells",
        "../assets/cells/a.png",
        "zensical.toml",
        dark="none",
    ),
    Case(
        "sphinx",
        {"conf.py": 'html_theme = "furo"\nhtml_static_path = ["_static"]\n'},
        "guide/a.md",
        "_static/cells",
        "../_static/cells/a.png",
        "conf.py",
        dark='body[data-theme="dark"]',
    ),
    Case(
        "sphinx",
        {"conf.py": 'project = "Notes"\n'},
        "guide/a.md",
        "guide/assets",
        "assets/a.png",
        "conf.py",
        "markdown",
    ),
    Case(
        "docusaurus",
        {"docusaurus.config.ts": "export default {baseUrl: '/docs/'}\n"},
        "docs/a.mdx",
        "static/cells",
        "/docs/cells/a.png",
        "docusaurus.config.ts",
        "jsx",
        dark='html[data-theme="dark"]',
    ),
    Case(
        "vitepress",
        {"docs/.vitepress/config.mts": "export default {}\n"},
        "docs/guide/a.md",
        "docs/guide/assets",
        "./assets/a.png",
        ".vitepress",
        dark="html.dark",
    ),
    Case(
        "astro",
        {"astro.config.mjs": "export default {site: 'https://me.org', base: '/blog'}\n"},
        "src/content/blog/a.md",
        "public/cells",
        "/blog/cells/a.png",
        "astro.config.mjs",
    ),
    Case(
        "eleventy",
        {"eleventy.config.js": 'c => { c.addPassthroughCopy({"public": "/"}) }\n', "public/x": ""},
        "posts/a.md",
        "public/cells",
        "/cells/a.png",
        "eleventy.config.js",
    ),
    Case(
        "eleventy",
        {".eleventy.js": "module.exports = {}\n"},
        "posts/a.md",
        "assets/cells",
        "/assets/cells/a.png",
        ".eleventy.js",
        notes=('Eleventy copies no folder yet; add eleventyConfig.addPassthroughCopy("assets").',),
    ),
    Case(
        "pelican",
        {"pelicanconf.py": "SITEURL = 'https://me.org/blog'\n"},
        "content/a.md",
        "content/images/cells",
        "/blog/images/cells/a.png",
        "pelicanconf.py",
    ),
    Case(
        "quarto",
        {"_quarto.yml": "project:\n  type: website\n"},
        "posts/a/index.qmd",
        "posts/a/assets",
        "assets/a.png",
        "_quarto.yml",
        "quarto",
    ),
    Case(
        "mdbook", {"book.toml": "[book]\n"}, "src/a.md", "src/assets", "assets/a.png", "book.toml"
    ),
    Case(
        "obsidian",
        {".obsidian/app.json": '{"attachmentFolderPath": "files"}'},
        "notes/a.md",
        "files",
        "../files/a.png",
        ".obsidian",
    ),
    Case(
        "marp",
        {"mkdocs.yml": "site_name: another\n"},
        "slides/deck.md",
        "slides/assets",
        "assets/a.png",
        "deck.md",
        "markdown",
        text="---\nmarp: true\n---\n\n# Cells\n",
    ),
    Case(
        "slidev",
        {"package.json": '{"dependencies": {"@slidev/cli": "^52"}}'},
        "slides.md",
        "public/cells",
        "/cells/a.png",
        "package.json",
        "markdown",
    ),
    Case("repository", {".git/HEAD": ""}, "docs/a.md", "docs/assets", "assets/a.png", ".git"),
)


@pytest.mark.parametrize("case", CASES, ids=[f"{case.engine}-{case.post}" for case in CASES])
def test_a_site_is_recognised_by_its_own_files(
    case: Case, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = tmp_path / "site"
    for name, text in {**case.files, case.post: case.text}.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    monkeypatch.chdir(root)
    post, site = Path(case.post), Site()
    found = site.recognised(post)
    assert found is not None
    assert (found.engine.name, found.mark) == (case.engine, case.mark)
    assert site.folder(post) == Path(case.folder)
    assert site.address(post, "a.png") == case.address
    conventions = site.conventions(post)
    assert conventions.dialect == case.dialect
    dark = conventions.dark
    assert (dark.dark if isinstance(dark, PageDark) else dark) == case.dark
    assert conventions.shows_comments == (case.engine in ("marp", "slidev"))
    assert site.notes(post) == case.notes


def test_every_engine_has_its_case() -> None:
    assert {case.engine for case in CASES} == {engine.name for engine in ENGINES}


def test_a_repository_ends_the_search(tmp_path: Path) -> None:
    (tmp_path / "mkdocs.yml").write_text("site_name: around it\n", encoding="utf-8")
    (tmp_path / "inner" / ".git").mkdir(parents=True)
    found = recognise(tmp_path / "inner" / "a.md")
    assert found is not None
    assert found.engine.name == "repository"


JEKYLL_OWN = "{{ site.url }}{{ site.baseurl }}/assets/cells/a.png"


@pytest.mark.parametrize(
    ("name", "config", "post", "absolute"),
    [
        ("_config.yml", "url: https://me.org\nbaseurl: /b\n", "_posts/2026-01-02-a.md", JEKYLL_OWN),
        ("_config.yml", "url: ''\n", "_posts/2026-01-02-a.md", None),
        ("_config.yml", "url: http://localhost:4000\n", "_posts/2026-01-02-a.md", None),
        ("_config.yml", "url: https://www.example.com/\n", "_posts/2026-01-02-a.md", None),
        ("hugo.toml", "baseURL = 'https://me.org/b/'\n", "content/a.md", "https://me.org/b/cells"),
        ("hugo.toml", "baseURL = 'https://example.org/'\n", "content/a.md", None),
        ("hugo.toml", "baseURL = 'https://me.org/'\n", "content/a/index.md", None),
        ("mkdocs.yml", "site_url: https://me.org/b\n", "docs/x/a.md", "https://me.org/b/assets/cells"),
        ("conf.py", "project = 'a'\nhtml_static_path = ['_static']\nhtml_baseurl = 'https://me.org/'\n",
         "x/a.md", "https://me.org/_static/cells"),
        ("pelicanconf.py", "SITEURL = 'https://me.org'\n", "content/a.md", "https://me.org/images/cells"),
        ("astro.config.mjs", "export default {site: 'https://me.org', base: '/b'}\n",
         "src/pages/a.md", "https://me.org/b/cells"),
        ("docusaurus.config.js", "module.exports = {url: 'https://me.org', baseUrl: '/b/'}\n",
         "docs/a.md", "https://me.org/b/cells"),
        ("docusaurus.config.js", "module.exports = {url: process.env.URL}\n", "docs/a.md", None),
        (".vitepress/config.mjs", "export default {}\n", "a.md", None),
    ],
)  # fmt: skip
def test_the_absolute_address_is_the_sites_own_where_it_has_one(
    tmp_path: Path, name: str, config: str, post: str, absolute: str | None
) -> None:
    for path, text in ((name, config), (post, "")):
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text, encoding="utf-8")
    found = Site().absolute(tmp_path / post, "a.png")
    wanted = absolute if absolute is None or absolute.endswith(".png") else f"{absolute}/a.png"
    assert found == wanted


def test_an_address_that_was_given_is_made_absolute_from_the_top(tmp_path: Path) -> None:
    (tmp_path / "_config.yml").write_text("url: https://me.org\nbaseurl: /b\n", encoding="utf-8")
    post = tmp_path / "a.md"
    for url, absolute in (
        ("{{ site.baseurl }}/x", "{{ site.url }}{{ site.baseurl }}/x/a.png"),
        ("/x", "{{ site.url }}/x/a.png"),
        ("//cdn.org/x", None),
        ("https://cdn.org/x", None),
        ("x", None),
    ):
        assert Site(url=url).absolute(post, "a.png") == absolute


def test_r_markdown_is_no_quarto_where_no_quarto_is(tmp_path: Path) -> None:
    for files, dialect in (
        ({}, "html"),
        ({"_bookdown.yml": ""}, "html"),
        ({"_quarto.yml": ""}, "quarto"),
    ):
        folder = tmp_path / "-".join(files)
        folder.mkdir(exist_ok=True)
        for name in (*files, "a.Rmd"):
            (folder / name).write_text("", encoding="utf-8")
        assert Site().conventions(folder / "a.Rmd").dialect == dialect
    (tmp_path / "a.qmd").write_text("", encoding="utf-8")
    assert Site().conventions(tmp_path / "a.qmd").dialect == "quarto"
