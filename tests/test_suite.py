"""How tests run: nothing hangs on the clock, and what one run leaves out another must run."""

import ast
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

TESTS = Path(__file__).parent

LEAVES_SOME_OUT = """
import pytest

def test_always() -> None:
    pass

def test_needs_it() -> None:
    pytest.importorskip("a_library")

@pytest.mark.parametrize("data", [b"\\x00", b"\\x01"])
def test_bytes(data: bytes) -> None:
    pass
"""
NEEDS_IT_AT_ONCE = """
import pytest

pytest.importorskip("a_library")

def test_in_a_file_that_needs_it() -> None:
    pass
"""


def test_no_example_is_timed() -> None:
    assert settings().deadline is None
    assert HealthCheck.too_slow in settings().suppress_health_check


def test_the_profile_is_set_in_one_place() -> None:
    texts = {path: path.read_text(encoding="utf-8") for path in TESTS.rglob("*.py")}
    timed = [
        str(path)
        for path, text in texts.items()
        if "deadline" in text  # to parse all of them takes long
        for call in ast.walk(ast.parse(text))
        if isinstance(call, ast.keyword) and call.arg == "deadline"
    ]
    assert timed == [str(TESTS / "conftest.py")]


@pytest.fixture
def suite(tmp_path: Path) -> Path:
    """A few tests under the same conftest.py, as a project of their own."""
    tests = tmp_path / "tests"
    tests.mkdir()
    shutil.copy(TESTS / "conftest.py", tests)
    (tests / "test_some.py").write_text(LEAVES_SOME_OUT, encoding="utf-8")
    (tests / "test_whole.py").write_text(NEEDS_IT_AT_ONCE, encoding="utf-8")
    (tmp_path / "pytest.ini").write_text("[pytest]\ntestpaths = tests\n", encoding="utf-8")
    return tmp_path


def run(suite: Path, *options: str) -> "subprocess.CompletedProcess[str]":
    words = [sys.executable, "-m", "pytest", "-rA", "-p", "xdist", *options]
    alone = {**os.environ, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    return subprocess.run(words, cwd=suite, env=alone, capture_output=True, text=True, check=False)


def test_what_was_left_out_is_run_and_may_not_be_left_out_again(suite: Path) -> None:
    first = run(suite, "-n1")
    assert "3 passed, 2 skipped" in first.stdout
    # An archive's bytes hold the time it was made at, and names are the same in every run.
    for number in range(2):
        assert f"PASSED tests/test_some.py::test_bytes[data{number}]\n" in first.stdout

    again = run(suite, "--left-out", "-n1")
    assert again.returncode == pytest.ExitCode.TESTS_FAILED
    assert "1 failed, 1 error" in again.stdout
    assert again.stdout.count("left out again") >= len(("the test", "the file"))

    run(suite, "-k", "always")  # a run of some tests tells nothing of all
    (suite / "a_library.py").touch()
    rest = run(suite, "--left-out")
    assert rest.returncode == 0, rest.stdout
    passed = [line for line in rest.stdout.splitlines() if line.startswith("PASSED")]
    assert sorted(passed) == [
        "PASSED tests/test_some.py::test_needs_it",
        "PASSED tests/test_whole.py::test_in_a_file_that_needs_it",
    ]


def test_where_nothing_was_left_out_there_is_no_rest(suite: Path) -> None:
    (suite / "a_library.py").touch()
    assert run(suite).returncode == 0
    rest = run(suite, "--left-out")
    assert rest.returncode == pytest.ExitCode.USAGE_ERROR
    assert "left none out" in rest.stderr
