"""Short films that are of no single cell: why sigmoid, why tanh, the gradient across time."""

from gatereel.scenes.clips.clip import Clip, ClipTold, Content, Shot, ToldRow, Values, clip_alt
from gatereel.scenes.clips.drawing import ClipPlan, draw_clip, plan_clip
from gatereel.scenes.clips.gradient import Gradient, NamedBand
from gatereel.scenes.clips.slopes import Slopes
from gatereel.scenes.clips.squash import DEFAULT_FUNCTIONS, DEFAULT_VALUES, Squash
from gatereel.scenes.clips.why import Why

__all__ = [
    "DEFAULT_FUNCTIONS",
    "DEFAULT_VALUES",
    "Clip",
    "ClipPlan",
    "ClipTold",
    "Content",
    "Gradient",
    "NamedBand",
    "Shot",
    "Slopes",
    "Squash",
    "ToldRow",
    "Values",
    "Why",
    "clip_alt",
    "draw_clip",
    "plan_clip",
]
