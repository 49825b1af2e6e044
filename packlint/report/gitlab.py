"""An outcome → GitLab's Code Quality report, by which a merge request tells new findings from old ones.

The format is in GitLab's documentation, `ci/testing/code_quality`: findings of one fingerprint are shown as
one, and a finding whose fingerprint the target branch has too is not new.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from typing import TYPE_CHECKING

from packlint.diagnostic import Severity
from packlint.report import PLAIN, Look
from packlint.report.carry import json_text, sentence, utf8
from packlint.report.mask import Mask
from packlint.visible import visible

if TYPE_CHECKING:
    from packlint.diagnostic import Diagnostic
    from packlint.document import Range
    from packlint.outcome import Outcome

SEVERITIES = {Severity.ERROR: "critical", Severity.WARNING: "major", Severity.NOTE: "info"}

NEAR = 200
"""Characters on either side of a finding's start by which it is known; a line may be a whole file."""


def render(outcome: Outcome, look: Look = PLAIN) -> str:
    """An array with an object for each finding, in order."""
    fingerprint = _Fingerprints(Mask(outcome.sensitive))
    return json_text(_issue(diagnostic, fingerprint) for diagnostic in outcome.diagnostics)


def _issue(diagnostic: Diagnostic, fingerprint: _Fingerprints) -> dict[str, object]:
    return {
        "description": sentence(diagnostic),
        "check_name": visible(diagnostic.rule),
        "fingerprint": fingerprint(diagnostic),
        "severity": SEVERITIES[diagnostic.severity],
        "location": {
            "path": utf8(diagnostic.range.document.path),
            "lines": {"begin": diagnostic.range.first.line},
        },
    }


class _Fingerprints:
    """Hashes that stay when lines above come and go; secrets are masked, so that nobody can guess them."""

    def __init__(self, mask: Mask) -> None:
        self.mask = mask
        self.seen: Counter[tuple[str, str, str]] = Counter()

    def __call__(self, diagnostic: Diagnostic) -> str:
        """SHA-256 of the rule, the path, the line without its margin, and how often these were before."""
        key = (diagnostic.rule, diagnostic.range.document.path, self._line(diagnostic.range))
        self.seen[key] += 1
        told = "\0".join((*key, str(self.seen[key])))
        return hashlib.sha256(told.encode("utf-8", "surrogatepass")).hexdigest()

    def _line(self, place: Range) -> str:
        text = place.document.text
        first = max(place.document.line_starts[place.first.line - 1], place.start - NEAR)
        line = text[first : place.start + NEAR].partition("\n")[0]
        return self.mask.over(place.document, first, line).strip()
