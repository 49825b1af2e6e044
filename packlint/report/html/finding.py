"""Diagnostics → what the page shows of each: its sentences, its code and its fix, free of secrets."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from packlint.diagnostic import Diagnostic, Fix, Related
from packlint.document import Range
from packlint.named import NamedTuple
from packlint.quantity import count
from packlint.report.carry import INTERNAL, excuse, hints
from packlint.report.excerpt import Line, excerpt
from packlint.report.frame import SHOWN_PLACES, shortened
from packlint.report.leaks import Leaks
from packlint.report.mask import Mask
from packlint.report.patch import Patch, patches
from packlint.report.prose import Prose, prose
from packlint.visible import visible


class FixView(NamedTuple):
    """A fix; one that would show a `secret` has no patches."""

    message: Prose
    safe: bool
    secret: bool
    patches: tuple[Patch, ...]


class RelatedView(NamedTuple):
    """A related place with its label."""

    message: Prose
    place: str
    lines: tuple[Line, ...]


class FindingView(NamedTuple):
    """A finding; `rule_id` is the id of its rule on the page, `trace` a traceback in the place of a hint."""

    id: str
    rule: str
    rule_id: str | None
    severity: str
    path: str
    place: str
    message: Prose
    lines: tuple[Line, ...]
    related: tuple[RelatedView, ...]
    more_related: str
    hint: Prose
    trace: tuple[str, ...]
    fix: FixView | None
    excuse: str


class Findings:
    """Makes views of diagnostics; knows what is secret, and the ids of the rules on the page."""

    def __init__(self, sensitive: Iterable[Range], rule_ids: Mapping[str, str]) -> None:
        sensitive = tuple(sensitive)
        self._leaks = Leaks(sensitive)
        self._mask = Mask(sensitive)
        self._rule_ids = rule_ids

    def views(self, diagnostics: Iterable[Diagnostic], id_: str) -> Iterator[FindingView]:
        """The diagnostics with ids that are numbered."""
        for number, diagnostic in enumerate(diagnostics, 1):
            yield self._view(diagnostic, f"{id_}-{number}")

    def _view(self, it: Diagnostic, id_: str) -> FindingView:
        said = hints(it)
        more = len(it.related) - SHOWN_PLACES
        return FindingView(
            id=id_,
            rule=it.rule,
            rule_id=self._rule_ids.get(it.rule),
            severity=it.severity.value,
            path=it.range.document.path,
            place=_place(it.range),
            message=prose(it.message),
            lines=tuple(excerpt(it.range, self._mask)),
            related=tuple(map(self._related, it.related[:SHOWN_PLACES])),
            more_related=count(more, "more place") if more > 0 else "",
            hint=prose(it.hint or "") if it.rule != INTERNAL else (),
            trace=tuple(said) if it.rule == INTERNAL else (),
            fix=self._fix(it.fix) if it.fix else None,
            excuse=excuse(it.suppression) if it.suppression else "",
        )

    def _related(self, it: Related) -> RelatedView:
        return RelatedView(prose(it.message), _place(it.range), tuple(excerpt(it.range, self._mask, 0)))

    def _fix(self, fix: Fix) -> FixView:
        secret = self._leaks(fix)
        return FixView(prose(fix.message), fix.safe, secret, () if secret else patches(fix, self._mask))


def _place(place: Range) -> str:
    line, column = place.first
    return f"{shortened(visible(place.document.path))}:{line}:{column}"
