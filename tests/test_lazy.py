"""Packages that load their names when they are asked for give all of them, and nothing else."""

import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest

PACKAGES = ("gatereel.rnn_math.files", "gatereel.rnn_math.models")


@pytest.mark.parametrize("package", PACKAGES)
def test_every_public_name_is_there(package: str) -> None:
    face = import_module(package)
    for name in face.__all__:
        assert getattr(face, name) is not None
    with pytest.raises(AttributeError, match="has no attribute 'nothing'"):
        face.nothing  # noqa: B018  it is asked for


@pytest.mark.parametrize("package", PACKAGES)
def test_no_public_name_is_a_module_s(package: str) -> None:
    """Whoever imports the module first would find it in the place of the name."""
    face = import_module(package)
    modules = {path.stem for path in Path(str(face.__file__)).parent.glob("*.py")}
    assert modules.isdisjoint(face.__all__)


def loaded(words: list[str]) -> set[str]:
    """The modules that a command has imported when it ends."""
    code = f"import sys; from gatereel.cli import main; main({words!r}); print(*sys.modules)"
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return set(told.stdout.splitlines()[-1].split())


def test_a_demo_reads_no_file_of_anybody() -> None:
    """Which would be an eighth of what a dry run computes."""
    found = loaded(["render", "rnn", "--dry-run"])
    assert "gatereel.scenes.plan" in found
    assert not {name for name in found if name.startswith("gatereel.rnn_math.models.")}
    assert "gatereel.rnn_math.files.formats" not in found
