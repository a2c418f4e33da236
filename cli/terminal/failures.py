"""Why one thing of many could not be done, in a sentence: the others are done all the same."""

import traceback

import click

from gatereel.cli.terminal.session import Session
from gatereel.rnn_math import InputError


def reason(error: Exception) -> str:
    """What is told of an error, on one line; with --debug, where it arose is shown as well."""
    context = click.get_current_context(silent=True)
    session = context.find_object(Session) if context else None
    if session is not None and session.debug:
        traceback.print_exception(error)
    return " ".join(_sentence(error).split())


def _sentence(error: Exception) -> str:
    match error:
        case InputError():
            return str(error)
        case click.ClickException():
            return error.format_message()
        case OSError() if error.errno is None and str(error):  # it is in words already
            return f"{error}."
        case OSError():
            what = f"{error.filename}: " if error.filename else "a file cannot be written or read: "
            return f"{what}{error.strerror or type(error).__name__}."
        case MemoryError():
            return "there is not enough memory for this; smaller sizes may fit."
        case RecursionError():
            return "something in it is nested too deeply."
        case _:
            what = str(error).rstrip(".")
            return (
                f"unexpected {type(error).__name__}: {what}. Run it again with --debug to see "
                "where, and report what it prints."
            )
