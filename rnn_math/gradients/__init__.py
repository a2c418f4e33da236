"""The list, differentiated: gradients of a loss, and how they fare through time."""

from gatereel.rnn_math.gradients.backward import Gradients, backpropagate
from gatereel.rnn_math.gradients.checking import Check, check
from gatereel.rnn_math.gradients.clipping import clip
from gatereel.rnn_math.gradients.flow import Flow, Jacobian, bound, gradient_flow, jacobians
from gatereel.rnn_math.gradients.losses import FinalSum, Loss, SquaredError, Unit

__all__ = [
    "Check",
    "FinalSum",
    "Flow",
    "Gradients",
    "Jacobian",
    "Loss",
    "SquaredError",
    "Unit",
    "backpropagate",
    "bound",
    "check",
    "clip",
    "gradient_flow",
    "jacobians",
]
