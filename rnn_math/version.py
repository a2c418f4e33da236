"""The program's version, which every file that is drawn carries.

The same stands in pyproject.toml. To ask the installed package for it takes `importlib.metadata`,
whose import is a twentieth of what a dry run takes to import.
"""

VERSION = "0.1.0"
