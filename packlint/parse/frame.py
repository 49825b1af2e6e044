"""What a scan keeps: the tokens and comments it has found, and the brackets that wait for their end."""

from __future__ import annotations

from collections.abc import Sequence

from packlint.parse.problem import Problem
from packlint.parse.token import Token
from packlint.record import field, record

BODIES = frozenset(("file", "block"))
CLOSES = {"RPAR": "(", "RSQB": "[", "RBRACE": "{"}
"""Of a token that closes a bracket, the bracket that it closes."""

_OPENER = {"[for": "[", "block": "{", "object": "{", "for": "{", "${": "{", "%{": "{"}


@record(frozen=False)
class Frame:
    """An opened bracket, quote or heredoc that waits for its end.

    `kind` is the opening bracket itself, "block", "object" or "for" for a brace, "[for" for a bracket that
    begins a `for` expression, or "<<" for a heredoc; the whole file is a frame of kind "file".
    """

    kind: str
    start: int
    end: int
    marker: str = ""
    indent: int = -1  # of its line, where somebody has looked

    @property
    def opener(self) -> str:
        """The bracket, quote or sign that began it."""
        return _OPENER.get(self.kind, self.kind)

    @property
    def has_keywords(self) -> bool:
        """Whether `in` and `if` mean more here than names."""
        return self.kind in ("for", "[for", "%{")


@record(frozen=False)
class Scan:
    """All tokens up to the end or the first `problem`, the comments, and what was still open there."""

    tokens: list[Token] = field(default_factory=list)
    comments: list[tuple[int, int]] = field(default_factory=list)
    frames: list[Frame] = field(default_factory=list)
    problem: Problem | None = None

    def shift(self, by: int) -> None:
        """Moves all offsets: the text that was scanned is a part of another."""
        for token in self.tokens:
            token.start_pos += by
            token.end_pos += by
            if isinstance(token.detail, list):
                token.detail = [at + by for at in token.detail]
        self.comments = [(start + by, end + by) for start, end in self.comments]
        if self.problem is not None:
            self.problem = self.problem.shifted(by)

    def place(self, places: Sequence[int]) -> None:
        """Moves tokens and the problem to where `places` has each offset of the text that was scanned."""
        for token in self.tokens:
            token.start_pos, token.end_pos = places[token.start_pos], places[token.end_pos]
            if isinstance(token.detail, list):
                token.detail = [places[at] for at in token.detail]
        if self.problem is not None:
            self.problem = self.problem.placed(places)
