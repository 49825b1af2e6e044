"""An outcome → all that its page shows, in the order of the page and as plain data."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from packlint.diagnostic import Diagnostic, Severity
from packlint.named import NamedTuple
from packlint.outcome import Outcome
from packlint.quantity import count
from packlint.report import PLAIN, Look
from packlint.report.address import page_of
from packlint.report.carry import tool_version
from packlint.report.html.chains import Chains, chains
from packlint.report.html.finding import Findings, FindingView
from packlint.report.prose import Prose, prose
from packlint.report.tally import SEVERITIES, by_rule, by_severity, fixes, style_of, summary
from packlint.rule import Fixable, Rule

MOST = 3000
"""Findings that are shown with their code, the most severe ones of more; a browser has to hold them all."""

MOST_EXCUSED = 500

Counts = tuple[tuple[str, str], ...]
"""A severity and how many findings have it, in words; those that none has are left out."""


class Fact(NamedTuple):
    """A number at the head of the page; `share` is how much it is of all findings, in percent."""

    name: str
    number: int
    severity: str = ""
    share: int | None = None


class FileView(NamedTuple):
    """The findings of one file. `only` names the class by which the file is hidden with all its findings."""

    id: str
    path: str
    number: int
    counts: Counts
    only: str
    findings: tuple[FindingView, ...]


class Place(NamedTuple):
    """A finding as it is told below its rule; `id` is that of the finding itself."""

    id: str
    severity: str
    place: str
    message: Prose


class RuleView(NamedTuple):
    """A rule with findings; `kind` has its category and its fixes in words."""

    id: str
    name: str
    summary: Prose
    kind: str
    address: str | None
    number: int
    counts: Counts
    only: str
    places: tuple[Place, ...]
    left_out: int


class Page(NamedTuple):
    """What the template of the page is given; `sections` are names and ids."""

    version: str
    title: str
    headline: str
    more: tuple[Prose, ...]
    facts: tuple[Fact, ...]
    sections: tuple[tuple[str, str], ...]
    severities: tuple[str, ...]
    rules: tuple[RuleView, ...]
    files: tuple[FileView, ...]
    left_out: str
    excused: tuple[FileView, ...]
    excused_left_out: str
    chain: Chains | None


def page(outcome: Outcome, look: Look = PLAIN) -> Page:
    """The page of an outcome; excused findings are in it where they are wanted."""
    shown = _worst(outcome.diagnostics, MOST)
    excused = _worst(outcome.suppressed, MOST_EXCUSED) if look.suppressed else []
    names = sorted({diagnostic.rule for diagnostic in outcome.diagnostics})
    ids = {name: f"rule-{_plain(name) or number}" for number, name in enumerate(names, 1)}
    findings = Findings(outcome.sensitive, ids)
    files = tuple(_files(findings.views(shown, "finding"), "file"))
    excused_files = tuple(_files(findings.views(excused, "excused"), "excused-file"))
    headline, *more = summary(outcome, style_of(PLAIN)).splitlines()
    drawn = chains(outcome.links, outcome.configurations, outcome.sensitive)
    sections = (
        ("By rule", "by-rule", files),
        ("By file", "by-file", files),
        ("Excused", "excused", excused_files),
        ("Chains", "chains", drawn),
    )
    return Page(
        version=tool_version(),
        title=headline[:1].lower() + headline[1:],
        headline=headline,
        more=tuple(map(prose, more)),
        facts=tuple(_facts(outcome)),
        sections=tuple((name, id_) for name, id_, there in sections if there),
        severities=tuple(it.value for it in SEVERITIES if any(d.severity is it for d in (*shown, *excused))),
        rules=tuple(_rules(outcome, ids, files)),
        files=files,
        left_out=_left_out(len(outcome.diagnostics) - len(shown)),
        excused=excused_files,
        excused_left_out=_left_out(len(outcome.suppressed) - len(excused)) if excused else "",
        chain=drawn,
    )


def _worst(diagnostics: Sequence[Diagnostic], most: int) -> list[Diagnostic]:
    """The diagnostics in order, the mildest left out where there are too many."""
    kept = sorted(diagnostics, key=lambda it: -it.severity.rank)[:most]
    return sorted(kept, key=lambda it: it.order)


def _left_out(number: int) -> str:
    if number <= 0:
        return ""
    return f"Not in this report: {count(number, 'more finding')}, none of them graver than those that are."


def _facts(outcome: Outcome) -> Iterator[Fact]:
    total = len(outcome.diagnostics)
    for severity in SEVERITIES:
        number = outcome.count(severity)
        yield Fact(f"{severity.value}s", number, severity.value, round(100 * number / total) if total else 0)
    safe, unsafe = fixes(outcome.diagnostics)
    yield Fact("safe fixes", safe)
    yield Fact("unsafe fixes", unsafe)
    yield Fact("files", outcome.documents)
    yield Fact("templates", outcome.templates)


def _plain(name: str) -> str:
    """The name of a rule where it can be an id as it is."""
    return name if name.isascii() and name.replace("-", "").isalnum() else ""


def _files(findings: Iterable[FindingView], id_: str) -> Iterator[FileView]:
    by_path = groupby(findings, key=lambda it: it.path)
    for number, (path, among) in enumerate(by_path, 1):
        of = tuple(among)
        counts = _counts(Severity(it.severity) for it in of)
        yield FileView(f"{id_}-{number}", path, len(of), counts, _only(counts), of)


def _counts(severities: Iterable[Severity]) -> Counts:
    return tuple((severity.value, told) for severity, told in by_severity(severities))


def _only(counts: Counts) -> str:
    return "-".join(("only", *(severity for severity, _ in counts)))


def _rules(outcome: Outcome, ids: dict[str, str], files: Iterable[FileView]) -> Iterator[RuleView]:
    """The rules with findings, the most severe and then the most frequent first."""
    known = {rule.name(): rule for rule in outcome.rules}
    places: dict[str, list[Place]] = {name: [] for name in ids}
    for finding in (it for file in files for it in file.findings):
        places[finding.rule].append(Place(finding.id, finding.severity, finding.place, finding.message))
    for name, found in by_rule(outcome.diagnostics):
        rule = known.get(name)
        counts = _counts(it.severity for it in found)
        yield RuleView(
            ids[name],
            name,
            prose(rule.summary()) if rule else (),
            _kind(rule) if rule else "",
            page_of(rule) if rule else None,
            len(found),
            counts,
            _only(counts),
            tuple(places[name]),
            len(found) - len(places[name]),
        )


def _kind(rule: type[Rule]) -> str:
    mended = {Fixable.NO: "no fix", Fixable.SAFE: "has fixes", Fixable.UNSAFE: "has unsafe fixes"}
    return f"{rule.category.value}, {mended[rule.fixable]}"
