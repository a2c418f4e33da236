"""One palette for a whole film: theme colours exact, the rest chosen from the real histogram."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from gatereel.rnn_math.records import dataclass
from gatereel.scenes.export.changes import Pixels
from gatereel.scenes.export.film import Colour

PALETTE_SIZE = 256
"""Entries a GIF's colour table can have."""
ENOUGH = 2.0
"""A mean CIELAB distance of drawn pixels, less than what an eye just notices (2.3): edges of
text and lines stay smooth with fewer colours, and fewer colours make shorter codes."""
GREYS = 5
"""Shades of grey that edges of text have: more are not told apart, and cost most of a strip."""
GREY = 18
"""Levels that channels of a grey differ by at most."""
WORST = 30.0
"""The largest CIELAB distance that a film of few colours may have; met in single edge pixels."""
FREQUENT_EXACT = 6
"""So many of the commonest colours are taken as they are before distances count. More of them
would be steps between text and its ground, which nobody tells apart and which cost most."""
COUNT_POWER = 0.25
"""A colour's weight is its count to this power: common ones matter more, rare ones still do."""
COLOUR_MASK = np.uint32(0x00FFFFFF)
COLOURS_BOUND = 2**17
"""Distinct colours counted exactly; a film with more is counted in coarser steps."""
MERGE_AT = 2**18
"""Pending counts that trigger a merge: keeps both their memory and the sorting small."""
COARSE_MASK = np.uint32(0x00F8F8F8)
COARSE_CENTRE = np.uint32(0x00040404)
"""Steps of 8 levels, each stood for by its middle: at most 2**15 colours are left."""


class ColourCounter:
    """Counts packed colours, in bounded memory; those of `exact` are never made coarse."""

    def __init__(self, exact: Sequence[Colour]) -> None:
        """Start with no colour."""
        self.coarse = False
        self._exact = np.array([pack_colour(colour) for colour in exact], np.uint32)
        self._colours: Pixels = np.zeros(0, np.uint32)
        self._counts: NDArray[np.int64] = np.zeros(0, np.int64)
        self._pending: list[tuple[Pixels, NDArray[np.int64]]] = []
        self._waiting = 0

    def add(self, pixels: Pixels) -> None:
        """Count every pixel of `pixels`, of any shape."""
        if not pixels.size:
            return
        colours, counts = np.unique(self.key(pixels), return_counts=True)
        self._pending.append((colours, counts.astype(np.int64)))
        self._waiting += colours.size
        if self._waiting > MERGE_AT:
            self._merge()

    def key(self, pixels: Pixels) -> Pixels:
        """Return what `pixels` are counted as: without alpha, and coarse if need be."""
        colours: Pixels = pixels & COLOUR_MASK
        if self.coarse:
            rough = (colours & COARSE_MASK) | COARSE_CENTRE
            colours = np.where(np.isin(colours, self._exact), colours, rough)
        return colours

    def histogram(self) -> tuple[Pixels, NDArray[np.int64]]:
        """Return the colours that occur, ascending, and how often each does."""
        self._merge()
        return self._colours, self._counts

    def _merge(self) -> None:
        colours = np.concatenate([self._colours, *(c for c, _ in self._pending)])
        counts = np.concatenate([self._counts, *(n for _, n in self._pending)])
        self._pending, self._waiting = [], 0
        self._colours, self._counts = _sum_equal(colours, counts)
        if self._colours.size > COLOURS_BOUND and not self.coarse:
            self.coarse = True
            self._colours, self._counts = _sum_equal(self.key(self._colours), self._counts)


def _sum_equal(colours: Pixels, counts: NDArray[np.int64]) -> tuple[Pixels, NDArray[np.int64]]:
    order = np.argsort(colours, kind="stable")
    colours, counts = colours[order], counts[order]
    starts = np.flatnonzero(np.diff(colours, prepend=~colours[:1]))
    return colours[starts], np.add.reduceat(counts, starts) if starts.size else counts


@dataclass(frozen=True)
class Palette:
    """At most 256 colours, and the entry that stands for each colour of the film.

    `colours` is `(entries, 3)` RGB. `table` has an entry's index for every packed colour
    that occurs. `mean_error` is the CIELAB distance of drawn pixels from their entries.
    """

    colours: NDArray[np.uint8]
    table: NDArray[np.uint8]
    mean_error: float

    def indices(self, keys: Pixels) -> NDArray[np.uint8]:
        """Return the entries that stand for the counted colours `keys`, in their shape."""
        return self.table[keys]


def pack_colour(colour: Colour) -> int:
    """Return a colour as the number its pixels have, without alpha."""
    red, green, blue = colour
    return red | green << 8 | blue << 16


def build_palette(
    colours: Pixels, counts: NDArray[np.int64], exact: Sequence[Colour], size: int = PALETTE_SIZE
) -> Palette:
    """Choose at most `size` of `colours` and map each of them to the nearest chosen one.

    Those of `exact` that occur come first, then the commonest; the rest are taken one at a time,
    each the colour whose `count ** 0.25 * distance ** 2` to the chosen ones is largest, until
    the error is small enough. A film of at most `size` colours keeps them all, but of greys around
    exact ones it keeps no more than another film does: there are only 256 of them anyway.
    Entries are ordered by use, so that pictures of few colours need few bits a pixel.
    """
    lab = to_lab(colours)
    weight = counts.astype(np.float64) ** COUNT_POWER
    distance = np.full(colours.size, np.inf)
    nearest = np.zeros(colours.size, np.intp)
    chosen: list[int] = []

    def take(position: int) -> None:
        gap = ((lab - lab[position]) ** 2).sum(axis=1)
        closer = gap < distance
        # A chosen colour maps to itself, whatever rounding makes of equal distances.
        closer[position] = True
        distance[closer] = gap[closer]
        nearest[closer] = len(chosen)
        chosen.append(position)

    wanted = np.array([pack_colour(colour) for colour in exact], np.uint32)
    reserved = np.flatnonzero(np.isin(colours, wanted))
    commonest = np.argsort(-counts, kind="stable")[:FREQUENT_EXACT]
    for position in dict.fromkeys([*reserved.tolist(), *commonest.tolist()]):
        if len(chosen) < size:
            take(position)
    may_merge = colours.size > size or (reserved.size > 0 and _are_greys(colours))
    while len(chosen) < min(size, colours.size):
        if may_merge and _good_enough(distance, counts):
            break
        score = weight * distance
        score[chosen] = -1.0
        take(int(score.argmax()))

    if may_merge:
        _share_greys(colours, reserved, np.array(chosen), nearest)
    use = np.bincount(nearest, weights=counts, minlength=len(chosen))
    order = np.argsort(-use, kind="stable")
    rank = np.empty_like(order)
    rank[order] = np.arange(order.size)
    table = np.zeros(2**24, np.uint8)
    table[colours] = rank[nearest]
    packed = colours[np.array(chosen)[order]]
    rgb = packed[:, None] >> np.array([0, 8, 16], np.uint32) & np.uint32(0xFF)
    return Palette(rgb.astype(np.uint8), table, _mean_error(distance, counts))


def _share_greys(
    colours: Pixels, exact: NDArray[np.intp], chosen: NDArray[np.intp], nearest: NDArray[np.intp]
) -> None:
    """Let greys that are not exact stand at few levels, evenly apart, of the chosen ones."""
    channels = (colours[:, None] >> np.array([0, 8, 16], np.uint32) & np.uint32(0xFF)).astype(int)
    are_grey = channels.max(axis=1) - channels.min(axis=1) <= GREY
    entries = np.flatnonzero(are_grey[chosen])
    if entries.size <= GREYS:
        return
    levels = channels[chosen[entries], 1]
    steps = np.linspace(levels.min(), levels.max(), GREYS)
    kept = entries[np.unique(np.abs(levels[None] - steps[:, None]).argmin(axis=1))]
    between = are_grey.copy()
    between[exact] = False
    apart = np.abs(channels[between, 1][:, None] - channels[chosen[kept], 1][None])
    nearest[between] = kept[apart.argmin(axis=1)]


def _are_greys(colours: Pixels) -> bool:
    """Return whether red, green and blue are the same in each of the packed `colours`."""
    shifted = colours >> np.uint32(8)
    return bool(((colours ^ shifted) & np.uint32(0xFFFF) == 0).all())


def _good_enough(squares: NDArray[np.float64], counts: NDArray[np.int64]) -> bool:
    return squares.max() <= WORST**2 and _mean_error(squares, counts) <= ENOUGH


def _mean_error(squares: NDArray[np.float64], counts: NDArray[np.int64]) -> float:
    # Not a matrix product: for so few numbers, waking that library's threads takes far longer.
    return float((np.sqrt(squares) * counts).sum() / counts.sum())


def to_lab(colours: Pixels) -> NDArray[np.float64]:
    """Return packed sRGB colours as CIELAB, `(colours, 3)`, white D65.

    IEC 61966-2-1 (1999) for sRGB, CIE 15 (2004) for L*a*b*.
    """
    srgb = (colours[:, None] >> np.array([0, 8, 16], np.uint32) & np.uint32(0xFF)) / 255.0
    linear = np.where(srgb <= 0.04045, srgb / 12.92, ((srgb + 0.055) / 1.055) ** 2.4)
    to_xyz = np.array(
        [
            [0.4124564, 0.3575761, 0.1804375],
            [0.2126729, 0.7151522, 0.0721750],
            [0.0193339, 0.1191920, 0.9503041],
        ]
    )
    # No matrix product here either, see `_mean_error`.
    xyz = (linear[:, None, :] * to_xyz).sum(axis=2) / to_xyz.sum(axis=1)
    root = np.where(xyz > (6 / 29) ** 3, np.cbrt(xyz), xyz / (3 * (6 / 29) ** 2) + 4 / 29)
    x, y, z = root.T
    return np.stack([116 * y - 16, 500 * (x - y), 200 * (y - z)], axis=1)
