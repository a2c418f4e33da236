"""Frozen dataclasses of our own are those of Python, made with less."""

import copy
import dataclasses
import inspect
import pickle
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from gatereel.rnn_math.records import dataclass

ROOT = Path(__file__).resolve().parents[2]
ROOMS = ("rnn_math", "scenes", "cli")
PYTHONS_OWN = re.compile(r"^ *(?:from dataclasses import.*\bdataclass\b|import dataclasses)", re.M)


def classes(decorator: Callable[..., Any]) -> dict[str, type[Any]]:
    """The same few classes, made by one decorator or the other."""

    @decorator(frozen=True)
    class Empty:
        pass

    @decorator(frozen=True)
    class One:
        name: str

    @decorator(frozen=True)
    class Several:
        name: str
        size: int = 3
        values: list[int] = dataclasses.field(default_factory=list, compare=False)
        hidden: str = dataclasses.field(default="x", repr=False)

        def __post_init__(self) -> None:
            if self.size < 0:
                raise ValueError("size")

    @decorator(frozen=True)
    class Remembering:
        name: str
        known: dict[str, int] = dataclasses.field(default_factory=dict, init=False, compare=False)
        count: int = dataclasses.field(default=0, init=False)

    @decorator(frozen=True)
    class Further(Several):
        last: float = 0.5

    @decorator(frozen=True, eq=False)
    class ByPlace:
        name: str

    @decorator(frozen=True)
    class Own:
        name: str

        def __repr__(self) -> str:
            return "own"

        def __eq__(self, other: object) -> bool:
            return isinstance(other, Own)

        def __hash__(self) -> int:
            return 1

    @decorator(frozen=True, init=False)
    class Begun:
        name: str

        def __init__(self) -> None:
            object.__setattr__(self, "name", "begun")

    made = (Empty, One, Several, Further, ByPlace, Own, Begun)
    return {each.__name__: each for each in made}


OURS, PYTHONS = classes(dataclass), classes(dataclasses.dataclass)
WORDS: dict[str, tuple[Any, ...]] = {
    "Empty": (),
    "One": ("a",),
    "Several": ("a", 5, [1]),
    "Further": ("a", 5, [1], "y", 1.5),
    "ByPlace": ("a",),
    "Own": ("a",),
    "Begun": (),
}


def told(error: Callable[[], object]) -> tuple[type[BaseException], str]:
    with pytest.raises(Exception) as raised:  # noqa: PT011  it is what is compared
        error()
    return raised.type, str(raised.value)


@dataclass(frozen=True)
class Kept:
    """One that can be pickled by its name."""

    name: str
    values: tuple[int, ...] = ()


@pytest.mark.parametrize("name", WORDS)
def test_it_is_made_shown_and_described_as_python_s(name: str) -> None:
    ours, pythons = OURS[name], PYTHONS[name]
    mine, other = ours(*WORDS[name]), pythons(*WORDS[name])
    assert repr(mine).rpartition(".")[2] == repr(other).rpartition(".")[2]
    assert vars(mine) == vars(other)
    assert dataclasses.asdict(mine) == dataclasses.asdict(other)
    assert ours.__match_args__ == pythons.__match_args__
    assert [(f.name, f.type) for f in dataclasses.fields(ours)] == [
        (f.name, f.type) for f in dataclasses.fields(pythons)
    ]
    assert [*inspect.signature(ours).parameters] == [*inspect.signature(pythons).parameters]


@pytest.mark.parametrize("name", WORDS)
def test_it_is_compared_as_python_s(name: str) -> None:
    for kind in (OURS[name], PYTHONS[name]):
        one, same = kind(*WORDS[name]), kind(*WORDS[name])
        assert (one == same) is (name != "ByPlace")
        assert (hash(one) == hash(same)) is (name != "ByPlace")
        assert one != "a"
        assert len({one, same}) == 1 + (name == "ByPlace")


def test_what_is_not_compared_makes_no_difference_and_the_rest_does() -> None:
    several = OURS["Several"]
    assert several("a", values=[1]) == several("a", values=[2])
    assert hash(several("a", values=[1])) == hash(several("a", values=[2]))
    assert several("a") != several("b")
    assert several("a", hidden="x") != several("a", hidden="y")
    assert OURS["One"]("a") != OURS["One"]("b")
    assert several("a") != OURS["Further"]("a")  # a subclass is something else


def test_what_is_left_out_is_made_anew_each_time() -> None:
    first, second = OURS["Several"]("a"), OURS["Several"]("a")
    assert (first.size, first.values, first.hidden) == (3, [], "x")
    first.values.append(1)
    assert second.values == []


@pytest.mark.parametrize("name", WORDS)
@pytest.mark.parametrize("attribute", ["name", "other"])
def test_nothing_of_it_is_set_or_deleted_afterwards(name: str, attribute: str) -> None:
    mine, other = OURS[name](*WORDS[name]), PYTHONS[name](*WORDS[name])
    for change in (lambda each: setattr(each, attribute, 1), lambda each: delattr(each, attribute)):
        ours = told(lambda change=change: change(mine))  # type: ignore[misc]
        assert ours == told(lambda change=change: change(other))  # type: ignore[misc]
        assert ours[0] is dataclasses.FrozenInstanceError


def test_a_subclass_that_is_none_may_have_more() -> None:
    loose = type("Loose", (OURS["One"],), {})("a")
    loose.other = 1
    assert loose.other == 1
    del loose.other
    with pytest.raises(dataclasses.FrozenInstanceError):
        loose.name = "b"


def test_replace_checks_again() -> None:
    several = OURS["Several"]("a", 5)
    assert dataclasses.replace(several, size=6) == OURS["Several"]("a", 6)
    with pytest.raises(ValueError, match="size"):
        dataclasses.replace(several, size=-1)


@pytest.mark.parametrize("words", [(), ("a", "b")])
def test_too_few_or_too_many_values_are_refused_in_python_s_words(words: tuple[str, ...]) -> None:
    assert told(lambda: OURS["One"](*words)) == told(lambda: PYTHONS["One"](*words))


def test_copies_and_pickles_are_equal() -> None:
    kept = Kept("a", (1, 2))
    assert pickle.loads(pickle.dumps(kept)) == copy.deepcopy(kept) == copy.copy(kept) == kept


def test_what_is_not_frozen_is_python_s() -> None:
    @dataclass
    class Loose:
        name: str

    @dataclass(eq=False)
    class Unequal:
        name: str

    loose = Loose("a")
    loose.name = "b"
    assert loose == Loose("b")
    assert Unequal("a") != Unequal("a")


def test_ours_is_used_everywhere() -> None:
    used = [
        str(path.relative_to(ROOT))
        for room in ROOMS
        for path in (ROOT / room).rglob("*.py")
        if PYTHONS_OWN.search(path.read_text(encoding="utf-8"))
    ]
    assert used == ["rnn_math/records.py"]
