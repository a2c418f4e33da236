"""Which files of a theme's or a language's form are read."""

import subprocess
import sys

_COUNT = """
import sys
read = []
def hear(event, arguments):
    if event == "open" and str(arguments[0]).endswith(".toml"):
        read.append(arguments[0])
sys.addaudithook(hear)
from importlib import import_module
from gatereel.cli.app import COMMANDS
for command in COMMANDS:  # which are loaded when they are called
    import_module("gatereel.cli.commands." + command)
import gatereel.scenes.tell.description, gatereel.scenes.legend
import gatereel.scenes.render, gatereel.scenes.language.files, gatereel.scenes.theme.files
{then}
sys.exit(len(read))
"""


def toml_files_read(then: str) -> int:
    """How many a new Python reads that imports all of the package, and then does one thing more."""
    return subprocess.run([sys.executable, "-c", _COUNT.format(then=then)], check=False).returncode
