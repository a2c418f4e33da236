"""Imports inside `scenes` go one way: a room imports from those below it."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

SCENES = Path(__file__).resolve().parents[2] / "scenes"
PACKAGE = "gatereel.scenes"

FLOORS = (
    "theme",
    "fonts",
    "tell",
    "lay_out",
    "diagrams",
    "language",
    "places",
    "plan",
    "draw",
    "export",
    "stills",
    "play",
    "card",
    "legend",
    "clips",
    "fingerprint",
    "fitting",
    "render",
    "stock",
)
"""Rooms, and the modules that stand beside them, from the ground up."""

MOST_BESIDE_ROOMS = 10
"""Modules directly in scenes/: more cannot be taken in at a glance."""


def imported(code: str) -> Iterator[str]:
    """Names of modules of `scenes` that a module imports, wherever in it."""
    for node in ast.walk(ast.parse(code)):
        match node:
            case ast.ImportFrom(module=str(module)) if module == PACKAGE:
                yield from (f"{PACKAGE}.{name.name}" for name in node.names)
            case ast.ImportFrom(module=str(module)):
                yield module
            case ast.Import():
                yield from (name.name for name in node.names)


def room(module: str) -> str | None:
    """The room of a module of `scenes`, or what it is called beside them."""
    if not module.startswith(f"{PACKAGE}."):
        return None
    return module.removeprefix(f"{PACKAGE}.").split(".")[0]


def upward(module: str, code: str) -> list[str]:
    """What a module imports that does not stand below it."""
    own = room(module)
    assert own is not None
    others = {other for other in map(room, imported(code)) if other not in (None, own)}
    floor = FLOORS.index(own)
    return sorted(other for other in others if other and FLOORS.index(other) >= floor)


def modules() -> dict[str, Path]:
    """Every module of `scenes` but its face."""
    return {
        ".".join((PACKAGE, *path.relative_to(SCENES).with_suffix("").parts)): path
        for path in sorted(SCENES.rglob("*.py"))
        if path.parent != SCENES or path.stem != "__init__"
    }


@pytest.mark.parametrize("module", modules())
def test_imports_go_down(module: str) -> None:
    assert upward(module, modules()[module].read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    ("module", "code", "found"),
    [
        ("gatereel.scenes.tell.words", "from gatereel.scenes.draw.strip import strip", ["draw"]),
        (
            "gatereel.scenes.draw.strip",
            "def f():\n    from gatereel.scenes import plan, play",
            ["play"],
        ),
        ("gatereel.scenes.plan", "import gatereel.scenes.export.gif", ["export"]),
        ("gatereel.scenes.plan", "from gatereel.scenes.theme.theme import Theme", []),
    ],
)
def test_that_check_can_fail(module: str, code: str, found: list[str]) -> None:
    assert upward(module, code) == found


def test_every_room_has_its_floor() -> None:
    assert {room(module) for module in modules()} == set(FLOORS)


def test_few_modules_stand_beside_the_rooms() -> None:
    assert len(list(SCENES.glob("*.py"))) <= MOST_BESIDE_ROOMS
