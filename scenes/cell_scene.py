"""The scene that plays a storyboard, beat by beat.

It computes no number and knows no file: frames go wherever the renderer sends them.
"""

from manim import Scene, VGroup, config

from rnn_math import INPUT
from scenes.canvas import Canvas
from scenes.diagrams import OPERANDS_SUFFIX, OUT_SUFFIX
from scenes.layout import Layout
from scenes.motion import Movements, Part, Span, Timed, Waypoint, grow, grow_wire
from scenes.shapes import style
from scenes.stage import Stage
from scenes.storyboard import Beat, Storyboard
from scenes.theme import Theme

# When things happen, in shares of a beat's motion.
_WHOLE = (0.0, 1.0)
_EARLY = (0.0, 0.4)
_LATE = (0.6, 1.0)
_TRAVEL = (0.0, 0.75)
_ARRIVE = (0.65, 1.0)
_TRAVEL_TO_FAN = (0.0, 0.5)
_OPERANDS_ARRIVE = (0.4, 0.5)
_FAN = (0.45, 0.85)
_ARRIVE_AFTER_FAN = (0.75, 1.0)

_INPUT_COMES_FROM = 140.0
_LOOP_LANE_WIDTH = 25.0
_SAME_ROW = 1.0


class CellScene(Scene):
    """Plays `storyboard` in `layout` with `theme`."""

    def __init__(
        self, storyboard: Storyboard, layout: Layout, theme: Theme, renderer: object = None
    ) -> None:
        self.storyboard = storyboard
        self.layout = layout
        self.theme = theme
        super().__init__(renderer=renderer)  # type: ignore[arg-type]

    def setup(self) -> None:
        """Put up what stands there all the time; it is drawn once and kept as the background."""
        canvas = Canvas(
            self.layout.width, self.layout.height, config.frame_width, config.frame_height
        )
        self.camera.background_color = self.theme.background  # type: ignore[assignment]
        self.camera.reset()
        self.stage = Stage(self.storyboard, self.layout, self.theme, canvas)
        boxes = [part for part in self.stage.base if part.shape.kind == "box"]
        others = [part for part in self.stage.base if part.shape.kind != "box"]
        standing = [*boxes, *self.stage.waiting, *others]
        self.camera.capture_mobjects([part.mobject for part in standing])
        self.camera.background = self.camera.pixel_array.copy()

    def construct(self) -> None:
        """Play every beat."""
        for beat in self.storyboard.beats:
            self._play_beat(beat)

    def show_still(self) -> None:
        """Put up the complete cell without playing anything."""
        beat = self.storyboard.still
        for timed in self._prepare(beat):
            timed.move(1.0)
        self.mobjects = list(self.stage.mobjects())

    # --- beats ---------------------------------------------------------------------------------

    def _play_beat(self, beat: Beat) -> None:
        """Move for `beat.motion` seconds, hold for the rest, on the film's grid of frames."""
        fps = config.frame_rate
        first, last = round(beat.start * fps), round((beat.start + beat.duration) * fps)
        moving = min(round(beat.motion * fps), last - first - 1)
        timed = self._prepare(beat)
        standing = self.stage.mobjects()
        if timed and moving > 0:
            movers = list(dict.fromkeys(t.mobject for t in timed))
            still = set(standing) - set(movers)
            # What moves is drawn last: the renderer draws the rest only once.
            ordered = [m for m in standing if m not in still]
            passing = [m for m in movers if m not in set(ordered)]
            self.mobjects = [*(m for m in standing if m in still), *ordered, *passing]
            # Half a frame less, so that rounding cannot add one.
            self.play(Movements(VGroup(*ordered, *passing), timed, (moving - 0.5) / fps))
        for t in timed:
            t.move(1.0)
        self.mobjects = list(standing)
        self.wait((last - first - max(moving, 0) + 0.5) / fps)

    def _prepare(self, beat: Beat) -> list[Timed]:
        """Bring the stage to the beat's end; the movements lead there."""
        self.stage.tell(beat.telling)
        match beat.kind:
            case "complete":
                return self._complete(beat)
            case "begin" | "return":
                return self._enter(beat)
            case "compute" | "leave":
                return self._reveal(beat)

    def _complete(self, beat: Beat) -> list[Timed]:
        """The whole cell in full strength."""
        stage = self.stage
        for name in stage.parts:
            stage.looks.setdefault(name, "full")
        timed = stage.change_look(stage.parts, "full", _WHOLE)
        for name, numbers in beat.values.items():
            timed += stage.put_numbers(name, numbers, _WHOLE)
        return [*timed, *stage.drop_focus(_WHOLE)]

    def _enter(self, beat: Beat) -> list[Timed]:
        """The states come round, the next input arrives, and the cell waits again."""
        stage, rows = self.stage, self.layout.rows
        shown = dict(stage.shown)
        timed = [*stage.drop_focus(_EARLY), *stage.clear(_EARLY)]
        for move in beat.moves:
            state = move.source.removesuffix(OUT_SUFFIX)
            source = rows[move.source]
            timed += stage.travelling(
                source,
                stage.waypoint(source),
                stage.waypoint(rows[move.target]),
                self.layout.diagram.loops[state][1:-1],
                shown.get(move.source, ()),
                _WHOLE,
                _LOOP_LANE_WIDTH,
            )
        if beat.kind == "return":
            timed += self._next_input(beat)
        for name, numbers in beat.values.items():
            timed += stage.put_numbers(name, numbers, _LATE)
        return timed

    def _next_input(self, beat: Beat) -> list[Timed]:
        """The input's discs come in from the left, out of the background."""
        row = self.layout.rows[INPUT]
        end = self.stage.waypoint(row)
        start = Waypoint(
            tuple((x - _INPUT_COMES_FROM, y, radius) for x, y, radius in end.discs), end.colours
        )
        return self.stage.travelling(row, start, end, (), beat.values[INPUT], _LATE)

    def _reveal(self, beat: Beat) -> list[Timed]:
        """Operands travel along their wires; where they meet, the result comes up."""
        stage = self.stage
        (name,) = beat.appears
        has_fan = name + OPERANDS_SUFFIX in self.layout.rows
        travel, arrive = (_TRAVEL_TO_FAN, _ARRIVE_AFTER_FAN) if has_fan else (_TRAVEL, _ARRIVE)
        active = [other for other, look in stage.looks.items() if look == "active"]
        timed = stage.change_look(active, "past", _EARLY)
        stage.looks[name] = "active"
        for part in stage.parts[name]:
            timed.append(self._revealing(part, name, travel, arrive))
        for move in beat.moves:
            row, start, end, path = stage.way(move)
            timed += stage.travelling(row, start, end, path, stage.shown.get(move.source, ()), travel)
        timed += stage.put_numbers(name, beat.values[name], arrive)
        return [*timed, stage.move_focus(name, _WHOLE)]

    def _revealing(self, part: Part, name: str, travel: Span, arrive: Span) -> Timed:
        canvas = self.stage.canvas
        canvas.restyle(part.mobject, style(part.shape, "active", self.theme))
        match part.shape.kind:
            case "wire" | "head":
                return Timed(part.mobject, travel, grow_wire(part, canvas))
            case "fan":
                return Timed(part.mobject, _FAN, grow(part, canvas))
            case "disc" | "letter" if self._is_unit(part, name):
                return Timed(part.mobject, arrive, grow(part, canvas))
            case "disc":
                return self.stage.fading(part, _OPERANDS_ARRIVE, "active")
            case _:
                return self.stage.fading(part, _EARLY, "active")

    def _is_unit(self, part: Part, name: str) -> bool:
        """Whether a disc or letter belongs to the result, not to a weighted sum's operands."""
        anchor = part.shape.anchor
        return anchor is not None and abs(anchor[0, 1] - self.layout.rows[name].y) < _SAME_ROW
