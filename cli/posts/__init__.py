"""Posts as text: their directives, their blocks, their old images.

    Post --find_directives--> Directive | Mistake --rewrite--> bytes

A post is read once (`read_post`), and every byte outside the blocks comes back as it was. Nothing
here renders, and nothing here knows a cell.
"""

from gatereel.cli.posts.blocks import BlockError, rewrite
from gatereel.cli.posts.directives import Directive, Mistake, Span, find_directives
from gatereel.cli.posts.image_words import Image
from gatereel.cli.posts.lines import Line, Role
from gatereel.cli.posts.naming import cells_in, last_segment, without_names
from gatereel.cli.posts.reading import Post, file_with, read_post
from gatereel.cli.posts.replacing import (
    NAMED,
    ReplacedImage,
    Replacement,
    fits_in_a_directive,
    replace_image,
    shown_images,
)
from gatereel.cli.posts.surroundings import in_paragraphs

__all__ = [
    "NAMED",
    "BlockError",
    "Directive",
    "Image",
    "Line",
    "Mistake",
    "Post",
    "ReplacedImage",
    "Replacement",
    "Role",
    "Span",
    "cells_in",
    "file_with",
    "find_directives",
    "fits_in_a_directive",
    "in_paragraphs",
    "last_segment",
    "read_post",
    "replace_image",
    "rewrite",
    "shown_images",
    "without_names",
]
