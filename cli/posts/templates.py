"""Regions of template languages that show or drop what stands in them.

Jekyll (Liquid): {% raw %}, {% highlight %}, {% comment %}. kramdown: {::comment},
{::nomarkdown}. Hugo: {{< highlight >}} and {{% highlight %}}.
"""

import re

from gatereel.cli.posts.lines import LinesWith

_OPENING = re.compile(
    r"[ >]*(?:"
    r"\{%-?\s*(?P<liquid>raw|highlight|comment)\b[^%]*%\}"
    r"|\{\{[<%]\s*(?P<hugo>highlight)\b.*?[%>]\}\}"
    r"|\{::(?P<kramdown>comment|nomarkdown)\s*\})"
)
"""Only at the start of a line: a sentence about such a tag opens nothing."""


def template_region(lines: LinesWith, index: int) -> int:
    """Index behind the region that starts at line `index`; `index` itself when none does.

    A tag that nothing closes opens no region.
    """
    opening = _OPENING.match(lines.lines[index])
    if opening is None:
        return index
    closing = _closing(opening)
    if closing.search(lines.lines[index], opening.end()):
        return index
    found = lines.next_with(closing, index + 1)
    return index if found is None else found + 1


def _closing(opening: re.Match[str]) -> re.Pattern[str]:
    """What closes the tag that was found."""
    if name := opening["liquid"]:
        return re.compile(rf"\{{%-?\s*end{name}\s*-?%\}}")
    if name := opening["hugo"]:
        return re.compile(rf"\{{\{{[<%]\s*/\s*{name}\s*[>%]\}}\}}")
    return re.compile(rf"\{{:/(?:{opening['kramdown']})?\}}")
