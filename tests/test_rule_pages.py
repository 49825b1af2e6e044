"""docs/rules: the pages of the built-in rules, as they are generated."""

from __future__ import annotations

from pathlib import Path
from runpy import run_path

import pytest

from packlint.rule import Category

ROOT = Path(__file__).resolve().parents[1]
GENERATOR = run_path(str(ROOT / ".ci" / "generate_docs.py"))
PAGES = ROOT / "docs" / "rules"


def test_the_pages_are_those_of_the_rules() -> None:
    written = {path.name: path.read_text(encoding="utf-8") for path in PAGES.glob("*.md")}
    made: dict[str, str] = GENERATOR["pages"]()
    stale = sorted(name for name in {*written, *made} if written.get(name) != made.get(name))
    assert not stale, f"`python .ci/generate_docs.py` writes {', '.join(stale)} anew"


@pytest.mark.parametrize(
    ("path", "function"),
    [
        ("docs/settings.md", "settings_page"),
        ("docs/speed.md", "speed_page"),
        ("schemas/settings.schema.json", "settings_schema_text"),
    ],
)
def test_what_is_said_is_what_there_is(path: str, function: str) -> None:
    written = (ROOT / path).read_text(encoding="utf-8")
    assert written == GENERATOR[function](), "`python .ci/generate_docs.py` writes it anew"


def test_the_screen_is_what_the_program_prints() -> None:
    pytest.importorskip("rich", reason="pictures are made with rich, of the extra `docs`")
    written = (ROOT / "docs/screen.svg").read_text(encoding="utf-8")
    made = run_path(str(ROOT / ".ci/screen.py"))["screen"]()
    assert written == made, "`python .ci/generate_docs.py` writes it anew"
    assert "@import" not in written
    assert "url(http" not in written


def test_every_category_has_a_title() -> None:
    assert set(GENERATOR["TITLES"]) == set(Category)


def test_the_index_leads_to_every_page() -> None:
    made: dict[str, str] = GENERATOR["pages"]()
    index = made.pop("README.md")
    assert all(f"]({name})" in index for name in made)
    assert "# syntax-error\n\n| Severity | Category | Preset | Fixes |\n" in made["syntax-error.md"]
