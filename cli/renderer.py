"""Load what draws, as fast as it goes."""

import gc
import sys
from importlib import import_module

from gatereel.scenes.play.postponed import postponed

_DRAWS = "gatereel.scenes.play.manim_player"


def load_renderer() -> None:
    """Import the renderer without what no scene of ours uses, while the garbage collector rests.

    The import makes some hundred thousand objects that live as long as the command. Looking
    through them again and again, then and while drawing, would take a tenth of a render's time.
    """
    if _DRAWS in sys.modules:
        return
    gc.disable()
    try:
        with postponed():
            import_module(_DRAWS)
    finally:
        gc.freeze()
        gc.enable()
