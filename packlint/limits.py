"""Noun for what the machine that runs Packer bears at once."""

from __future__ import annotations

from packlint.record import record

MAX_PARALLEL = 4
"""Sources that are built at once where nobody says otherwise."""


@record
class Limits:
    """How many sources may be built at once, and what their machines may take together of this host.

    `memory` is in megabytes, `cpus` counts processors; None sets no limit.
    """

    max_parallel: int | None = None
    memory: int | None = None
    cpus: int | None = None

    def over(self, other: Limits) -> Limits:
        """What is said here, and where nothing is, what another says."""
        return Limits(
            other.max_parallel if self.max_parallel is None else self.max_parallel,
            other.memory if self.memory is None else self.memory,
            other.cpus if self.cpus is None else self.cpus,
        )
