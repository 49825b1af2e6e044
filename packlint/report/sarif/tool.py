"""Rules → the tool's description in SARIF, and the weaknesses that its rules are about."""

from __future__ import annotations

from collections.abc import Iterable

import sarif_om as sarif

from packlint.diagnostic import Severity
from packlint.explain import markdown
from packlint.report.address import home
from packlint.report.carry import tool_version
from packlint.report.sarif.plain import JsonObject, plain
from packlint.report.sarif.texts import cut, sentence
from packlint.report.weaknesses import Weakness, weakness
from packlint.rule import Category, Rule

LONGEST = 1024
"""Characters of a description that GitHub takes."""
KEPT_TAGS = 10
"""GitHub keeps that many tags of a rule."""


def driver(rules: Iterable[type[Rule]]) -> JsonObject:
    """The tool with its rules; those that are about weaknesses refer to the taxonomy of them."""
    rules = tuple(rules)
    numbers = _numbers(rules)
    return plain(
        sarif.ToolComponent,
        name="packlint",
        version=tool_version(),
        semantic_version=tool_version(),
        information_uri=home(),
        rules=[_rule(rule, numbers) for rule in rules],
        supported_taxonomies=[plain(sarif.ToolComponentReference, name="CWE", index=0)] if numbers else None,
    )


def taxonomies(rules: Iterable[type[Rule]]) -> list[JsonObject]:
    """The Common Weakness Enumeration, as far as the rules are about it; nothing if none is."""
    numbers = _numbers(rules)
    if not numbers:
        return []
    return [
        plain(
            sarif.ToolComponent,
            name="CWE",
            full_name="Common Weakness Enumeration",
            organization="MITRE",
            information_uri="https://cwe.mitre.org/",
            short_description=_text("Kinds of weaknesses in software and hardware, with numbers."),
            taxa=[_taxon(number, weakness(number)) for number in numbers],
        )
    ]


def _numbers(rules: Iterable[type[Rule]]) -> list[int]:
    return sorted({number for rule in rules for number in rule.cwe})


def _rule(rule: type[Rule], numbers: list[int]) -> JsonObject:
    return plain(
        sarif.ReportingDescriptor,
        id=rule.name(),
        # One that only repeats the id is none (rule SARIF1001 of Microsoft's validator).
        name=rule.__name__ if rule.__name__.lower() != rule.name() else None,
        deprecated_ids=[*rule.former] or None,
        short_description=_text(cut(sentence(rule.summary()), LONGEST)),
        # The page without its references, which are in `help`.
        full_description=_text(cut(" ".join(rule.page().partition("\nReferences:")[0].split()), LONGEST)),
        help=plain(sarif.MultiformatMessageString, text=rule.page(), markdown=markdown(rule)),
        default_configuration=plain(sarif.ReportingConfiguration, level=rule.severity.value),
        relationships=[_relationship(number, numbers.index(number)) for number in rule.cwe] or None,
        properties=_properties(rule),
    )


def _properties(rule: type[Rule]) -> dict[str, object]:
    """What GitHub reads; one with a score is an alert on security there, which the tag makes it too."""
    level = "recommendation" if rule.severity is Severity.NOTE else rule.severity.value
    properties: dict[str, object] = {"precision": rule.precision.value, "problem.severity": level}
    tags = ["packer", rule.category.value]
    if rule.security_severity is not None:
        properties["security-severity"] = f"{rule.security_severity:.1f}"
        if rule.category is not Category.SECURITY:
            tags.append("security")
    # In the form of CodeQL's queries, which GitHub shows as the weaknesses of an alert.
    tags += [f"external/cwe/cwe-{number:03}" for number in rule.cwe]
    return {**properties, "tags": tags[:KEPT_TAGS]}


def _relationship(number: int, index: int) -> JsonObject:
    """Each finding of the rule is a case of the weakness: that is the larger set."""
    return plain(
        sarif.ReportingDescriptorRelationship,
        target=plain(
            sarif.ReportingDescriptorReference,
            id=str(number),
            index=index,
            tool_component=plain(sarif.ToolComponentReference, name="CWE", index=0),
        ),
        kinds=["superset"],
    )


def _taxon(number: int, about: Weakness) -> JsonObject:
    return plain(
        sarif.ReportingDescriptor,
        id=str(number),
        name=about.name,
        short_description=_text(f"{about.name}."),
        full_description=_text(about.description),
        help=_text(f"{about.description} CWE-{number} says more: {about.address}"),
        help_uri=about.address,
    )


def _text(text: str) -> JsonObject:
    return plain(sarif.MultiformatMessageString, text=text)
