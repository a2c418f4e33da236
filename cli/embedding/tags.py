"""HTML as a page takes it: in the file as it is, or as JSX, which MDX makes of it.

Writer("jsx").void("img", src="/cells/a.gif", style={"max-width": "100%"})
"""

import re
from collections.abc import Mapping
from html import escape
from json import dumps
from typing import Literal

Value = str | bool | Mapping[str, str] | None
"""Of an attribute: text that is escaped already, whether it is there, or styles."""

_IN_JSX = {
    "class": "className",
    "srcset": "srcSet",
    "autoplay": "autoPlay",
    "playsinline": "playsInline",
    "fetchpriority": "fetchPriority",
}


class Writer:
    """Writes tags in one of two ways."""

    def __init__(self, dialect: Literal["html", "jsx"]) -> None:
        self._is_jsx = dialect == "jsx"

    def open(self, name: str, attributes: Mapping[str, Value] | None = None) -> str:
        """A tag that opens an element."""
        return f"<{name}{self._attributes(attributes or {})}>"

    def void(self, name: str, attributes: Mapping[str, Value]) -> str:
        """An element that holds nothing."""
        return f"<{name}{self._attributes(attributes)}{' /' if self._is_jsx else ''}>"

    def begun(self, name: str, words: str) -> list[str]:
        """An element that begins with words, on lines of its own; other elements may follow.

        To MDX, words behind a tag are a paragraph, in which the element would have to end.
        """
        if self._is_jsx:
            return [f"<{name}>", f"{{{dumps(on_one_line(words), ensure_ascii=False)}}}"]
        return [f"<{name}>{in_text(words)}"]

    def style_sheet(self, rules: str) -> str:
        """An element with rules of CSS."""
        held = f"{{`{rules}`}}" if self._is_jsx else rules
        return f"<style>{held}</style>"

    def _attributes(self, attributes: Mapping[str, Value]) -> str:
        written = (self._attribute(name, value) for name, value in attributes.items())
        return "".join(f" {each}" for each in written if each)

    def _attribute(self, name: str, value: Value) -> str:
        name = _IN_JSX.get(name, name) if self._is_jsx else name
        if isinstance(value, Mapping):
            return self._style(value)
        if value is None or value is False:
            return ""
        return name if value is True else f'{name}="{value}"'

    def _style(self, styles: Mapping[str, str]) -> str:
        if not styles:
            return ""
        if not self._is_jsx:
            return f'style="{";".join(f"{name}:{value}" for name, value in styles.items())}"'
        entries = ", ".join(f"{_camel(name)}: '{value}'" for name, value in styles.items())
        return f"style={{{{{entries}}}}}"


def in_text(text: str) -> str:
    """Words between tags."""
    return template_free(escape(on_one_line(text), quote=False))


def in_attribute(text: str) -> str:
    """Words in an attribute."""
    return template_free(escape(on_one_line(text)))


def on_one_line(text: str) -> str:
    """Text without line ends: a blank line would end the HTML, and the rest would be Markdown."""
    return " ".join(text.split())


def template_free(html: str) -> str:
    """HTML in which no template language, and no JSX, finds its braces."""
    return html.replace("{", "&#123;").replace("}", "&#125;")


def in_a_row(markup: str) -> str:
    """Markup for a cell of a table in Markdown, which `|` would end; templates come before that."""
    parts = _TEMPLATE.split(markup)
    return "".join(part if i % 2 else part.replace("|", "&#124;") for i, part in enumerate(parts))


_TEMPLATE = re.compile(r"(\{\{.*?\}\}|\{%.*?%\})")
"""A part that a template language reads before Markdown does."""


def _camel(name: str) -> str:
    first, *others = name.split("-")
    return first + "".join(other.capitalize() for other in others)
