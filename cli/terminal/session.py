"""What holds for the run of a command as a whole."""

from gatereel.rnn_math.records import dataclass

PROGRAM = "gatereel"


@dataclass
class Session:
    """What the options of the running command say about the run."""

    debug: bool = False
