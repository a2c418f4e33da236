"""How much of the gradient arrives at each earlier timestep, of one cell: what a band is drawn of.

band(trace) -> Band: norms of d s_T / d s_t, the straight way, the bound of a plain RNN
band(trace, threshold=1.0) -> the same as clipping leaves it
"""

import numpy as np

from gatereel.rnn_math.cell import Cell
from gatereel.rnn_math.gradients.backward import backpropagate
from gatereel.rnn_math.gradients.clipping import clip
from gatereel.rnn_math.gradients.flow import bound, gradient_flow
from gatereel.rnn_math.gradients.losses import FinalSum
from gatereel.rnn_math.records import dataclass
from gatereel.rnn_math.trace import Trace


@dataclass(frozen=True)
class Clipping:
    """What clipping does to a whole gradient: `norm` is that of dL/d parameters before it."""

    threshold: float
    norm: float
    share: float
    """What every gradient is multiplied by, at most 1."""


@dataclass(frozen=True)
class Band:
    """Spectral norms of d s_T / d s_t for t = 1 to T, of the state that is kept, or else h.

    `straight` is the way straight through the gates that keep, None where there is none; `limit`
    is what a cell of one weighted sum lets through at most (Pascanu, Mikolov and Bengio, 2013),
    None for any other cell.
    """

    cell: Cell
    state: str
    arrives: tuple[float, ...]
    straight: tuple[float, ...] | None
    limit: tuple[float, ...] | None
    clipping: Clipping | None = None

    @property
    def timesteps(self) -> int:
        """T."""
        return len(self.arrives)

    @property
    def left(self) -> tuple[float, ...]:
        """What is left after clipping."""
        share = 1.0 if self.clipping is None else self.clipping.share
        return tuple(share * value for value in self.arrives)


def band(trace: Trace, threshold: float | None = None) -> Band:
    """How much arrives. With a `threshold`, the gradient of L = sum of the last h is clipped to it.

    Raises InputError for a threshold that is not positive.
    """
    flow = gradient_flow(trace)
    limit = bound(trace) if len(trace.cell.weighted_sums) == 1 else None
    return Band(
        trace.cell,
        flow.state,
        tuple(flow.kept.tolist()),
        None if flow.straight is None else tuple(flow.straight.tolist()),
        None if limit is None else tuple(limit.tolist()),
        None if threshold is None else _clipping(trace, threshold),
    )


def _clipping(trace: Trace, threshold: float) -> Clipping:
    gradients = backpropagate(trace, FinalSum())
    parts = [*gradients.weights.values(), *gradients.biases.values()]
    whole = np.concatenate([part.ravel() for part in parts])
    (clipped,) = clip([whole], threshold)
    norm = float(np.linalg.norm(whole))
    share = float(np.linalg.norm(clipped)) / norm if norm > 0.0 else 1.0
    return Clipping(threshold, norm, share)
