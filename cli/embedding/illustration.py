"""What a directive comes to: planned pictures, the files they go to, and their words."""

import re
from contextlib import chdir
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from gatereel.cli.embedding.clip_request import ClipRequest
from gatereel.cli.embedding.kinds import kind_of
from gatereel.cli.embedding.legend_request import LegendRequest
from gatereel.cli.embedding.markup import Figure, Link, Narrow, picture, video
from gatereel.cli.embedding.plain_markup import markdown, quarto
from gatereel.cli.embedding.reading_options import Reading
from gatereel.cli.embedding.request import (
    DEFAULT_STYLE,
    DirectiveRequest,
    read_other_request,
    read_request,
)
from gatereel.cli.embedding.subjects import (
    AnySubject,
    AnyToldSubject,
    CellSubject,
    ClipSubject,
    LegendSubject,
)
from gatereel.cli.inputs.planning import plan_pictures
from gatereel.cli.options.common import LEGEND
from gatereel.cli.options.look import LookOptions
from gatereel.cli.sites.conventions import DEFAULT_CONVENTIONS, Conventions, Dark, PageDark
from gatereel.rnn_math import CELLS, InputError
from gatereel.rnn_math.counting import one_of
from gatereel.rnn_math.records import dataclass
from gatereel.scenes.lay_out.page import REFERENCE
from gatereel.scenes.places import MarkupStyle

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence

    from gatereel.scenes.lay_out.page import PageName
    from gatereel.scenes.places import Place
    from gatereel.scenes.theme.theme import Theme

FILM, TRANSPARENT_FILM, VIDEO, STILL = ".gif", ".webp", ".mp4", ".png"
STILLS = (STILL, ".svg")

_ILLUSTRATED = {"rnn", "lstm", "gru"}
"""The cells whose own legend has six symbols; a post that shows these three gets those."""

_DIGITS_IN_A_NAME = 8
"""Hexadecimal: enough to tell the pictures of a site apart; the whole is within the file."""

PICTURE_NAME = re.compile(rf"(?<![a-z0-9-])[a-z0-9-]+-[0-9a-f]{{{_DIGITS_IN_A_NAME}}}\.[a-z0-9]+")
"""Any picture's name, within a block."""

PREFIXED_PICTURE = re.compile(
    rf"""["'( ]((?:[^"'() \s{{}}]|{{{{[^{{}}]*}}}})*/){PICTURE_NAME.pattern}"""
)
"""What stands before a picture's name in an address, within a block."""

_ABSOLUTE = re.compile(r"https?://|//|\{\{|\{%")
"""What begins an address that needs no page around it; a template may put one in."""

NARROW_WIDTH = 720
"""Pixels of a picture for narrow screens: two for each of the 360 of a phone."""

_NO_LETTER = re.compile("[^a-z0-9]+")


@dataclass(frozen=True, eq=False)
class Variant:
    """A picture in one theme, and the suffixes of its files."""

    subject: AnySubject
    suffixes: tuple[str, ...]

    @property
    def fingerprint(self) -> str:
        """What its files carry."""
        return self.subject.fingerprint

    def file_name(self, suffix: str) -> str:
        """The name of a file: "lstm-3f9a2c1b.gif", in lower case, and new when it is another."""
        from gatereel.scenes.theme.theme import DEFAULT_THEME

        name = self.subject.name
        theme = _NO_LETTER.sub("-", self.subject.plan.theme.name.lower()).strip("-")
        parts = [name, theme] if theme not in ("", DEFAULT_THEME) else [name]
        return "-".join([*parts, self.fingerprint[:_DIGITS_IN_A_NAME]]) + suffix

    def frames(self, paths: "Sequence[Path]") -> int:
        """Frame times to draw for these files; a still alone has none."""
        return 0 if all(path.suffix in STILLS for path in paths) else self.subject.frames


@dataclass(frozen=True, eq=False)
class Illustration:
    """What stands in a directive's block."""

    subject: AnyToldSubject
    style: MarkupStyle
    light: Variant
    dark: Variant | None
    caption: bool
    reading: Reading
    assumptions: tuple[str, ...] = ()
    """What its numbers hang on and no file says, each a sentence."""
    notes: tuple[str, ...] = ()
    """What the author may not expect, each a sentence or a line."""
    narrow: tuple[Variant, ...] = ()
    """What narrow screens get: for light pages, and for dark ones where there is one."""

    @property
    def variants(self) -> tuple[Variant, ...]:
        """Every picture in the block that has files."""
        wide = (self.light,) if self.dark is None else (self.light, self.dark)
        return (*wide, *self.narrow)

    @cached_property
    def card(self) -> Variant | None:
        """The picture for social previews; it is in no block."""
        card = self.subject.card()
        return None if card is None else Variant(card, (STILL,))


def illustrate(
    words: "Sequence[str]",
    folder: Path,
    post_cells: "Collection[str] | None" = (),
    conventions: Conventions = DEFAULT_CONVENTIONS,
) -> Illustration:
    """Plan what a directive's words ask for; files that they name are looked for from `folder`.

    `post_cells` are the cells that its post shows, whose symbols a legend has where its words name
    no cells; None where that is not known. Raises InputError for words, files or numbers that
    cannot be used.
    """
    if kind_of(words) is not None:
        request = read_other_request(words, folder)
        if isinstance(request, ClipRequest):
            return _of_clip(request, conventions)
        return _of_legend(request, post_cells, conventions)
    return _of_cell(read_request(words, folder), folder, conventions)


def _of_cell(request: DirectiveRequest, folder: Path, conventions: Conventions) -> Illustration:
    style = _style(request.style, request.look.place, conventions)
    if style == "video" and request.still:
        raise InputError("--still has no film for --style video; leave one of the two out.")
    film = _film_suffix(request, style)
    suffixes: tuple[str, ...] = (STILL,)
    if not request.still:
        is_film_alone = style == "markdown" and conventions.dialect != "quarto"
        suffixes = (film,) if is_film_alone else (film, STILL)
    looks, page = [request.look], _narrow_page(request, style)
    if page is not None:
        looks.append(replace(request.look, page=page, width=_narrow_width(request.look)))
    with chdir(folder):
        proposal, *narrow = plan_pictures(
            request.cell, request.source, request.selection, looks, suffixes
        )
    return _illustration(
        CellSubject(proposal.plan, request.still),
        style,
        request,
        suffixes,
        (film,) if style == "video" else suffixes,
        conventions,
        proposal.assumptions,
        proposal.notes,
        tuple(CellSubject(each.plan, still=False) for each in narrow),
    )


def _of_legend(
    request: LegendRequest, post_cells: "Collection[str] | None", conventions: Conventions
) -> Illustration:
    from gatereel.scenes.legend import plan_legend

    if not request.cells and post_cells is None:
        raise InputError(
            "it shows the symbols of the post's cells, of which not all are planned; see to those "
            f"first, or name the cells: <!-- gatereel: {LEGEND} lstm gru -->."
        )
    suffixes = (f".{request.format}",)
    if request.place is not None:
        request.place.check_suffixes(suffixes)
    shown = tuple(cell for name, cell in CELLS.items() if name in (post_cells or ()))
    planned = plan_legend(
        request.width,
        request.cells or shown,
        request.theme,
        language=request.language,
        transparent=request.transparent,
        illustrated=not request.cells and {cell.name for cell in shown} == _ILLUSTRATED,
        place=request.place,
    )
    style = _style(request.style, request.place, conventions)
    return _illustration(LegendSubject(planned), style, request, suffixes, suffixes, conventions)


def _of_clip(request: ClipRequest, conventions: Conventions) -> Illustration:
    look = request.look
    style = _style(request.style, look.place, conventions)
    if style == "video" and look.still:
        raise InputError("--still has no film for --style video; leave one of the two out.")
    if request.reading.narrow not in (None, "none"):
        raise InputError(f"--narrow {request.reading.narrow}: a clip has one form; leave it out.")
    film = VIDEO if style == "video" else TRANSPARENT_FILM if look.transparent else FILM
    suffixes: tuple[str, ...] = (STILL,) if look.still else (film, STILL)
    if not look.still and style == "markdown" and conventions.dialect != "quarto":
        suffixes = (film,)
    if look.place is not None:
        look.place.check_suffixes(suffixes)
    return _illustration(
        ClipSubject(look.plan(request.content)),
        style,
        request,
        suffixes,
        (film,) if style == "video" else suffixes,
        conventions,
        request.assumptions,
        request.notes,
    )


def _illustration(
    subject: AnyToldSubject,
    style: MarkupStyle,
    request: DirectiveRequest | LegendRequest | ClipRequest,
    suffixes: tuple[str, ...],
    dark_suffixes: tuple[str, ...],
    conventions: Conventions,
    assumptions: tuple[str, ...] = (),
    notes: tuple[str, ...] = (),
    narrow: tuple[CellSubject, ...] = (),
) -> Illustration:
    reading = request.reading
    has_dark = style != "markdown" and dark_when(reading, conventions) != "none"
    dark = _dark_theme(reading.dark_theme, subject.plan.theme) if has_dark else None
    if style == "markdown" and conventions.dialect != "quarto":
        notes = (*notes, *_without_place(reading, sizes=conventions.sizes_in_alt))
    place = subject.plan.place
    if reading.dark_by == "page" and (place is not None or style == "video"):
        where = "a <video>" if place is None else place.title
        notes = (
            *notes,
            f"--dark page: {where} takes no style sheet that would follow the page; the dark "
            "picture is shown where the reader's system is dark.",
        )
    return Illustration(
        subject,
        style,
        Variant(subject, suffixes),
        None if dark is None else Variant(subject.in_theme(dark), dark_suffixes),
        request.caption,
        reading,
        assumptions,
        notes,
        (
            *(Variant(each, suffixes) for each in narrow),
            *(Variant(each.in_theme(dark), dark_suffixes) for each in narrow if dark is not None),
        ),
    )


def _without_place(reading: Reading, *, sizes: bool) -> tuple[str, ...]:
    """What an image of Markdown alone, with `sizes` or without, does not say of what was asked."""
    shown = {
        "--display-width": (
            reading.display_width,
            "it is as wide as it is, up to the page's width",
        ),
        "--class": (reading.classes, "no style sheet finds it by that"),
        "--id": (reading.identifier, "no link finds it by that"),
    }
    return tuple(
        f"{option} {value}: an image in Markdown has no place for it; {then}."
        for option, (value, then) in shown.items()
        if value and not (sizes and option == "--display-width")
    )


def _narrow_width(look: LookOptions) -> int:
    """In pixels: no more than a sharp screen shows of what is at most `NARROW_WIDTH` wide."""
    return NARROW_WIDTH if look.width is None else min(look.width, NARROW_WIDTH)


def _narrow_page(request: DirectiveRequest, style: MarkupStyle) -> "PageName | None":
    """The form of the film for narrow screens, where there is one beside the other.

    Raises InputError where one was asked for that the page or the picture cannot have.
    """
    asked, look = request.reading.narrow, request.look
    without = next(
        (
            why
            for why, holds in (
                ("--style picture alone has another film for narrow screens", style != "picture"),
                ("--still has no film", request.still),
                ("--for takes one picture", look.place is not None),
                (f"--layout {look.page} is for all screens", look.page != REFERENCE),
                ("the picture has no numbers or words", look.is_bare),
                ("--backward has one form", look.backward),
            )
            if holds
        ),
        None,
    )
    if without is not None:
        if asked not in (None, "none"):
            raise InputError(f"--narrow {asked}: {without}; leave one of the two out.")
        return None
    return None if asked == "none" else asked or "portrait"


def dark_when(reading: Reading, conventions: Conventions) -> Dark:
    """When the dark picture is shown, as the directive or else the site says.

    Whoever names a dark theme wants it seen, even where the site has one fixed look.
    """
    if reading.dark_by == "page":
        return conventions.dark if isinstance(conventions.dark, PageDark) else "system"
    if reading.dark_by is not None:
        return reading.dark_by
    if reading.dark_theme is not None and conventions.dark == "none":
        return "system"
    return conventions.dark


def block(
    illustration: Illustration,
    address: "Callable[[str], str]",
    conventions: Conventions,
    *,
    in_paragraph: bool,
    is_first: bool = True,
    absolute: "Callable[[str], str | None]" = lambda _: None,
) -> str:
    """The markup of a block; `address` makes a file's name into what the page says.

    `absolute` makes it into an address that leads to it from anywhere, where there is one.
    `is_first` says that it is the first picture of its page, which is loaded at once. Raises
    InputError for addresses that lead nowhere from the place where the page goes, and for what
    the page does not take.
    """
    subject, light, dark = illustration.subject, illustration.light, illustration.dark
    reading, style, place = illustration.reading, illustration.style, subject.plan.place
    if reading.dark_by == "page" and not isinstance(conventions.dark, PageDark):
        raise InputError(
            "--dark page: how the pages of this site are marked as dark is not known; give --dark "
            "system, for readers whose system is dark, or --dark none."
        )
    for variant in illustration.variants:
        for suffix in variant.suffixes:
            _check_address(address(variant.file_name(suffix)), style, place)
    width, height = _size(subject, even=style == "video")
    describe = reading.describe or conventions.describe
    caption = reading.caption_text or (subject.caption() if illustration.caption else "")
    when = dark_when(reading, conventions)
    # Another place takes no style sheet, and a <video> is one element: a page's own toggle cannot
    # be followed there.
    is_apart = place is not None or style == "video"
    follows = "system" if is_apart and isinstance(when, PageDark) else when
    links = [
        (address(name), absolute(name))
        for variant in illustration.variants
        for name in map(variant.file_name, variant.suffixes)
    ]
    figure = Figure(
        light=_link(light, address),
        dark=_link(dark, address) if dark else None,
        width=width,
        height=height,
        alt=reading.alt or subject.alt(),
        language=subject.plan.language.code,
        caption=caption,
        summary=subject.summary(describe) if describe != "none" else "",
        sentences=subject.sentences() if describe == "text" else (),
        table=subject.describe() if describe == "table" else None,
        narrow=_narrow(illustration, address),
        tells_height=place is None or place.writes_height,
        is_first=is_first,
        display_width=reading.display_width,
        title=reading.title,
        classes=reading.classes,
        identifier=reading.identifier,
        link=reading.link,
        # Another place has its own rules of what is absolute.
        absolute={} if place else {own: far for own, far in links if far and far != own},
        conventions=replace(conventions, dark=follows),
    )
    match style:
        case "markdown":
            if conventions.dialect == "quarto":
                return quarto(figure)
            return markdown(figure, in_paragraph=in_paragraph)
        case "video":
            return video(figure, in_paragraph=in_paragraph)
        case "picture":
            return picture(figure, in_paragraph=in_paragraph)


def _narrow(illustration: Illustration, address: "Callable[[str], str]") -> Narrow | None:
    if not illustration.narrow:
        return None
    light, *dark = illustration.narrow
    planned = light.subject.plan
    return Narrow(
        _link(light, address),
        _link(dark[0], address) if dark else None,
        planned.width,
        planned.height,
    )


def writes_html(defaults: "Sequence[str]", folder: Path, conventions: Conventions) -> bool:
    """Whether a directive without a style of its own becomes HTML there.

    Raises InputError for defaults that cannot be used.
    """
    request = read_request((next(iter(CELLS)), *defaults), folder)
    return _style(request.style, request.look.place, conventions) != "markdown"


def _only_markdown(conventions: Conventions) -> bool:
    return conventions.dialect in ("markdown", "quarto")


def _style(
    asked: MarkupStyle | None, place: "Place | None", conventions: Conventions
) -> MarkupStyle:
    """The markup that was asked for, if page and place take it; or else the one they take best."""
    if _only_markdown(conventions):
        if asked not in (None, "markdown"):
            raise InputError(
                f"--style {asked}: pages of this site take Markdown alone; give --style markdown, "
                "let its engine pass raw HTML, or say --site none."
            )
        return "markdown"
    if place is None:
        return asked or DEFAULT_STYLE
    if asked is None:
        return place.styles[0]
    if asked not in place.styles:
        raise InputError(
            f"{place.title} does not take --style {asked}; {one_of(place.styles)} it does."
        )
    return asked


def _film_suffix(request: DirectiveRequest, style: MarkupStyle) -> str:
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


def _dark_theme(asked: "Theme | None", light: "Theme") -> "Theme | None":
    """The theme for dark pages: the one asked for, or `dark` beside the theme that is default.

    Whoever chose a theme has chosen it for all readers: another one might not suit them.
    """
    from gatereel.scenes.theme.files import load_theme
    from gatereel.scenes.theme.theme import DARK_THEME

    if asked is not None:
        return asked
    return load_theme(DARK_THEME) if light == load_theme() else None


def _link(variant: Variant, address: "Callable[[str], str]") -> Link:
    film = next((suffix for suffix in variant.suffixes if suffix not in STILLS), None)
    still = next((suffix for suffix in variant.suffixes if suffix in STILLS), None)
    return Link(
        address(variant.file_name(film)) if film else None,
        address(variant.file_name(still)) if still else None,
    )


def _size(subject: AnyToldSubject, *, even: bool) -> tuple[int, int]:
    """Width and height in pixels; a video's are `even`, as its encoder makes them."""
    width, height = subject.plan.width, subject.plan.height
    return (width + width % 2, height + height % 2) if even else (width, height)
