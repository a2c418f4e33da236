"""Small sites of real engines: their files, where a post lies, how they are built.

Each is as an author would have it: nothing in it is there for gatereel.
"""

import os
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

ROOT = Path(__file__).parents[2]
ENGINES = ROOT / ".engines"
PYTHON, NODE = ENGINES / "python" / "bin", ENGINES / "node" / "node_modules"

QUICK = "rnn --timesteps 1 --fps 5 --pace 0.2 --width 300"
"""The smallest film that there is; each engine gets the same."""

_TEXT = "# Cells\n\nBefore.\n\n{directive}\n\nAfter.\n"


@dataclass(frozen=True)
class Site:
    """A site before gatereel has seen it. `page` is what the engine makes of `post`."""

    name: str
    program: Path | str
    build: tuple[str, ...]
    post: str
    page: str
    served: str
    """The folder that a server shows."""
    files: Mapping[str, str] = field(default_factory=dict)
    text: str = _TEXT
    directive: str = f"<!-- gatereel: {QUICK} -->"
    base: str = ""
    """What stands before each address of the built site."""
    at: str = ""
    """Where on the page the picture is, if not everything is seen at once."""

    @property
    def is_installed(self) -> bool:
        """Whether its engine is there."""
        return shutil.which(self.program) is not None

    def write(self, folder: Path) -> Path:
        """Make the site in a folder; the post's path."""
        for name, text in (*self.files.items(), (self.post, self.written)):
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        if str(self.program).startswith(str(NODE)):
            (folder / "node_modules").symlink_to(NODE)
        return folder / self.post

    @property
    def written(self) -> str:
        """The post as its author left it."""
        return self.text.replace("{directive}", self.directive)

    def built(self, folder: Path) -> Path:
        """Build the site and give the page."""
        quiet = {"ASTRO_TELEMETRY_DISABLED": "1", "NO_COLOR": "1", "CI": "1"}
        done = subprocess.run(
            [shutil.which(self.program) or self.program, *self.build],
            cwd=folder,
            env=os.environ | quiet,
            capture_output=True,
            text=True,
            timeout=300,
        )
        page = folder / self.page
        assert done.returncode == 0, f"{done.stdout}\n{done.stderr}"
        assert page.is_file(), f"{self.page} was not built\n{done.stdout}\n{done.stderr}"
        return page


_ROW = "| a | b |\n|---|---|\n| RNN | {directive} |\n\n"
_PARAGRAPH = "<p>text {directive} text</p>\n\n"
_WITHIN_LINES = _TEXT.replace("{directive}\n\n", _ROW + _PARAGRAPH)
"""Directives that share their line with other text."""

_FRONT = "---\ntitle: Cells\n---\n\n"
_LAYOUT = "<!DOCTYPE html><html><head><meta charset='utf-8'></head><body>{content}</body></html>"

_MDX_BUILD = """
import {compile, run} from '@mdx-js/mdx'
import * as runtime from 'react/jsx-runtime'
import {renderToStaticMarkup} from 'react-dom/server'
import {createElement} from 'react'
import {readFile, writeFile, mkdir} from 'node:fs/promises'

const source = await readFile('docs/post.mdx')
const code = String(await compile(source, {outputFormat: 'function-body'}))
const {default: Content} = await run(code, {...runtime, baseUrl: import.meta.url})
await mkdir('static', {recursive: true})
const html = renderToStaticMarkup(createElement(Content))
await writeFile('static/post.html', '<!DOCTYPE html><meta charset="utf-8">' + html)
"""

_SITES = (
    Site(
        "jekyll",
        "jekyll",
        ("build", "--quiet", "--disable-disk-cache"),
        "_posts/2026-01-02-cells.md",
        "_site/2026/01/02/cells.html",
        "_site",
        {
            "_config.yml": "title: A blog\nbaseurl: /blog\n",
            "_layouts/default.html": _LAYOUT.format(content="{{ content }}"),
        },
        text="---\nlayout: default\n---\n\n" + _TEXT,
        base="/blog",
    ),
    Site(
        "jekyll parse_block_html",
        "jekyll",
        ("build", "--quiet", "--disable-disk-cache"),
        "_posts/2026-01-02-cells.md",
        "_site/2026/01/02/cells.html",
        "_site",
        {
            "_config.yml": "title: A blog\nkramdown:\n  parse_block_html: true\n",
            "_layouts/default.html": _LAYOUT.format(content="{{ content }}"),
        },
        text="---\nlayout: default\n---\n\n" + _TEXT,
    ),
    Site(
        "hugo",
        PYTHON / "hugo",
        ("--quiet",),
        "content/post.md",
        "public/post/index.html",
        "public",
        {
            "hugo.toml": 'baseURL = "https://example.org/"\ndisableKinds = ["taxonomy"]\n',
            "layouts/_default/single.html": _LAYOUT.format(content="{{ .Content }}"),
            "layouts/_default/list.html": _LAYOUT.format(content=""),
        },
        text=_FRONT + _TEXT,
    ),
    Site(
        "hugo unsafe bundle",
        PYTHON / "hugo",
        ("--quiet",),
        "content/post/index.md",
        "public/post/index.html",
        "public",
        {
            "hugo.toml": 'baseURL = "https://example.org/"\ndisableKinds = ["taxonomy"]\n'
            "[markup.goldmark.renderer]\nunsafe = true\n",
            "layouts/_default/single.html": _LAYOUT.format(content="{{ .Content }}"),
            "layouts/_default/list.html": _LAYOUT.format(content=""),
        },
        text=_FRONT + _TEXT,
    ),
    Site(
        "mkdocs",
        PYTHON / "mkdocs",
        ("build", "--quiet"),
        "docs/guide/post.md",
        "site/guide/post/index.html",
        "site",
        {"mkdocs.yml": "site_name: Cells\n", "docs/index.md": "# Home\n"},
    ),
    Site(
        "material",
        PYTHON / "mkdocs",
        ("build", "--quiet"),
        "docs/post.md",
        "site/post/index.html",
        "site",
        {
            "mkdocs.yml": "site_name: Cells\ntheme:\n  name: material\n  font: false\n",
            "docs/index.md": "# Home\n",
        },
    ),
    Site(
        "zensical",
        PYTHON / "zensical",
        ("build",),
        "docs/post.md",
        "site/post/index.html",
        "site",
        {
            "zensical.toml": '[project]\nsite_name = "Cells"\n[project.theme]\nfont = false\n',
            "docs/index.md": "# Home\n",
        },
    ),
    Site(
        "sphinx myst",
        PYTHON / "sphinx-build",
        ("-q", ".", "_build"),
        "guide/post.md",
        "_build/guide/post.html",
        "_build",
        {
            "conf.py": 'project = "Cells"\nextensions = ["myst_parser"]\n'
            'html_static_path = ["_static"]\n',
            "_static/.keep": "",
            "index.md": "# Home\n\n```{toctree}\nguide/post\n```\n",
        },
    ),
    Site(
        "sphinx myst without a static folder",
        PYTHON / "sphinx-build",
        ("-q", ".", "_build"),
        "post.md",
        "_build/post.html",
        "_build",
        {
            "conf.py": 'project = "Cells"\nextensions = ["myst_parser"]\n',
            "index.md": "# Home\n\n```{toctree}\npost\n```\n",
        },
    ),
    Site(
        "sphinx rst",
        PYTHON / "sphinx-build",
        ("-q", ".", "_build"),
        "post.rst",
        "_build/post.html",
        "_build",
        {
            "conf.py": 'project = "Cells"\nextensions = []\n',
            "index.rst": "Home\n====\n\n.. toctree::\n\n   post\n",
        },
        text="Cells\n=====\n\nBefore.\n\n{directive}\n\nAfter.\n",
        directive=f".. gatereel: {QUICK}",
    ),
    Site(
        "pelican",
        PYTHON / "pelican",
        ("content", "-o", "output", "-q"),
        "content/post.md",
        "output/cells.html",
        "output",
        {"pelicanconf.py": 'SITENAME = "Cells"\nPATH = "content"\nTIMEZONE = "UTC"\n'},
        text="Title: Cells\nDate: 2026-01-02\nSlug: cells\n\nBefore.\n\n{directive}\n\nAfter.\n",
    ),
    Site(
        "docutils",
        PYTHON / "docutils",
        ("post.rst", "post.html"),
        "post.rst",
        "post.html",
        ".",
        text="Cells\n=====\n\nBefore.\n\n{directive}\n\nAfter.\n",
        directive=f".. gatereel: {QUICK}",
    ),
    Site(
        "eleventy",
        NODE / ".bin" / "eleventy",
        ("--quiet",),
        "posts/post.md",
        "_site/posts/post/index.html",
        "_site",
        {
            "eleventy.config.js": "module.exports = (eleventyConfig) => {\n"
            '  eleventyConfig.addPassthroughCopy("static");\n};\n',
            "package.json": "{}",
            "static/.keep": "",
            "_includes/page.html": _LAYOUT.format(content="{{ content }}"),
        },
        text="---\nlayout: page.html\n---\n\n" + _TEXT,
    ),
    Site(
        "vitepress",
        NODE / ".bin" / "vitepress",
        ("build",),
        "guide/post.md",
        ".vitepress/dist/guide/post.html",
        ".vitepress/dist",
        {
            ".vitepress/config.mjs": 'export default { title: "Cells" }\n',
            "index.md": "# Home\n",
            "package.json": '{"type": "module"}',
        },
    ),
    Site(
        "mdx",
        "node",
        ("build.mjs",),
        "docs/post.mdx",
        "static/post.html",
        "static",
        {
            "docusaurus.config.js": 'module.exports = { title: "Cells", baseUrl: "/" };\n',
            "build.mjs": _MDX_BUILD,
        },
        directive="{/* gatereel: " + QUICK + " */}",
    ),
    Site(
        "mdx with a comment of HTML",
        "node",
        ("build.mjs",),
        "docs/post.mdx",
        "static/post.html",
        "static",
        {
            "docusaurus.config.js": 'module.exports = { title: "Cells", baseUrl: "/" };\n',
            "build.mjs": _MDX_BUILD,
        },
    ),
    Site(
        "astro",
        NODE / ".bin" / "astro",
        ("build",),
        "src/pages/post.md",
        "dist/post/index.html",
        "dist",
        {"astro.config.mjs": "export default {};\n", "package.json": '{"type": "module"}'},
    ),
    Site(
        "marp",
        NODE / ".bin" / "marp",
        ("deck.md", "-o", "deck.html", "--no-stdin"),
        "deck.md",
        "deck.html",
        ".",
        text="---\nmarp: true\n---\n\n# Cells\n\n---\n\n{directive}\n\n---\n\nAfter.\n",
        directive=f"<!-- gatereel: {QUICK} --width 964 -->",  # higher than a slide
        at="#2",
    ),
    Site(
        "hexo",
        NODE / ".bin" / "hexo",
        ("generate", "--silent"),
        "source/_posts/post.md",
        "public/2026/01/02/post/index.html",
        "public",
        {
            "_config.yml": "title: Cells\ntheme: landscape\n",
            "package.json": '{"hexo": {"version": "7.3.0"}, "dependencies": {"hexo": "7.3.0", '
            '"hexo-renderer-marked": "7.0.1", "hexo-renderer-ejs": "2.0.0", '
            '"hexo-renderer-stylus": "3.0.1", "hexo-theme-landscape": "1.1.0"}}',
            "scaffolds/.keep": "",
        },
        text="---\ntitle: Cells\ndate: 2026-01-02 12:00:00\n---\n\n"
        "Before.\n\n{directive}\n\nAfter.\n",
    ),
)

_NAMED = {site.name: site for site in _SITES}

SITES = (
    *_SITES,
    *(
        replace(site, name=f"{site.name} within lines", text=text)
        for site, text in (
            (_NAMED["jekyll"], "---\nlayout: default\n---\n\n" + _WITHIN_LINES),
            (_NAMED["hugo"], _FRONT + _TEXT.replace("{directive}\n\n", _ROW)),
            (_NAMED["mkdocs"], _WITHIN_LINES),
            (_NAMED["sphinx myst"], _WITHIN_LINES),
            (_NAMED["eleventy"], "---\nlayout: page.html\n---\n\n" + _WITHIN_LINES),
            (_NAMED["vitepress"], _WITHIN_LINES),
            (_NAMED["mdx"], _TEXT.replace("{directive}\n\n", _PARAGRAPH)),
        )
    ),
)
