"""The core stands alone: importing it brings in numpy and nothing of pictures."""

import subprocess
import sys

import pytest

FORBIDDEN = ("manim", "PIL", "click", "scipy", "av")

CHECK = """
import sys, {module}
print(*(name for name in {forbidden} if name in sys.modules))
"""


def imported_with(module: str) -> list[str]:
    """Return the forbidden packages that importing `module` in a fresh Python brings in."""
    program = CHECK.format(module=module, forbidden=FORBIDDEN)
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    return done.stdout.split()


@pytest.mark.parametrize("module", ["gatereel.rnn_math", "gatereel.rnn_math.files"])
def test_the_core_imports_nothing_of_pictures(module: str) -> None:
    assert imported_with(module) == []


def test_the_check_finds_a_forbidden_import() -> None:
    assert imported_with("click") == ["click"]
