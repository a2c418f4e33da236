"""Frozen dataclasses, of which a hundred are made before a command does anything.

    @dataclass(frozen=True)
    class Claim: ...

Python's own decorator writes six methods for each class as source and compiles them, which was a
third of what `gatereel render lstm --dry-run` computed. Here `__init__` alone is written so, for it
is called most; the others are closures over the fields' names. What comes of it is a dataclass to
`fields`, `replace` and type checkers. What a `cached_property` remembers is no part of it: it is
neither compared nor sent to another process.
"""

import dataclasses
from collections.abc import Callable
from operator import attrgetter
from typing import TYPE_CHECKING, Any

__all__ = ["dataclass"]

_HASH = "__hash"
"""Where a hash is remembered; no name in a class is written so."""

_Fields = tuple[dataclasses.Field[Any], ...]


def _frozen(cls: type, *, init: bool, eq: bool) -> type:
    """Make a class a dataclass whose fields are set once."""
    dataclasses.dataclass(init=False, repr=False, eq=False)(cls)  # finds the fields
    fields = dataclasses.fields(cls)
    own = vars(cls)
    cls.__getstate__ = _state(cls, fields)  # type: ignore[method-assign, assignment]
    cls.__setattr__, cls.__delattr__ = _guards(cls, fields)  # type: ignore[method-assign]
    if init:
        setattr(cls, "__init__", _init(cls, fields))  # noqa: B010  mypy forbids the other way
    if "__repr__" not in own:
        cls.__repr__ = _repr(fields)  # type: ignore[assignment]
    if eq:
        compared = _values([field.name for field in fields if field.compare])
        if "__eq__" not in own:
            cls.__eq__ = _eq(compared)  # type: ignore[assignment]
        # Python puts None there for a class that says itself what is equal.
        if own.get("__hash__") is None:
            cls.__hash__ = _hash(compared)  # type: ignore[assignment]
    return cls


def _init(cls: type, fields: _Fields) -> Callable[..., None]:
    """An `__init__` that takes the fields in their order, sets them and calls `__post_init__`."""
    known: dict[str, Any] = {"_set": object.__setattr__, "_make": object()}
    parameters, lines = ["self"], []
    has_default = ""
    for field in fields:
        name, value = field.name, field.name
        if field.kw_only:
            raise TypeError(f"{cls.__qualname__}.{name}: no field is given by its name alone")
        if not field.init:
            if field.default_factory is not dataclasses.MISSING:
                known[f"_make_{name}"] = field.default_factory
                lines.append(f"_set(self, {name!r}, _make_{name}())")
            continue  # a default stands in the class
        if field.default is dataclasses.MISSING and (field.default_factory is dataclasses.MISSING):
            if has_default:
                raise TypeError(
                    f"{cls.__qualname__}: {name!r} without a default follows {has_default!r}"
                )
        else:
            has_default = name
        if field.default is not dataclasses.MISSING:
            known[f"_default_{name}"] = field.default
            parameters.append(f"{name}=_default_{name}")
        elif field.default_factory is not dataclasses.MISSING:
            known[f"_make_{name}"] = field.default_factory
            parameters.append(f"{name}=_make")
            value = f"_make_{name}() if {name} is _make else {name}"
        else:
            parameters.append(name)
        lines.append(f"_set(self, {name!r}, {value})")
    if hasattr(cls, "__post_init__"):
        lines.append("self.__post_init__()")
    source = f"def __init__({', '.join(parameters)}):\n " + "\n ".join(lines or ["pass"])
    exec(source, known)
    init: Callable[..., None] = known["__init__"]
    init.__qualname__ = f"{cls.__qualname__}.__init__"
    init.__annotations__ = {field.name: field.type for field in fields} | {"return": None}
    return init


def _guards(cls: type[Any], fields: _Fields) -> tuple[Callable[..., None], Callable[..., None]]:
    """`__setattr__` and `__delattr__` that refuse; a subclass may have attributes of its own."""
    names = frozenset(field.name for field in fields)

    def assign(self: object, name: str, value: object) -> None:
        if type(self) is cls or name in names:
            raise dataclasses.FrozenInstanceError(f"cannot assign to field {name!r}")
        super(cls, self).__setattr__(name, value)

    def delete(self: object, name: str) -> None:
        if type(self) is cls or name in names:
            raise dataclasses.FrozenInstanceError(f"cannot delete field {name!r}")
        super(cls, self).__delattr__(name)

    return assign, delete


def _state(cls: type[Any], fields: _Fields) -> Callable[[object], object]:
    """What is pickled: the fields, and whatever a subclass without fields of its own has."""
    names = [field.name for field in fields]

    def state(self: object) -> object:
        if type(self) is not cls:
            return vars(self)
        return {name: getattr(self, name) for name in names}

    return state


def _repr(fields: _Fields) -> Callable[[object], str]:
    names = [field.name for field in fields if field.repr]

    def tell(self: object) -> str:
        told = ", ".join(f"{name}={getattr(self, name)!r}" for name in names)
        return f"{type(self).__qualname__}({told})"

    return tell


def _eq(values: Callable[[object], tuple[object, ...]]) -> Callable[[object, object], bool]:
    def is_equal(self: object, other: object) -> bool:
        return values(self) == values(other) if type(other) is type(self) else NotImplemented

    return is_equal


def _hash(values: Callable[[object], tuple[object, ...]]) -> Callable[[object], int]:
    def hashed(self: object) -> int:
        known = self.__dict__
        try:
            found: int = known[_HASH]
        except KeyError:  # of a cell, that of all its nodes
            found = known[_HASH] = hash(values(self))
        return found

    return hashed


def _values(names: list[str]) -> Callable[[object], tuple[object, ...]]:
    """What gives the values of some fields."""
    if len(names) > 1:
        return attrgetter(*names)
    # Of a single name it would give the value alone.
    return lambda each: tuple(getattr(each, name) for name in names)


if TYPE_CHECKING:
    from dataclasses import dataclass
else:

    def dataclass(cls=None, /, *, init=True, eq=True, frozen=False):
        """`dataclasses.dataclass`, which is asked where a class is not frozen."""
        if not frozen:
            return dataclasses.dataclass(cls, init=init, eq=eq)
        return lambda cls: _frozen(cls, init=init, eq=eq)
