"""A plan of answers: everything that was decided about a film before anything is drawn.

    plan(trace, Options(width=600)) -> Plan

What was left open in the options is settled here, and the plan holds the answers alone. It needs no
renderer, so that a dry run and bad input cost nothing.
"""

from collections.abc import Mapping, Sequence
from dataclasses import field, replace

from gatereel.rnn_math import Cell, Claim, InputError, Trace
from gatereel.rnn_math.cells import RELATIVES
from gatereel.rnn_math.gradients import Loss, backpropagate
from gatereel.rnn_math.records import dataclass
from gatereel.scenes.diagrams import diagram_of
from gatereel.scenes.fonts.text_width import drawable, text_width
from gatereel.scenes.language.files import load_language
from gatereel.scenes.lay_out.diagram import Diagram, read_backward, translate
from gatereel.scenes.lay_out.layout import WIDEST_NUMBER, Layout, lay_out, roomy
from gatereel.scenes.lay_out.page import REFERENCE, Page, PageName, page_of, strip_width
from gatereel.scenes.lay_out.ways import ways_of
from gatereel.scenes.places import Place
from gatereel.scenes.tell.backward import narrate_backward
from gatereel.scenes.tell.beats import Storyboard
from gatereel.scenes.tell.excerpt import Excerpt, choose_excerpt
from gatereel.scenes.tell.language import Language
from gatereel.scenes.tell.metadata import metadata_of
from gatereel.scenes.tell.numbers import DECIMALS, number
from gatereel.scenes.tell.script import EVERY_STEP, StepChoice, check_choice
from gatereel.scenes.tell.storyboard import narrate
from gatereel.scenes.tell.tempo import Timing, timing_of
from gatereel.scenes.tell.weights import Weights, shown_weights
from gatereel.scenes.theme.files import load_theme
from gatereel.scenes.theme.theme import Theme

DEFAULT_FPS = 25
SMALLEST_FPS, LARGEST_FPS = 5, 50
"""GIF delays are whole hundredths of a second, and viewers slow down anything under two."""

PICTURE_EACH = 2
"""Frame times: of what moves, half of the pictures are enough, and a GIF is half as large."""

TITLE_HOLD = 2.5
"""Seconds that a title stands."""

SMALLEST_NUMBER, LARGEST_NUMBER = 13.0, 18.0
LARGE_NUMBER, MOST_FOR_LARGE_NUMBERS, MOST_UNITS_FOR_LARGE_NUMBERS = 16.0, 10, 5
"""Pixels of the illustrated cell: below, digits cannot be read; above, they have no room. What is
large has none in a row of more than so many."""

SMALLEST_WIDTH, LARGEST_WIDTH = 200, 4096
"""Pixels: below, no letter can be read; above, encoders give up."""


@dataclass(frozen=True)
class Options:
    """How a film looks.

    `width` is in pixels (None: as the reference), `pace` in seconds a step; the film lasts at most
    `most_seconds`. No `theme` means the illustrated one, no `language` English. `transparent`
    leaves the background out, where the format can. `smooth` motion is drawn at every frame time,
    other motion at half of them. With `levels`, values that are shown are form,
    too: gates' discs filled to their level, cores in the others. On a `page` other than the
    reference one there is a close-up of each step. Of the
    `steps`, those chosen are told, with `captions` that say what they come to. A `title` opens the
    film on a card. `number_size` is that of the numbers at the discs, in pixels of the
    illustrated cell. With a loss, the film is of its gradient, on its way `backward`.
    """

    width: int | None = None
    fps: int = DEFAULT_FPS
    smooth: bool = False
    pace: float | None = None
    most_seconds: float | None = None
    values: bool = True
    levels: bool = True
    strip: bool = True
    loop: bool = True
    theme: Theme | None = None
    transparent: bool = False
    language: Language | None = None
    page: PageName = REFERENCE
    steps: StepChoice = EVERY_STEP
    captions: bool = True
    title: str = ""
    number_size: float | None = None
    backward: Loss | None = None


@dataclass(frozen=True)
class Plan:
    """A film before it is drawn: what happens, where things stand, and its size in pixels.

    What no `place` of its own shows is not written.
    """

    storyboard: Storyboard
    timing: Timing
    layout: Layout
    page: Page
    width: int
    height: int
    fps: int
    each: int
    """What moves is drawn at every so many frame times."""
    loop: bool
    transparent: bool
    theme: Theme
    language: Language
    metadata: Mapping[str, str]
    levels: bool = True
    """Whether values are shown as form, too."""
    title: str = ""
    """What a card over the opening picture says."""
    weights: Mapping[str, Weights] = field(default_factory=dict)
    """Those between what is shown, by weighted sum."""
    place: Place | None = None

    @property
    def frames(self) -> int:
        """Frame times in the whole film, holds included."""
        return round(self.storyboard.duration * self.fps)

    @property
    def backdrop(self) -> str | None:
        """The colour behind everything, if there is one."""
        return None if self.transparent else self.theme.background

    @property
    def pictures(self) -> int:
        """Coded pictures of a GIF or WebP, at most: a few may be the same as the one before.

        What stands after it has moved is the last picture of its motion.
        """
        return self.storyboard.pictures(self.fps, self.each)

    def scaled(self, width: int) -> "Plan":
        """The same film at another width in pixels."""
        return replace(self, width=width, height=_height(self.page, width))


def plan(
    trace: Trace,
    options: Options | None = None,
    *,
    claims: Sequence[Claim] = (),
    excerpt: Excerpt | None = None,
    place: Place | None = None,
) -> Plan:
    """Plan a film of `trace`; no `excerpt` means the default one.

    `claims` are those of a demo: they become its story. Where it goes to a `place`, `fit` in
    `scenes/fitting.py` makes a plan that the place shows. Raises InputError for options that cannot
    be drawn.
    """
    options = options or Options()
    _check_range("fps", options.fps, SMALLEST_FPS, LARGEST_FPS)
    excerpt = excerpt or choose_excerpt(trace)
    language = options.language or load_language()
    diagram = translate(drawn_diagram(trace.cell, excerpt, options), language)
    check_choice(options.steps, trace.cell, excerpt.stop - excerpt.start)
    ways = ways_of(diagram, trace.cell)
    if options.backward is not None:
        _check_backward(trace.cell, options)
    timing = timing_of(
        trace.cell,
        excerpt.stop - excerpt.start,
        pace=options.pace,
        most_seconds=None if options.backward is not None else options.most_seconds,
        fps=options.fps,
        loop=options.loop,
        ways=ways,
        choice=options.steps,
    )
    if options.title and options.most_seconds is None:
        timing = replace(timing, opening=max(timing.opening, TITLE_HOLD))
    storyboard = _narrated_backward(trace, excerpt, options, language) or narrate(
        trace,
        excerpt,
        language=language,
        timing=timing,
        claims=claims,
        ways=ways,
        closeups=options.page != REFERENCE,
        choice=options.steps,
        captions=options.captions,
    )
    across = strip_width(options.page, diagram)
    layout = lay_out(
        read_backward(diagram) if excerpt.backward else diagram,
        len(excerpt.features),
        len(excerpt.units),
        rest_features=excerpt.rest_features > 0,
        rest_units=excerpt.rest_units > 0,
        projected=excerpt.counts().get("projected"),
        values=options.values,
        strip=options.strip and across is not None,
        strip_width=across,
        widest_numbers=_widest_numbers(storyboard),
    )
    page = page_of(options.page, layout)
    width = page.pixels if options.width is None else check_width(options.width)
    return Plan(
        storyboard=storyboard,
        timing=timing,
        layout=layout,
        page=page,
        width=width,
        height=_height(page, width),
        fps=options.fps,
        each=1 if options.smooth else PICTURE_EACH,
        loop=options.loop,
        transparent=options.transparent,
        theme=options.theme or load_theme(),
        language=language,
        metadata=metadata_of(trace, excerpt, load_language()),
        levels=options.values and options.levels,
        title=drawable(options.title),
        weights=shown_weights(trace, excerpt),
        place=place,
    )


def drawn_diagram(cell: Cell, excerpt: Excerpt, options: Options) -> Diagram:
    """The diagram of `cell` with room for the numbers of an excerpt, in no language yet.

    Raises InputError for a cell that has none, and for a size that numbers cannot have.
    """
    diagram = diagram_of(cell)
    if (size := options.number_size) is not None:
        _check_range("number size", size, SMALLEST_NUMBER, LARGEST_NUMBER)
        units, shown = len(excerpt.units), len(excerpt.units) + len(excerpt.features)
        if shown > MOST_FOR_LARGE_NUMBERS or units > MOST_UNITS_FOR_LARGE_NUMBERS:
            _check_range(
                "number size of so many inputs and units", size, SMALLEST_NUMBER, LARGE_NUMBER
            )
        diagram = diagram.changed(lambda each: replace(each, value_size=size))
    if not options.values:
        return diagram
    return roomy(
        diagram,
        len(excerpt.features),
        len(excerpt.units),
        rest_features=excerpt.rest_features > 0,
        rest_units=excerpt.rest_units > 0,
        projected=excerpt.counts().get("projected"),
    )


def _check_backward(cell: Cell, options: Options) -> None:
    """Raise InputError for what the way back has not."""
    if cell.family in RELATIVES:
        raise InputError(
            f"--backward: the way back through {cell.title} is not drawn; leave it out."
        )
    for what, is_asked in (
        (f"--layout {options.page}", options.page != REFERENCE),
        ("film without numbers", not (options.values and options.levels)),
        ("--only, --from-step or --to-step", options.steps != EVERY_STEP),
    ):
        if is_asked:
            raise InputError(f"--backward has no {what}; leave one of the two out.")


def _narrated_backward(
    trace: Trace, excerpt: Excerpt, options: Options, language: Language
) -> Storyboard | None:
    """The film of the gradient, where one is asked for."""
    if options.backward is None:
        return None
    return narrate_backward(
        backpropagate(trace, options.backward),
        excerpt,
        language=language,
        pace=options.pace,
        most_seconds=options.most_seconds,
        captions=options.captions,
    )


def check_width(width: int) -> int:
    """Return a picture's width in pixels. Raises InputError when it cannot be drawn."""
    _check_range("width", width, SMALLEST_WIDTH, LARGEST_WIDTH)
    return width


def _check_range(name: str, value: float, smallest: float, largest: float) -> None:
    if not smallest <= value <= largest:
        raise InputError(f"The {name} is {value:g}; {smallest:g} to {largest:g} are accepted.")


def _height(page: Page, width: int) -> int:
    return round(page.height * width / page.width)


def _widest_numbers(storyboard: Storyboard) -> tuple[str, ...]:
    """The longest number on the discs with all its decimals, and with fewer and fewer."""
    shown = {
        value for beat in storyboard.beats for values in beat.values.values() for value in values
    }
    return tuple(
        max({number(value, decimals) for value in shown} | {WIDEST_NUMBER}, key=_width)
        for decimals in range(DECIMALS, -1, -1)
    )


def _width(text: str) -> tuple[float, str]:
    return text_width(text, 1.0), text
