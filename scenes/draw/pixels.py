"""Frames in pixels, and what a frame is without its background."""

import numpy as np
from numpy.typing import NDArray

Frame = NDArray[np.uint8]
"""One picture, `(height, width, 4)` RGBA, or `(height, width, 3)` RGB where nothing is transparent.

Alpha is straight.
"""

OPAQUE = 255
"""Alpha of a pixel that is covered as a whole."""


def without_background(frame: Frame, background: tuple[int, int, int]) -> Frame:
    """Return a frame as it is without its background, with straight alpha.

    A player starts from the background's colour with alpha 0. What it draws over that is
    c a + b (1 - a), with b the background and a the share of the pixel that is covered; a is in
    the frame, so the colour c can be had back.
    """
    alpha = frame[:, :, 3]
    straight = frame.copy()
    straight[alpha == 0] = 0
    at_edges = (alpha > 0) & (alpha < OPAQUE)
    edges = frame[at_edges].astype(np.float64)
    share = edges[:, 3:] / OPAQUE
    colour = (edges[:, :3] - np.array(background) * (1.0 - share)) / share
    straight[at_edges, :3] = np.clip(np.rint(colour), 0, OPAQUE).astype(np.uint8)
    return straight
