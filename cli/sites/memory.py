"""What a site remembers: `.gatereel.toml` at its top, so that an option is given only once.

    assets = "static/cells"
    lang = "vi"

Options of the command line win. Paths are those from the file's folder.
"""

import tomllib
from collections.abc import Mapping
from pathlib import Path

from gatereel.cli.sites.bounds import real
from gatereel.cli.sites.recognise import NAMES
from gatereel.rnn_math import InputError
from gatereel.rnn_math.counting import in_words
from gatereel.rnn_math.records import dataclass

FILE = ".gatereel.toml"

MOST_BYTES = 1 << 16

PLACING = ("site", "assets", "url")
"""Where pictures go; all other keys are options of directives."""

WORDS = ("lang", "theme", "dark", "style", "for", "describe", "narrow", "display-width", "width")
CARD = "card"
"""Whether each post gets a picture for social previews."""

KEYS = (*PLACING, *WORDS, CARD)


@dataclass(frozen=True)
class Memory:
    """What a file remembers. `assets` is absolute; `words` are options for all directives."""

    folder: Path
    site: str | None = None
    assets: Path | None = None
    url: str | None = None
    words: tuple[tuple[str, str], ...] = ()
    card: bool = False


def remembered(post: Path) -> Memory | None:
    """What the nearest file upward from a post remembers, within its repository; None without one.

    Raises InputError, which names the file, for what cannot be read or is not known.
    """
    for folder in (real(post.parent), *real(post.parent).parents):
        path = folder / FILE
        if path.is_file():
            return _memory(path)
        if (folder / ".git").exists():
            return None
    return None


def _memory(path: Path) -> Memory:
    entries = _entries(path)
    folder = path.parent
    assets = entries.get("assets")
    if assets is not None and not real(folder / assets).is_relative_to(folder):
        # A repository of somebody else's must not write where it likes.
        raise InputError(
            f"{path}: assets = {assets!r} is outside of its folder; give it by --assets instead."
        )
    site = entries.get("site")
    if site is not None and site not in NAMES:
        raise InputError(f"{path}: site = {site!r} is not known; {in_words(NAMES)} are.")
    return Memory(
        folder,
        site,
        None if assets is None else folder / assets,
        entries.get("url"),
        tuple((f"--{key}", entries[key]) for key in WORDS if key in entries),
        card=bool(entries.get(CARD)),
    )


def _entries(path: Path) -> Mapping[str, str]:
    try:
        with path.open("rb") as file:
            entries = tomllib.loads(file.read(MOST_BYTES).decode("utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{path} cannot be read ({error}).") from None
    except tomllib.TOMLDecodeError as error:
        raise InputError(f"{path} is no TOML: {error}.") from None
    for key, value in entries.items():
        if key not in KEYS:
            raise InputError(f"{path} has the entry {key!r}; {in_words(KEYS)} are known.")
        if key == CARD:
            if not isinstance(value, bool):
                raise InputError(f"{path}: {key} = {value!r} is neither true nor false.")
        elif isinstance(value, bool | dict | list):
            raise InputError(f"{path}: {key} = {value!r} is no text; write it in quotation marks.")
    return {key: str(value) for key, value in entries.items() if value is not False}
