"""What a run tells while it draws: every picture counts, a still as well."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from gatereel.cli.drawing.processes import Here
from gatereel.cli.many.batch import _line
from gatereel.cli.many.planning import plan_all
from gatereel.cli.many.requests import GivenOptions, pictures
from gatereel.cli.many.running import RenderRun, draw_all
from gatereel.cli.many.spool import spooling
from gatereel.rnn_math.files.traces import Advance


@pytest.mark.slow
def test_progress_is_over_all_and_ends_at_its_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    totals: list[int] = []
    advanced: list[int] = []

    @contextmanager
    def bar(total: int) -> Iterator[Advance]:
        totals.append(total)
        yield advanced.append

    def run(*words: str) -> RenderRun:
        with _line.make_context("line", list(words)) as context, spooling() as spool:
            asked: GivenOptions = _line.invoke(context)
            done = RenderRun()
            draw_all(plan_all(pictures(asked), spool), spool, Here(1), bar, done, force=False)
            return done

    look = ("--width", "200", "--timesteps", "1", "--plain")
    assert len(run("rnn", "gru", *look, "--still").written) == 2
    assert totals[0] == sum(advanced) > 0
    advanced.clear()
    run("rnn", "gru", *look, "-o", "{cell}.gif")
    assert totals[1] == sum(advanced) > totals[0]
    advanced.clear()
    assert run("rnn", "gru", *look, "-o", "{cell}.gif").same == 2
    assert totals[2] == sum(advanced) == 0
