"""SARIF: rules on security and the weaknesses that they are about."""

from __future__ import annotations

import json
from typing import Any

import pytest

from packlint.diagnostic import Severity
from packlint.outcome import Outcome
from packlint.plugins import load_rules
from packlint.report import render
from packlint.report.weaknesses import weakness
from packlint.rule import Category, Rule


class KeyInTheOpen(Rule):
    """Flags keys that all can see."""

    category = Category.SECURITY
    severity = Severity.ERROR
    security_severity = 8
    cwe = (798, 79)
    former = ("open-key", "key-open")


class DoorAjar(Rule):
    """Flags doors."""

    category = Category.SOURCES
    severity = Severity.WARNING
    security_severity = 3.75
    cwe = (*range(101, 112), 798)


def run(*rules: type[Rule]) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(render("sarif", Outcome((), rules, 1, 1)))["runs"][0]
    return found


def test_a_rule_on_security_has_what_github_sorts_alerts_by() -> None:
    (rule,) = run(KeyInTheOpen)["tool"]["driver"]["rules"]
    assert rule["properties"] == {
        "precision": "high",
        "problem.severity": "error",
        "security-severity": "8.0",
        "tags": ["packer", "security", "external/cwe/cwe-798", "external/cwe/cwe-079"],
    }
    assert rule["deprecatedIds"] == ["open-key", "key-open"]


def test_the_weaknesses_are_taxa_that_rules_refer_to() -> None:
    found = run(KeyInTheOpen)
    (taxonomy,) = found["taxonomies"]
    assert taxonomy["name"] == "CWE"
    assert found["tool"]["driver"]["supportedTaxonomies"] == [{"name": "CWE", "index": 0}]
    (rule,) = found["tool"]["driver"]["rules"]
    targets = [it["target"] for it in rule["relationships"]]
    assert [(it["id"], it["index"]) for it in targets] == [("798", 1), ("79", 0)]
    assert all(it["toolComponent"] == {"name": "CWE", "index": 0} for it in targets)
    assert [taxonomy["taxa"][it["index"]]["id"] for it in targets] == ["798", "79"]
    assert taxonomy["taxa"][1]["name"] == "Use of Hard-coded Credentials"
    assert taxonomy["taxa"][1]["helpUri"] == "https://cwe.mitre.org/data/definitions/798.html"
    for taxon in taxonomy["taxa"]:
        assert {"id", "name", "shortDescription", "fullDescription", "help", "helpUri"} == set(taxon)
        assert all(taxon[key]["text"].endswith((".", ".html")) for key in ("fullDescription", "help"))


def test_ten_tags_are_kept_and_security_is_among_them() -> None:
    (rule,) = run(DoorAjar)["tool"]["driver"]["rules"]
    tags = rule["properties"]["tags"]
    assert tags[:4] == ["packer", "sources", "security", "external/cwe/cwe-101"]
    assert len(tags) == 10
    assert len(rule["relationships"]) == 12
    assert rule["properties"]["security-severity"] == "3.8"


BUILT_IN = [rule for rule in load_rules() if rule.__module__.startswith("packlint.rules.")]


@pytest.mark.parametrize(
    "rule", [it for it in BUILT_IN if it.category is Category.SECURITY], ids=lambda it: it.name()
)
def test_a_built_in_rule_on_security_says_how_grave_it_is_and_why(rule: type[Rule]) -> None:
    assert rule.security_severity is not None
    assert rule.cwe


@pytest.mark.parametrize("number", sorted({number for rule in BUILT_IN for number in rule.cwe}))
def test_their_weaknesses_are_described(number: int) -> None:
    assert not weakness(number).name.startswith("CWE-")


def test_a_weakness_that_only_a_stranger_is_about_is_named_by_its_number() -> None:
    assert weakness(79).name == "CWE-79"
