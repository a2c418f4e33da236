"""Libraries that are left out while something imports them, and come when they are used."""

import subprocess
import sys
from pathlib import Path

import pytest

from gatereel.scenes.play.postponed import LIBRARIES, postponed

ROOT = Path(__file__).parents[3]


def run(code: str) -> str:
    """What a fresh process prints."""
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", code],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


DRAW = """
import sys
from gatereel.cli import main
assert main(["render", "rnn", "--timesteps", "1", "--width", "200", "-q", "-o", sys.argv[1]]) == 0
"""


def test_a_render_imports_none_of_them(tmp_path: Path) -> None:
    show = "print(*(name for name in sys.modules if '.' not in name))"
    code = f"import sys; sys.argv = ['x', {str(tmp_path / 'a.gif')!r}]\n{DRAW}\n{show}"
    imported = set(run(code).split())
    assert imported & set(LIBRARIES) == set()
    assert "manim" in imported


def test_manim_alone_imports_them() -> None:
    imported = set(run("import sys, manim; print(*sys.modules)").split())
    assert {"scipy", "networkx", "av"} <= imported


def test_all_of_manim_works_afterwards() -> None:
    code = """
from gatereel.scenes.play.postponed import postponed
with postponed():
    import manim
from manim.utils.space_ops import rotation_matrix
import scipy.spatial
print(rotation_matrix(0.0, [0, 0, 1]).trace(), len(manim.Graph([1, 2], [(1, 2)]).edges))
"""
    assert run(code) == "3.0 1"


@pytest.fixture
def library(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A library, and a module that imports it."""
    name = f"left_out_{tmp_path.name.replace('-', '_')}"
    (tmp_path / name).mkdir()
    (tmp_path / name / "__init__.py").write_text("")
    (tmp_path / name / "part.py").write_text("NUMBERS = [1, 2]\ndef double(x): return 2 * x\n")
    (tmp_path / f"{name}_user.py").write_text(
        f"import {name}.part as part\nfrom {name}.part import double, NUMBERS\n"
    )
    (tmp_path / f"{name}_eager.py").write_text(
        f"from {name}.part import double\nFOUR = double(2)\n"
    )
    monkeypatch.syspath_prepend(tmp_path)
    return name


def test_a_name_comes_when_it_is_used(library: str) -> None:
    with postponed([library]):
        user = __import__(f"{library}_user")
    assert library not in sys.modules
    assert user.double(3) == 6
    assert user.NUMBERS.count(1) == 1
    assert user.part.double(4) == 8
    assert f"{library}.part" in sys.modules
    assert type(sys.modules[library]).__name__ == "module"


def test_what_is_used_at_once_is_imported_at_once(library: str) -> None:
    with postponed([library]):
        assert __import__(f"{library}_eager").FOUR == 4


def test_what_was_imported_before_stays(library: str) -> None:
    before = __import__(f"{library}.part").part
    with postponed([library]):
        user = __import__(f"{library}_user")
    assert user.part is before
    assert user.double is before.double


def test_an_error_brings_everything_back(library: str) -> None:
    before = list(sys.meta_path)

    def fail() -> None:
        with postponed([library]):
            __import__(library)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert sys.meta_path == before
    assert library not in sys.modules
