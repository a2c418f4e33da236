"""Files that are no posts are refused by kind, and folders that an engine built are passed over."""

from pathlib import Path

import pytest

from gatereel.cli.sites.site import post_files
from gatereel.rnn_math import InputError


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("notes.org", b"*", r"notes\.org: Org files are not read; export it to Markdown, or put"),
        ("a.ADOC", b"=", "AsciiDoc is not read; export"),
        ("a.tex", b"", "LaTeX is not read; convert it to Markdown, .* -o lstm.png"),
        ("a.docx", b"PK", "Word documents are not read"),
        ("a.pdf", b"%PDF", "name the file that it was made from"),
        ("lstm.gif", b"GIF89a\0\0", r"lstm\.gif is no text; a post ends in \.md"),
    ],
)
def test_another_kind_is_refused(tmp_path: Path, name: str, content: bytes, message: str) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(InputError, match=message):
        post_files((tmp_path / name,))


def found(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in post_files((folder,))}


def site(folder: Path, *names: str) -> Path:
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).touch()
    return folder


def test_a_folder_gives_posts_of_all_kinds(tmp_path: Path) -> None:
    names = {"a.md", "b.markdown", "c.qmd", "d.Rmd", "e.mdx", "f.ipynb", "g.html", "h.rst"}
    site(tmp_path, *names, "i.org", "j.txt", ".ipynb_checkpoints/f.ipynb")
    assert found(tmp_path) == names


@pytest.mark.parametrize(
    ("configuration", "built"),
    [
        ("_config.yml", "_site"),
        ("hugo.toml", "public"),
        ("mkdocs.yml", "site"),
        ("docusaurus.config.js", "build"),
        ("astro.config.mjs", "dist"),
        ("conf.py", "_build"),
    ],
)
def test_what_an_engine_built_is_no_post(tmp_path: Path, configuration: str, built: str) -> None:
    site(tmp_path, "a.md", f"{built}/a.html", f"docs/{built}/b.md")
    assert found(tmp_path) == {"a.md", f"{built}/a.html", f"docs/{built}/b.md"}
    site(tmp_path, configuration)
    assert found(tmp_path) == {"a.md", f"docs/{built}/b.md"}
