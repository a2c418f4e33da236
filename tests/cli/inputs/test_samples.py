"""`--sample`: one of several sequences, as arrays of training data have them."""

from pathlib import Path

import numpy as np
import pytest

from tests.cli.conftest import Command

BATCH = np.random.default_rng(0).normal(size=(3, 4, 2))


def traced(gatereel: Command, folder: Path, *words: str) -> np.ndarray:
    ended = gatereel("trace", "rnn", "--input-size", "2", *words, "-o", "t.npz")
    assert ended.code == 0, ended.err
    with np.load(folder / "t.npz") as read:
        inputs: np.ndarray = read["inputs"]
    return inputs


def test_a_sample_is_read_by_its_number(gatereel: Command, folder: Path) -> None:
    np.save(folder / "X.npy", BATCH)
    found = traced(gatereel, folder, "--inputs", "X.npy", "--sample", "2")
    assert np.array_equal(found, BATCH[1])


def test_of_one_sequence_no_number_is_needed(gatereel: Command, folder: Path) -> None:
    np.save(folder / "X.npy", BATCH[:1])
    assert np.array_equal(traced(gatereel, folder, "--inputs", "X.npy"), BATCH[0])


def test_rows_of_token_ids_are_samples_too(gatereel: Command, folder: Path) -> None:
    np.save(folder / "X.npy", np.array([[0, 1, 1], [1, 0, 1]]))
    found = traced(gatereel, folder, "--inputs", "X.npy", "--sample", "2")
    assert found.tolist() == [[0, 1], [1, 0], [0, 1]]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--inputs", "X.npy"), "which is 3 sequences; choose one with --sample, from 1"),
        (("--inputs", "X.npy", "--sample", "4"), "There is no sample 4 in X.npy; it has 3."),
        (("--inputs", "one.npy", "--sample", "1"), "which is one sequence; no sample"),
        (("--inputs", "a.csv", "--sample", "1"), "a.csv holds one sequence; several are in .npy"),
        (("--inputs", "-", "--sample", "1"), "--sample chooses from a file"),
        (("--sample", "1"), "give --inputs FILE.npy"),
    ],
)
def test_what_does_not_fit_is_said(
    gatereel: Command, folder: Path, words: tuple[str, ...], said: str
) -> None:
    np.save(folder / "X.npy", BATCH)
    np.save(folder / "one.npy", BATCH[0])
    (folder / "a.csv").write_text("1,2\n", encoding="utf-8")
    ended = gatereel("trace", "rnn", "--input-size", "2", *words)
    assert (ended.code, ended.out) == (2, "")
    assert said in ended.err
