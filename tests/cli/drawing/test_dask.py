"""A real scheduler and workers in processes of their own: the bytes are those of one process."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from subprocess import Popen
from typing import Any

import pytest

pytest.importorskip("distributed")

TIME_LIMIT = 300.0
"""Seconds after which something is taken to hang that takes a few."""

SMALL = ("--still", "--width", "200", "--timesteps", "1")
FILMS = ("--width", "240", "--pace", "0.5", "--timesteps", "2")

Command = Callable[..., Any]


def files(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def wait_until(holds: Callable[[], object], process: "Popen[Any] | None" = None) -> None:
    deadline = time.monotonic() + TIME_LIMIT
    while not holds():
        assert process is None or process.poll() is None
        assert time.monotonic() < deadline
        time.sleep(0.02)


@dataclass
class Cluster:
    """A scheduler and its workers."""

    folder: Path
    scheduler: "Popen[bytes]"
    workers: "list[Popen[bytes]]" = field(default_factory=list)

    @property
    def file(self) -> Path:
        return self.folder / "scheduler.json"

    def add_worker(self, name: str, program: str = "") -> None:
        """Start a worker; `program` runs in it first."""
        place = self.folder / "scratch" / name
        place.mkdir(parents=True)
        words = [
            *("worker", "--scheduler-file", str(self.file), "--local-directory", str(place)),
            *("--nthreads", "1", "--no-nanny", "--no-dashboard", "--name", name),
        ]
        started = (
            f"import sys; sys.argv = {words!r}\n{program}\n"
            "from distributed.cli.dask_worker import main; main()"
        )
        self.workers.append(begun(self.folder, "-c", started))


def begun(folder: Path, *words: str) -> "Popen[bytes]":
    return Popen(
        [sys.executable, "-P", *words],
        cwd=folder,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )


@pytest.fixture
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    folder = tmp_path_factory.mktemp("cluster")
    with ExitStack() as stack:
        words = ("-m", "distributed.cli.dask_scheduler", "--port", "0", "--no-dashboard")
        place = ("--host", "127.0.0.1", "--scheduler-file", str(folder / "scheduler.json"))
        cluster = Cluster(folder, begun(folder, *words, *place))

        def end() -> None:
            for process in (*cluster.workers, cluster.scheduler):
                process.kill()
                process.wait()

        stack.callback(end)
        wait_until(cluster.file.exists, cluster.scheduler)
        yield cluster


@pytest.mark.slow
def test_workers_draw_the_bytes_of_one_process(
    gatereel: Command, folder: Path, cluster: Cluster
) -> None:
    cluster.add_worker("one")
    cluster.add_worker("two")
    themes, languages = ("--theme=dark", "--theme=print"), ("--lang=en", "--lang=vi")
    words = ("render", "rnn", "gru", *themes, *languages, *SMALL)

    def places(name: str) -> tuple[str, ...]:
        return ("-o", f"{name}/", "-o", f"{name}/{{n}}.svg", "--steps", f"{name}/{{n}}")

    for name, where in (
        ("one", ("--jobs", "1")),
        ("dask", ("--dask", str(cluster.file))),
        ("local", ("--dask", "local", "--jobs", "2")),
    ):
        ended = gatereel(*words, *places(name), *where)
        assert (ended.code, ended.err) == (0, "")
    one = files(folder / "one")
    assert len(one) > 8 * 3
    assert files(folder / "dask") == one
    assert files(folder / "local") == one
    assert not list((cluster.folder / "scratch").rglob(".gatereel-*"))
    again = gatereel(*words, *places("dask"), "--dask", "local")
    assert again.out == "8 pictures up to date\n"


@pytest.mark.slow
def test_a_post_is_drawn_by_workers(gatereel: Command, folder: Path) -> None:
    for name in ("one", "two"):
        (folder / name).mkdir()
        text = "<!-- gatereel: rnn --timesteps 1 --still --width 200 -->\n"
        (folder / name / "p.md").write_text(text, encoding="utf-8")
    assert gatereel("embed", "one", "--jobs", "1").code == 0
    assert gatereel("embed", "two", "--dask", "local", "--jobs", "1").code == 0
    assert files(folder / "one") == files(folder / "two")


@pytest.mark.slow
def test_a_worker_that_is_killed_changes_nothing_but_time(
    start: Callable[..., "Popen[str]"], gatereel: Command, folder: Path, cluster: Cluster
) -> None:
    cluster.add_worker("one")
    cluster.add_worker("two")
    words = ["render", "rnn", "gru", *FILMS, "--theme", "dark", "--theme", "print"]
    assert gatereel(*words, "-o", "one/", "--jobs", "1").code == 0
    with start([*words, "-o", "two/", "--dask", str(cluster.file)]) as process:
        scratch = cluster.folder / "scratch" / "one"
        wait_until(lambda: list(scratch.rglob(".gatereel-*.gif")), process)
        cluster.workers[0].kill()
        _, err = process.communicate(timeout=TIME_LIMIT)
    assert (process.returncode, err) == (0, "")
    assert files(folder / "two") == files(folder / "one")


@pytest.mark.slow
def test_a_scheduler_that_is_lost_is_an_error_and_a_second_run_goes_on(
    start: Callable[..., "Popen[str]"], gatereel: Command, folder: Path, cluster: Cluster
) -> None:
    cluster.add_worker("one")
    themes = [word for theme in ("dark", "print", "safe") for word in ("--theme", theme)]
    words = ["render", "rnn", "gru", *FILMS, *themes, "-o", "out/"]
    with start([*words, "--dask", str(cluster.file)]) as process:
        wait_until(lambda: list(folder.glob("out/*.gif")), process)
        cluster.scheduler.kill()
        out, err = process.communicate(timeout=TIME_LIMIT)
    assert process.returncode == 1
    assert "gatereel: the scheduler is gone, and nothing more is drawn" in err
    assert err.count("\n") == 1
    drawn = files(folder / "out")
    assert 1 <= len(drawn) < 6
    assert not [name for name in drawn if name.startswith(".")]
    assert len(out.splitlines()) == len(drawn)
    second = gatereel(*words, "--jobs", "1")
    assert second.code == 0
    assert f"{len(drawn)} picture" in second.out
    assert len(files(folder / "out")) == 6
    assert drawn.items() <= files(folder / "out").items()


OTHER = (
    "import gatereel.cli.drawing.surroundings as s\n"
    "held = dict(s.surroundings())\n"
    "held['manim'] = '0.1'\n"
    "s.surroundings = lambda: held\n"
)
"""What makes a worker of another manim."""


@pytest.mark.slow
def test_a_worker_with_another_manim_is_refused_with_both_lists(
    gatereel: Command, folder: Path, cluster: Cluster
) -> None:
    cluster.add_worker("other", OTHER)
    wait_until(lambda: workers_of(cluster) == 1)
    words = ("render", "rnn", "gru", *SMALL, "--dask", str(cluster.file))
    alone = gatereel(*words)
    assert alone.code == 2
    assert "differs in manim; here: av " in alone.err
    assert "manim 0.1" in alone.err.partition("there: ")[2]
    assert files(folder) == {}

    cluster.add_worker("same")
    wait_until(lambda: workers_of(cluster) == 2)
    both = gatereel(*words)
    assert both.code == 0
    assert len(files(folder)) == 2
    assert both.err.count("differs in manim") == 1


@pytest.mark.slow
def test_a_worker_that_joins_late_is_looked_at_too(
    start: Callable[..., "Popen[str]"], folder: Path, cluster: Cluster
) -> None:
    words = ["render", "rnn", "gru", *SMALL, "--dask", str(cluster.file)]
    with start(words) as process:
        cluster.add_worker("other", OTHER)
        cluster.add_worker("same")
        _, err = process.communicate(timeout=TIME_LIMIT)
    assert process.returncode == 0
    assert len(files(folder)) == 2
    assert err.count("\n") <= 1  # the other one may come too late to be asked


FULL = (
    "import gatereel.cli.drawing.on_worker as w\n"
    "def full(task, scratch):\n"
    "    raise OSError(28, 'No space left on device')\n"
    "w.draw_as_bytes = full\n"
)
"""What makes a worker of a full disk."""


@pytest.mark.slow
def test_a_picture_that_a_full_disk_refuses_is_drawn_by_another_worker(
    gatereel: Command, folder: Path, cluster: Cluster
) -> None:
    cluster.add_worker("full", FULL)
    wait_until(lambda: workers_of(cluster) == 1)
    words = ("render", "rnn", "gru", *SMALL, "--dask", str(cluster.file))
    alone = gatereel(*words)
    assert alone.code == 1
    assert alone.err.count("No space left on device") == 2
    assert files(folder) == {}

    cluster.add_worker("roomy")
    wait_until(lambda: workers_of(cluster) == 2)
    both = gatereel(*words)
    assert (both.code, both.err) == (0, "")
    assert len(files(folder)) == 2


def workers_of(cluster: Cluster) -> int:
    from distributed import Client

    with Client(scheduler_file=str(cluster.file), set_as_default=False) as client:
        return len(client.nthreads())


@pytest.mark.slow
def test_a_signal_ends_the_workers_of_a_local_cluster(
    start: Callable[..., "Popen[str]"], folder: Path
) -> None:
    with start(["render", "rnn", "gru", *FILMS, "-o", "out/", "--dask", "local"]) as process:
        wait_until(lambda: list(folder.glob("out/.gatereel-*")), process)
        time.sleep(1.0)
        process.send_signal(signal.SIGINT)
        # Each process that draws would hold these open as long as it lives.
        _, err = process.communicate(timeout=TIME_LIMIT)
    assert (process.returncode, err) == (130, "gatereel: interrupted\n")
    assert not list(folder.rglob(".gatereel-*"))


@pytest.mark.parametrize(
    ("address", "message"),
    [
        ("", "--dask is empty"),
        ("no.json", "no.json does not exist"),
        ("tcp://127.0.0.1:1", "--dask tcp://127.0.0.1:1: no scheduler answers there"),
        ("ftp://x", "--dask ftp://x: no scheduler answers there"),
    ],
)
def test_an_address_without_a_scheduler_is_told(
    gatereel: Command, folder: Path, monkeypatch: pytest.MonkeyPatch, address: str, message: str
) -> None:
    import dask

    with dask.config.set({"distributed.comm.timeouts.connect": "1s"}):
        ended = gatereel("render", "rnn", "gru", *SMALL, "--dask", address)
    assert ended.code == 2
    assert message in ended.err
    assert files(folder) == {}
    assert os.getcwd() == str(folder)  # noqa: PTH109


def test_jobs_are_not_for_a_cluster_elsewhere(gatereel: Command, folder: Path) -> None:
    ended = gatereel("render", "rnn", "gru", "--dask", "tcp://x:1", "--jobs", "2")
    assert ended.code == 2
    assert "--jobs is for this machine" in ended.err
