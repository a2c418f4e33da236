"""A card for social previews, on its own.

    draw_card(plan_card(planned), [Path("lstm-card.png")]) -> (Written(...),)

Beside a film it is one of its stills, which `render` makes.
"""

from collections.abc import Sequence
from pathlib import Path

from gatereel.scenes.draw.card import CardPlan, card_page
from gatereel.scenes.draw.paper import PIXELS
from gatereel.scenes.export import Written, check_targets, together, write_pages


def draw_card(card: CardPlan, paths: Sequence[Path]) -> tuple[Written, ...]:
    """Draw a planned card and write it to every path, a PNG.

    Raises InputError for a path that cannot be used, OSError when a file cannot be written; then
    no file is touched.
    """
    paths = [Path(path) for path in paths]
    check_targets(paths, accepted=(PIXELS,))
    page = card_page(card)
    with together(paths) as temporaries:
        return tuple(write_pages(path, temporaries[path], [page], card.metadata) for path in paths)
