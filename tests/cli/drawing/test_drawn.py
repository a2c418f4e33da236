"""What is drawn as bytes is what is drawn in place, and names its places alone."""

from pathlib import Path

import pytest

from gatereel.cli.drawing.drawn import draw_as_bytes, draw_in_place, settle
from gatereel.cli.drawing.task import Task, task_of
from gatereel.cli.embedding.illustration import illustrate
from gatereel.rnn_math import InputError

STILL = ["rnn", "--timesteps", "1", "--still", "--width", "200"]


def still(folder: Path, *names: str) -> Task:
    picture = illustrate(STILL, Path()).subject
    return task_of("1", picture, [folder / name for name in names], 0)


def test_bytes_are_those_that_are_drawn_in_place(tmp_path: Path) -> None:
    (tmp_path / "b").mkdir()
    names = ("a.png", "a.svg", "b/a.png")
    there = draw_in_place(still(tmp_path, *names))
    assert there.contents == ()
    in_place = {name: (tmp_path / name).read_bytes() for name in names}
    for name in names:
        (tmp_path / name).unlink()
    drawn = draw_as_bytes(still(tmp_path, *names))
    assert not any((tmp_path / name).exists() for name in names)
    assert {path: content for path, content in drawn.contents} == {
        tmp_path / name: content for name, content in in_place.items()
    }
    assert settle(drawn) == there.written
    assert {name: (tmp_path / name).read_bytes() for name in names} == in_place


def test_nothing_is_left_where_it_was_drawn(tmp_path: Path) -> None:
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    draw_as_bytes(still(tmp_path / "elsewhere", "a.png"), scratch)
    assert list(scratch.iterdir()) == []


def test_an_error_names_the_place(tmp_path: Path) -> None:
    with pytest.raises(InputError) as error:
        draw_as_bytes(still(tmp_path, "a.gif", "a.txt"))
    assert str(error.value).startswith(f"{tmp_path}/a.txt: the suffix '.txt' names no format")


def test_files_of_a_task_settle_together_or_not_at_all(tmp_path: Path) -> None:
    drawn = draw_as_bytes(still(tmp_path, "a.png", "b/a.png"))
    with pytest.raises(InputError, match="there is no folder"):
        settle(drawn)
    assert list(tmp_path.iterdir()) == []
