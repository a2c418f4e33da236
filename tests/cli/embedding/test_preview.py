"""The front matter for a picture for social previews."""

import json
import tomllib

import pytest

from gatereel.cli.embedding.preview import preview_entry


@pytest.mark.parametrize(
    ("address", "opening", "listing", "entry"),
    [
        ("/cells/a.png", "---", False, "image: /cells/a.png"),
        ("{{ site.baseurl }}/cells/a.png", "---", False, "image: /cells/a.png"),
        ("https://example.com/a.png", "", False, "image: https://example.com/a.png"),
        ("/cells/a.png", "---", True, "images: [/cells/a.png]"),
        ("/my cells, a.png", "---", True, 'images: ["/my cells, a.png"]'),
        ("# a.png", "---", False, 'image: "# a.png"'),
        ("/cells/a.png", "+++", True, 'images = ["/cells/a.png"]'),
        ("/cells/a.png", "{", False, '"image": "/cells/a.png",'),
    ],
)
def test_the_entry(address: str, opening: str, listing: bool, entry: str) -> None:
    assert preview_entry(address, opening, listing=listing) == entry


def test_quotation_marks_and_backslashes_end_no_string() -> None:
    address = 'a "b" \\ c.png'
    assert tomllib.loads(preview_entry(address, "+++")) == {"image": address}
    entry = preview_entry(address, "{").removesuffix(",")
    assert json.loads(f"{{{entry}}}") == {"image": address}
