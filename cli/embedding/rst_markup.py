"""What stands in a block of reStructuredText: raw HTML, and an image for other builders."""

import re

_INDENT = "   "

_MARKUP = re.compile(r"([\\*`|_]|:$)")
_NO_ADDRESS = re.compile(r"([\\\s])")
_ASIDE = ("<template>", "</template>")
"""What it holds is neither shown nor loaded. A writer of HTML puts the image there, behind the
picture; one that takes no raw HTML (LaTeX, EPUB, the pages of a repository) shows the image."""


def restructured(html: str, image: str, alt: str, caption: str) -> str:
    """The block; `image` is a file, by its way from the post. Without `html` the image is all."""
    shown = _image(image, alt, caption)
    if not html:
        return shown
    before, behind = _ASIDE
    return "\n\n".join([_raw(f"{html.rstrip()}\n{before}"), shown, _raw(behind)])


def _raw(html: str) -> str:
    return "\n".join([".. raw:: html", "", *(_INDENT + line for line in html.split("\n"))])


def _image(image: str, alt: str, caption: str) -> str:
    """An image, or a figure where there is a caption."""
    name = "figure" if caption else "image"
    address = _NO_ADDRESS.sub(r"\\\1", image)
    lines = [f".. {name}:: {address}", f"{_INDENT}:alt: {_on_one_line(alt)}"]
    if caption:
        lines += ["", _INDENT + _text(caption)]
    return "\n".join(lines)


def _text(text: str) -> str:
    """Text without any meaning to reStructuredText, on one line."""
    return _MARKUP.sub(r"\\\1", _on_one_line(text))


def _on_one_line(text: str) -> str:
    """Text as an option takes it, which knows no markup."""
    return " ".join(text.split())
