"""The scene that plays a storyboard, beat by beat.

It computes no number and knows no file: frames go wherever the renderer sends them.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, cast

from rnn_math import INPUT
from scenes.canvas import Canvas
from scenes.diagrams import OPERANDS_SUFFIX, OUT_SUFFIX
from scenes.layout import Layout
from scenes.motion import Movements, Part, Span, Timed, Waypoint, grow, grow_wire
from scenes.own_manim import CairoRenderer, Camera, ManimColor, Scene, VGroup, VMobject, config
from scenes.stage import Stage
from scenes.storyboard import Beat, Storyboard
from scenes.theme import Theme

# When things happen, in shares of a beat's motion.
_WHOLE = (0.0, 1.0)
# Looks change within one frame: each frame of a fade would redraw, and store, every outline.
_AT_ONCE = (0.0, 1e-6)
_AT_THE_END = (1.0 - 1e-6, 1.0)
_LATE = (0.6, 1.0)
_TRAVEL = (0.0, 0.75)
_ARRIVE = (0.65, 1.0)
_TRAVEL_TO_FAN = (0.0, 0.5)
_LANDING = 0.05
_FAN = (0.45, 0.85)
_ARRIVE_AFTER_FAN = (0.75, 1.0)

_INPUT_COMES_FROM = 140.0
_LOOP_LANE_WIDTH = 25.0


@dataclass(frozen=True, eq=False)
class _Change:
    """What a beat does: frames that move and that hold, and what stands at its end in order."""

    timed: list[Timed]
    moving: int
    holding: int
    movers: list[VMobject]
    standing: list[VMobject]


class CellScene(Scene):
    """Plays `storyboard` in `layout` with `theme`.

    What waits stands below all else from the start, unless `shows_waiting` is false. `reached` is
    told each beat's number when the scene stands as it is at that beat's end.
    """

    def __init__(
        self,
        storyboard: Storyboard,
        layout: Layout,
        theme: Theme,
        renderer: CairoRenderer | None = None,
        *,
        shows_waiting: bool = True,
        reached: Callable[[int], None] | None = None,
        **options: Any,
    ) -> None:
        self.storyboard = storyboard
        self.layout = layout
        self.theme = theme
        self._shows_waiting = shows_waiting
        self._reached = reached
        super().__init__(renderer=renderer, **options)

    def setup(self) -> None:
        """Put up what stands there all the time; it is drawn once and kept as the background."""
        canvas = Canvas(
            self.layout.width, self.layout.height, config.frame_width, config.frame_height
        )
        camera = cast(Camera, self.camera)
        camera.background_color = ManimColor(self.theme.background)
        camera.reset()
        self.stage = Stage(self.storyboard, self.layout, self.theme, canvas)
        boxes = [part for part in self.stage.base if part.shape.kind == "box"]
        others = [part for part in self.stage.base if part.shape.kind != "box"]
        waiting = self.stage.waiting if self._shows_waiting else []
        self._standing = [part.mobject for part in (*boxes, *waiting, *others)]
        camera.capture_mobjects(self._standing)
        camera.background = camera.pixel_array.copy()

    def construct(self) -> None:
        """Play every beat."""
        for number, beat in enumerate(self.storyboard.beats):
            self._play_beat(beat)
            self._tell(number)

    def walk(self) -> None:
        """Go from the end of one beat to the end of the next, without playing anything."""
        for number, beat in enumerate(self.storyboard.beats):
            self._arrive(self._change(beat))
            self._tell(number)

    def show_still(self) -> None:
        """Put up the complete cell without playing anything."""
        beat = self.storyboard.still
        for timed in self._prepare(beat):
            timed.move(1.0)
        self.mobjects = list(self.stage.mobjects())

    def all_mobjects(self) -> list[VMobject]:
        """Everything that is to be seen, from back to front."""
        # While it waits, the renderer keeps an empty mobject of its own among them.
        return [*self._standing, *(m for m in self.mobjects if isinstance(m, VMobject))]

    def _tell(self, number: int) -> None:
        if self._reached is not None:
            self._reached(number)

    # --- beats ---------------------------------------------------------------------------------

    def _play_beat(self, beat: Beat) -> None:
        """Move for `beat.motion` seconds, hold for the rest, on the film's grid of frames."""
        change = self._change(beat)
        if change.moving:
            standing = set(change.standing)
            passing = [mobject for mobject in change.movers if mobject not in standing]
            # The complete cell is drawn anew as a whole.
            moving = standing if beat.kind == "complete" else set(change.movers)
            group = [*(mobject for mobject in change.standing if mobject in moving), *passing]
            self.mobjects = [*change.standing, *passing]
            self.play(Movements(VGroup(*group), change.timed, change.moving, config.frame_rate))
        self._arrive(change)
        if change.holding:
            self.wait((change.holding + 0.5) / config.frame_rate)

    def _change(self, beat: Beat) -> _Change:
        """Bring the stage to the beat's end, where its movements have yet to lead."""
        fps = config.frame_rate
        moving, holding = beat.frames(fps)
        timed = self._prepare(beat)
        if not timed:  # nothing changes but the strip
            moving, holding = 0, moving + holding
        movers = list(dict.fromkeys(t.mobject for t in timed))
        standing = self.stage.mobjects()
        if moving and beat.kind != "complete":
            # What moves is drawn last, for the renderer draws the rest only once. The complete
            # cell is drawn in the order of its first picture, so that a loop closes on it.
            moving_set = set(movers)
            standing.sort(key=lambda mobject: mobject in moving_set)
        return _Change(timed, moving, holding, movers, standing)

    def _arrive(self, change: _Change) -> None:
        """Let everything stand as it does at the end of its beat."""
        for timed in change.timed:
            timed.move(1.0)
        self.mobjects = list(change.standing)

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
        timed = stage.change_look(stage.parts, "full", _AT_ONCE)
        for name, numbers in beat.values.items():
            timed += stage.put_numbers(name, numbers, _AT_ONCE)
        return [*timed, *stage.drop_focus(_AT_ONCE)]

    def _enter(self, beat: Beat) -> list[Timed]:
        """The states come round and the next input arrives; before the first, the cell waits."""
        stage, rows = self.stage, self.layout.rows
        shown = dict(stage.shown)
        coming_round = beat.kind == "return"
        timed = [*stage.drop_focus(_AT_ONCE), *self._retire()]
        stage.clear(keep_cell=coming_round)
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
        if coming_round:
            timed += self._next_input()
        for name, numbers in beat.values.items():
            timed += stage.put_numbers(name, numbers, _AT_THE_END)
        return timed

    def _retire(self) -> list[Timed]:
        """What was active is past."""
        active = [name for name, look in self.stage.looks.items() if look == "active"]
        return self.stage.change_look(active, "past", _AT_ONCE)

    def _next_input(self) -> list[Timed]:
        """The next input's discs come in from the left, growing out of nothing."""
        row = self.layout.rows[INPUT]
        end = self.stage.waypoint(row)
        start = Waypoint(
            tuple((x - _INPUT_COMES_FROM, y, 0.0) for x, y, _ in end.discs), end.colours
        )
        return self.stage.travelling(row, start, end, (), (), _LATE)

    def _reveal(self, beat: Beat) -> list[Timed]:
        """Operands travel along their wires; where they meet, the result comes up."""
        stage = self.stage
        (name,) = beat.appears
        has_fan = name + OPERANDS_SUFFIX in self.layout.rows
        grows_fan = has_fan and name not in stage.looks
        travel, arrive = (_TRAVEL_TO_FAN, _ARRIVE_AFTER_FAN) if grows_fan else (_TRAVEL, _ARRIVE)
        timed = [*stage.drop_focus(_AT_ONCE), *self._retire()]
        if name in stage.looks:  # built in an earlier timestep
            timed += stage.change_look([name], "active", _AT_ONCE)
        else:
            stage.looks[name] = "active"
            timed += [
                self._revealing(part, travel, arrive, has_fan=has_fan) for part in stage.parts[name]
            ]
        for move in beat.moves:
            row, start, end, path = stage.way(move)
            # Numbers ride where they arrive as numbers, and while there is time to read them.
            rides = beat.timestep == self.storyboard.first_timestep and not has_fan
            riding = stage.shown.get(move.source, ()) if rides else ()
            timed += stage.travelling(row, start, end, path, riding, travel)
        timed += stage.put_numbers(name, beat.values[name], _AT_THE_END)
        return [*timed, stage.put_focus(name, _AT_ONCE)]

    def _revealing(self, part: Part, travel: Span, arrive: Span, *, has_fan: bool) -> Timed:
        """How a part of the active vector comes up, over its pale self that waits there."""
        stage = self.stage
        landing = (travel[1] - _LANDING, travel[1])
        match part.shape.kind:
            case "wire" | "head":
                return stage.growing(part, travel, grow_wire)
            case "fan":
                return stage.growing(part, _FAN, grow)
            case "disc" | "dots" | "letter" if has_fan and not part.shape.is_operand:
                return stage.growing(part, arrive, grow)
            case "disc" | "dots":
                return stage.waking(part, landing)
            case "letter":
                return stage.waking(part, arrive)
            case _:
                return stage.waking(part, _AT_ONCE)
