"""The Makefile and its scripts on a machine of stand-ins, which record calls and do nothing."""

import os
import re
import shutil
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from gatereel.rnn_math import CELLS

ROOT = Path(__file__).parent.parent
SHELL = "/bin/sh"

APT_LIBRARIES = "build-essential pkg-config libcairo2-dev libpango1.0-dev"
DNF_LIBRARIES = "gcc gcc-c++ pkgconf-pkg-config cairo-devel pango-devel"
PACMAN_LIBRARIES = "gcc pkgconf cairo pango"
BREW_LIBRARIES = "pkgconf cairo pango"
APT_INSTALL = "apt-get install -y --no-install-recommends"

# What each manager is asked to do on a Linux machine on x86_64 that has Python and nothing else.
COMMANDS = {
    "apt-get": ["apt-get update", f"{APT_INSTALL} {APT_LIBRARIES} python3-dev python3-venv"],
    "dnf": [f"dnf install -y {DNF_LIBRARIES} python3-devel"],
    "pacman": [f"pacman -S --needed --noconfirm {PACMAN_LIBRARIES} python"],
    "brew": [f"brew install {BREW_LIBRARIES} python"],
}


class Machine:
    """A folder of stand-in commands, the only ones on PATH, and the record of what was called."""

    def __init__(self, folder: Path) -> None:
        self.bin = folder / "bin"
        self.log = folder / "calls"
        self.libraries = folder / "libraries"  # there once cairo and pango are
        self.venv = folder / "venv"  # there once Python's venv module is
        self.header = folder / "include" / "Python.h"
        self.bin.mkdir()
        self.log.touch()
        self.header.parent.mkdir()
        for tool in ("env", "sed"):
            self.link(tool)
        self.system("Linux", "x86_64")
        self.user(0)
        self.add("pkg-config", f'[ -e "{self.libraries}" ]')
        self.python("python3")

    def add(self, name: str, body: str) -> None:
        """Put a command on PATH that runs `body`."""
        path = self.bin / name
        path.write_text(f"#!{SHELL}\n{body}\n", encoding="utf-8")
        path.chmod(0o755)

    def link(self, name: str) -> None:
        """Put the real command on PATH."""
        real = shutil.which(name)
        assert real is not None
        (self.bin / name).symlink_to(real)

    def system(self, kernel: str, processor: str) -> None:
        """Say what `uname` answers."""
        self.add("uname", f'if [ "$1" = -s ]; then echo {kernel}; else echo {processor}; fi')

    def user(self, number: int) -> None:
        """Say who runs the script; 0 is root."""
        self.add("id", f"echo {number}")

    def python(self, name: str, version: str = "3.11") -> None:
        """Add an interpreter that answers what the scripts ask and makes a `.venv` like itself."""
        major, minor = version.split(".")
        too_old = int((int(major), int(minor)) < (3, 11))
        self.add(
            name,
            f"""case "$*" in
  --version) echo Python {version}.0 ;;
  *"version_info < (3, 11)"*) exit {too_old} ;;
  *ensurepip*) [ -e "{self.venv}" ] ;;
  *Python.h*) echo "{self.header}" ;;
  *python%d*) echo python{version} ;;
  "-m venv .venv")
    echo "{name} $*" >>"{self.log}"
    mkdir -p .venv/bin
    cp "$0" .venv/bin/python ;;
  "-m pip"*)
    echo "pip${{*#-m pip}}" >>"{self.log}"
    [ ! -e "{self.log}.interrupt" ] ;;
  *) echo "no answer to: $*" >&2; exit 64 ;;
esac""",
        )

    def manager(self, name: str, *, works: bool = True) -> None:
        """Add a package manager; one that works brings all that is missing."""
        brings = f'touch "{self.libraries}" "{self.venv}" "{self.header}" && ' if works else ""
        ends = "true" if works else "false"
        self.link_once("touch")
        self.add(name, f'echo "{name} $*" >>"{self.log}"; {brings}{ends}')
        if works:
            self.add("cc", "true")
            self.add("c++", "true")

    def link_once(self, name: str) -> None:
        """Put the real command on PATH unless it is there."""
        if not (self.bin / name).exists():
            self.link(name)

    def complete(self) -> None:
        """Put everything there that gatereel builds against."""
        for path in (self.libraries, self.venv, self.header):
            path.touch()
        self.add("cc", "true")
        self.add("c++", "true")

    def sudo(self) -> None:
        """Add a sudo that records its call and runs it."""
        self.add("sudo", f'echo "sudo $1" >>"{self.log}"; exec "$@"')

    def calls(self) -> list[str]:
        """Tell what was called, in order."""
        return self.log.read_text(encoding="utf-8").splitlines()

    def run(
        self, *command: str, cwd: Path = ROOT, **environment: str
    ) -> subprocess.CompletedProcess[str]:
        """Run a command with nothing but this machine's commands, and no input."""
        return subprocess.run(
            command,
            cwd=cwd,
            env={"PATH": str(self.bin), **environment},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )

    def install(self, python: str = "python3") -> subprocess.CompletedProcess[str]:
        """Run the script that brings the system packages."""
        return self.run(SHELL, ".ci/system-packages", PYTHON=python)


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path)


@pytest.mark.parametrize("manager", COMMANDS)
def test_each_manager_is_asked_for_its_own_packages(machine: Machine, manager: str) -> None:
    machine.manager(manager)
    result = machine.install()
    assert (result.returncode, result.stderr) == (0, "")
    assert machine.calls() == COMMANDS[manager]


@pytest.mark.parametrize("manager", ["apt-get", "dnf", "pacman"])
def test_who_is_not_root_goes_through_sudo(machine: Machine, manager: str) -> None:
    machine.user(1000)
    machine.sudo()
    machine.manager(manager)
    assert machine.install().returncode == 0
    calls = machine.calls()
    assert [call for call in calls if not call.startswith("sudo ")] == COMMANDS[manager]
    assert len([call for call in calls if call.startswith("sudo ")]) == len(COMMANDS[manager])


@pytest.mark.parametrize("user", [0, 1000])
def test_sudo_is_left_alone_where_it_is_not_needed(machine: Machine, user: int) -> None:
    machine.user(user)
    machine.sudo()
    machine.manager("apt-get" if user == 0 else "brew")
    assert machine.install().returncode == 0
    assert not [call for call in machine.calls() if call.startswith("sudo ")]


def assert_names_every_package(result: subprocess.CompletedProcess[str]) -> None:
    assert result.returncode == 1
    assert f"apt-get: {APT_LIBRARIES} python3-dev python3-venv\n" in result.stderr
    assert f"dnf: {DNF_LIBRARIES} python3-devel\n" in result.stderr
    assert f"pacman: {PACMAN_LIBRARIES} python\n" in result.stderr
    assert f"brew: {BREW_LIBRARIES} python\n" in result.stderr


def test_without_a_known_manager_it_names_the_packages(machine: Machine) -> None:
    result = machine.install()
    assert_names_every_package(result)
    assert "None of apt-get, dnf, pacman and brew" in result.stderr
    assert "the headers of pangocairo" in result.stderr


def test_without_sudo_it_names_the_packages(machine: Machine) -> None:
    machine.user(1000)
    machine.manager("dnf")
    result = machine.install()
    assert_names_every_package(result)
    assert "sudo is not here" in result.stderr
    assert machine.calls() == []


@pytest.mark.parametrize("manager", COMMANDS)
def test_a_manager_that_fails_stops_the_set_up(machine: Machine, manager: str) -> None:
    machine.manager(manager, works=False)
    result = machine.install()
    assert_names_every_package(result)
    assert f"{manager} could not install it." in result.stderr


def test_a_manager_that_brings_nothing_stops_the_set_up(machine: Machine) -> None:
    machine.add("dnf", "true")
    result = machine.install()
    assert_names_every_package(result)
    assert "still something is missing" in result.stderr


@pytest.mark.parametrize("manager", COMMANDS)
@pytest.mark.parametrize(("kernel", "processor"), [("Linux", "aarch64"), ("Darwin", "arm64")])
def test_a_complete_machine_is_left_in_silence(
    machine: Machine, manager: str, kernel: str, processor: str
) -> None:
    machine.system(kernel, processor)
    machine.manager(manager)
    machine.complete()
    result = machine.install()
    assert (result.returncode, result.stdout, result.stderr) == (0, "", "")
    assert machine.calls() == []


def test_only_the_missing_half_is_installed(machine: Machine) -> None:
    machine.manager("apt-get")
    machine.complete()
    machine.venv.unlink()
    assert machine.install().returncode == 0
    assert machine.calls()[-1] == f"{APT_INSTALL} python3-dev python3-venv"


def test_a_python_beside_the_default_gets_the_headers_of_its_version(machine: Machine) -> None:
    machine.manager("dnf")
    machine.python("python3.13", "3.13")
    assert machine.install("python3.13").returncode == 0
    assert machine.calls() == [f"dnf install -y {DNF_LIBRARIES} python3.13-devel"]


def test_linux_on_arm_also_builds_the_opengl_packages(machine: Machine) -> None:
    machine.system("Linux", "aarch64")
    machine.manager("apt-get")
    assert machine.install().returncode == 0
    assert f"{APT_LIBRARIES} libx11-dev" in machine.calls()[-1]


def test_pacman_renews_a_stale_list_of_packages(machine: Machine) -> None:
    machine.manager("pacman")
    stale = (machine.bin / "pacman").read_text(encoding="utf-8")
    machine.add("pacman", f'[ "$1" = -S ] && exit 1\n{stale}')
    assert machine.install().returncode == 0
    assert machine.calls() == [f"pacman -Syu --needed --noconfirm {PACMAN_LIBRARIES} python"]


# From here on: the environment, made by `make setup` in a folder of its own.


@pytest.fixture
def checkout(machine: Machine, tmp_path: Path) -> Path:
    """Copy what makes the environment into a folder whose name holds a space."""
    if shutil.which("make") is None:
        pytest.skip("needs make")
    for tool in ("make", "grep", "mkdir", "cp", "rm", "touch", "sh", "dirname", "test"):
        machine.link_once(tool)
    machine.complete()
    folder = tmp_path / "a checkout"
    folder.mkdir()
    shutil.copytree(ROOT / ".ci", folder / ".ci")
    for name in ("Makefile", "pyproject.toml", "requirements.txt"):
        shutil.copy(ROOT / name, folder / name)
    return folder


def setup_steps(machine: Machine, checkout: Path, *arguments: str) -> list[str]:
    """Run `make setup` and name the steps that it took."""
    machine.log.write_text("", encoding="utf-8")
    machine.run("make", "setup", *arguments, cwd=checkout)
    steps = {"-m venv": "venv", "--require-hashes": "locked", "--editable .": "project"}
    return [step for call in machine.calls() for sign, step in steps.items() if sign in call]


def make_newer(path: Path) -> None:
    """Give a file a time after every other, and after all that is made now."""
    later = max(time.time(), path.stat().st_mtime) + 3600
    os.utime(path, (later, later))


EVERY_STEP = ["venv", "locked", "project"]


def test_the_second_set_up_has_nothing_to_do(machine: Machine, checkout: Path) -> None:
    assert setup_steps(machine, checkout) == EVERY_STEP
    assert setup_steps(machine, checkout) == []


def test_a_new_lock_makes_the_environment_anew(machine: Machine, checkout: Path) -> None:
    setup_steps(machine, checkout)
    make_newer(checkout / "requirements.txt")
    assert setup_steps(machine, checkout) == EVERY_STEP


def test_a_new_pyproject_installs_only_the_project(machine: Machine, checkout: Path) -> None:
    setup_steps(machine, checkout)
    make_newer(checkout / "pyproject.toml")
    assert setup_steps(machine, checkout) == ["project"]


def test_an_interrupted_set_up_is_done_over(machine: Machine, checkout: Path) -> None:
    interrupt = Path(f"{machine.log}.interrupt")
    interrupt.touch()
    assert setup_steps(machine, checkout) == ["venv", "locked"]
    interrupt.unlink()
    assert setup_steps(machine, checkout) == EVERY_STEP


def test_an_environment_without_its_interpreter_is_made_anew(
    machine: Machine, checkout: Path
) -> None:
    setup_steps(machine, checkout)
    (checkout / ".venv/bin/python").unlink()
    (checkout / ".venv/bin/python").symlink_to("gone")
    assert setup_steps(machine, checkout) == EVERY_STEP


def test_a_moved_checkout_gets_an_environment_of_its_own(machine: Machine, checkout: Path) -> None:
    setup_steps(machine, checkout)
    moved = checkout.rename(checkout.with_name("moved"))
    assert setup_steps(machine, moved) == EVERY_STEP


def test_python_chooses_the_interpreter(machine: Machine, checkout: Path) -> None:
    machine.python("other", "3.12")
    setup_steps(machine, checkout, "PYTHON=other")
    assert machine.calls()[0] == "other -m venv .venv"


def test_an_old_python3_gives_way_to_a_newer_one_beside_it(
    machine: Machine, checkout: Path
) -> None:
    machine.python("python3", "3.9")
    machine.python("python3.12", "3.12")
    setup_steps(machine, checkout)
    assert machine.calls()[0] == "python3.12 -m venv .venv"


@pytest.mark.parametrize("arguments", [[], ["PYTHON=python3"]])
def test_a_python_too_old_is_named_with_the_version_needed(
    machine: Machine, checkout: Path, arguments: list[str]
) -> None:
    machine.python("python3", "3.9")
    result = machine.run("make", "setup", *arguments, cwd=checkout)
    assert result.returncode != 0
    assert "gatereel needs Python 3.11 or newer; python3 is Python 3.9.0." in result.stderr
    assert machine.calls() == []


# --- make media ----------------------------------------------------------------------------------

PICTURES = sorted(
    [
        *("legend.png", "first-symbol.gif", "lstm-portrait.gif"),
        *("squash.gif", "why-state.gif", "gradient.gif", "lstm-backward.gif"),
        *(f"{name}.gif" for name in CELLS),
    ]
)


@pytest.fixture
def drawn(machine: Machine, checkout: Path) -> Callable[[], list[str]]:
    """Run `make media` with a stand-in for gatereel, and name the pictures that it drew."""
    (checkout / "scenes").mkdir()
    shutil.copytree(ROOT / "scenes" / "diagrams", checkout / "scenes" / "diagrams")
    (checkout / "rnn_math").mkdir()
    shutil.copytree(ROOT / "rnn_math" / "cells", checkout / "rnn_math" / "cells")
    shutil.copytree(ROOT / "media" / "first-symbol", checkout / "media" / "first-symbol")
    setup_steps(machine, checkout)
    machine.add("gatereel", f'for last; do :; done; echo "$last" >>"{machine.log}"; touch "$last"')
    shutil.move(machine.bin / "gatereel", checkout / ".venv/bin/gatereel")

    def run() -> list[str]:
        machine.log.write_text("", encoding="utf-8")
        machine.run("make", "media", cwd=checkout)
        return sorted(Path(path).name for path in machine.calls())

    return run


def test_media_draws_every_picture_once(drawn: Callable[[], list[str]]) -> None:
    assert drawn() == PICTURES
    assert drawn() == []


def test_media_draws_what_is_gone_or_older_than_the_code(
    drawn: Callable[[], list[str]], checkout: Path
) -> None:
    drawn()
    (checkout / "media" / "gru.gif").unlink()
    assert drawn() == ["gru.gif"]
    make_newer(checkout / "scenes" / "diagrams" / "gru.py")
    assert drawn() == PICTURES


# --- what reads posts as readers do --------------------------------------------------------------

READERS = "chromium ruby-kramdown ruby-kramdown-parser-gfm gifsicle"
"""Debian's packages."""


def bring_readers(machine: Machine) -> subprocess.CompletedProcess[str]:
    return machine.run(SHELL, ".ci/browser")


@pytest.mark.parametrize("user", [0, 1000])
def test_readers_of_posts_are_debian_s(machine: Machine, user: int) -> None:
    machine.user(user)
    machine.sudo()
    machine.manager("apt-get")
    result = bring_readers(machine)
    assert (result.returncode, result.stderr) == (0, "")
    install = f"apt-get install -y -qq --no-install-recommends {READERS}"
    calls = machine.calls()
    assert [call for call in calls if "sudo" not in call] == ["apt-get update -qq", install]
    assert any("sudo" in call for call in calls) == (user != 0)


def test_readers_that_are_there_are_not_asked_for(machine: Machine) -> None:
    machine.manager("apt-get")
    machine.add("chromium", "true")
    machine.add("ruby", "true")
    machine.add("gifsicle", "true")
    result = bring_readers(machine)
    assert (result.returncode, result.stdout, result.stderr) == (0, "", "")
    assert machine.calls() == []


def test_without_apt_get_it_names_what_to_install(machine: Machine) -> None:
    result = bring_readers(machine)
    assert result.returncode == 1
    assert "Install Chromium, gifsicle, and Ruby with the gems kramdown" in result.stderr


# --- what CI does --------------------------------------------------------------------------------

ALL_OF_IT = ["media", "--question media", "test", "libraries", "browser", "engines", "lint rest"]
"""What CI asks of make, in order: the README's two commands, and only then what they lack."""


@pytest.fixture
def ci(machine: Machine, tmp_path: Path) -> Callable[..., tuple[int, str, list[str]]]:
    """Run `.ci/run` where make and git record their calls and do what they are told here."""
    folder = tmp_path / "clone"
    (folder / ".ci").mkdir(parents=True)
    shutil.copy(ROOT / ".ci" / "run", folder / ".ci")
    for tool in ("bash", "dirname", "rm", "mkdir", "cp"):
        machine.link_once(tool)
    status = folder / "status"
    machine.add("git", f'if [ -e "{status}" ]; then echo " M media/lstm.gif"; fi')

    def run(**instead: str) -> tuple[int, str, list[str]]:
        """Tell the exit code, the complaint and the calls; `instead` is what a target does."""
        cases = "".join(f'  "{target}") {body} ;;\n' for target, body in instead.items())
        machine.add(
            "make",
            f"""echo "$*" >>"{machine.log}"
[ -e .venv ] || {{ mkdir -p .venv/bin && cp "{machine.bin}/no-library" .venv/bin/python; }}
case "${{*#--question }}" in
{cases}esac""",
        )
        machine.add("no-library", "exit 1")
        result = machine.run("bash", ".ci/run", cwd=folder, DRAWN=str(status))
        return result.returncode, result.stderr, machine.calls()

    return run


def test_ci_first_does_what_the_readme_says_with_nothing_more(
    ci: Callable[..., tuple[int, str, list[str]]],
) -> None:
    code, said, calls = ci()
    assert (code, said, calls) == (0, "", ALL_OF_IT)
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    promised = re.findall(r"^make (\w+)", readme.split("```")[1], re.MULTILINE)
    assert [call for call in calls if not call.startswith("-")][: len(promised)] == promised


def test_ci_starts_without_what_was_installed_before(
    ci: Callable[..., tuple[int, str, list[str]]], tmp_path: Path
) -> None:
    old = tmp_path / "clone" / ".venv" / "bin" / "python"
    old.parent.mkdir(parents=True)
    old.write_text(f"#!{SHELL}\n", encoding="utf-8")  # it imports whatever it is asked to
    old.chmod(0o755)
    assert ci()[0] == 0


@pytest.mark.parametrize(
    ("target", "does", "complaint", "last"),
    [
        ("media", "cp no-such-file .; exit 2", "no-such-file", "media"),
        ("media", 'cp .ci/run "$DRAWN"', "make media changed what git sees:", "media"),
        ("media", 'echo "exit 0" >.venv/bin/python', "torch is there before", "--question media"),
        ("test", 'cp .ci/run "$DRAWN"', "make test changed what git sees:", "test"),
        ("test", "exit 2", "", "test"),
        ("lint rest", "exit 2", "", "lint rest"),
    ],
)
def test_ci_stops_at_what_is_not_as_promised(
    ci: Callable[..., tuple[int, str, list[str]]],
    target: str,
    does: str,
    complaint: str,
    last: str,
) -> None:
    code, said, calls = ci(**{target: does})
    assert code != 0
    assert complaint in said
    assert calls[-1] == last


def test_ci_does_not_pass_where_a_second_media_would_draw(
    ci: Callable[..., tuple[int, str, list[str]]],
) -> None:
    code, said, _ = ci(media='[ "$1" != --question ]')
    assert (code, said) == (1, "a second make media would draw again\n")
