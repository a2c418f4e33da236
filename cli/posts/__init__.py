"""Posts as text: their directives, their blocks, their old images.

    Post --find_directives--> Directive | Mistake --rewrite--> bytes

A post is read once (`read_post`), and every byte outside the blocks comes back as it was. Nothing
here renders, and nothing here knows a cell.
"""

from gatereel.cli.posts.blocks import BlockError, rewrite
from gatereel.cli.posts.directives import Directive, Mistake, Span, find_directives
from gatereel.cli.posts.lines import Line, Role
from gatereel.cli.posts.reading import Post, file_with, read_post
from gatereel.cli.posts.replacing import ReplacedImage, Replacement, cell_in, replace_image
from gatereel.cli.posts.surroundings import in_paragraphs

__all__ = [
    "BlockError",
    "Directive",
    "Line",
    "Mistake",
    "Post",
    "ReplacedImage",
    "Replacement",
    "Role",
    "Span",
    "cell_in",
    "file_with",
    "find_directives",
    "in_paragraphs",
    "read_post",
    "replace_image",
    "rewrite",
]
