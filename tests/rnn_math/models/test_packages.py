"""Packages that only some files need: which versions of them are let near a file."""

import tomllib
from pathlib import Path

import pytest

from gatereel.rnn_math import InputError
from gatereel.rnn_math.models import packages

ROOT = Path(__file__).parents[3]


def test_a_package_that_is_too_old_is_not_imported(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packages, "_installed", lambda _: "3.8.0")
    monkeypatch.setattr(packages, "import_module", lambda _: pytest.fail("it was imported"))
    hint = r"Verifying needs keras 3\.15\.1 or newer; 3\.8\.0 is installed: pip install -U"
    with pytest.raises(InputError, match=hint):
        packages.load("keras", "Verifying", "keras")


@pytest.mark.parametrize("version", ["3.15.1", "3.16.0.dev2026", "4", "3.15.1+local"])
def test_a_package_that_is_new_enough_is(monkeypatch: pytest.MonkeyPatch, version: str) -> None:
    monkeypatch.setattr(packages, "_installed", lambda _: version)
    packages.check_version("keras", "Verifying")


def test_a_package_that_cannot_be_imported_says_why(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(_: str) -> None:
        raise OSError("libsomething.so: not found")

    monkeypatch.setattr(packages, "import_module", broken)
    with pytest.raises(InputError, match=r"needs json, which cannot be imported: libsomething"):
        packages.load("json", "Testing", "json")


def test_what_is_installed_is_never_older_than_that() -> None:
    with (ROOT / "pyproject.toml").open("rb") as file:
        extras = tomllib.load(file)["project"]["optional-dependencies"]
    for package in ("torch", "onnx"):
        assert f"{package}>={packages.OLDEST[package]}" in extras[package]
    assert f"keras>={packages.OLDEST['keras']}" in (ROOT / "Makefile").read_text(encoding="utf-8")
