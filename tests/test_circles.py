"""No module of ours imports itself by way of others, and rooms stand in one order."""

import ast
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
HOUSE = "gatereel"
PARTS = ("rnn_math", "scenes", "cli")

CLI_FLOORS = ("terminal", "options", "inputs")
"""Rooms of `cli` whose order is held, from the ground up."""


def modules() -> dict[str, Path]:
    """Every module of the three parts by its name."""
    found = {}
    for part in PARTS:
        for path in sorted((ROOT / part).rglob("*.py")):
            words = (HOUSE, *path.relative_to(ROOT).with_suffix("").parts)
            found[".".join(words).removesuffix(".__init__")] = path
    return found


def imports(code: str, known: Mapping[str, object]) -> Iterator[str]:
    """The modules that one imports, within functions as well, but not for types alone."""
    waiting = list(ast.parse(code).body)
    while waiting:
        node = waiting.pop()
        match node:
            case ast.If(test=ast.Name(id="TYPE_CHECKING")):
                waiting += node.orelse
                continue
            case ast.ImportFrom(module=str(module)):
                for name in node.names:
                    inner = f"{module}.{name.name}"
                    yield inner if inner in known else module
            case ast.Import():
                yield from (name.name for name in node.names)
        waiting += list(ast.iter_child_nodes(node))  # type: ignore[arg-type]


def edges(codes: Mapping[str, str]) -> dict[str, set[str]]:
    return {name: {*imports(code, codes)} & codes.keys() - {name} for name, code in codes.items()}


def circle(graph: Mapping[str, set[str]]) -> list[str]:
    """The modules of some circle; none where there is no circle."""
    left = {name: set(others) for name, others in graph.items()}
    while free := [name for name, others in left.items() if not others]:
        for name in free:
            del left[name]
        for others in left.values():
            others.difference_update(free)
    return sorted(left)


@pytest.fixture(scope="module")
def codes() -> dict[str, str]:
    return {name: path.read_text(encoding="utf-8") for name, path in modules().items()}


def test_nothing_imports_itself_by_way_of_others(codes: dict[str, str]) -> None:
    assert circle(edges(codes)) == []


def test_a_circle_would_be_found() -> None:
    lazily = "def f():\n    from gatereel.cli.b import g"
    codes = {"gatereel.cli.a": lazily, "gatereel.cli.b": "from gatereel.cli import a"}
    assert circle(edges(codes)) == ["gatereel.cli.a", "gatereel.cli.b"]


def test_parts_import_from_those_below(codes: dict[str, str]) -> None:
    graph = edges(codes)
    upward = [
        (name, other)
        for name, others in graph.items()
        for other in others
        if PARTS.index(other.split(".")[1]) > PARTS.index(name.split(".")[1])
    ]
    assert upward == []


def test_rooms_of_the_command_import_from_those_below(codes: dict[str, str]) -> None:
    def floor(name: str) -> int:
        part, room, *_ = (*name.split(".")[1:], "")
        return CLI_FLOORS.index(room) if part == "cli" and room in CLI_FLOORS else -1

    upward = [
        (name, other)
        for name, others in edges(codes).items()
        for other in others
        if 0 <= floor(name) < floor(other)
    ]
    assert upward == []
