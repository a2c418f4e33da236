"""From the options' sequence, rows or tokens, to the rows that a layer reads."""

import numpy as np

from gatereel.cli.inputs.choice import Chosen
from gatereel.cli.options.sources import STANDARD_INPUT, Source
from gatereel.rnn_math import Array, InputError, counted, files, models
from gatereel.rnn_math.counting import some_of
from gatereel.rnn_math.records import dataclass
from gatereel.rnn_math.sequence import InputSequence, embed, one_hot


@dataclass(frozen=True, eq=False)
class InputRows:
    """A sequence as a layer reads it."""

    inputs: Array
    """`(timesteps, input_size)`"""
    labels: tuple[str, ...]
    """What each timestep is called; empty when nobody says."""
    assumptions: tuple[str, ...] = ()
    """How they were made of what was given, where no file says so."""
    notes: tuple[str, ...] = ()
    embedding: str = ""
    """The matrix whose rows they are; empty when they were given as they are."""


def read_given(source: Source) -> InputSequence:
    """The sequence that the options give, cut to the timesteps asked for."""
    if source.text is not None:
        if source.inputs is not None:
            raise InputError("--text and --inputs both give a sequence; leave one out.")
        if source.vocabulary is None:
            raise InputError("--text needs --vocab FILE, which says what its tokens are.")
        sequence = files.read_text_sequence(source.text, source.vocabulary)
    else:
        path = None if source.inputs == STANDARD_INPUT else source.inputs
        if path is not None and path.suffix.lower() == ".txt" and source.vocabulary is None:
            raise InputError(f"{path} is text; give --vocab FILE, with one token a line.")
        columns = () if source.columns is None else files.parse_columns(source.columns)
        if columns and source.sample is not None:
            raise InputError("--columns chooses from a .csv, --sample from a .npy; leave one out.")
        if source.sample is None:
            sequence = files.read_sequence(path, vocabulary=source.vocabulary, columns=columns)
        elif path is None:
            raise InputError("--sample chooses from a file; the standard input is one sequence.")
        else:
            sequence = files.read_sample(path, source.sample - 1, vocabulary=source.vocabulary)
    if source.timesteps is None:
        return sequence
    if source.timesteps > sequence.timesteps:
        raise InputError(
            f"--timesteps is {source.timesteps}, but {source.sequence_name} has "
            f"{counted(sequence.timesteps, 'row')}."
        )
    return sequence.first(source.timesteps)


def rows_of(source: Source, input_size: int | None, chosen: Chosen | None = None) -> InputRows:
    """Read the given sequence as rows of `input_size` features, or of as many as it has.

    Tokens go through the model's embedding or become one-hot rows. Raises InputError where the
    sequence cannot be read or made to fit.
    """
    sequence = read_given(source)
    if chosen is not None and _is_for_embedding(sequence, chosen, source, input_size):
        return _embedded(sequence, chosen, source)
    if source.embedding is not None:
        raise InputError(f"--embedding has no token ids to look up in {source.sequence_name}.")
    if sequence.tokens is None:
        assert sequence.rows is not None
        return InputRows(sequence.rows, sequence.labels)
    return _one_hot(sequence, source, input_size, chosen)


def random_tokens(chosen: Chosen, source: Source, timesteps: int, seed: int) -> InputRows | None:
    """Token ids at random, for a layer that an embedding feeds; None where none is known to.

    No token is drawn that the model masks. Raises InputError for an embedding that does not fit.
    """
    lowest = models.bottom(chosen.layer)
    name = source.embedding or lowest.embedding
    if not name:
        return None
    count = len(chosen.model.embeddings.get(name, ()))
    usable = [token for token in range(count) if token != lowest.masked_token]
    drawn = np.random.default_rng(seed).integers(len(usable) or 1, size=timesteps)
    tokens = tuple(usable[each] for each in drawn) if usable else (0,)
    return _embedded(InputSequence(tokens=tokens), chosen, source)


def _is_for_embedding(
    sequence: InputSequence, chosen: Chosen, source: Source, input_size: int | None
) -> bool:
    """Whether the sequence holds token ids that an embedding turns into rows."""
    if source.embedding is not None:
        return True
    if not _fitting(chosen, input_size):
        return False
    if sequence.rows is None:
        return True
    fed_by_embedding = bool(models.bottom(chosen.layer).embedding)
    return sequence.rows.shape[1] == 1 and (input_size != 1 or fed_by_embedding)


def _fitting(chosen: Chosen, input_size: int | None) -> list[str]:
    """The embeddings that could feed the layer, by name."""
    lowest = models.bottom(chosen.layer)
    if lowest.is_feed_known or lowest.embedding:
        return [lowest.embedding] if lowest.embedding else []
    matrices = chosen.model.embeddings
    return [name for name, matrix in matrices.items() if matrix.shape[1] == input_size]


def _embedded(sequence: InputSequence, chosen: Chosen, source: Source) -> InputRows:
    lowest = models.bottom(chosen.layer)
    names = _fitting(chosen, lowest.input_size)
    matrices = chosen.model.embeddings
    if source.embedding is not None:
        if source.embedding not in matrices:
            there = ", ".join(matrices) or "none"
            raise InputError(
                f"{chosen.path} has no embedding {source.embedding!r}; it has {there}."
            )
        if lowest.is_feed_known and names != [source.embedding]:
            feeds = f"the embedding {names[0]!r} feeds" if names else "the model's inputs feed"
            raise InputError(
                f"--embedding is {source.embedding!r}, but {chosen.path} says that {feeds} "
                f"{lowest.name!r}; leave the option out."
            )
        names = [source.embedding]
    if len(names) > 1:
        raise InputError(
            f"{chosen.path} has {len(names)} embeddings that fit: {', '.join(names)}. Give "
            "--embedding NAME."
        )
    (name,) = names
    tokens = sequence.as_tokens()
    if source.vocabulary is not None:
        size, rows_there = len(files.read_vocabulary(source.vocabulary)), len(matrices[name])
        if size != rows_there:
            raise InputError(
                f"{source.vocabulary} has {counted(size, 'token')}, but the embedding {name} has "
                f"{counted(rows_there, 'row')}; each token needs the row of its own number."
            )
    if lowest.masked_token in tokens:
        place = tokens.index(lowest.masked_token) + 1
        raise InputError(
            f"{source.sequence_name} has token {lowest.masked_token} in place {place}, which the "
            f"model masks: its library leaves that timestep out. Leave it out, too."
        )
    rows = embed(tokens, matrices[name], name)
    labels = sequence.labels or tuple(map(str, tokens))
    way = f"token ids go through the embedding {name}"
    if lowest.embedding:
        return InputRows(rows, labels, notes=(way,), embedding=name)
    way += f" straight into {lowest.name}; the file does not say whether more stands between"
    return InputRows(rows, labels, (way,), embedding=name)


def _one_hot(
    sequence: InputSequence, source: Source, input_size: int | None, chosen: Chosen | None
) -> InputRows:
    assert sequence.tokens is not None
    labels = sequence.labels or tuple(map(str, sequence.tokens))
    if source.vocabulary is None:
        if input_size is None:
            raise InputError(
                f"{source.sequence_name} holds token ids; give --vocab FILE, or --weights of a "
                "model that reads them."
            )
        way = f"token ids are taken as one-hot rows of {input_size}"
        if chosen is not None and chosen.model.embeddings:
            way += f", for {some_of(list(chosen.model.embeddings))} would not fit"
        return InputRows(one_hot(sequence.tokens, input_size), labels, (way,))
    size = len(files.read_vocabulary(source.vocabulary))
    if input_size not in (None, size):
        raise InputError(
            f"{source.vocabulary} has {counted(size, 'token')}, but the layer reads {input_size} "
            "inputs; one-hot rows need as many tokens, and the model has no embedding that fits."
        )
    return InputRows(one_hot(sequence.tokens, size), labels)
