"""What holds for all tests: how examples are tried, what tests are called, what may be skipped.

A test is skipped where something is not installed that `make setup` does not bring. A run of all
tests remembers those, and `pytest --left-out` runs them and nothing else: what is skipped even then
fails, so that no test can be left out of both runs.
"""

import gc
import os
from collections.abc import Generator

import pytest
from hypothesis import HealthCheck, settings

LEFT_OUT = "gatereel/left-out"
"""Where pytest's cache keeps the tests, and whole files of tests, that the last run skipped."""

# Python's own 700 new objects take a sixth of what the tests compute, with all that they keep.
gc.set_threshold(200_000)

# As the command does, and before anything imports numpy: its threads wait for a large product by
# computing, in every process that tests begin, for as long as it takes to import it.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

# How long an example takes says how busy the machine is, not whether the code is right.
settings.register_profile("gatereel", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("gatereel")


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """Look for no garbage among the tests: there are thousands, and they stay until the end."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.enable()


def pytest_make_parametrize_id(val: object, argname: str) -> str | None:
    """Name bytes by their place: an archive holds the time it was made at, and ids must not."""
    return argname if isinstance(val, bytes) else None


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--left-out",
        action="store_true",
        help="run what the last run of all tests skipped; whatever is skipped again fails",
    )


def pytest_configure(config: pytest.Config) -> None:
    if config.getoption("left_out"):
        left_out = cache_of(config).get(LEFT_OUT, [])
        if not left_out:
            raise pytest.UsageError("the last run of all tests left none out, or there was none")
        config.args[:] = left_out
    elif is_whole(config):
        config.pluginmanager.register(Remembering(config))


def cache_of(config: pytest.Config) -> pytest.Cache:
    if not config.pluginmanager.hasplugin("cacheprovider"):
        raise pytest.UsageError("--left-out needs pytest's cache, which is switched off")
    assert config.cache is not None
    return config.cache


def is_whole(config: pytest.Config) -> bool:
    """Tell whether all tests are run, in the one process that hears of each of them."""
    return (
        config.args_source is config.ArgsSource.TESTPATHS
        and not config.getoption("keyword")
        and not config.getoption("markexpr")
        and not config.getoption("collectonly")
        and config.pluginmanager.hasplugin("cacheprovider")
        and not hasattr(config, "workerinput")
    )


class Remembering:
    """Writes down what a run of all tests skips."""

    def __init__(self, config: pytest.Config) -> None:
        self.config = config
        self.skipped: set[str] = set()

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        if report.skipped:
            self.skipped.add(report.nodeid)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.skipped and not hasattr(report, "wasxfail"):
            self.skipped.add(report.nodeid)

    def pytest_sessionfinish(self, exitstatus: int) -> None:
        if exitstatus in (pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED):
            cache_of(self.config).set(LEFT_OUT, sorted(self.skipped))


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_make_collect_report(
    collector: pytest.Collector,
) -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    report = yield
    if report.skipped and collector.config.getoption("left_out"):
        report.outcome, report.longrepr = "failed", f"left out again: {report.longrepr}"
    return report


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_makereport(
    item: pytest.Item,
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    if report.skipped and item.config.getoption("left_out"):
        report.outcome, report.longrepr = "failed", f"left out again: {report.longrepr}"
    return report
