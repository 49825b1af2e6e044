"""The built-in rules → `docs/rules/`: a page for each, and an index.

Run this again when a rule changes: `python .ci/generate_docs.py`.
"""

from __future__ import annotations

from itertools import groupby
from pathlib import Path

from packlint.explain import fixes, markdown
from packlint.overview import in_order
from packlint.plugins import load_rules
from packlint.rule import Category, Rule

PROJECT = Path(__file__).resolve().parent.parent
PAGES = PROJECT / "docs" / "rules"

TITLES = {
    Category.LANGUAGE: "Files and syntax",
    Category.STRUCTURE: "Structure",
    Category.SOURCES: "Sources",
    Category.PROVISIONERS: "Provisioners",
    Category.POST_PROCESSORS: "Post-processors",
    Category.CHAINING: "Builds that start from other builds",
    Category.SECURITY: "Security",
    Category.STYLE: "Style",
    Category.LEGACY: "Legacy templates and removed features",
}

INTRODUCTION = """\
# Rules

`packlint explain RULE` shows the same pages in a terminal. `packlint check --preset NAME` chooses which rules
run: `default` has what is likely a defect or a risk, `strict` good advice that not everybody takes besides,
`all` matters of taste too, and `security` the rules on security that `strict` has. The column *preset* names
the smallest that has a rule. `--select` runs the rules or categories it names and no others, whatever their
presets. A *safe* fix keeps the meaning of a template or changes only what is broken; a rule with safe fixes
may have others, too.
"""


def pages() -> dict[str, str]:
    """The text of each file of `docs/rules/` by its name."""
    rules = in_order(rule for rule in load_rules() if rule.__module__.startswith("packlint.rules."))
    return {"README.md": _index(rules), **{f"{rule.name()}.md": _page(rule) for rule in rules}}


def _index(rules: list[type[Rule]]) -> str:
    parts = [INTRODUCTION]
    for category, group in groupby(rules, key=lambda rule: rule.category):
        lines = [f"\n## {TITLES[category]}\n", "| Rule | Severity | Preset | Fixes |", "|---|---|---|---|"]
        for rule in group:
            name = f"[{rule.name()}]({rule.name()}.md)<br>{_cell(rule.summary())}"
            lines.append(f"| {name} | {rule.severity.value} | {rule.preset.value} | {fixes(rule)} |")
        parts.append("\n".join(lines) + "\n")
    return "".join(parts)


def _page(rule: type[Rule]) -> str:
    return (
        f"# {rule.name()}\n\n"
        "| Severity | Category | Preset | Fixes |\n|---|---|---|---|\n"
        f"| {rule.severity.value} | {rule.category.value} | {rule.preset.value} | {fixes(rule)} |\n\n"
        f"{markdown(rule)}"
    )


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


def main() -> None:
    """Write the files, and remove those of rules that are gone."""
    PAGES.mkdir(parents=True, exist_ok=True)
    made = pages()
    for old in PAGES.glob("*.md"):
        if old.name not in made:
            old.unlink()
    for name, text in made.items():
        (PAGES / name).write_text(text, encoding="utf-8", newline="")


if __name__ == "__main__":
    main()
