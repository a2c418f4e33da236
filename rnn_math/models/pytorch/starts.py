"""Learned initial states beside the recurrent modules of a state dict, by names and shapes.

They are parameters of whoever wrote the model: "h0" and "c0", "init_h", "encoder.learned_h0". They
are used where name, place and shape leave no doubt, and named where they do.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import field
from itertools import pairwise
from types import MappingProxyType

from gatereel.rnn_math.records import dataclass

MAX_MODULES = 64
"""Recurrent modules among which the one is looked for that a tensor belongs to."""

MAX_DOUBTS = 50
"""Tensors in one place that are named where they are not used."""

_STATES: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "h": frozenset({"h", "hs", "hx", "hid", "hidden", "hiddens"}),
        "c": frozenset({"c", "cs", "cx", "cell", "cells"}),
        "": frozenset({"s", "state", "states"}),
    }
)
"""The cell's name of a state to the words for it; "" where they do not tell which."""

_ARGUMENTS = frozenset({"hx", "cx"})
"""What PyTorch itself calls the states that a module starts from."""

_STARTS = frozenset(
    {
        *("init", "initial", "initialised", "initialized", "start", "starting", "begin", "bridge"),
        *("learned", "learnt", "learnable", "trainable"),
    }
)
_FILLERS = frozenset(
    {"t", "vec", "vector", "param", "parameter", "value", "values", "tensor", "previous", "prev"}
)
_KINDS = frozenset({"rnn", "gru", "lstm"})
_SHORTEST_ABBREVIATION = 3
"""Letters: "enc" for "encoder"."""

_STATE_DIMENSIONS = 3
"""Of the states that PyTorch's modules take: (levels and directions, batch, hidden_size)."""

_WORD = re.compile(r"[a-z]+|[0-9]+")
_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")

_SHOWN_REASONS = 2
_WEIGHT, _BIAS = ".weight", ".bias"

Shape = tuple[int, ...]


@dataclass(frozen=True)
class Sized:
    """A recurrent module that can be computed."""

    prefix: str
    """What its tensors' names begin with: "encoder.lstm."."""
    title: str
    """What PyTorch calls it: "nn.LSTM"."""
    states: tuple[str, ...]
    """Its cell's states: "h", "c"."""
    count: int
    """How many states of each it has: a direction of a level has one."""
    hidden_size: int
    is_two_way: bool = False

    def accepts(self, shape: Shape) -> bool:
        """Whether a tensor of this shape holds one state for each level and direction."""
        *outer, width = shape or (0,)
        if width != self.hidden_size:
            return False
        return outer in ([self.count], [self.count, 1]) or (self.count == 1 and not outer)

    def may_hold(self, shape: Shape) -> bool:
        """Whether a tensor of this shape may be its states, all of them in one included."""
        all_in_one = len(self.states) * self.count
        return self.accepts(shape) or shape in (
            (all_in_one, self.hidden_size),
            (all_in_one, 1, self.hidden_size),
        )


@dataclass(frozen=True)
class Start:
    """What a file has for the initial states of a module."""

    tensors: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    """State to the name of the tensor that holds it; empty where zeros are taken."""
    passed_over: tuple[str, ...] = ()
    """Tensors that may hold or make the initial states and are not used."""
    reason: str = ""
    """Why not, to stand in parentheses."""


@dataclass(frozen=True)
class _Candidate:
    """A tensor that may have to do with initial states."""

    place: str
    """The prefix of the module that has it."""
    state: str
    """"h", "c" or, where the name does not tell, ""."""
    others: frozenset[str]
    """Words of its name that say neither which state nor that it is the first."""
    doubt: str = ""
    """Why it is not the state itself for certain."""


def find_starts(shapes: Mapping[str, Shape], modules: Sequence[Sized]) -> dict[str, Start]:
    """Return what each module starts from, by its prefix; modules with nothing are left out.

    `shapes` are those of all the file's tensors that are no weights of recurrent modules.
    """
    under = _by_place(modules)
    claims: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    doubts: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for name, shape in shapes.items():
        candidate = _candidate(name) or _unsaid(name, shape)
        is_weights = name.endswith(_BIAS) and name.removesuffix(_BIAS) + _WEIGHT in shapes
        if candidate is None or is_weights:  # one name a module is enough
            continue
        possible = under.get(candidate.place, [])
        if candidate.doubt in (_CARRIED, _UNSAID) and not any(
            m.may_hold(shape) for m in possible[:MAX_MODULES]
        ):
            continue  # some "h", "state" or "start" of another width
        owner, doubt = _owner(candidate, shape, possible)
        if owner is None:
            here = doubts[_nearest(candidate.place, under)]
            here += [(name, doubt)] if len(here) < MAX_DOUBTS else []
        else:
            state = candidate.state or owner.states[0]
            claims[owner.prefix][state].append(name)
    starts = {}
    for module in modules:
        start = _start(module, claims.get(module.prefix, {}), _doubts_of(module, doubts))
        if start.tensors or start.passed_over:
            starts[module.prefix] = start
    return starts


def _start(
    module: Sized, claims: Mapping[str, Sequence[str]], doubts: Sequence[tuple[str, str]]
) -> Start:
    names = [name for each in claims.values() for name in each]
    others = tuple(name for name, _ in doubts)
    reasons = "; ".join(list(dict.fromkeys(reason for _, reason in doubts))[:_SHOWN_REASONS])
    missing = " and ".join(state for state in module.states if state not in claims)
    if names and not missing and len(names) == len(module.states):
        held = {state: claims[state][0] for state in module.states}
        return Start(MappingProxyType(held), others, reasons)
    if names:
        lacks = f"{module.title} needs a first {missing}, too" if missing else "there are several"
        return Start(passed_over=(*names, *others), reason=lacks)
    return Start(passed_over=others, reason=reasons)


def _doubts_of(module: Sized, doubts: Mapping[str, list[tuple[str, str]]]) -> list[tuple[str, str]]:
    return [each for place in _places(module.prefix) for each in doubts.get(place, ())]


def _by_place(modules: Iterable[Sized]) -> dict[str, list[Sized]]:
    """Prefix to the modules that stand there or anywhere below."""
    under: dict[str, list[Sized]] = defaultdict(list)
    for module in modules:
        for place in _places(module.prefix):
            under[place].append(module)
    return under


def _places(prefix: str) -> Iterator[str]:
    """Return "", "a." and "a.b." for "a.b."."""
    yield ""
    for dot in re.finditer(r"\.", prefix):
        yield prefix[: dot.end()]


def _nearest(place: str, under: Mapping[str, object]) -> str:
    """The innermost place around that has recurrent modules in it."""
    return [each for each in _places(place) if each in under or not each][-1]


def _owner(
    candidate: _Candidate, shape: Shape, possible: Sequence[Sized]
) -> tuple[Sized | None, str]:
    """The one module whose initial state it is for certain, or why there is none."""
    if candidate.doubt:
        return None, candidate.doubt
    if len(possible) > MAX_MODULES:
        return None, _WHOSE
    named = [module for module in possible if _goes_with(candidate.others, module)]
    fitting = [module for module in named if module.accepts(shape)]
    if not named or len(fitting) > 1:
        return None, _WHOSE
    if not fitting:
        wanted = (named[0].count, 1, named[0].hidden_size)
        return None, f"the shape is {shape}; {wanted} would fit"
    owner = fitting[0]
    if candidate.state and candidate.state not in owner.states:
        return None, f"{owner.title} has no {candidate.state}"
    if not candidate.state and len(owner.states) > 1:
        return None, f"{owner.title} has {' and '.join(owner.states)}; it is not clear which it is"
    return owner, ""


def _goes_with(others: frozenset[str], module: Sized) -> bool:
    """Whether all words of a name that say neither state nor start speak of the module."""
    path = set(_words(module.prefix))
    kind = module.title.lower()

    def speaks_of_it(word: str) -> bool:
        if word in path or (word in _KINDS and word in kind):
            return True
        is_long = len(word) >= _SHORTEST_ABBREVIATION
        return is_long and any(each.startswith(word) for each in path)

    return all(map(speaks_of_it, others))


_CARRIED = "the name does not say that it is the first"
_UNSAID = "the name does not say that it is a state"
_WHOSE = "it is not clear which layer's they are"
_MAKER = "what they become is not in the file"


def _candidate(name: str) -> _Candidate | None:
    """What a tensor's name says of initial states; None for nothing."""
    parts = name.split(".")
    for k, part in enumerate(parts):
        is_last = k == len(parts) - 1
        words = _words(part)
        state = _state(words)
        if state is None:
            continue
        says_start = bool(_STARTS & set(words) or _ARGUMENTS & set(words))
        from_zero = _has_zero(words)
        place = "".join(f"{each}." for each in parts[:k])
        if is_last and (says_start or from_zero):
            return _Candidate(place, state, _others(words))
        if is_last and not _others(words):
            return _Candidate(place, state, frozenset(), _CARRIED)
        # A module called h0 may make the state or list it; one called c0 may be anything.
        lists = not is_last and parts[k + 1].isdecimal()
        if says_start or (from_zero and (lists or state == "h")):
            return _Candidate(place, state, frozenset(), _MAKER)
    return None


def _unsaid(name: str, shape: Shape) -> _Candidate | None:
    """A loose tensor that may be an initial state though no word of its name is a state's.

    Its name speaks of a start alone, or it has the three dimensions in which PyTorch takes states.
    """
    place, dot, last = name.rpartition(".")
    if f".{last}" in (_WEIGHT, _BIAS):
        return None
    if len(shape) == _STATE_DIMENSIONS or _STARTS & set(_words(last)):
        return _Candidate(place + dot, "", frozenset(), _UNSAID)
    return None


def _words(name: str) -> list[str]:
    return _WORD.findall(_HUMP.sub("_", name).lower())


def _state(words: Sequence[str]) -> str | None:
    """Which state the words speak of: "h", "c", or "" for one that they do not tell."""
    for state, meant in _STATES.items():
        if meant & set(words):
            return state
    return None


def _has_zero(words: Sequence[str]) -> bool:
    """Whether a word for a state has a nought behind it: "h0", "h_0", "h_t0"."""
    at = [word for word in words if word not in _FILLERS]
    states = frozenset().union(*_STATES.values())
    return any(
        word in states and after.isdigit() and int(after) == 0 for word, after in pairwise(at)
    )


def _others(words: Sequence[str]) -> frozenset[str]:
    known = frozenset().union(*_STATES.values()) | _STARTS | _FILLERS
    return frozenset(w for w in words if w not in known and not (w.isdigit() and int(w) == 0))
