"""What a directive comes to: planned pictures, the files they go to, and their words."""

import re
from contextlib import chdir
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from gatereel.cli.embedding.markup import Figure, Link, markdown, picture, video
from gatereel.cli.embedding.request import DEFAULT_STYLE, Request, read_request
from gatereel.cli.inputs.planning import plan_picture
from gatereel.rnn_math import InputError
from gatereel.rnn_math.counting import one_of
from gatereel.scenes.places import MarkupStyle

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from gatereel.cli.sites.conventions import Conventions
    from gatereel.scenes.places import Place
    from gatereel.scenes.plan import Plan
    from gatereel.scenes.theme.theme import Theme

FILM, TRANSPARENT_FILM, VIDEO, STILL = ".gif", ".webp", ".mp4", ".png"

_DIGITS_IN_A_NAME = 8
"""Hexadecimal: enough to tell the pictures of a site apart; the whole is within the file."""

PICTURE_NAME = re.compile(rf"(?<![a-z0-9-])[a-z0-9-]+-[0-9a-f]{{{_DIGITS_IN_A_NAME}}}\.[a-z0-9]+")
"""Any picture's name, within a block."""

_ABSOLUTE = re.compile(r"https?://|//|\{\{|\{%")
"""What begins an address that needs no page around it; a template may put one in."""

_NO_LETTER = re.compile("[^a-z0-9]+")


@dataclass(frozen=True, eq=False)
class Variant:
    """A picture in one theme, and the suffixes of its files."""

    plan: "Plan"
    fingerprint: str
    suffixes: tuple[str, ...]

    def file_name(self, suffix: str) -> str:
        """The name of a file: "lstm-3f9a2c1b.gif", in lower case, and new when it is another."""
        from gatereel.scenes.theme.theme import DEFAULT_THEME

        theme = _NO_LETTER.sub("-", self.plan.theme.name.lower()).strip("-")
        cell = self.plan.storyboard.cell.name
        parts = [cell, theme] if theme not in ("", DEFAULT_THEME) else [cell]
        return "-".join([*parts, self.fingerprint[:_DIGITS_IN_A_NAME]]) + suffix

    def frames(self, paths: "Sequence[Path]") -> int:
        """Frame times to draw for these files; a still alone has none."""
        return 0 if all(path.suffix == STILL for path in paths) else self.plan.frames


@dataclass(frozen=True, eq=False)
class Illustration:
    """What stands in a directive's block."""

    style: MarkupStyle
    light: Variant
    dark: Variant | None
    caption: bool
    still: bool
    assumptions: tuple[str, ...]
    """What its numbers hang on and no file says, each a sentence."""
    notes: tuple[str, ...]
    """What the author may not expect, each a sentence or a line."""

    @property
    def variants(self) -> tuple[Variant, ...]:
        """Every picture that has files."""
        return (self.light,) if self.dark is None else (self.light, self.dark)


def illustrate(words: "Sequence[str]", folder: Path) -> Illustration:
    """Plan what a directive's words ask for; files that they name are looked for from `folder`.

    Raises InputError for words, files or numbers that cannot be used.
    """
    request = read_request(words, folder)
    style = _style(request)
    if style == "video" and request.still:
        raise InputError("--still has no film for --style video; leave one of the two out.")
    film = _film_suffix(request, style)
    suffixes: tuple[str, ...] = (STILL,)
    if not request.still:
        suffixes = (film,) if style == "markdown" else (film, STILL)
    with chdir(folder):
        proposal = plan_picture(
            request.cell, request.source, request.selection, request.look, suffixes
        )
    dark_suffixes = (film,) if style == "video" else suffixes
    dark = None if style == "markdown" else _dark_theme(request, proposal.plan.theme)
    return Illustration(
        style,
        _variant(proposal.plan, suffixes),
        _variant(_in_theme(proposal.plan, dark), dark_suffixes) if dark else None,
        request.caption,
        request.still,
        proposal.assumptions,
        proposal.notes,
    )


def block(
    illustration: Illustration,
    address: "Callable[[str], str]",
    conventions: "Conventions",
    *,
    in_paragraph: bool,
) -> str:
    """The markup of a block; `address` makes a file's name into what the page says.

    Raises InputError for addresses that lead nowhere from the place where the page goes.
    """
    from gatereel.scenes.tell.description import alt_text, caption, describe

    light, dark = illustration.light, illustration.dark
    planned = light.plan
    place = planned.place
    for variant in illustration.variants:
        for suffix in variant.suffixes:
            _check_address(address(variant.file_name(suffix)), illustration.style, place)
    storyboard = planned.storyboard
    language = planned.language
    width, height = _size(planned, even=illustration.style == "video")
    figure = Figure(
        light=_link(light, address),
        dark=_link(dark, address) if dark else None,
        width=width,
        height=height,
        alt=alt_text(storyboard, language, still=illustration.still),
        language=language.code,
        caption=caption(storyboard, language) if illustration.caption else "",
        description=describe(storyboard, language),
        tells_height=place is None or place.writes_height,
    )
    match illustration.style:
        case "markdown":
            return markdown(figure)
        case "video":
            return video(figure, in_paragraph=in_paragraph)
        case "picture":
            return picture(figure, in_paragraph=in_paragraph)


def _style(request: Request) -> MarkupStyle:
    """The markup that was asked for, if the place takes it; or else the one it takes best."""
    place = request.look.place
    if place is None:
        return request.style or DEFAULT_STYLE
    if request.style is None:
        return place.styles[0]
    if request.style not in place.styles:
        raise InputError(
            f"{place.title} does not take --style {request.style}; {one_of(place.styles)} it does."
        )
    return request.style


def _film_suffix(request: Request, style: MarkupStyle) -> str:
    if style == "video":
        return VIDEO
    return TRANSPARENT_FILM if request.look.transparent else FILM


def _check_address(address: str, style: MarkupStyle, place: "Place | None") -> None:
    """Raise InputError for an address that leads nowhere from the place."""
    if place is None or place.absolute == "nowhere" or _ABSOLUTE.match(address):
        return
    if place.absolute == "everywhere" or style == "picture":
        what = "pictures" if place.absolute == "everywhere" else "the sources of a <picture>"
        raise InputError(
            f"{place.title} finds {what} by absolute addresses alone; give --url, such as "
            "--url https://example.com/cells."
        )


def _dark_theme(request: Request, light: "Theme") -> "Theme | None":
    """The theme for dark pages: the one asked for, or `dark` beside the theme that is default.

    Whoever chose a theme has chosen it for all readers: another one might not suit them.
    """
    from gatereel.scenes.theme.files import load_theme
    from gatereel.scenes.theme.theme import DARK_THEME

    if request.dark is not None:
        return request.dark
    return load_theme(DARK_THEME) if light == load_theme() else None


def _in_theme(planned: "Plan", theme: "Theme") -> "Plan":
    return replace(planned, theme=theme)


def _variant(planned: "Plan", suffixes: tuple[str, ...]) -> Variant:
    from gatereel.scenes.fingerprint import fingerprint, marked

    mark = fingerprint(planned)
    return Variant(marked(planned, mark), mark, suffixes)


def _link(variant: Variant, address: "Callable[[str], str]") -> Link:
    film = next((suffix for suffix in variant.suffixes if suffix != STILL), None)
    return Link(
        address(variant.file_name(film)) if film else None,
        address(variant.file_name(STILL)) if STILL in variant.suffixes else None,
    )


def _size(planned: "Plan", *, even: bool) -> tuple[int, int]:
    """Width and height in pixels; a video's are `even`, as its encoder makes them."""
    width, height = planned.width, planned.height
    return (width + width % 2, height + height % 2) if even else (width, height)
