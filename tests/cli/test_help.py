"""Help and version: at once, and complete."""

import gc
import subprocess
import sys
import tomllib
from collections.abc import Callable, Sequence
from functools import cache
from importlib import import_module
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pytest

from gatereel.cli import app, commands
from gatereel.cli.options.common import ALL
from gatereel.cli.renderer import load_renderer
from gatereel.rnn_math import CELLS
from gatereel.rnn_math.counting import one_of
from gatereel.rnn_math.version import VERSION
from gatereel.scenes.export import ENCODERS
from gatereel.scenes.plan import DEFAULT_FPS

COMMANDS = app.COMMANDS
ROOT = Path(__file__).resolve().parents[2]
HEAVY = ("manim", "av", "PIL", "scipy")

ASK_WHAT_IS_IMPORTED = """
import sys
{before}
from gatereel.cli import main
for words in {commands!r}:
    code = main(words)
    print("asked:", *(name for name in {heavy!r} if name in sys.modules), file=sys.stderr)
    if code:
        sys.exit(code)
"""

TRACE = ("trace", "rnn")
HELPS = (("--help",), ("--version",), (), *((command, "--help") for command in COMMANDS))


def imported(*commands: Sequence[str], before: str = "") -> list[list[str]]:
    """Name the heavy packages that are there after each command, in one process for all."""
    asked = [list(words) for words in commands]
    script = ASK_WHAT_IS_IMPORTED.format(before=before, commands=asked, heavy=HEAVY)
    told = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    ).stderr
    found = [line.split()[1:] for line in told.splitlines() if line.startswith("asked:")]
    assert len(found) == len(commands)
    return found


@cache
def imported_by_light_ones() -> dict[tuple[str, ...], list[str]]:
    """What is there after each help and a trace; the first of those that have it imports it."""
    light = (*HELPS, TRACE)
    return dict(zip(light, imported(*light), strict=True))


@pytest.mark.parametrize("words", HELPS, ids=" ".join)
def test_help_imports_nothing_heavy(words: tuple[str, ...]) -> None:
    assert imported_by_light_ones()[words] == []


def test_a_heavy_import_would_be_found() -> None:
    assert imported(["--help"], before="import PIL") == [["PIL"]]


def test_a_trace_needs_no_renderer() -> None:
    assert imported_by_light_ones()[TRACE] == []


@pytest.mark.parametrize("name", COMMANDS)
def test_the_list_says_of_each_command_what_it_says_of_itself(name: str) -> None:
    command = getattr(import_module(f"gatereel.cli.commands.{name}"), name)
    assert command.get_short_help_str(limit=1000) == COMMANDS[name]


LIGHT = """
import sys
from gatereel.cli import main
code = main({words!r})
print(*sys.modules, file=sys.stderr)
"""
"""What a command imports, all of it."""


@pytest.mark.parametrize(
    ("words", "left_out"),
    [
        (["--help"], ["gatereel.scenes", "gatereel.cli.commands", "gatereel.cli.embedding"]),
        (
            ["trace", "lstm"],
            ["gatereel.scenes.plan", "gatereel.scenes.export", "PIL", "urllib.request"],
        ),
        (
            ["render", "lstm", "--dry-run"],
            [
                "gatereel.scenes.export.gif",
                "gatereel.scenes.draw.typeset",
                "typst",
                "urllib.request",
                "importlib.metadata",
                "importlib.resources",
            ],
        ),
        (["render", "--help"], ["gatereel.scenes.plan", "PIL", "numpy.random", "urllib.request"]),
    ],
    ids=lambda value: " ".join(value[:2]),
)
def test_a_command_imports_no_more_than_it_needs(words: list[str], left_out: list[str]) -> None:
    asked = subprocess.run(
        [sys.executable, "-c", LIGHT.format(words=words)],
        capture_output=True,
        text=True,
        check=True,
    )
    imports = set(asked.stderr.split())
    assert "gatereel.rnn_math" in imports
    assert imports.intersection(left_out) == set()


@pytest.mark.parametrize("words", [(), ("--help",), ("-h",)])
def test_the_help_has_an_example_of_each_command(
    gatereel: Callable[..., Any], words: tuple[str, ...]
) -> None:
    ended = gatereel(*words)
    assert ended.code == 0
    for command in COMMANDS:
        assert f"\n    gatereel {command}" in ended.out  # on a line of its own


def test_the_version_is_the_distribution_s(gatereel: Callable[..., Any]) -> None:
    ended = gatereel("--version")
    assert (ended.code, ended.out) == (0, f"gatereel {version('gatereel')}\n")


def test_the_version_that_files_carry_is_the_distribution_s() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert version("gatereel") == project["version"] == VERSION


@pytest.mark.parametrize(("command", "others"), [("render", (ALL,)), ("trace", ())])
def test_the_help_names_every_cell(
    gatereel: Callable[..., Any], command: str, others: tuple[str, ...]
) -> None:
    text = " ".join(gatereel(command, "--help").out.split())
    assert one_of((*CELLS, *others)) in text


def test_the_help_of_render_names_every_format(gatereel: Callable[..., Any]) -> None:
    ended = gatereel("render", "--help")
    for suffix in ENCODERS:
        assert suffix in ended.out
    assert "As the classic picture" in ended.out
    assert f"Default: {DEFAULT_FPS}." in ended.out


def test_the_renderer_is_loaded_once_and_the_collector_works_again() -> None:
    load_renderer()
    frozen = gc.get_freeze_count()
    load_renderer()
    assert "gatereel.scenes.play.manim_player" in sys.modules
    assert gc.isenabled()
    assert gc.get_freeze_count() == frozen


def test_only_in_its_own_process_does_a_command_change_when_garbage_is_collected() -> None:
    tell = "print(gc.get_threshold()[0])"
    script = (f"import gc; {tell}", *(f"cli.main({w}); {tell}" for w in ("[]", "")))
    told = subprocess.run(
        [sys.executable, "-c", "import gatereel.cli as cli\n" + "\n".join(script)],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    usual, called, own = (int(line) for line in told.splitlines() if line.isdigit())
    assert own > called == usual


def test_every_module_of_a_command_is_one_of_them() -> None:
    folder = Path(commands.__file__ or "").parent
    assert {path.stem for path in folder.glob("*.py")} - {"__init__"} == set(COMMANDS)


def test_a_command_does_not_wait_for_another() -> None:
    script = (
        "import sys; from gatereel.cli.app import run\n"
        "for name in ('render', 'cells', 'embed'):\n"
        "    run([name, '--help'])\n"
        "    print('asked:', name, 'gatereel.cli.commands.embed' in sys.modules)"
    )
    told = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    ).stdout
    assert [line for line in told.splitlines() if line.startswith("asked:")] == [
        "asked: render False",
        "asked: cells False",
        "asked: embed True",
    ]
