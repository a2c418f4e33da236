"""How themes mark a dark page, by CSS alone: one table an engine.

A theme that has one fixed look gets one picture. Of a theme that is not here nothing is known: then
the reader's system decides, as it does on a page without any theme.
"""

from gatereel.cli.sites.conventions import Dark, PageDark

FIXED: Dark = "none"

JEKYLL: dict[str, Dark] = {
    # A look is chosen by the site, not by the reader.
    "minima": FIXED,
    "beautiful-jekyll-theme": FIXED,
    "beautiful-jekyll": FIXED,
    "minimal-mistakes-jekyll": FIXED,
    "minimal-mistakes": FIXED,
    "just-the-docs": FIXED,
    "jekyll-theme-cayman": FIXED,
    "jekyll-theme-minimal": FIXED,
    "jekyll-theme-slate": FIXED,
    "jekyll-theme-chirpy": PageDark('html[data-mode="dark"]', "html:not([data-mode])"),
    "al-folio": PageDark('html[data-theme="dark"]'),
    "al_folio": PageDark('html[data-theme="dark"]'),
}

HUGO: dict[str, Dark] = {
    "papermod": PageDark("body.dark"),
    "hugo-papermod": PageDark("body.dark"),
    "blowfish": PageDark("html.dark"),
    "congo": PageDark("html.dark"),
    "hextra": PageDark("html.dark"),
    "stack": PageDark('html[data-scheme="dark"]'),
    "hugo-theme-stack": PageDark('html[data-scheme="dark"]'),
    "docsy": PageDark('html[data-bs-theme="dark"]'),
    "hugo-book": "system",
    "ananke": FIXED,
    "gohugo-theme-ananke": FIXED,
}

SPHINX: dict[str, Dark] = {
    "furo": PageDark('body[data-theme="dark"]', 'body[data-theme="auto"]'),
    "pydata_sphinx_theme": PageDark('html[data-theme="dark"]'),
    "sphinx_book_theme": PageDark('html[data-theme="dark"]'),
    "shibuya": PageDark("html.dark"),
    "alabaster": FIXED,
    "sphinx_rtd_theme": FIXED,
    "classic": FIXED,
}

MATERIAL = PageDark('[data-md-color-scheme="slate"]')
DOCUSAURUS = PageDark('html[data-theme="dark"]')
VITEPRESS = PageDark("html.dark")
STARLIGHT = PageDark('html[data-theme="dark"]')


def dark_of(table: dict[str, Dark], theme: str) -> Dark:
    """When pages of a theme are dark, by the last part of its name, in any case."""
    return table.get(theme.rsplit("/", 1)[-1].partition("@")[0].lower(), "system")
