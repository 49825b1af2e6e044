"""Did you mean?"""

from __future__ import annotations

import pytest

from packlint import suggest as module
from packlint.suggest import MOST_GUESSES, Guesses, suggest, unabbreviated


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


@pytest.mark.parametrize(
    ("word", "expected"),
    [("dest", "destination"), ("des", None), ("source", None), ("destinations", None), ("nothing", None)],
)
def test_the_beginning_of_one_candidate_alone(word: str, expected: str | None) -> None:
    assert unabbreviated(word, ["destination", "source_path", "source_url"]) == expected


def test_each_word_is_guessed_at_once_and_few_are(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    monkeypatch.setattr(module, "suggest", lambda word, among: asked.append(word) or f"like {word}")
    guesses = Guesses(["known"])
    words = [f"w{number}" for number in range(MOST_GUESSES + 5)]
    for _ in range(2):
        assert [guesses.near(word) for word in words] == [
            *(f"like {word}" for word in words[:MOST_GUESSES]),
            *[None] * 5,
        ]
    assert asked == words[:MOST_GUESSES]
