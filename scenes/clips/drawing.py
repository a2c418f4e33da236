"""Draw a clip, frame by frame, with cairo alone: a film, or its whole as a still.

draw_clip(plan_clip(Squash()), [Path("squash.gif")]) -> (Written(...),)
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from gatereel.rnn_math.records import dataclass
from gatereel.scenes.clips.clip import CLOSING_HOLD, OPENING_HOLD, WIDTH, Clip, Content, Shot
from gatereel.scenes.draw.pages import DrawnPage, Group
from gatereel.scenes.draw.painted import Painted
from gatereel.scenes.draw.pixels import Frame
from gatereel.scenes.export import (
    ENCODERS,
    STILLS,
    Film,
    Written,
    check_targets,
    encoding,
    together,
    write_pages,
)
from gatereel.scenes.language.files import load_language
from gatereel.scenes.places import Load, Place
from gatereel.scenes.plan import DEFAULT_FPS, check_width
from gatereel.scenes.play.cairo_player import Easel
from gatereel.scenes.play.canvas import Canvas
from gatereel.scenes.tell.language import Language
from gatereel.scenes.tell.metadata import comment
from gatereel.scenes.theme.files import load_theme
from gatereel.scenes.theme.theme import Theme, rgb

if TYPE_CHECKING:
    from gatereel.rnn_math.files.traces import Advance

STILL_SECONDS = 5
"""How long a film of a still shows its one picture."""


@dataclass(frozen=True)
class ClipPlan:
    """A clip before it is drawn, with its size in pixels; `still` is its whole alone."""

    content: Content
    width: int
    height: int
    still: bool
    loop: bool
    transparent: bool
    theme: Theme
    language: Language
    metadata: Mapping[str, str]
    place: Place | None = None

    @property
    def clip(self) -> Clip:
        """Its drawing."""
        return self.content.clip(self.theme, self.language)

    @property
    def frames(self) -> int:
        """Frame times of its film; nought of a still."""
        return 0 if self.still else round(self.clip.seconds * DEFAULT_FPS)


def plan_clip(
    content: Content,
    width: int | None = None,
    theme: Theme | None = None,
    *,
    language: Language | None = None,
    still: bool = False,
    loop: bool = True,
    transparent: bool = False,
    place: Place | None = None,
) -> ClipPlan:
    """Plan a clip.

    `width` is in pixels, by default as the illustrated cells are wide and the place shows. Raises
    InputError for a width that cannot be drawn or is not shown.
    """
    theme, language, english = theme or load_theme(), language or load_language(), load_language()
    if width is None:
        width = round(WIDTH)
        if place is not None and place.widest is not None:
            width = min(width, place.widest)
    elif place is not None:
        place.check_width(width)
    title = content.told(english).title
    return ClipPlan(
        content=content,
        width=check_width(width),
        height=round(content.clip(theme, language).height * width / WIDTH),
        still=still,
        loop=loop,
        transparent=transparent,
        theme=theme,
        language=language,
        metadata={"title": title, "comment": comment(title, english)},
        place=place,
    )


def draw_clip(
    planned: ClipPlan, paths: Sequence[Path], *, progress: "Advance | None" = None
) -> tuple[Written, ...]:
    """Draw a planned clip and write it to every path; the suffix chooses the format.

    A PNG, SVG or PDF has the whole. Raises InputError for a path that cannot be used and for a
    file that came out larger than the plan's place shows, OSError when a file cannot be written;
    then no file is touched.
    """
    paths = [Path(path) for path in paths]
    check_targets(paths, transparent=planned.transparent)
    clip = planned.clip
    made: dict[Path, Written] = {}
    with together(paths) as temporaries:
        pictures = {path: temporaries[path] for path in paths if path.suffix.lower() in ENCODERS}
        moves = not planned.still and any(path.suffix.lower() not in STILLS for path in paths)
        if pictures:
            with encoding(pictures, _film_of(planned)) as files:
                for frame, count in _frames(planned, clip, moves=moves):
                    files.write(frame, count)
                    if progress is not None:
                        progress(count)
            made |= {file.path: file for file in files.written}
        page = DrawnPage(
            WIDTH,
            clip.height,
            (Group.seen(clip.whole),),
            None if planned.transparent else planned.theme.background,
            planned.width / WIDTH,
        )
        for path in paths:
            if path not in pictures:
                made[path] = write_pages(path, temporaries[path], [page], planned.metadata)
        if planned.place is not None:
            for file in made.values():
                load = Load(file.width, file.height, file.frames, file.size_bytes)
                planned.place.check_written(file.path, load)
    return tuple(made[path] for path in paths)


def _frames(planned: ClipPlan, clip: Clip, *, moves: bool) -> Iterator[tuple[Frame, int]]:
    """Each picture with the frame times that it stands."""
    theme = planned.theme
    easel = Easel(
        (WIDTH, clip.height),
        (planned.width, planned.height),
        theme.background,
        transparent=planned.transparent,
    )
    canvas = Canvas(easel)
    canvas.lay(clip.ground)

    def frame(painted: Sequence[Painted]) -> Frame:
        canvas.show(painted)
        return easel.finished(canvas.frame)

    whole = frame(clip.shots[-1].at(1.0)).copy()
    if not moves:
        yield whole, STILL_SECONDS * DEFAULT_FPS
        return
    yield whole, round(OPENING_HOLD * DEFAULT_FPS)
    for shot in clip.shots:
        yield from _shot(shot, frame)
    yield whole, round(CLOSING_HOLD * DEFAULT_FPS)


def _shot(shot: Shot, frame: Callable[[Sequence[Painted]], Frame]) -> Iterator[tuple[Frame, int]]:
    count = max(1, round(shot.moving * DEFAULT_FPS))
    for i in range(1, count):
        yield frame(shot.at(i / count)), 1
    yield frame(shot.at(1.0)), 1 + round(shot.standing * DEFAULT_FPS)


def _film_of(planned: ClipPlan) -> Film:
    """What the encoders must know."""
    theme = planned.theme
    return Film(
        width=planned.width,
        height=planned.height,
        fps=DEFAULT_FPS,
        background=rgb(theme.background),
        exact_colours=theme.exact_colours(planned.content.roles),
        loop=planned.loop,
        metadata=planned.metadata,
        transparent=planned.transparent,
    )
