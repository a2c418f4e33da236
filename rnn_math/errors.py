"""The one error class for everything a user of the package can get wrong."""


class InputError(ValueError):
    """An input that cannot be used: a value, a shape, a name or a file.

    The message names the thing, the value it has and what is accepted.
    """
