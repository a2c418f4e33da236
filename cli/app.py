"""The group of commands, and what becomes of every error."""

import errno
import io
import os
import signal
import sys
import traceback
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path

import click

from gatereel.cli.terminal.outlet import STANDARD_OUTPUT, flush, show, warn
from gatereel.cli.terminal.session import PROGRAM, Session
from gatereel.cli.terminal.signals import SIGNAL_CODES, Stopped
from gatereel.rnn_math import InputError

COMMANDS = {
    "cells": "List the cells: equations, paper, and which library computes which.",
    "doctor": "Check what a render needs and say how to mend it.",
    "embed": "Put pictures into POST: Markdown, notebooks, HTML, reStructuredText, whole folders.",
    "export": "Write the weights of FILE down again: gate by gate, or for another library.",
    "gradient": "Show how much of the gradient arrives at each earlier timestep.",
    "inspect": "List the recurrent layers of FILE, and what `--layer` and `--direction` can name.",
    "legend": "Render the symbols with their names and formulas.",
    "render": "Render a cell as an animation, or as stills.",
    "squash": "Show what functions such as sigmoid and tanh make of numbers.",
    "trace": "Compute a cell and show its numbers.",
    "verify": "Run the model of FILE in its own library, too, and compare the states.",
    "why": "Show why gates use sigmoid and contents tanh.",
}
"""Each in a module of `gatereel.cli.commands` that is called as it is, with the line that says what
it does: the list of commands imports none of them."""

SUCCESS = 0
FAILURE = 1
WRONG_USE = 2

FULL_DISK = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO})
"""Behind an InputError about a file, these say that the name was good and the machine was not."""

_LOOP = "Symlink loop"
"""What Python before 3.13 says of a link that leads to itself."""

_EXAMPLES = """\b
Examples:
  gatereel render lstm                   write lstm.gif
  gatereel render gru -o gru.mp4 -o gru.png
  gatereel render all -o media/          every cell, into a folder
  gatereel embed post.md                 put pictures where a post asks for them
  gatereel legend                        write legend.png
  gatereel squash                        what sigmoid and tanh make of numbers
  gatereel why                           why gates use the one, contents the other
  gatereel gradient                      how much of the gradient arrives, step by step
  gatereel inspect model.safetensors     list the layers of a trained model
  gatereel render --weights model.safetensors --inputs sequence.csv
  gatereel verify model.safetensors --inputs sequence.csv
  gatereel export model.onnx -o gates.npz
  gatereel trace rnn                     print every number of a cell
  gatereel cells                         list the cells, with their equations
  gatereel doctor                        see whether a render can work here
"""
"""The first line keeps the others from being wrapped."""


class _Commands(click.Group):
    """Loads a command when it is called, so that none waits for what another needs."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names of all."""
        return list(COMMANDS)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The list of commands, without importing them."""
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of that name, if there is one."""
        if cmd_name not in COMMANDS:
            return None
        command = getattr(import_module(f"gatereel.cli.commands.{cmd_name}"), cmd_name)
        assert isinstance(command, click.Command)
        return command


@click.group(
    cls=_Commands,
    invoke_without_command=True,
    epilog=_EXAMPLES,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.version_option(package_name=PROGRAM, prog_name=PROGRAM, message="%(prog)s %(version)s")
@click.pass_context
def gatereel(context: click.Context) -> None:
    """Compute recurrent cells for real and render them as animations."""
    if context.invoked_subcommand is None:
        show(context.get_help())


def run(argv: Sequence[str] | None = None) -> int:
    """Run the command, report an error in a line, and return the exit code."""
    words = sys.argv[1:] if argv is None else list(argv)
    session = Session()
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            # A letter that the terminal lacks is no reason to fail.
            stream.reconfigure(errors="backslashreplace")
    _open_streams()
    try:
        with gatereel.make_context(PROGRAM, words, obj=session) as context:
            gatereel.invoke(context)
            flush()
    except click.exceptions.Exit as end:
        return end.exit_code
    except (Stopped, KeyboardInterrupt) as error:
        return _report(error, session)
    except Exception as error:  # the last stop: whatever it is, the user gets a line about it
        return _report(error, session)
    return SUCCESS


def _report(error: BaseException, session: Session) -> int:
    """Tell the user what happened and return the exit code for it."""
    if isinstance(error, BrokenPipeError):
        # Whoever read the output has seen enough. Nothing more can be said on it, not even the
        # rest that Python would flush at its end.
        _abandon_stdout()
        return FAILURE
    if session.debug:
        traceback.print_exception(error)
    message, code = _explain(error)
    warn(message)
    return code


def _explain(error: BaseException) -> tuple[str, int]:
    """The message for an error, and its exit code."""
    match error:
        case click.BadParameter():  # it says what is accepted
            return error.format_message(), WRONG_USE
        case click.UsageError():
            help_of = f" See `{error.ctx.command_path} --help`." if error.ctx else ""
            return f"{error.format_message()}{help_of}", WRONG_USE
        case InputError():
            return str(error), FAILURE if _is_full_disk(error.__cause__) else WRONG_USE
        case Stopped():
            return "interrupted", SIGNAL_CODES + error.signal
        case KeyboardInterrupt():
            return "interrupted", SIGNAL_CODES + signal.SIGINT
        case OSError() if not _has_folder():
            return "The current folder is gone; go to one that exists.", WRONG_USE
        case OSError():
            _abandon_stdout_if_full(error)
            return _describe(error), FAILURE
        case MemoryError():
            return "there is not enough memory for this; smaller sizes may fit.", FAILURE
        case UnicodeEncodeError():
            return f"The text {error.object!r} is not UTF-8; nothing can be named so.", WRONG_USE
        case ValueError() if "null" in str(error):  # what Python says of a NUL in a path
            return "A file's name holds the character NUL, which no name can.", WRONG_USE
        case RuntimeError() if _LOOP in str(error):
            return f"{error}: a symbolic link leads to itself; name a file.", WRONG_USE
        case _:
            return (
                f"unexpected {type(error).__name__}: {error}. Run it again with --debug to see "
                "where, and report what it prints.",
                FAILURE,
            )


def _describe(error: OSError) -> str:
    """An error of the machine, in a sentence: "lstm.gif: no space left on device."."""
    reason = error.strerror or str(error) or type(error).__name__
    if error.filename:
        return f"{_name(error.filename)}: {reason}."
    where = " Run it again with --debug to see where." if error.errno else ""
    return f"{reason}.{where}"


def _name(file: object) -> str:
    return os.fsdecode(file) if isinstance(file, bytes) else str(file)


def _has_folder() -> bool:
    """Whether the current folder is still there."""
    try:
        Path.cwd()
    except OSError:
        return False
    return True


def _open_streams() -> None:
    """Let what is closed lead nowhere, or a file that is opened would take its place."""
    for descriptor in range(3):
        try:
            os.fstat(descriptor)
        except OSError:
            nowhere = os.open(os.devnull, os.O_RDWR)  # which takes the lowest that is free: this
            os.set_inheritable(nowhere, True)  # or our own processes would begin without it


def _is_full_disk(cause: BaseException | None) -> bool:
    return isinstance(cause, OSError) and cause.errno in FULL_DISK


def _abandon_stdout_if_full(error: OSError) -> None:
    """Keep Python from failing once more, at its end, over output that cannot be written."""
    if error.filename == STANDARD_OUTPUT and error.errno in FULL_DISK:
        _abandon_stdout()


def _abandon_stdout() -> None:
    """Let what is still buffered for the standard output go nowhere."""
    try:
        descriptor = sys.stdout.fileno()
    except (AttributeError, OSError):  # closed, or no real file
        return
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, descriptor)
    os.close(nowhere)
