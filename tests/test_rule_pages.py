"""docs/rules: the pages of the built-in rules, as they are generated."""

from __future__ import annotations

from pathlib import Path
from runpy import run_path

from packlint.rule import Category

ROOT = Path(__file__).resolve().parents[1]
GENERATOR = run_path(str(ROOT / ".ci" / "generate_docs.py"))
PAGES = ROOT / "docs" / "rules"


def test_the_pages_are_those_of_the_rules() -> None:
    written = {path.name: path.read_text(encoding="utf-8") for path in PAGES.glob("*.md")}
    made: dict[str, str] = GENERATOR["pages"]()
    stale = sorted(name for name in {*written, *made} if written.get(name) != made.get(name))
    assert not stale, f"`python .ci/generate_docs.py` writes {', '.join(stale)} anew"


def test_every_category_has_a_title() -> None:
    assert set(GENERATOR["TITLES"]) == set(Category)


def test_the_index_leads_to_every_page() -> None:
    made: dict[str, str] = GENERATOR["pages"]()
    index = made.pop("README.md")
    assert all(f"]({name})" in index for name in made)
    assert "# syntax-error\n\n| Severity | Category | Preset | Fixes |\n" in made["syntax-error.md"]
