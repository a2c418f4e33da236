"""Several options that a command gets as one thing."""

from collections.abc import Callable, Sequence
from functools import wraps
from typing import Any

Command = Callable[..., Any]
Option = Callable[[Command], Command]
"""What `click.option` gives."""


def collecting(
    name: str, make: Callable[..., object], options: Sequence[Option], parameters: Sequence[str]
) -> Callable[[Command], Command]:
    """Give a command `options`, which it gets together as `name`.

    `make` gets, by their names, those of `parameters` that the command has.
    """

    def decorate(command: Command) -> Command:
        @wraps(command)
        def collected(*args: Any, **values: Any) -> Any:
            own = {each: values.pop(each) for each in parameters if each in values}
            return command(*args, **{name: make(**own)}, **values)

        with_options: Command = collected
        for option in reversed(options):
            with_options = option(with_options)
        return with_options

    return decorate
