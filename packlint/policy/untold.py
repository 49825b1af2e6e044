"""An outcome → the same without the secrets that messages of policies speak of."""

from __future__ import annotations

from packlint.diagnostic import Diagnostic
from packlint.outcome import Outcome
from packlint.policy.discreet import secret_texts
from packlint.policy.rule import PolicyRule
from packlint.record import replace
from packlint.report.leaks import Leaks
from packlint.secrets.names import is_throw_away


def untold(outcome: Outcome) -> Outcome:
    """The outcome; where a message has a secret in it, the summary of the policy stands in its place.

    Words that the policy's own file has are none, nor are passwords that everybody knows.
    """
    policies = {rule.name(): rule for rule in outcome.rules if issubclass(rule, PolicyRule)}
    places = (it for it in outcome.sensitive if not is_throw_away(it.text.strip("\"'")))
    leaks = Leaks(places, secret_texts(outcome.components))

    def told(it: Diagnostic) -> Diagnostic:
        policy = policies.get(it.rule)
        return it if policy is None else leaks.without(it, policy.summary(), policy.sheet.document.text)

    return replace(
        outcome,
        diagnostics=tuple(map(told, outcome.diagnostics)),
        suppressed=tuple(map(told, outcome.suppressed)),
    )
