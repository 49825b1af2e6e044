"""For mkdocs: pages that lie outside `docs/`, links to them, and what of the navigation grows by itself."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page

PROJECT = Path(__file__).resolve().parent.parent
DOCS = PROJECT / "docs"
REPOSITORY = "https://github.com/packlint/packlint/blob/main"

OUTSIDE = {
    "architecture.md": "ARCHITECTURE.md",
    "changelog.md": "CHANGELOG.md",
    "contributing.md": "CONTRIBUTING.md",
    "security.md": "SECURITY.md",
}
"""Pages of the site, and the files of the project that they are."""

_LINK = re.compile(r"(?<=\]\()([^)#\s:]+)(?=(?:#[^)\s]*)?\))")
_FENCE = re.compile(r" *(`{3,}|~{3,})")
_ITEM = re.compile(r" {0,3}(?:[-*]|\d{1,9}\.) +(?=\S)")
_ENTRY = re.compile(r"^\| \[[\w-]+\]\(([\w-]+\.md)\)")


def on_config(config: MkDocsConfig) -> MkDocsConfig:
    """Put the files of a folder in the place of `folder/*` in the navigation, but for those that have one."""
    named = set(_named(config.nav))
    config.nav = list(_expanded(config.nav or [], named))
    return config


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add the pages that lie outside `docs/`."""
    for page, source in OUTSIDE.items():
        if (PROJECT / source).is_file():
            text = (PROJECT / source).read_text(encoding="utf-8")
            files.append(File.generated(config, page, content=text))
    return files


def on_page_markdown(markdown: str, page: Page, config: MkDocsConfig, files: Files) -> str:
    """Turn links between files of the project into links between pages, or to the repository."""
    here = page.file.src_uri
    source = OUTSIDE.get(here, f"docs/{here}")

    def target(match: re.Match[str]) -> str:
        path = posixpath.normpath(posixpath.join(posixpath.dirname(source), match[1]))
        for name, outside in OUTSIDE.items():
            if path == outside:
                return posixpath.relpath(name, posixpath.dirname(here) or ".")
        if path.startswith("docs/") and path.endswith((".md", ".svg", ".png")):
            return posixpath.relpath(path.removeprefix("docs/"), posixpath.dirname(here) or ".")
        return f"{REPOSITORY}/{path}" if (PROJECT / path).exists() else match[0]

    return _LINK.sub(target, indented(markdown))


def indented(markdown: str) -> str:
    """The text with what belongs to an item of a list indented by four, as Python's Markdown wants it.

    Elsewhere it is indented to where the item's text begins.
    """
    lines: list[str] = []
    columns: list[int] = []
    fence = ""
    for line in markdown.split("\n"):
        if not fence:
            while columns and line.strip() and len(line) - len(line.lstrip(" ")) < columns[-1]:
                columns.pop()
        inner = line[columns[-1] if columns else 0 :]
        lines.append(" " * 4 * len(columns) + inner if inner.strip() else "")
        if mark := _FENCE.match(inner):
            fence = "" if mark[1] == fence else fence or mark[1]
        elif not fence and (item := _ITEM.match(inner)):
            columns.append((columns[-1] if columns else 0) + item.end())
    return "\n".join(lines)


def _named(nav: Any) -> Iterator[str]:
    """Every file that the navigation names."""
    if isinstance(nav, str):
        yield nav
    for item in nav.values() if isinstance(nav, dict) else nav if isinstance(nav, list) else ():
        yield from _named(item)


def _expanded(nav: list[Any], named: set[str]) -> Iterator[Any]:
    for item in nav:
        if isinstance(item, str) and item.endswith("/*"):
            yield from _folder(item.removesuffix("/*"), named)
        elif isinstance(item, dict):
            yield {
                title: list(_expanded(below if isinstance(below, list) else [below], named))
                if not isinstance(below, str) or below.endswith("/*")
                else below
                for title, below in item.items()
            }
        else:
            yield item


def _folder(folder: str, named: set[str]) -> Iterator[Any]:
    """The pages of a folder: its README, what that lists under its headings, and the others by name."""
    left = sorted(f"{folder}/{path.name}" for path in (DOCS / folder).glob("*.md"))
    left = [name for name in left if name not in named]
    index = f"{folder}/README.md"
    if index in left:
        left.remove(index)
        yield index
        groups: dict[str, list[str]] = {}
        title = ""
        for line in (DOCS / index).read_text(encoding="utf-8").splitlines():
            if line.startswith("## "):
                title = line.removeprefix("## ")
            elif (entry := _ENTRY.match(line)) and (name := f"{folder}/{entry[1]}") in left:
                groups.setdefault(title, []).append(name)
                left.remove(name)
        yield from ({title: names} for title, names in groups.items())
    yield from left
