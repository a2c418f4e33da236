"""Which engine a post's site is made with, by its own files, from the post upwards."""

from pathlib import Path

from gatereel.cli.sites.bounds import real
from gatereel.cli.sites.engine import SiteEngine
from gatereel.cli.sites.engines import ENGINES, REPOSITORY
from gatereel.rnn_math import InputError
from gatereel.rnn_math.counting import in_words
from gatereel.rnn_math.records import dataclass

NONE = "none"
"""As `--site`: no engine; pictures lie beside the post."""

NAMES = (NONE, *(engine.name for engine in ENGINES))


@dataclass(frozen=True)
class Recognised:
    """An engine, the top of the site, and the file there that tells."""

    engine: SiteEngine
    root: Path
    mark: str


def recognise(post: Path) -> Recognised | None:
    """The engine of the nearest folder upward that is the top of a site; None where none is.

    A repository ends the search: what is around it is another's.
    """
    post = real(post.parent) / post.name
    for folder in post.parents:
        if folder == folder.parent:
            return None
        for engine in ENGINES:
            mark = engine.tells(folder, post)
            if mark is not None:
                return Recognised(engine, folder, mark)
    return None


def chosen(name: str, post: Path) -> Recognised | None:
    """The engine that was asked for by its name, at the top of its site or else of the repository.

    Raises InputError for a name that is none.
    """
    if name == NONE:
        return None
    engine = next((engine for engine in ENGINES if engine.name == name), None)
    if engine is None:
        raise InputError(f"--site {name!r} is no engine that is known; {in_words(NAMES)} are.")
    post = real(post.parent) / post.name
    for each in (engine, REPOSITORY):
        for folder in post.parents[:-1]:
            mark = each.tells(folder, post)
            if mark is not None:
                return Recognised(engine, folder, mark if each is engine else f"--site {name}")
    return Recognised(engine, post.parent, f"--site {name}")
