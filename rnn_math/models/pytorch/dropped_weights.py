"""Recurrent weights of which a part is left out in training, as fastai's AWD_LSTM has them.

Its WeightDropout keeps the whole weight as `weight_hh_l0_raw`; beside it the module has the one
that the last batch of training left, with noughts in it, under the usual name. Outside of training
the whole one is computed with. Source: Merity, Keskar and Socher, "Regularizing and optimizing
LSTM language models", 2017.
"""

import re
from collections.abc import Collection, Mapping
from typing import TypeVar

_RAW = re.compile(
    r"(?P<prefix>(?:.*\.)?)(?P<name>weight_(?:ih|hh)_l[0-9]{1,4}(?:_reverse)?)_raw", re.DOTALL
)
_INNER = "module."
"""What fastai calls the recurrent module inside its own."""
_OTHER = "weight_ih_l0"
"""What tells where the recurrent module stands."""

_T = TypeVar("_T")


def whole_weights(names: Collection[str]) -> dict[str, str]:
    """The name of each whole weight to the one that it has in the recurrent module."""
    found: dict[str, str] = {}
    for name in names:
        match = _RAW.fullmatch(name)
        if match is None:
            continue
        for place in (match["prefix"] + _INNER, match["prefix"]):
            own = place + match["name"]
            other = place + _OTHER
            is_there = other in names or f"{match['prefix']}{_OTHER}_raw" in names
            if is_there and (place != match["prefix"] or own not in names):
                found[name] = own
                break
    return found


def with_whole_weights(tensors: Mapping[str, _T]) -> dict[str, _T]:
    """The same tensors, the whole weights in place of those with parts left out."""
    whole = whole_weights(tensors.keys())
    replaced = set(whole.values())
    return {
        whole.get(name, name): each
        for name, each in tensors.items()
        if name in whole or name not in replaced
    }
