"""What a site's own configuration says, read with care: a few settings, never the whole.

Files are read, not run. Of YAML and JavaScript only what stands there in plain words is seen.
"""

import json
import re
import tomllib
from collections.abc import Mapping
from pathlib import Path

MOST_BYTES = 1 << 20
"""No configuration written by hand is larger."""


def text_of(path: Path) -> str:
    """A file's text, or nothing where it cannot be read."""
    try:
        if not path.is_file():  # a pipe would be waited for
            return ""
        with path.open("rb") as file:
            return file.read(MOST_BYTES).decode("utf-8", "replace")
    except OSError:
        return ""


def toml_of(path: Path) -> Mapping[str, object]:
    """A TOML file's tables, or none where it cannot be read."""
    try:
        return tomllib.loads(text_of(path))
    except tomllib.TOMLDecodeError:
        return {}


def json_of(path: Path) -> Mapping[str, object]:
    """A JSON file's object, or none where it cannot be read."""
    try:
        found = json.loads(text_of(path))
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def setting(path: Path, *keys: str) -> str:
    """A setting of a TOML, JSON or YAML file by its keys from the outermost on; "" if not there."""
    match path.suffix:
        case ".toml":
            return _within(toml_of(path), keys)
        case ".json":
            return _within(json_of(path), keys)
        case _:
            return yaml_setting(text_of(path), *keys)


def _within(table: object, keys: tuple[str, ...]) -> str:
    for key in keys:
        table = table.get(key) if isinstance(table, Mapping) else None
    if isinstance(table, bool):
        return str(table).lower()
    return "" if table is None or isinstance(table, Mapping | list) else str(table)


_COMMENT = re.compile(r"(?:^|\s)#.*")
_YAML_LINE = re.compile(
    r"(?P<indent> *)(?P<key>[\w.-]+|\"[^\"]*\"|'[^']*')\s*:(?:\s+(?P<value>.*))?$"
)


def yaml_setting(text: str, *keys: str) -> str:
    """A plain value of YAML in block style; "" where it is none or not there."""
    wanted = list(keys)
    depths: list[int] = []
    for line in text.splitlines():
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        depth = len(line) - len(line.lstrip())
        while depths and depth <= depths[-1]:
            depths.pop()
            wanted.insert(0, keys[len(depths)])
        found = _YAML_LINE.match(line)
        if found is None or not wanted or found["key"].strip("\"'") != wanted[0]:
            continue
        if (depth == 0) != (not depths):
            continue
        if len(wanted) == 1:
            return _plain(found["value"] or "")
        wanted.pop(0)
        depths.append(depth)
    return ""


def _plain(value: str) -> str:
    value = value.strip()
    if value[:1] in ("'", '"'):
        return value[1:].partition(value[0])[0]
    return _COMMENT.sub("", value).strip()


def script_setting(text: str, key: str) -> str:
    """A string that a script gives a key, such as `base: '/docs/'`; "" where it is none."""
    found = re.search(rf"""\b{key}\s*[:=]\s*(?P<quote>["'`])(?P<value>[^"'`$]*)(?P=quote)""", text)
    return found["value"] if found else ""


def path_of(address: str) -> str:
    """The path of a site's address, without a slash at its end: "/blog" of "https://me.org/blog/"."""
    path = re.sub(r"^[A-Za-z][A-Za-z0-9+.-]*://[^/]*|^//[^/]*", "", address).strip()
    return "/" + path.strip("/") if path.strip("/") else ""


_NO_HOST = re.compile(
    r"(?:localhost|127\..*|0\.0\.0\.0|\[.*|.*\.local|(?:.*\.)?example(?:\.\w+)?)(?::\d+)?",
    re.IGNORECASE,
)
"""What is written for the site's host as long as there is none."""


def own_address(address: str, base: str = "") -> str:
    """A site's own address if it is one, with a path behind it; else nothing."""
    found = re.fullmatch(r"https?://(?P<host>[^/\s]+)[^\s?#]*", address.strip(), re.IGNORECASE)
    if found is None or _NO_HOST.fullmatch(found["host"]):
        return ""
    return address.strip().rstrip("/") + base.rstrip("/")


def up_from(page: Path, top: Path, *, directory_urls: bool = False) -> str:
    """The way from a page's address up to the top of its site: "../.." or "."."""
    depth = len(page.relative_to(top).parts) - 1
    if directory_urls and page.stem not in ("index", "README"):
        depth += 1
    return "/".join([".."] * depth) or "."
