"""SARIF: what somebody has excused."""

from __future__ import annotations

import json
from typing import Any

from packlint.diagnostic import Diagnostic, Severity, Suppression
from packlint.document import Document, Range
from packlint.outcome import Outcome
from packlint.record import replace
from packlint.report import Look, render

DOCUMENT = Document("x.pkr.hcl", "# packlint: ignore[odd] it is\nbuild {}\nbuild {}\nbuild {}\n")
WAIVER = Range(DOCUMENT, 0, 29)
ERROR = Diagnostic("odd", Severity.ERROR, "it is odd", Range(DOCUMENT, 30, 35))
NOTE = replace(ERROR, severity=Severity.NOTE, range=Range(DOCUMENT, 39, 44))
LAST = replace(NOTE, range=Range(DOCUMENT, 48, 53))
EXCUSED = replace(ERROR, suppression=Suppression("waiver", "see `docs` [here](x)\x1b", WAIVER))
OUTCOME = Outcome((NOTE,), (), 1, 1, suppressed=(EXCUSED,))


def results(outcome: Outcome, look: Look) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(render("sarif", outcome, look))["runs"][0]["results"]
    return found


def test_nothing_is_said_of_them_unless_asked_for() -> None:
    (result,) = results(OUTCOME, Look())
    assert result["level"] == "note"
    assert "suppressions" not in result


def test_each_result_says_who_excused_it_or_that_nobody_did() -> None:
    excused, other = results(OUTCOME, Look(suppressed=True))
    assert other["suppressions"] == []
    assert excused["suppressions"] == [
        {
            "kind": "inSource",
            "status": "accepted",
            "justification": "See 'docs' [here] (x)\\x1b.",
            "location": {
                "physicalLocation": {
                    "artifactLocation": {"uri": "x.pkr.hcl"},
                    "region": {"startLine": 1, "startColumn": 1, "endLine": 1, "endColumn": 30},
                }
            },
        }
    ]


def test_settings_and_baselines_stand_elsewhere() -> None:
    for kind in ("settings", "baseline"):
        outcome = replace(OUTCOME, suppressed=(replace(ERROR, suppression=Suppression(kind)),))
        (excused, _) = results(outcome, Look(suppressed=True))
        assert excused["suppressions"] == [{"kind": "external", "status": "accepted"}]


def test_they_are_left_out_before_all_others() -> None:
    for look in (Look(suppressed=True, limit=1), Look(limit=1)):
        assert [it["level"] for it in results(OUTCOME, look)] == ["note"]


def test_the_same_finding_has_the_same_fingerprints_whoever_asks() -> None:
    # The three are alike but for their lines, and are told apart by their number.
    outcome = replace(OUTCOME, diagnostics=(NOTE, LAST))
    some, all_of_them = results(outcome, Look()), results(outcome, Look(suppressed=True))
    assert [it["partialFingerprints"] for it in some] == [
        it["partialFingerprints"] for it in all_of_them if not it["suppressions"]
    ]
    assert len({it["partialFingerprints"]["packlint/v1"] for it in all_of_them}) == 3
