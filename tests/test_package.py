"""What is installed is `gatereel` alone, whole, and disturbed by nothing that users call theirs."""

import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest

import gatereel

ROOT = Path(__file__).resolve().parents[1]
FOLDERS = ("rnn_math", "scenes", "cli")
"""They stand at the top level; `gatereel` has a link to each."""

THEIRS = ("scenes.py", "cli.py", "theme.py", "rnn_math/__init__.py", "rnn_math/cell.py")
"""What a user's own folder may well hold."""


def packages_in(root: Path) -> set[str]:
    """The packages that the folders at the top level make."""
    found = {"gatereel"}
    for folder in FOLDERS:
        for face in (root / folder).rglob("__init__.py"):
            found.add(".".join(("gatereel", *face.parent.relative_to(root).parts)))
    return found


def listed(root: Path) -> dict[str, list[str]]:
    """What pyproject.toml tells setuptools."""
    settings: dict[str, list[str]] = tomllib.loads((root / "pyproject.toml").read_text())["tool"][
        "setuptools"
    ]
    return settings


def test_the_list_of_packages_is_that_of_the_folders() -> None:
    packages = listed(ROOT)["packages"]
    assert set(packages) == packages_in(ROOT)
    assert len(packages) == len(set(packages))


def test_a_forgotten_package_would_be_found(tmp_path: Path) -> None:
    (tmp_path / "scenes" / "room").mkdir(parents=True)
    (tmp_path / "scenes" / "room" / "__init__.py").touch()
    assert packages_in(tmp_path) == {"gatereel", "gatereel.scenes.room"}


@pytest.mark.parametrize("folder", FOLDERS)
def test_the_folders_at_the_top_are_those_of_the_package(folder: str) -> None:
    assert (ROOT / "gatereel" / folder).resolve() == ROOT / folder


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What git holds of the code, without what stands beside it in the folder."""
    copy = tmp_path_factory.mktemp("checkout")
    names = ["pyproject.toml", "README.md", "LICENSE", "gatereel", *FOLDERS]
    held = subprocess.run(
        ["git", "ls-files", "-z", *names], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout
    for name in filter(None, held.split("\0")):
        place = copy / name
        place.parent.mkdir(parents=True, exist_ok=True)
        if (ROOT / name).is_symlink():
            place.symlink_to((ROOT / name).readlink())
        else:
            place.write_bytes((ROOT / name).read_bytes())
    return copy


BUILD = "import setuptools.build_meta as build, sys; print(build.build_wheel(sys.argv[1]))"


@pytest.mark.slow
@pytest.mark.parametrize("links", [True, False], ids=["with links", "without links"])
def test_a_wheel_holds_gatereel_alone_and_whole(
    checkout: Path, tmp_path: Path, links: bool
) -> None:
    """Without links, as on systems that have none: git writes a file with the way in it."""
    for folder in FOLDERS:
        link = checkout / "gatereel" / folder
        link.unlink(missing_ok=True)
        if links:
            link.symlink_to(f"../{folder}")
        else:
            link.write_text(f"../{folder}")
    subprocess.run(
        [sys.executable, "-c", BUILD, str(tmp_path)], cwd=checkout, check=True, capture_output=True
    )
    (wheel,) = tmp_path.glob("*.whl")
    names = zipfile.ZipFile(wheel).namelist()
    tops = {name.split("/")[0] for name in names}
    assert {top for top in tops if not top.endswith(".dist-info")} == {"gatereel"}
    code = {name for name in names if name.endswith((".py", ".toml", ".ttf"))}
    wanted = {
        str(Path("gatereel", *path.relative_to(checkout).parts))
        for folder in FOLDERS
        for pattern in ("*.py", "*.toml", "*.ttf")
        for path in (checkout / folder).rglob(pattern)
    }
    own = {f"gatereel/{path.name}" for path in (checkout / "gatereel").glob("*.py")}
    assert {"gatereel/__init__.py", "gatereel/__main__.py"} <= own
    assert code == wanted | own


def ask(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """Run Python in a folder."""
    return subprocess.run(
        [sys.executable, *words], cwd=folder, capture_output=True, text=True, check=False
    )


@pytest.fixture
def theirs(tmp_path: Path) -> Path:
    """A folder with the user's own modules, each of which fails when it is imported."""
    for name in THEIRS:
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("raise SystemExit('the wrong module')\n")
    return tmp_path


USE = """
import gatereel
trace = gatereel.unroll(
    gatereel.RNN,
    gatereel.random_parameters(gatereel.RNN, input_size=1, hidden_size=1, seed=0),
    gatereel.random_inputs(input_size=1, timesteps=1, seed=0),
)
from pathlib import Path
gatereel.render(trace, [Path("rnn.svg")], gatereel.Options(width=300))
"""


def test_a_users_own_modules_disturb_nothing_in_python(theirs: Path) -> None:
    done = ask(theirs, "-c", USE)
    assert done.returncode == 0, done.stderr
    assert (theirs / "rnn.svg").exists()


@pytest.mark.parametrize("words", [("cells",), ("trace", "rnn"), ("render", "rnn", "--dry-run")])
def test_a_users_own_modules_disturb_no_command(theirs: Path, words: tuple[str, ...]) -> None:
    done = ask(theirs, "-m", "gatereel", *words)
    assert done.returncode == 0, done.stderr


@pytest.mark.slow
def test_a_users_own_modules_do_not_disturb_stock_manim(theirs: Path) -> None:
    stock = ROOT / "scenes" / "stock.py"
    done = ask(
        theirs, "-m", "manim", "render", "-r", "322,276", "--fps", "5", "-s", str(stock), "RNNScene"
    )
    assert done.returncode == 0, done.stderr
    assert list(theirs.rglob("RNNScene*.png"))


def test_importing_gatereel_imports_nothing_else() -> None:
    script = (
        "import gatereel, sys; print([m for m in ('numpy', 'manim', 'click') if m in sys.modules])"
    )
    assert ask(ROOT, "-c", script).stdout.strip() == "[]"


def test_that_check_can_fail() -> None:
    script = "import gatereel, sys; gatereel.LSTM; print('numpy' in sys.modules)"
    assert ask(ROOT, "-c", script).stdout.strip() == "True"


@pytest.mark.parametrize("name", gatereel.__all__)
def test_every_public_name_is_there(name: str) -> None:
    assert getattr(gatereel, name) is not None
    assert name in dir(gatereel)


def test_another_name_is_none() -> None:
    with pytest.raises(AttributeError, match="no attribute 'Gru'"):
        _ = gatereel.Gru
