"""README.md and CONTRIBUTING.md tell the truth: what they name exists, what they show runs."""

import ast
import re
import shlex
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterable, Iterator, Set
from functools import cache
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest

from gatereel.cli import main
from gatereel.rnn_math import LSTM, demo, random_inputs, unroll
from gatereel.rnn_math.files import read_inputs, read_parameters
from gatereel.scenes.plan import Options, plan
from gatereel.scenes.render import render
from gatereel.scenes.tell.excerpt import MAX_HIDDEN_SIZE, MAX_INPUT_SIZE
from tests.bench.gifs import read_gif
from tests.bench.measuring import BenchError, measure
from tests.bench.report import Target, replace_section
from tests.warm_hdf5 import warm_reading

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
CONTRIBUTING = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
MANY = (ROOT / "docs" / "many.md").read_text(encoding="utf-8")
PAGES = {"README.md": README, "CONTRIBUTING.md": CONTRIBUTING}

FOLDERS = ("rnn_math", "scenes", "cli", "tests", ".ci")
"""What starts with one of these is a path of the project. media/ holds what is made."""

FENCE = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
SPAN = re.compile(r"`([^`\n]+)`")
LINK = re.compile(r"\]\(([^)#]+?)\)")
PLACE = re.compile(r"^\| .*\|$", re.MULTILINE)
IDENTIFIER = re.compile(r"[A-Za-z_]\w*")
OPTION = re.compile(r"(?<![\w-])--?[a-z][a-z-]*")


def blocks(page: str, language: str) -> list[str]:
    """The page's fenced blocks in a language."""
    return [body for found, body in FENCE.findall(page) if found == language]


def spans(page: str) -> list[str]:
    """What stands between single backticks, outside of fenced blocks."""
    return SPAN.findall(FENCE.sub("", page))


def shell_lines(page: str) -> list[list[str]]:
    """The words of every command in a shell block, comments left out."""
    lines = (shlex.split(line, comments=True) for b in blocks(page, "sh") for line in b.split("\n"))
    return [words for words in lines if words]


def commands(page: str, program: str) -> list[list[str]]:
    """The arguments of every call of `program`, in shell blocks and in single backticks."""
    called = [*shell_lines(page), *(shlex.split(span) for span in spans(page) if "'" not in span)]
    return [words[1:] for words in called if len(words) > 1 and words[0] == program]


def help_of(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> str:
    """What a command says of itself."""
    assert main([*arguments, "--help"]) == 0
    return capsys.readouterr().out


# --- what is named exists ------------------------------------------------------------------------


def missing_paths(page: str) -> list[str]:
    """The project's paths on a page, linked or in backticks, that are not there."""
    named = [span for span in spans(page) if span.split("/")[0] in FOLDERS and " " not in span]
    linked = [target for target in LINK.findall(page) if "://" not in target]
    return [path for path in (*named, *linked) if not (ROOT / path).exists()]


@pytest.mark.parametrize("name", PAGES)
def test_every_path_exists(name: str) -> None:
    assert missing_paths(PAGES[name]) == []


def test_a_missing_path_is_found() -> None:
    page = "See `scenes/theme/theme.py`, `scenes/no.py` and [this](NO.md)."
    assert missing_paths(page) == ["scenes/no.py", "NO.md"]


@pytest.mark.parametrize("name", PAGES)
def test_every_make_target_exists(name: str) -> None:
    targets = set(re.findall(r"^(\w+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    named = {words[0] for words in commands(PAGES[name], "make")}
    assert named
    assert named <= targets


PACKAGES = ("rnn_math", "scenes", "cli", "tests")
WORDS = {*PACKAGES, "make", "gatereel", "manim", "f", "h", "h_out"}
"""Packages, programs, and the vectors of a cell that serves as the example."""


@cache
def definitions(path: Path) -> Set[str]:
    """The functions, classes, methods, fields and constants that a file defines or brings in."""
    defined: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        match node:
            case ast.FunctionDef() | ast.ClassDef():
                defined.add(node.name)
            case ast.Assign(targets=targets):
                defined |= {each.id for each in targets if isinstance(each, ast.Name)}
            case ast.AnnAssign(target=ast.Name(id=name)):
                defined.add(name)
            case ast.ImportFrom(names=names):
                defined |= {each.name for each in names}
    return defined


def undefined(names: Set[str], places: Iterable[str]) -> set[str]:
    """The names that none of the project's paths defines, a file, or a folder with all in it."""
    left = set(names)
    for path in (ROOT / place for place in places):
        for file in [path] if path.suffix == ".py" else path.rglob("*.py"):
            if may_define(file, left):
                left -= definitions(file)
    return left


def missing_names(page: str) -> set[str]:
    """The names in backticks that no code defines."""
    return undefined({span for span in spans(page) if IDENTIFIER.fullmatch(span)} - WORDS, PACKAGES)


def may_define(path: Path, names: Set[str]) -> bool:
    """Whether it is worth parsing a file, which takes long, to look for one of the names."""
    one = rf"\b(?:{'|'.join(names)})\b"
    like = rf"\b(?:def|class) +{one}|{one} *[:=,]|\bimport .*{one}"
    return bool(names) and re.search(like, path.read_text(encoding="utf-8")) is not None


def misplaced_names(page: str) -> list[str]:
    """What a table's row or a list's item says of its files and they do not define.

    Such a line names paths and names; each name is defined in one of the paths.
    """
    wrong = []
    for line in PLACE.findall(page):
        named = SPAN.findall(line)
        paths = [each for each in named if each.split("/")[0] in FOLDERS and "/" in each]
        names = {each for each in named if IDENTIFIER.fullmatch(each)} - WORDS
        missing = undefined(names, paths) if paths else ()
        wrong += [f"{name} in {paths}" for name in missing]
    return wrong


def test_every_name_in_contributing_is_defined_in_the_code() -> None:
    named = {span for span in spans(CONTRIBUTING) if IDENTIFIER.fullmatch(span)}
    assert len(named) > 30, "the page names more than that, so they are not found any more"
    assert missing_names(CONTRIBUTING) == set()


def test_every_row_of_contributing_names_what_its_files_define() -> None:
    assert misplaced_names(CONTRIBUTING) == []


def test_names_that_are_nowhere_or_elsewhere_are_found() -> None:
    # Both are words in many a file; neither is defined in one, or in this one.
    assert missing_names("Call `the` and `unroll`.") == {"the"}
    row = "| the numbers | `unroll`, `narrate` | `rnn_math/unroll.py` | them |"
    assert misplaced_names(row) == ["narrate in ['rnn_math/unroll.py']"]


CLIPS = ("squash", "why", "gradient")
"""Commands that draw clips."""


# --- options -------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", PAGES)
def test_every_option_exists(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    accepted = {
        option
        for command in ("render", "embed", "export", *CLIPS)
        for option in OPTION.findall(help_of([command], capsys))
    }
    done = subprocess.run(
        [sys.executable, "-m", "tests.bench", "--help"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    accepted |= {"--help", *OPTION.findall(done.stdout)}
    alone = {
        option
        for span in spans(PAGES[name])
        if span.startswith("-")
        for option in OPTION.findall(span)
    }
    assert alone
    assert alone <= accepted


@pytest.mark.parametrize("command", ["render", "embed", "export", *CLIPS])
def test_the_readme_leaves_no_option_out(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    # The other halves: one name of an option, and one side of a switch, are enough.
    needless = {"-h", "--help", "-q", "--output", "--values", "--strip", "--levels", "--no-caption"}
    listed = {
        option for span in spans(README) if span.startswith("-") for option in OPTION.findall(span)
    }
    offered = re.findall(r"^  (-.*?)(?:  |$)", help_of([command], capsys), re.MULTILINE)
    assert set(OPTION.findall("\n".join(offered))) - needless <= listed


@pytest.mark.parametrize("name", PAGES)
def test_every_command_takes_its_options(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    called = commands(PAGES[name], "gatereel")
    assert called
    for command, *arguments in called:
        accepted = {"--help", *OPTION.findall(help_of([command], capsys))}
        assert {word for word in arguments if word.startswith("-")} <= accepted


# --- examples run --------------------------------------------------------------------------------


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder with the files that the README writes out or speaks of."""
    (parameters,) = blocks(README, "json")
    (inputs,) = blocks(README, "csv")
    (tmp_path / "my-rnn.json").write_text(parameters, encoding="utf-8")
    (tmp_path / "my-inputs.csv").write_text(inputs, encoding="utf-8")
    (language,) = blocks(README, "toml")
    (tmp_path / "mine.toml").write_text(language, encoding="utf-8")
    example = Path("media", "first-symbol")
    shutil.copytree(ROOT / example, tmp_path / example)
    shutil.copy(ROOT / "tests/models/pytorch/lstm.safetensors", tmp_path / "model.safetensors")
    shutil.copy(ROOT / "tests/models/keras/above.keras", tmp_path / "model.keras")
    shutil.copy(ROOT / "tests/models/keras/translate.keras", tmp_path / "translate.keras")
    for name, seed in (("source", 1), ("target", 2)):
        np.save(tmp_path / f"{name}.npy", random_inputs(3, 4, seed))
    with np.load(ROOT / "tests/models/keras/above.npz") as stored:
        np.save(tmp_path / "rows.npy", stored["upper/rows"])
    np.savetxt(tmp_path / "sequence.csv", random_inputs(3, 5, seed=0), delimiter=",")
    monkeypatch.chdir(tmp_path)
    with warm_reading():
        yield tmp_path


def test_the_files_written_out_belong_together(folder: Path) -> None:
    cell, parameters = read_parameters(folder / "my-rnn.json")
    trace = unroll(cell, parameters, read_inputs(folder / "my-inputs.csv"))
    assert (trace.timesteps, trace.input_size, trace.hidden_size) == (3, 1, 2)


def renders() -> list[list[str]]:
    """The arguments of each `gatereel render` in a shell block of the README."""
    return [words[1:] for words in shell_lines(README) if words[:2] == ["gatereel", "render"]]


@pytest.mark.parametrize("arguments", renders(), ids=shlex.join)
def test_every_render_would_run(
    arguments: list[str], folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = sorted(folder.iterdir())
    assert main([*arguments, "--dry-run"]) == 0
    assert capsys.readouterr().out
    assert sorted(folder.iterdir()) == before


def test_every_trace_runs(folder: Path) -> None:
    called = [words[1:] for words in shell_lines(README) if words[:2] == ["gatereel", "trace"]]
    assert called
    assert [main(arguments) for arguments in called] == [0] * len(called)
    assert (folder / "lstm.json").is_file()
    assert (folder / "gates.csv").is_file()


def test_every_export_runs(folder: Path) -> None:
    called = [words[1:] for words in shell_lines(README) if words[:2] == ["gatereel", "export"]]
    assert [main(arguments) for arguments in called] == [0] * len(called)
    assert (folder / "gates.npz").is_file()
    assert (folder / "model.weights.h5").is_file()


def of_models(command: str) -> list[list[str]]:
    """The arguments of each such command in a shell block of the README."""
    called = [words[1:] for words in shell_lines(README) if words[0] == "gatereel"]
    return [words for words in called if words[0] == command and "FILE" not in words]


def test_the_models_of_the_examples_are_inspected_and_verified(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for arguments, found in zip(of_models("inspect"), ("nn.LSTM", "--at-layer"), strict=True):
        assert main(arguments) == 0
        assert found in capsys.readouterr().out
    if find_spec("torch") is None or find_spec("keras") is None:
        pytest.skip("PyTorch or Keras is not installed")
    for arguments in of_models("verify"):
        assert main(arguments) == 0
        assert "agrees" in capsys.readouterr().out


@pytest.mark.slow
def test_the_python_example_runs(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    example, *_ = blocks(README, "python")  # the others need a model of their own
    small, changes = re.subn(r"width=\d+", "width=200, fps=5, pace=0.2", example)
    assert changes == 1
    exec(small, {})
    assert capsys.readouterr().out.startswith("[[")
    assert (folder / "lstm.gif").stat().st_size
    assert (folder / "lstm.mp4").stat().st_size


def test_the_batch_files_ask_for_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    told = []
    for suffix, language in ((".toml", "toml"), (".csv", "csv"), (".jsonl", "json")):
        text, *_ = blocks(MANY, language)
        Path(f"pictures{suffix}").write_text(text, encoding="utf-8")
        assert main(["render", "--batch", f"pictures{suffix}", "--dry-run"]) == 0
        told.append(capsys.readouterr().out)
    assert told[0].count("3 timesteps") == 5
    assert told[0] == told[1] == told[2]


def test_every_option_of_the_page_on_many_exists(capsys: pytest.CaptureFixture[str]) -> None:
    accepted = set(OPTION.findall(help_of(["render"], capsys)))
    named = [words for words in commands(MANY, "gatereel") if words[0] == "render"]
    assert named
    for words in named:
        assert {word for word in words if word.startswith("-")} <= accepted


def test_stock_manim_is_given_the_size_of_the_picture() -> None:
    ((*_, size, file, scene),) = [
        words for words in shell_lines(README) if words[0].endswith("/manim")
    ]
    shown = demo(LSTM)
    planned = plan(unroll(LSTM, shown.parameters, shown.inputs, shown.initial))
    even = [length + length % 2 for length in (planned.width, planned.height)]
    assert size == ",".join(map(str, even))
    assert f"class {scene}(" in (ROOT / file).read_text(encoding="utf-8")


# --- facts ---------------------------------------------------------------------------------------


def test_the_system_packages_are_those_that_make_installs() -> None:
    script = (ROOT / ".ci" / "system-packages").read_text(encoding="utf-8")
    rows = re.findall(r"^\| (?:Debian|Fedora|Arch|macOS).*? \| `(.+?)`", README, re.MULTILINE)
    assert len(rows) == 4
    for row in rows:
        for package in row.split():
            # Those of Python itself are made of its name and a suffix.
            assert package.removeprefix("python3") in script


def test_the_limits_are_those_of_the_pictures() -> None:
    limits = f"1 to {MAX_INPUT_SIZE} inputs and 1 to {MAX_HIDDEN_SIZE} hidden units"
    assert limits in README


def test_the_changelog_has_the_version() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert f"## [{project['version']}]" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")


def test_the_readme_is_plain_markdown() -> None:
    """A package page shows no HTML but as code; comments are not shown anywhere."""
    assert re.findall(r"<(?!!--)/?[a-z]+[^>]*>", SPAN.sub("", FENCE.sub("", README))) == []


# --- the measurements ----------------------------------------------------------------------------


def test_the_readme_has_a_place_for_the_measurements() -> None:
    written = replace_section(README, "| a table |")
    assert "<!-- bench -->\n| a table |\n<!-- /bench -->" in written
    assert replace_section(written, "| a table |") == written


def test_a_page_without_that_place_is_refused() -> None:
    with pytest.raises(BenchError, match="has no <!-- bench -->"):
        replace_section("# A page", "| a table |")


@pytest.mark.slow
def test_a_gif_is_measured_as_it_was_written(tmp_path: Path) -> None:
    shown = demo(LSTM)
    trace = unroll(LSTM, shown.parameters, shown.inputs[:1], shown.initial)
    (written,) = render(trace, [tmp_path / "a.gif"], Options(width=200, fps=5, pace=0.2))
    facts = read_gif(written.path)
    assert (facts.width, facts.height) == (written.width, written.height)
    assert facts.frames == written.frames
    assert facts.seconds == pytest.approx(written.seconds)


def test_a_target_says_whether_it_is_met() -> None:
    assert Target("time", 1.15, True, {"rnn": 1.15, "gru": 1.0}).met
    assert not Target("time", 1.15, True, {"rnn": 1.16, "gru": 1.0}).met
    assert Target("bytes", 150.0, False, {"rnn": 150.0}).met
    assert not Target("bytes", 150.0, False, {"rnn": 149.0}).met


def test_a_failing_command_is_reported_with_what_it_said(tmp_path: Path) -> None:
    with pytest.raises(BenchError, match=r"ended with 3:\nno luck"):
        measure([sys.executable, "-c", "print('no luck'); exit(3)"], tmp_path)
