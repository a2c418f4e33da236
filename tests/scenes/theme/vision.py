"""How colours look to whom: simulated deficiencies, differences and contrasts.

Colours are "#rrggbb". Sources:

- deficiencies: G. M. Machado, M. M. Oliveira, L. A. F. Fernandes, "A Physiologically-based Model
  for Simulation of Color Vision Deficiency", IEEE Transactions on Visualization and Computer
  Graphics 15(6), 2009; the matrices of severity 1.0, which apply to linear RGB;
- sRGB: IEC 61966-2-1 (1999); CIELAB and its distance (CIE76): CIE 15 (2004), white D65;
- contrast: WCAG 2.2 (2023), "contrast ratio" and "relative luminance".
"""

from typing import Literal

import numpy as np
from numpy.typing import NDArray

Vision = Literal["normal", "protanopia", "deuteranopia", "tritanopia"]

VISIONS: dict[Vision, NDArray[np.float64]] = {
    "normal": np.eye(3),
    "protanopia": np.array(
        [
            [0.152286, 1.052583, -0.204868],
            [0.114503, 0.786281, 0.099216],
            [-0.003882, -0.048116, 1.051998],
        ]
    ),
    "deuteranopia": np.array(
        [
            [0.367322, 0.860646, -0.227968],
            [0.280085, 0.672501, 0.047413],
            [-0.011820, 0.042940, 0.968881],
        ]
    ),
    "tritanopia": np.array(
        [
            [1.255528, -0.076749, -0.178779],
            [-0.078411, 0.930809, 0.147602],
            [0.004733, 0.691367, 0.303900],
        ]
    ),
}
"""What becomes of linear RGB."""

_TO_XYZ = np.array(
    [
        [0.4124564, 0.3575761, 0.1804375],
        [0.2126729, 0.7151522, 0.0721750],
        [0.0193339, 0.1191920, 0.9503041],
    ]
)


def lab(colour: str, vision: Vision = "normal") -> NDArray[np.float64]:
    """L*, a* and b* of a colour as it is seen; L* is 0 to 100."""
    seen = np.clip(VISIONS[vision] @ _linear(colour), 0.0, 1.0)
    xyz = _TO_XYZ @ seen / _TO_XYZ.sum(axis=1)
    root = np.where(xyz > (6 / 29) ** 3, np.cbrt(xyz), xyz / (3 * (6 / 29) ** 2) + 4 / 29)
    x, y, z = root
    return np.array([116 * y - 16, 500 * (x - y), 200 * (y - z)])


def difference(colour: str, other: str, vision: Vision = "normal") -> float:
    """CIE76 distance of two colours as they are seen; an eye just notices about 2.3."""
    return float(np.linalg.norm(lab(colour, vision) - lab(other, vision)))


def lightness(colour: str) -> float:
    """L*, 0 (black) to 100 (white)."""
    return float(lab(colour)[0])


def contrast(colour: str, other: str) -> float:
    """Contrast ratio, 1 to 21."""
    darker, lighter = sorted((_luminance(colour), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    return float(_TO_LUMINANCE @ _linear(colour))


_TO_LUMINANCE = np.array([0.2126, 0.7152, 0.0722])


def _linear(colour: str) -> NDArray[np.float64]:
    channels = np.array(list(bytes.fromhex(colour.removeprefix("#")))) / 255.0
    return np.where(channels <= 0.04045, channels / 12.92, ((channels + 0.055) / 1.055) ** 2.4)
