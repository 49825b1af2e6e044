"""What policies have computed → an error where all those of a run together compute too much."""

from __future__ import annotations

from collections import Counter

from packlint.errors import PolicyError
from packlint.policy.policy import Policy

STEPS = 10_000_000
"""What all policies of a run may compute together, far above what those do that are meant well."""

STEPS_EACH = 500
"""What each may compute beyond that for every block that it looks at; most take less than half of it."""


class Pool:
    """How much the policies of a run may still compute; each has a limit of its own beside it."""

    def __init__(self) -> None:
        self.left = STEPS
        self._spent: Counter[Policy] = Counter()

    def take(self, policy: Policy, steps: int) -> None:
        """Takes what a policy has computed for one block.

        Raises PolicyError, which names the one that has computed the most, where nothing is left.
        """
        self.left += STEPS_EACH - steps
        self._spent[policy] += steps
        if self.left < 0:
            ((heaviest, _),) = self._spent.most_common(1)
            message = f"the policies compute too much together, and `{heaviest.name}` the most of it"
            raise PolicyError(message, "let it go through less", heaviest.name_range)
