"""Did you mean?"""

from __future__ import annotations

import pytest

from packlint.suggest import suggest


@pytest.mark.parametrize(
    ("word", "candidates", "expected"),
    [
        ("sorce", ["build", "source"], "source"),
        ("ssh_user", ["ssh-user", "other"], "ssh-user"),
        ("Region", ["region"], "region"),
        ("amazon", ["qemu", "docker"], None),
        ("x", [], None),
        ("same", ["same"], None),
        ("sorce", [f"x{number}" for number in range(1000)] + ["source"], "source"),
        ("near1001", [f"near{number}" for number in range(1000)], None),
        ("s" * 200, ["s" * 201], None),
    ],
)
def test_the_nearest_candidate(word: str, candidates: list[str], expected: str | None) -> None:
    assert suggest(word, candidates) == expected
    assert suggest(word, set(candidates)) == expected
