"""An outcome → SARIF 2.1.0, in the subset and within the limits of GitHub code scanning."""

from __future__ import annotations

import sarif_om as sarif

from packlint.outcome import Outcome
from packlint.quantity import count
from packlint.report import PLAIN, Look
from packlint.report.carry import INTERNAL, json_text
from packlint.report.sarif.plain import JsonObject, plain
from packlint.report.sarif.results import Results, Told, in_full, notification
from packlint.report.sarif.tool import driver, taxonomies
from packlint.report.tally import by_severity
from packlint.visible import visible

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"


def render(outcome: Outcome, look: Look = PLAIN) -> str:
    """One run in JSON, in ASCII and thus the same in every encoding.

    packlint's own failures are notifications of the run and not results, and what is left out because it is
    more than `look.limit` is told in one. Results are in the outcome's order, or the most severe first where
    some are left out, excused ones last. Code is never quoted but by fixes, which write no secret: a snippet
    would show with the line whatever else stands in it. Nothing is said of where the checked root lies and
    which revision it is of: a report is the same on every machine, and only version control knows the other.
    """
    shown = [it for it in in_full(outcome) if look.suppressed or it.diagnostic.suppression is None]
    failed = [it.diagnostic for it in shown if it.diagnostic.rule == INTERNAL]
    found, left = _kept([it for it in shown if it.diagnostic.rule != INTERNAL], look.limit)
    notifications = [*map(notification, failed), *([_left_out(left, look.limit)] if left else [])]
    indexes = {rule.name(): index for index, rule in enumerate(outcome.rules)}
    results = Results(indexes, outcome.sensitive, look.suppressed)
    run = plain(
        sarif.Run,
        tool=plain(sarif.Tool, driver=driver(outcome.rules)),
        automation_details=_details(look.category) if look.category else None,
        column_kind="unicodeCodePoints",
        invocations=[
            plain(
                sarif.Invocation,
                execution_successful=not failed,
                tool_execution_notifications=notifications or None,
            )
        ],
        taxonomies=taxonomies(outcome.rules) or None,
        results=map(results.result, found),
    )
    return json_text(plain(sarif.SarifLog, version="2.1.0", schema_uri=SCHEMA, runs=[run]))


def _kept(found: list[Told], limit: int) -> tuple[list[Told], list[Told]]:
    """What is reported and what is left out: excused ones first, then the mildest, then the last."""
    if len(found) <= limit:
        return found, []
    by_weight = sorted(
        found, key=lambda it: (it.diagnostic.suppression is not None, -it.diagnostic.severity.rank)
    )
    return by_weight[:limit], by_weight[limit:]


def _left_out(left: list[Told], limit: int) -> JsonObject:
    kinds = ", ".join(told for _, told in by_severity(it.diagnostic.severity for it in left))
    text = f"{count(len(left), 'result')} more than the limit of {limit}, left out: {kinds}."
    return plain(sarif.Notification, level="warning", message=plain(sarif.Message, text=text))


def _details(category: str) -> JsonObject:
    """The category; the slash at its end tells that it names all runs of it, and not one of them."""
    return plain(sarif.RunAutomationDetails, id=visible(category).rstrip("/") + "/")
