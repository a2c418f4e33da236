"""From the options to a cell that is ready to run: the demo, a seed, or a model's file."""

from dataclasses import replace
from pathlib import Path

import numpy as np

from gatereel.cli.inputs.choice import Chosen, assumptions_of, choose, fed_straight
from gatereel.cli.inputs.prepared import Prepared
from gatereel.cli.inputs.sequences import InputRows, random_tokens, rows_of
from gatereel.cli.options.sources import (
    DEFAULT_HIDDEN_SIZE,
    DEFAULT_INPUT_SIZE,
    DEFAULT_SEED,
    DEFAULT_TIMESTEPS,
    Source,
)
from gatereel.rnn_math import (
    CELLS,
    DEMOS,
    Array,
    Cell,
    Claim,
    Demo,
    InputError,
    Parameters,
    check_parameters,
    counted,
    demo,
    demo_inputs,
    files,
    models,
    random_inputs,
    random_parameters,
)
from gatereel.rnn_math.conversion import convert
from gatereel.rnn_math.parameters import check_sequence_memory

_RANDOM_INPUTS = f"inputs: random, seed {DEFAULT_SEED} (give --inputs FILE for your own)"


def prepare(cell: Cell | None, source: Source) -> Prepared:
    """Prepare what `source` describes; `cell` is None where a model's file says it.

    Raises InputError for options that contradict each other or a file, and for a file that
    cannot be used.
    """
    _refuse_idle_options(source)
    if source.weights is not None:
        prepared = (_with_parameters if models.is_own(source.weights) else _with_model)(
            cell, source, source.weights
        )
    else:
        _refuse_model_options(source)
        if cell is None:
            raise InputError("The name of a cell is missing.")
        prepared = _without_weights(cell, source)
    if source.initial is not None and (source.weights is None or models.is_own(source.weights)):
        prepared = started_from(prepared, source.initial)
    return _shown_as(prepared, source.as_cell)


def started_from(prepared: Prepared, path: Path) -> Prepared:
    """A cell without a model's file, from other states; nothing is claimed of it then.

    Raises InputError where they are not its own.
    """
    from gatereel.rnn_math.models.native_files import native_model

    cell = prepared.cell
    (layer,) = native_model(cell, prepared.parameters).layers
    strand = models.started(layer, "forward", files.read_initial(path, cell.states), str(path))
    return replace(prepared, initial=strand.strands["forward"].initial, claims=())


def _shown_as(prepared: Prepared, as_cell: str | None) -> Prepared:
    """The same states by another cell's equations."""
    if as_cell is None or as_cell == prepared.cell.name:
        return prepared
    to = CELLS[as_cell]
    parameters = convert(prepared.cell, prepared.parameters, to)
    # What is claimed of a gate is not true of the other cell's gate.
    return replace(prepared, cell=to, parameters=parameters, claims=())


def _with_parameters(cell: Cell | None, source: Source, weights: Path) -> Prepared:
    """Gatereel's own files: a cell and its parameters."""
    _refuse_model_options(source)
    found, parameters = files.read_parameters(weights, cell)
    input_size, hidden_size = check_parameters(found, parameters)
    _check_sizes(source, input_size, hidden_size, weights)
    rows = _read_or_draw(source, input_size)
    _check_columns(source, rows.inputs, input_size, str(weights))
    return _over(rows, found, parameters)


def _with_model(cell: Cell | None, source: Source, weights: Path) -> Prepared:
    """A layer of a model that PyTorch, Keras or an exporter to ONNX saved."""
    chosen = choose(weights, source)
    strand = chosen.layer.strands[chosen.direction]
    if cell not in (None, strand.cell):
        assert cell is not None
        raise InputError(
            f"{weights} holds the cell {strand.cell.name!r}; leave {cell.name!r} out, or give "
            f"--as {cell.name} to see whether the one can be shown as the other."
        )
    return run_ready(chosen, model_rows(chosen, source))


def model_rows(chosen: Chosen, source: Source) -> InputRows:
    """The sequence that the chosen layer's model reads, in its own order."""
    _refuse_idle_options(source)
    input_size = models.bottom(chosen.layer).fed_size
    _check_sizes(source, input_size, chosen.layer.hidden_size, chosen.path)
    rows = _read_or_draw(source, input_size, chosen)
    columns = rows.inputs.shape[1]
    if columns != input_size:
        lowest = models.bottom(chosen.layer)
        name = f"The embedding {rows.embedding}" if source.random_inputs else source.sequence_name
        ids = " Token ids, or --text with --vocab, go through its embedding."
        reader = f"{lowest.stages[0].kind} " if lowest.stages else ""
        called = lowest.stages[0].name if lowest.stages else lowest.name
        raise InputError(
            f"{name} has {counted(columns, 'column')}; the {reader}layer {called!r} "
            f"of {chosen.path} reads {input_size}.{ids if chosen.model.embeddings else ''}"
        )
    return rows


def run_ready(chosen: Chosen, rows: InputRows) -> Prepared:
    """The chosen direction of a layer over the model's sequence; the layers below are run."""
    layer, strand = chosen.layer, chosen.layer.strands[chosen.direction]
    inputs, labels = models.layer_inputs(layer, rows.inputs), models.labels_of(layer, rows.labels)
    backward = chosen.direction == "backward"
    if backward:
        inputs, labels = inputs[::-1], labels[::-1]
    straight = fed_straight(chosen, rows.embedding)
    assumptions = (*assumptions_of(chosen), *rows.assumptions, *([straight] if straight else []))
    return Prepared(
        strand.cell,
        strand.parameters,
        inputs,
        strand.initial,
        labels,
        backward,
        assumptions=assumptions,
        notes=(*chosen.model.notes, *rows.notes),
    )


def _without_weights(cell: Cell, source: Source) -> Prepared:
    if source.random_parameters:
        return _with_random_parameters(cell, source)
    if cell.name in DEMOS:
        return _with_demo(cell, source)
    note = f"{cell.title} has no demo; parameters: random, seed {DEFAULT_SEED}"
    prepared = _with_random_parameters(cell, source)
    return replace(prepared, notes=(note, *prepared.notes))


def _with_random_parameters(cell: Cell, source: Source) -> Prepared:
    if source.random_inputs:
        rows = InputRows(_draw(source, source.input_size or DEFAULT_INPUT_SIZE), ())
    else:
        rows = rows_of(source, source.input_size)
    input_size = rows.inputs.shape[1]
    _check_size("--input-size", source.input_size, input_size, source.sequence_name)
    hidden_size = source.hidden_size or DEFAULT_HIDDEN_SIZE
    parameters = random_parameters(cell, input_size, hidden_size, _seed(source))
    return _over(rows, cell, parameters)


def _over(rows: InputRows, cell: Cell, parameters: Parameters) -> Prepared:
    """A cell over rows in the order of the sequence, and what is to be told of the rows."""
    return Prepared(
        cell,
        parameters,
        rows.inputs,
        labels=rows.labels,
        assumptions=rows.assumptions,
        notes=rows.notes,
    )


def _with_demo(cell: Cell, source: Source) -> Prepared:
    shown = demo(cell)
    if source.random_inputs:
        rows = InputRows(demo_inputs(cell, source.timesteps or len(shown.inputs)), ())
    else:
        rows = rows_of(source, shown.inputs.shape[1])
        _check_columns(source, rows.inputs, shown.inputs.shape[1], "the demo's parameters")
    return Prepared(
        cell,
        shown.parameters,
        rows.inputs,
        shown.initial,
        rows.labels,
        claims=_claims(shown, rows.inputs),
        assumptions=rows.assumptions,
        notes=rows.notes,
    )


def _claims(shown: Demo, inputs: Array) -> tuple[Claim, ...]:
    """The demo's claims, which are true of every sequence that begins with the demo's."""
    beginning = inputs[: len(shown.inputs)]
    return shown.claims if np.array_equal(beginning, shown.inputs) else ()


def _read_or_draw(source: Source, input_size: int, chosen: Chosen | None = None) -> InputRows:
    """The given sequence, or a random one with a note where nobody asked for that."""
    if source.random_inputs:
        if chosen is not None and source.timesteps is None and models.bottom(chosen.layer).repeats:
            source = replace(source, timesteps=1)  # one row, of which a RepeatVector makes more
        drawn = (
            InputRows(_draw(source, input_size), ()) if chosen is None else _drawn(source, chosen)
        )
        notes = (_RANDOM_INPUTS,) if source.seed is None else ()
        return replace(drawn, notes=(*notes, *drawn.notes))
    if source.seed is not None:
        raise InputError(
            "--seed has nothing to draw when --weights and --inputs are given; leave it out."
        )
    return rows_of(source, input_size, chosen)


def _drawn(source: Source, chosen: Chosen) -> InputRows:
    """What a model reads, at random: rows, or the rows of token ids where an embedding feeds it."""
    timesteps = source.timesteps or DEFAULT_TIMESTEPS
    input_size = models.bottom(chosen.layer).fed_size
    check_sequence_memory(timesteps, input_size)
    tokens = random_tokens(chosen, source, timesteps, _seed(source))
    return InputRows(_draw(source, input_size), ()) if tokens is None else tokens


def _draw(source: Source, input_size: int) -> Array:
    return random_inputs(input_size, source.timesteps or DEFAULT_TIMESTEPS, _seed(source))


def _seed(source: Source) -> int:
    return DEFAULT_SEED if source.seed is None else source.seed


def _refuse_idle_options(source: Source) -> None:
    if source.sample is not None and source.inputs is None:
        raise InputError("--sample chooses one of several sequences; give --inputs FILE.npy.")
    if source.columns is not None and source.inputs is None:
        raise InputError("--columns chooses from a table; give --inputs FILE.csv.")
    if source.vocabulary is not None and source.random_inputs:
        raise InputError("--vocab has no text to read; give --inputs FILE or --text TEXT.")


def _refuse_model_options(source: Source) -> None:
    """These options choose from a model; without one they would do nothing."""
    if source.at_layer:
        raise InputError("--at-layer speaks of a layer of a model's file; give --weights of one.")
    for option, value in (
        ("--layer", source.layer),
        ("--direction", source.direction),
        ("--nonlinearity", source.nonlinearity),
        ("--chain", source.chain),
        ("--embedding", source.embedding),
    ):
        if value is not None:
            raise InputError(f"{option} chooses from a model's file; give --weights of one.")


def _check_sizes(source: Source, input_size: int, hidden_size: int, path: Path) -> None:
    _check_size("--hidden-size", source.hidden_size, hidden_size, path)
    _check_size("--input-size", source.input_size, input_size, path)


def _check_size(option: str, given: int | None, found: int, path: Path | str) -> None:
    if given is not None and given != found:
        raise InputError(f"{option} is {given}, but {path} needs {found}; leave the option out.")


def _check_columns(source: Source, inputs: Array, needed: int, reader: str) -> None:
    """Hold a given sequence against the parameters that read it."""
    columns = inputs.shape[1]
    if source.random_inputs or columns == needed:
        return
    hint = (
        ""
        if source.weights is not None
        else " Give --weights, or --seed for random parameters that fit."
    )
    raise InputError(
        f"{source.sequence_name} has {counted(columns, 'column')}; {reader} need {needed}.{hint}"
    )
