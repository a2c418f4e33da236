"""When the pages of a site without a known theme are dark, by its own style sheets."""

from pathlib import Path

import pytest

from gatereel.cli.sites.conventions import Dark, PageDark
from gatereel.cli.sites.site import Site

FIXED = "body { color: #333 }\n"
SYSTEM = "@media (prefers-color-scheme: dark) { body { color: #eee } }\n"
AL_FOLIO = 'html[data-theme="dark"] { --global-text-color: #eee; }\n'
TAILWIND = ".dark\\:text-white:is(.dark *) { color: #fff }\n"


def write(folder: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")


@pytest.mark.parametrize(
    ("files", "post", "dark"),
    [
        ({"_config.yml": "title: a\n", "_sass/a.scss": FIXED}, "_posts/a.md", "none"),
        ({"_config.yml": "title: a\n", "css/a.css": FIXED + SYSTEM}, "_posts/a.md", "system"),
        ({"_config.yml": "", "_sass/a.scss": SYSTEM, "_sass/_themes.scss": AL_FOLIO},
         "_posts/a.md", PageDark('[data-theme="dark"]')),
        ({"_config.yml": "title: a\n", "about.md": ""}, "_posts/a.md", "system"),
        ({"_config.yml": "theme: unheard-of\n", "_sass/a.scss": FIXED}, "_posts/a.md", "system"),
        ({"_config.yml": "theme: minima\n", "_sass/a.scss": SYSTEM}, "_posts/a.md", "none"),
        ({"_config.yml": "", "css/node_modules/a.css": SYSTEM, "css/b.css": FIXED},
         "_posts/a.md", "none"),
        ({"hugo.toml": "theme = 'own'\n", "themes/own/assets/css/a.css": FIXED},
         "content/a.md", "none"),
        ({"hugo.toml": "theme = 'own'\n", "themes/own/static/a.css": "body.dark { color: red }"},
         "content/a.md", PageDark(".dark")),
        ({"hugo.toml": "theme = 'github.com/x/y'\n", "static/a.css": FIXED},
         "content/a.md", "system"),
        ({"astro.config.mjs": "", "src/styles/a.css": TAILWIND},
         "src/pages/a.md", PageDark(".dark")),
        ({"astro.config.mjs": "", "src/layouts/Base.astro": "<style>a { color: red }</style>"},
         "src/pages/a.md", "none"),
        ({".eleventy.js": "", "css/a.css": SYSTEM}, "posts/a.md", "system"),
        ({".eleventy.js": "", "css/a.css": FIXED}, "posts/a.md", "none"),
        ({"_config.yml": "theme: own\n", "package.json": '{"hexo": {}}', "scaffolds/a": "",
          "themes/own/source/css/a.styl": "body\n  color red\n"}, "source/_posts/a.md", "none"),
    ],
)  # fmt: skip
def test_a_sites_style_sheets_tell(
    tmp_path: Path, files: dict[str, str], post: str, dark: Dark
) -> None:
    write(tmp_path, {**files, post: ""})
    assert Site().conventions(tmp_path / post).dark == dark
