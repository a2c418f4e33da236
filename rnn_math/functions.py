"""Functions that libraries put in the place of sigmoid and tanh, element by element.

    HardSigmoid(0.2, 0.5).apply(s), HardSigmoid(0.2, 0.5).slope(result)

Each is known by its result alone: what it was made of, and so how steep it is there, follows. A
function that is not (swish, gelu, mish: they fall and rise) has no place here.
"""

from abc import ABC, abstractmethod
from typing import ClassVar

import numpy as np

from gatereel.rnn_math.arrays import Array
from gatereel.rnn_math.records import dataclass


@dataclass(frozen=True)
class ElementFunction(ABC):
    """A function of a number, applied to each element."""

    name: ClassVar[str]
    """As libraries call it, in lower case."""
    letter: ClassVar[str]
    """What stands on a disc that it made."""
    is_share: ClassVar[bool] = False
    """Whether its results are within 0 and 1."""
    steepest: ClassVar[float] = 1.0
    """The largest slope, where there is one."""

    @property
    def definition(self) -> str:
        """What it computes of s, in text."""
        return f"{self.name}(s)"

    @abstractmethod
    def apply(self, s: Array) -> Array:
        """Compute it, element by element."""

    @abstractmethod
    def slope(self, result: Array) -> Array:
        """The derivative at those s of which it made `result`."""


@dataclass(frozen=True)
class Sigmoid(ElementFunction):
    """1 / (1 + exp(-s)), in [0, 1]."""

    name: ClassVar[str] = "sigmoid"
    letter: ClassVar[str] = "S"
    is_share: ClassVar[bool] = True
    steepest: ClassVar[float] = 0.25

    @property
    def definition(self) -> str:
        """The fraction."""
        return "1 / (1 + exp(-s))"

    def apply(self, s: Array) -> Array:
        """Compute 1 / (1 + exp(-s))."""
        # Far below zero exp(-s) overflows to infinity, and 1 / infinity is the 0 that is meant.
        with np.errstate(over="ignore"):
            return np.asarray(1.0 / (1.0 + np.exp(-s)))

    def slope(self, result: Array) -> Array:
        """Sigma (1 - sigma)."""
        return np.asarray(result * (1.0 - result))


@dataclass(frozen=True)
class TanhFunction(ElementFunction):
    """tanh(s), between -1 and 1."""

    name: ClassVar[str] = "tanh"
    letter: ClassVar[str] = "T"

    def apply(self, s: Array) -> Array:
        """Compute tanh(s)."""
        return np.asarray(np.tanh(s))

    def slope(self, result: Array) -> Array:
        """1 - tanh^2."""
        return np.asarray(1.0 - result * result)


@dataclass(frozen=True)
class Relu(ElementFunction):
    """max(0, s)."""

    name: ClassVar[str] = "relu"
    letter: ClassVar[str] = "R"

    @property
    def definition(self) -> str:
        """The larger of two."""
        return "max(0, s)"

    def apply(self, s: Array) -> Array:
        """Compute max(0, s)."""
        return np.maximum(s, 0.0)

    def slope(self, result: Array) -> Array:
        """1 above 0, and 0 at and below it."""
        return np.asarray(result > 0.0, dtype=float)


@dataclass(frozen=True)
class Linear(ElementFunction):
    """s itself: no activation."""

    name: ClassVar[str] = "linear"
    letter: ClassVar[str] = "L"

    @property
    def definition(self) -> str:
        """The number itself."""
        return "s"

    def apply(self, s: Array) -> Array:
        """Return s as it is."""
        return s

    def slope(self, result: Array) -> Array:
        """1 everywhere."""
        return np.ones_like(result)


@dataclass(frozen=True)
class HardSigmoid(ElementFunction):
    """max(0, min(1, alpha s + beta)): a sigmoid of three straight lines.

    Keras 2 and ONNX have 0.2 s + 0.5, Keras 3 and PyTorch s / 6 + 0.5.
    """

    alpha: float = 0.2
    beta: float = 0.5
    name: ClassVar[str] = "hard_sigmoid"
    letter: ClassVar[str] = "hS"
    is_share: ClassVar[bool] = True
    steepest: ClassVar[float] = 0.2

    @property
    def definition(self) -> str:
        """The three lines."""
        return f"max(0, min(1, {self.alpha:.4g} s + {self.beta:.4g}))"

    def apply(self, s: Array) -> Array:
        """Compute max(0, min(1, alpha s + beta))."""
        return np.clip(self.alpha * s + self.beta, 0.0, 1.0)

    def slope(self, result: Array) -> Array:
        """Alpha between 0 and 1, and 0 at and beyond them."""
        return np.where((result > 0.0) & (result < 1.0), self.alpha, 0.0)


@dataclass(frozen=True)
class HardTanh(ElementFunction):
    """max(-1, min(1, s))."""

    name: ClassVar[str] = "hard_tanh"
    letter: ClassVar[str] = "hT"

    @property
    def definition(self) -> str:
        """The three lines."""
        return "max(-1, min(1, s))"

    def apply(self, s: Array) -> Array:
        """Compute max(-1, min(1, s))."""
        return np.clip(s, -1.0, 1.0)

    def slope(self, result: Array) -> Array:
        """1 within -1 and 1, and 0 at and beyond them."""
        return np.asarray(np.abs(result) < 1.0, dtype=float)


@dataclass(frozen=True)
class Elu(ElementFunction):
    """s above 0, alpha (exp(s) - 1) below."""

    alpha: float = 1.0
    name: ClassVar[str] = "elu"
    letter: ClassVar[str] = "E"

    @property
    def definition(self) -> str:
        """Both of its sides."""
        return f"s above 0, {self.alpha:.4g} (exp(s) - 1) below"

    def apply(self, s: Array) -> Array:
        """Compute s or alpha (exp(s) - 1)."""
        return np.where(s > 0.0, s, self.alpha * np.expm1(np.minimum(s, 0.0)))

    def slope(self, result: Array) -> Array:
        """1 above 0, alpha exp(s) = result + alpha below."""
        return np.where(result > 0.0, 1.0, result + self.alpha)


@dataclass(frozen=True)
class Selu(ElementFunction):
    """An ELU scaled so that layers keep mean and variance (Klambauer et al., 2017)."""

    name: ClassVar[str] = "selu"
    letter: ClassVar[str] = "sE"
    steepest: ClassVar[float] = 1.7580993408473766
    scale: ClassVar[float] = 1.0507009873554805
    alpha: ClassVar[float] = 1.6732632423543772

    @property
    def definition(self) -> str:
        """Both of its sides."""
        return f"{self.scale:.4g} s above 0, {self.scale * self.alpha:.4g} (exp(s) - 1) below"

    def apply(self, s: Array) -> Array:
        """Compute scale * elu(s)."""
        return self.scale * np.where(s > 0.0, s, self.alpha * np.expm1(np.minimum(s, 0.0)))

    def slope(self, result: Array) -> Array:
        """Scale above 0, result + scale alpha below."""
        return np.where(result > 0.0, self.scale, result + self.scale * self.alpha)


@dataclass(frozen=True)
class LeakyRelu(ElementFunction):
    """s above 0, alpha s below."""

    alpha: float = 0.01
    name: ClassVar[str] = "leaky_relu"
    letter: ClassVar[str] = "lR"

    @property
    def definition(self) -> str:
        """Both of its sides."""
        return f"s above 0, {self.alpha:.4g} s below"

    def apply(self, s: Array) -> Array:
        """Compute s or alpha s."""
        return np.where(s >= 0.0, s, self.alpha * s)

    def slope(self, result: Array) -> Array:
        """1 above 0, alpha at and below it."""
        return np.where(result > 0.0, 1.0, self.alpha)


@dataclass(frozen=True)
class ThresholdedRelu(ElementFunction):
    """s above alpha, and 0 at and below it."""

    alpha: float = 1.0
    name: ClassVar[str] = "thresholded_relu"
    letter: ClassVar[str] = "tR"

    @property
    def definition(self) -> str:
        """Both of its sides."""
        return f"s above {self.alpha:.4g}, 0 below"

    def apply(self, s: Array) -> Array:
        """Compute s or 0."""
        return np.where(s > self.alpha, s, 0.0)

    def slope(self, result: Array) -> Array:
        """1 above alpha, 0 elsewhere."""
        return np.asarray(result > max(self.alpha, 0.0), dtype=float)


@dataclass(frozen=True)
class Relu6(ElementFunction):
    """max(0, min(6, s))."""

    name: ClassVar[str] = "relu6"
    letter: ClassVar[str] = "R6"
    most: ClassVar[float] = 6.0

    @property
    def definition(self) -> str:
        """The three lines."""
        return "max(0, min(6, s))"

    def apply(self, s: Array) -> Array:
        """Compute max(0, min(6, s))."""
        return np.clip(s, 0.0, self.most)

    def slope(self, result: Array) -> Array:
        """1 between 0 and 6, and 0 at and beyond them."""
        return np.asarray((result > 0.0) & (result < self.most), dtype=float)


@dataclass(frozen=True)
class Softsign(ElementFunction):
    """s / (1 + |s|), between -1 and 1."""

    name: ClassVar[str] = "softsign"
    letter: ClassVar[str] = "So"

    @property
    def definition(self) -> str:
        """The fraction."""
        return "s / (1 + |s|)"

    def apply(self, s: Array) -> Array:
        """Compute s / (1 + |s|)."""
        return np.asarray(s / (1.0 + np.abs(s)))

    def slope(self, result: Array) -> Array:
        """1 / (1 + |s|)^2 = (1 - |result|)^2."""
        return np.asarray((1.0 - np.abs(result)) ** 2)


@dataclass(frozen=True)
class Softplus(ElementFunction):
    """log(1 + exp(s)), above 0."""

    name: ClassVar[str] = "softplus"
    letter: ClassVar[str] = "Sp"

    @property
    def definition(self) -> str:
        """The logarithm."""
        return "log(1 + exp(s))"

    def apply(self, s: Array) -> Array:
        """Compute log(1 + exp(s)), whatever the size of s."""
        return np.asarray(np.logaddexp(0.0, s))

    def slope(self, result: Array) -> Array:
        """Sigmoid(s) = 1 - exp(-result)."""
        return np.asarray(-np.expm1(-result))


@dataclass(frozen=True)
class Exponential(ElementFunction):
    """exp(s)."""

    name: ClassVar[str] = "exponential"
    letter: ClassVar[str] = "e"
    steepest: ClassVar[float] = float("inf")

    @property
    def definition(self) -> str:
        """The power."""
        return "exp(s)"

    def apply(self, s: Array) -> Array:
        """Compute exp(s); what is too large is infinite, and refused where it is run."""
        with np.errstate(over="ignore"):
            return np.asarray(np.exp(s))

    def slope(self, result: Array) -> Array:
        """The result itself."""
        return np.asarray(result)


@dataclass(frozen=True)
class ScaledTanh(ElementFunction):
    """alpha tanh(beta s)."""

    alpha: float = 1.0
    beta: float = 1.0
    name: ClassVar[str] = "scaled_tanh"
    letter: ClassVar[str] = "sT"

    @property
    def definition(self) -> str:
        """With its numbers."""
        return f"{self.alpha:.4g} tanh({self.beta:.4g} s)"

    def apply(self, s: Array) -> Array:
        """Compute alpha tanh(beta s)."""
        return np.asarray(self.alpha * np.tanh(self.beta * s))

    def slope(self, result: Array) -> Array:
        """Alpha beta (1 - tanh^2), with tanh = result / alpha."""
        if self.alpha == 0.0:
            return np.zeros_like(result)
        return np.asarray(self.alpha * self.beta * (1.0 - (result / self.alpha) ** 2))


@dataclass(frozen=True)
class Affine(ElementFunction):
    """alpha s + beta."""

    alpha: float = 1.0
    beta: float = 0.0
    name: ClassVar[str] = "affine"
    letter: ClassVar[str] = "A"

    @property
    def definition(self) -> str:
        """With its numbers."""
        return f"{self.alpha:.4g} s + {self.beta:.4g}"

    def apply(self, s: Array) -> Array:
        """Compute alpha s + beta."""
        return np.asarray(self.alpha * s + self.beta)

    def slope(self, result: Array) -> Array:
        """Alpha everywhere."""
        return np.full_like(result, self.alpha)


@dataclass(frozen=True)
class Clipped(ElementFunction):
    """Another function of s, which is clipped to within -most and most before."""

    inner: ElementFunction
    most: float
    name: ClassVar[str] = "clipped"
    letter: ClassVar[str] = "clip"

    def __post_init__(self) -> None:
        """It is called, and drawn, as the function is that it clips for."""
        # Of a class, these are the class's; of this one, each function's.
        object.__setattr__(self, "name", f"{self.inner.name}_clipped")
        object.__setattr__(self, "letter", self.inner.letter)
        object.__setattr__(self, "is_share", self.inner.is_share)
        object.__setattr__(self, "steepest", self.inner.steepest)

    @property
    def definition(self) -> str:
        """What is clipped, and to what."""
        return f"{self.inner.name}(max({-self.most:.4g}, min({self.most:.4g}, s)))"

    def apply(self, s: Array) -> Array:
        """Clip, then apply the function."""
        return self.inner.apply(np.clip(s, -self.most, self.most))

    def slope(self, result: Array) -> Array:
        """The function's slope, and 0 where s was clipped."""
        ends = self.inner.apply(np.array([-self.most, self.most]))
        return np.where((result <= ends[0]) | (result >= ends[1]), 0.0, self.inner.slope(result))
