"""An outcome → SARIF 2.1.0, in the subset and within the limits of GitHub code scanning."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from importlib.metadata import metadata
from typing import Any
from urllib.parse import quote

import attr
import sarif_om as sarif

from packlint.diagnostic import Diagnostic, Severity
from packlint.document import Document, Range
from packlint.explain import markdown
from packlint.outcome import Outcome
from packlint.report import PLAIN, Look
from packlint.report.fingerprint import line_hashes
from packlint.report.frame import shortened, visible
from packlint.rule import Rule

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
KEPT_RESULTS = 5000
"""GitHub keeps that many results of a run, the first ones."""
KEPT_PLACES = 100
"""GitHub shows that many related places of a result."""
LONGEST = 1024
"""Characters of a description that GitHub takes."""
INTERNAL = "internal-error"

_CODE = re.compile(r"``(?!`)(.+?)(?<!`)``(?!`)|`")
"""Code between two backticks on either side, which may hold single ones; or a backtick."""


def render(outcome: Outcome, look: Look = PLAIN) -> str:
    """One run in JSON, in ASCII and thus the same in every encoding.

    packlint's own failures are notifications of the run and not results. Code is never quoted: it may hold
    secrets. Results are in the outcome's order, or the most severe first where GitHub would drop some.
    """
    indexes = {rule.name(): index for index, rule in enumerate(outcome.rules)}
    found = [diagnostic for diagnostic in outcome.diagnostics if diagnostic.rule != INTERNAL]
    failed = [diagnostic for diagnostic in outcome.diagnostics if diagnostic.rule == INTERNAL]
    if len(found) > KEPT_RESULTS:
        found.sort(key=lambda diagnostic: -diagnostic.severity.rank)
    fingerprint = _Fingerprints()
    run = sarif.Run(
        tool=sarif.Tool(driver=_driver(outcome)),
        column_kind="unicodeCodePoints",
        invocations=[
            sarif.Invocation(
                execution_successful=not failed,
                tool_execution_notifications=[_notification(diagnostic) for diagnostic in failed] or None,
            )
        ],
        results=[_result(diagnostic, indexes, fingerprint) for diagnostic in found],
    )
    log = sarif.SarifLog(version="2.1.0", schema_uri=SCHEMA, runs=[run])
    return json.dumps(_plain(log), indent=1) + "\n"


class _Fingerprints:
    """The hashes of the documents that have been asked about."""

    def __init__(self) -> None:
        self.by_path: dict[str, list[str]] = {}

    def __call__(self, place: Range) -> dict[str, str] | None:
        """The fingerprint of a place; None in a file that could not be read."""
        document = place.document
        if not document.text:
            return None
        hashes = self.by_path.setdefault(document.path, []) or line_hashes(document.text)
        self.by_path[document.path] = hashes
        line = place.first.line
        return {"primaryLocationLineHash": hashes[line - 1]} if line <= len(hashes) else None


def _driver(outcome: Outcome) -> sarif.ToolComponent:
    about = metadata("packlint")
    # Each is "label, address", as `project.urls` of pyproject.toml has them.
    addresses = [entry.partition(", ")[2] for entry in about.get_all("Project-URL") or ()]
    return sarif.ToolComponent(
        name="packlint",
        version=about["Version"],
        semantic_version=about["Version"],
        information_uri=addresses[0] if addresses else None,
        rules=[_rule(rule) for rule in outcome.rules],
    )


def _rule(rule: type[Rule]) -> sarif.ReportingDescriptor:
    return sarif.ReportingDescriptor(
        id=rule.name(),
        name=rule.__name__,
        short_description=sarif.MultiformatMessageString(text=_sentence(rule.summary())[:LONGEST]),
        full_description=sarif.MultiformatMessageString(text=_description(rule)),
        help=sarif.MultiformatMessageString(text=rule.page(), markdown=markdown(rule)),
        default_configuration=sarif.ReportingConfiguration(level=rule.severity.value),
        properties={
            "precision": rule.precision.value,
            "problem.severity": "recommendation" if rule.severity is Severity.NOTE else rule.severity.value,
            "tags": ["packer", rule.category.value],
        },
    )


def _description(rule: type[Rule]) -> str:
    """The rule's page without its references, cut after a sentence where it is too long."""
    text = " ".join(rule.page().partition("\nReferences:")[0].split())
    if len(text) <= LONGEST:
        return text
    cut = text.rfind(". ", 0, LONGEST)
    return text[: cut + 1] if cut > 0 else text[: LONGEST - 3] + "..."


def _result(diagnostic: Diagnostic, indexes: dict[str, int], fingerprint: _Fingerprints) -> sarif.Result:
    related = [
        _location(place.range, sarif.Message(text=_sentence(place.message)), number)
        for number, place in enumerate(diagnostic.related[:KEPT_PLACES], start=1)
    ]
    return sarif.Result(
        rule_id=diagnostic.rule,
        rule_index=indexes.get(diagnostic.rule, -1),
        level=diagnostic.severity.value,
        message=sarif.Message(text=" ".join(_sentences(diagnostic))),
        locations=[_location(diagnostic.range)],
        related_locations=related or None,
        partial_fingerprints=fingerprint(diagnostic.range),
    )


def _sentences(diagnostic: Diagnostic) -> Iterator[str]:
    """The message, the hint, and links to the related places: GitHub shows only those that are linked."""
    yield _sentence(diagnostic.message)
    if diagnostic.hint:
        yield _sentence(diagnostic.hint)
    related = diagnostic.related[:KEPT_PLACES]
    links = [f"[{_label(place.message)}]({number})" for number, place in enumerate(related, 1)]
    if links:
        more = len(diagnostic.related) - len(links)
        yield f"See {', '.join(links)}{f' and {more} more' if more else ''}."


def _sentence(text: str) -> str:
    """A message of the house as SARIF has it: with a capital letter and a final stop, and without a link."""
    text = _quoted(text).replace("](", "] (")
    return text[:1].upper() + text[1:] + ("" if text.endswith((".", "!", "?")) else ".")


def _label(text: str) -> str:
    """The text of a link: brackets and backslashes are escaped (SARIF 2.1.0, section 3.11.6)."""
    return re.sub(r"([\[\]\\])", r"\\\1", _quoted(text))


def _quoted(text: str) -> str:
    """Names in single quotes instead of backticks; what cannot be seen, or JSON cannot carry, escaped."""
    return _CODE.sub(lambda found: found[1] or "'", visible(shortened(text)))


def _notification(diagnostic: Diagnostic) -> sarif.Notification:
    return sarif.Notification(
        level="error",
        message=sarif.Message(text=_sentence(diagnostic.message)),
        locations=[_location(diagnostic.range)],
    )


def _location(place: Range, message: sarif.Message | None = None, number: int = -1) -> sarif.Location:
    return sarif.Location(
        id=number,
        message=message,
        physical_location=sarif.PhysicalLocation(
            artifact_location=sarif.ArtifactLocation(uri=_uri(place.document)), region=_region(place)
        ),
    )


def _region(place: Range) -> sarif.Region:
    first, last = place.first, place.last
    return sarif.Region(
        start_line=first.line, start_column=first.column, end_line=last.line, end_column=last.column
    )


def _uri(document: Document) -> str:
    """The path as a relative reference, every other character than letters, digits and `/-._~` encoded."""
    return quote(document.path.encode(errors="surrogateescape"))


_PROPERTIES: dict[type, tuple[tuple[str, str, object], ...]] = {}


def _properties(kind: type) -> tuple[tuple[str, str, object], ...]:
    """For a class of the object model: each attribute, its name in JSON and its default."""
    if kind not in _PROPERTIES:
        _PROPERTIES[kind] = tuple(
            (field.name, field.metadata["schema_property_name"], _default(field.default))
            for field in attr.fields(kind)
        )
    return _PROPERTIES[kind]


def _default(default: Any) -> object:
    return default.factory() if isinstance(default, attr.Factory) else default  # type: ignore[arg-type]


def _plain(thing: Any) -> Any:
    """Objects of the model as JSON has them; what has its default is left out, save levels.

    A result without a level has that of its rule, which is not the default of the schema.
    """
    if isinstance(thing, list):
        return [_plain(item) for item in thing]
    if not attr.has(type(thing)):
        return thing
    return {
        key: _plain(value)
        for name, key, default in _properties(type(thing))
        if (value := getattr(thing, name)) is not None and (value != default or name == "level")
    }
