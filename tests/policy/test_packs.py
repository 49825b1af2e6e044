"""The packs that packlint ships: their tests, what their page says, and that none is in force unasked."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from pathlib import Path

import pytest

from packlint.configure import Nearest
from packlint.plugins import by_name, load_packs, load_plugins, load_rules
from packlint.policy import Library, PolicyFile
from packlint.policy.policy import Param
from packlint.trial import Trial, trials

ROOT = Path(__file__).resolve().parents[2]
PACKS = ROOT / "packlint" / "policies"
PAGE = ROOT / "docs" / "how-to" / "packs.md"

PLUGINS = load_plugins()
LIBRARY = Library()
SHEETS = {it.name: it for it in LIBRARY.within(PACKS, PACKS, foreign=True)}

BENCHMARKS = re.compile(
    r"(?:CIS [A-Z][A-Za-z ]+ Benchmark v\d+\.\d+\.\d+, \d+(?:\.\d+)+"
    r"|AWS Foundational Security Best Practices, EC2\.\d+)"
)
"""How published demands are named: the benchmark with its version, and the number in it."""


def described(sheet: PolicyFile) -> str:
    """The comment at the top of a pack."""
    lines = sheet.document.text.splitlines()
    found = []
    for line in lines:
        if not line.startswith("#"):
            break
        found.append(line.removeprefix("#").strip())
    return "\n".join(found)


@pytest.fixture(scope="module", params=SHEETS.values(), ids=SHEETS)
def sheet(request: pytest.FixtureRequest) -> PolicyFile:
    found: PolicyFile = request.param
    return found


def test_there_are_the_packs_that_the_issue_asks_for() -> None:
    asked = {"approved-components", "tags", "plugins", "encryption", "private-images", "required-steps"}
    assert asked | {"naming", "limits", "approved-base-images", "network"} == set(SHEETS)


def test_its_tests_pass(sheet: PolicyFile) -> None:
    failed = [it for it in trials(sheet, LIBRARY, PLUGINS) if not it.passed]
    assert not failed, "\n".join(map(told, failed))


def told(trial: Trial) -> str:
    line = trial.test.header_range.first.line
    lines = (*(f"-{it}" for it in trial.missing), *(f"+{it}" for it in trial.surplus), *trial.unread)
    return "\n".join((f"line {line}: {trial.test.policy}", *lines))


def test_every_policy_is_tested_both_ways(sheet: PolicyFile) -> None:
    for policy in sheet.policies:
        tests = [it for it in sheet.tests if it.policy == policy.name]
        assert any(it.finds for it in tests), f"{policy.name}: no test finds anything"
        assert any(not it.finds for it in tests), f"{policy.name}: no test finds nothing"


def test_it_says_what_it_is_for(sheet: PolicyFile) -> None:
    first = described(sheet).partition("\n")[0]
    assert first
    assert first.endswith(".")
    assert all(it.description for it in sheet.params.values())
    assert all(it.description.partition("\n")[0].endswith(".") for it in sheet.policies)


def test_messages_say_what_to_do(sheet: PolicyFile) -> None:
    for policy in sheet.policies:
        text = policy.error_message.range.text.strip('"')
        assert text.endswith("."), policy.name
        assert ";" in text, policy.name


def test_benchmarks_have_a_version_and_a_number(sheet: PolicyFile) -> None:
    found = [it for policy in sheet.policies for it in policy.benchmarks]
    assert [it for it in found if not BENCHMARKS.fullmatch(it)] == []


def test_names_are_no_others() -> None:
    names = [it.name for sheet in SHEETS.values() for it in sheet.policies]
    assert len(names) == len(set(names))
    assert not set(names) & set(by_name(load_rules(PLUGINS)))


def test_every_pack_is_found_by_its_name() -> None:
    packs = {name: path for name, (path, _) in load_packs(PLUGINS).items() if path.parent == PACKS}
    assert packs == {name: PACKS / f"{name}.policy.hcl" for name in SHEETS}


@pytest.mark.parametrize("settings", [None, "", 'preset = "strict"\n', "[policies]\npaths = []\n"])
def test_no_pack_is_in_force_unasked(settings: str | None, tmp_path: Path) -> None:
    if settings is not None:
        (tmp_path / "packlint.toml").write_text(settings, encoding="utf-8")
    assert in_force(tmp_path) == []


def test_packs_are_in_force_that_settings_name(tmp_path: Path) -> None:
    """All together, with a value for what has none."""
    names = ", ".join(f'"{it}"' for it in SHEETS)
    text = f'[policies]\npacks = [{names}]\n\n[policies.params.tags]\nrequired = ["owner"]\n'
    (tmp_path / "packlint.toml").write_text(text, encoding="utf-8")
    assert sorted(in_force(tmp_path)) == sorted(p.name for it in SHEETS.values() for p in it.policies)


def in_force(root: Path) -> list[str]:
    """The policies of the settings of a directory."""
    rules = by_name(load_rules(PLUGINS))
    nearest = Nearest(rules, packs=lambda: load_packs(PLUGINS))
    return [it.name() for it in nearest(root, root).policies]


def test_the_page_says_what_the_packs_do() -> None:
    page = PAGE.read_text(encoding="utf-8")
    head, mark, _ = page.partition("<!-- what follows is made of the packs -->\n")
    assert mark
    made = head + mark + "".join(section(it) for it in SHEETS.values())
    if os.environ.get("PACKLINT_UPDATE"):
        PAGE.write_text(made, encoding="utf-8")
        page = made
    assert page == made, "with PACKLINT_UPDATE=1 this test writes it anew"


def section(sheet: PolicyFile) -> str:
    """The part of the page on a pack."""
    policies = [
        (f"`{it.name}`", it.description.partition("\n")[0], it.severity.value, "; ".join(it.benchmarks))
        for it in sheet.policies
    ]
    params = [
        (f"`{it.name}`", written(it, "type"), written(it, "default"), it.description)
        for it in sheet.params.values()
    ]
    parts = [f"\n## {sheet.name}\n\n{described(sheet)}\n"]
    parts.append(table(("Policy", "Demands", "Severity", "Benchmarks"), policies))
    if params:
        parts.append(table(("Parameter", "Type", "Default", "Meaning"), params))
    return "\n".join(parts)


def written(param: Param, name: str) -> str:
    """What the file says of a parameter; nothing where it says nothing."""
    found = re.search(rf"^\s*{name}\s*=\s*(.+)$", param.range.text, re.MULTILINE)
    return f"`{found[1]}`" if found else ""


def table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    cells = [[it.replace("|", "\\|") for it in row] for row in rows]
    used = [column for column in range(len(head)) if any(row[column] for row in cells)]
    lines = [[head[it] for it in used], ["---" for _ in used], *([row[it] for it in used] for row in cells)]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)
