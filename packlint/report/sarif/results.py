"""Diagnostics → results and notifications of SARIF."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import sarif_om as sarif

from packlint.diagnostic import Diagnostic, Suppression
from packlint.document import Range
from packlint.identity import fingerprints, identities
from packlint.named import NamedTuple
from packlint.outcome import Outcome
from packlint.report import Look
from packlint.report.carry import told
from packlint.report.fingerprint import LineHashes
from packlint.report.leaks import Leaks
from packlint.report.sarif.fixes import fix
from packlint.report.sarif.places import location
from packlint.report.sarif.plain import JsonObject, plain
from packlint.report.sarif.texts import label, sentence
from packlint.visible import visible

KEPT_PLACES = 100
"""GitHub shows that many related places of a result."""


class Told(NamedTuple):
    """A diagnostic, the address of the block or argument around it, and what it is known by in a baseline."""

    diagnostic: Diagnostic
    address: str
    key: str


def in_full(outcome: Outcome) -> list[Told]:
    """Everything that an outcome has, also what somebody has excused, in order.

    Which of several alike a diagnostic is does not depend on who asks for what was excused.
    """
    diagnostics = told(outcome, Look(suppressed=bool(outcome.suppressed)))
    named = identities(diagnostics, outcome.syntax)
    triples = zip(diagnostics, named, fingerprints(named), strict=True)
    return [Told(diagnostic, identity.address, key) for diagnostic, identity, key in triples]


class Results:
    """Makes results out of what is told.

    `indexes` has the places of the rules in the tool's list, `secrets` what must not be shown. With
    `suppressions` each result says whether it is excused, as SARIF wants it from all or from none.
    """

    def __init__(self, indexes: dict[str, int], secrets: Iterable[Range], suppressions: bool) -> None:
        self._indexes = indexes
        self._leaks = Leaks(secrets)
        self._suppressions = suppressions
        self._hashes = "", LineHashes("")

    def result(self, it: Told) -> JsonObject:
        """A finding at its place, with links to those that explain it, and its fix."""
        diagnostic = it.diagnostic
        related = [
            location(place.range, plain(sarif.Message, text=sentence(place.message)), number)
            for number, place in enumerate(diagnostic.related[:KEPT_PLACES], start=1)
        ]
        mended = fix(diagnostic.fix, self._leaks) if diagnostic.fix else None
        suppression = diagnostic.suppression
        return plain(
            sarif.Result,
            rule_id=diagnostic.rule,
            rule_index=self._indexes.get(diagnostic.rule, -1),
            level=diagnostic.severity.value,
            message=plain(sarif.Message, text=" ".join(_sentences(diagnostic))),
            locations=[self._location(it)],
            related_locations=related or None,
            partial_fingerprints=self._fingerprints(it),
            fixes=[mended] if mended else None,
            suppressions=([_suppressed(suppression)] if suppression else []) if self._suppressions else None,
        )

    def _location(self, it: Told) -> JsonObject:
        """The place, with its address: names that somebody chose, which may be a secret put there."""
        told = it.address and not self._leaks.tells(it.address)
        return location(it.diagnostic.range, address=visible(it.address) if told else None)

    def _fingerprints(self, it: Told) -> dict[str, str]:
        """Our own, and GitHub's but for a file that could not be read, or not as GitHub reads it."""
        own = {"packlint/v1": it.key}
        place = it.diagnostic.range
        document = place.document
        if not document.text or document.undecoded:
            return own
        if document.path != self._hashes[0]:
            text = f"\ufeff{document.text}" if document.marked else document.text
            self._hashes = document.path, LineHashes(text)
        hashes, line = self._hashes[1], place.first.line
        return {"primaryLocationLineHash": hashes[line - 1], **own} if line <= len(hashes) else own


def notification(diagnostic: Diagnostic) -> JsonObject:
    """A failure of packlint's own, which is no result."""
    return plain(
        sarif.Notification,
        level="error",
        message=plain(sarif.Message, text=sentence(diagnostic.message)),
        locations=[location(diagnostic.range)],
    )


def _suppressed(suppression: Suppression) -> JsonObject:
    """Who has excused a result. The object model has `state`, as a draft of SARIF had, for `status`."""
    said: JsonObject = {
        "kind": "inSource" if suppression.kind == "waiver" else "external",
        "status": "accepted",
    }
    if suppression.reason:
        said["justification"] = sentence(suppression.reason)
    if suppression.range:
        said["location"] = location(suppression.range)
    return said


def _sentences(diagnostic: Diagnostic) -> Iterator[str]:
    """The message, the hint, and links to the related places: GitHub shows only those that are linked."""
    yield sentence(diagnostic.message)
    if diagnostic.hint:
        yield sentence(diagnostic.hint)
    related = diagnostic.related[:KEPT_PLACES]
    links = [f"[{label(place.message)}]({number})" for number, place in enumerate(related, 1)]
    if links:
        more = len(diagnostic.related) - len(links)
        yield f"See {', '.join(links)}{f' and {more} more' if more else ''}."
