"""Where pictures lie, how pages reach them, and which posts there are."""

from pathlib import Path

import pytest

from gatereel.cli.sites.site import Site, post_files
from gatereel.rnn_math import InputError


@pytest.mark.parametrize(
    ("site", "post", "address"),
    [
        (Site(), "post.md", "assets/a.gif"),
        (Site(), "content/post.md", "assets/a.gif"),
        (Site(assets=Path("static/cells")), "post.md", "static/cells/a.gif"),
        (Site(assets=Path("static/cells")), "content/deep/post.md", "../../static/cells/a.gif"),
        (Site(assets=Path("my cells")), "post.md", "my%20cells/a.gif"),
        (Site(assets=Path("hình")), "post.md", "h%C3%ACnh/a.gif"),
        (Site(url="/cells"), "post.md", "/cells/a.gif"),
        (Site(url="/cells/"), "post.md", "/cells/a.gif"),
        (Site(url=""), "post.md", "a.gif"),
        (Site(url="https://example.com/c"), "post.md", "https://example.com/c/a.gif"),
        (Site(url="{{ site.baseurl }}/c"), "post.md", "{{ site.baseurl }}/c/a.gif"),
        (Site(assets=Path("x"), url="/cells"), "content/post.md", "/cells/a.gif"),
    ],
)
def test_addresses(site: Site, post: str, address: str) -> None:
    assert site.address(Path(post), "a.gif") == address


def test_pictures_lie_beside_the_post_or_in_one_folder() -> None:
    assert Site().folder(Path("content/post.md")) == Path("content/assets")
    assert Site(assets=Path("static")).folder(Path("content/post.md")) == Path("static")


@pytest.fixture
def content(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in (
        "content/b.md",
        "content/a.MD",
        "content/deep/c.markdown",
        "content/deep/d.txt",
        "content/.hidden/e.md",
        "content/node_modules/f.md",
        "content/.g.md",
        "other.txt",
    ):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    (tmp_path / "empty").mkdir()
    monkeypatch.chdir(tmp_path)
    return tmp_path


def found(*names: str) -> list[str]:
    return [path.as_posix() for path in post_files(tuple(map(Path, names)))]


def test_posts_within_folders(content: Path) -> None:
    posts = ["content/a.MD", "content/b.md", "content/deep/c.markdown"]
    assert found("content") == posts
    assert found("content/", "content/b.md", str(content / "content")) == posts


def test_a_file_is_a_post_whatever_it_is_called(content: Path) -> None:
    assert found("other.txt") == ["other.txt"]


@pytest.mark.parametrize(
    ("names", "message"),
    [
        (("content", "nothing.md"), r"^nothing\.md does not exist; name a post, or a folder"),
        (("empty",), r"^empty: no post here ends in \.md, \.markdown, .* or \.rst\.$"),
    ],
)
def test_what_is_no_post(content: Path, names: tuple[str, ...], message: str) -> None:
    with pytest.raises(InputError, match=message):
        found(*names)
