"""What no rewriting of a post may change: all that is not in a block."""

from gatereel.cli.posts import Directive, Post, find_directives
from gatereel.cli.posts.reading import encode


def outside(post: Post) -> bytes:
    """All bytes but those of blocks: content, closing comment and the line end between them.

    A directive without a block is outside, as is the directive of a block.
    """
    kept: list[str] = []
    at = 0
    for directive in find_directives(post):
        if isinstance(directive, Directive) and directive.content and directive.block:
            closing = post.line_at(directive.block.stop - 1)
            start = directive.content.start
            if not closing.end:  # then the line end before the block came with it
                start = post.line_at(directive.comment.stop - 1).stop
            kept.append(post.text[at:start])
            at = closing.next_start
    return encode("".join([*kept, post.text[at:]]))
