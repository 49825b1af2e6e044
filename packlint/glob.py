"""A pattern of `--only` or `--except` → the names that it is like.

Packer takes them for globs of gobwas without separators (hcl2template/utils.go).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from packlint.record import record

ANY = None
"""The token of `*`."""


class InvalidPatternError(ValueError):
    """A pattern that Packer refuses, and why."""


@record
class One:
    """One character from any of the `ranges`; `negated`, from none of them."""

    ranges: tuple[tuple[str, str], ...] = ()
    negated: bool = False

    def takes(self, character: str) -> bool:
        """Whether it is such a character."""
        return any(first <= character <= last for first, last in self.ranges) is not self.negated


Tokens = Sequence[One | None]
"""What a name has to be, character after character; None is any run of them."""

ANY_ONE = One(negated=True)
NOTHING = One()


def exactly(characters: str, negated: bool = False) -> One:
    """One of these characters, or none of them."""
    return One(tuple((character, character) for character in characters), negated)


def like(tokens: Tokens, name: str) -> bool:
    """Whether the tokens are like all of a name; the time is at most the product of the two lengths."""
    at, here, star, from_ = 0, 0, -1, 0
    while here < len(name):
        token = tokens[at] if at < len(tokens) else NOTHING
        if token is ANY:
            star, from_, at = at, here, at + 1
        elif token.takes(name[here]):
            at, here = at + 1, here + 1
        elif star >= 0:  # the last `*` takes one character more
            from_ += 1
            at, here = star + 1, from_
        else:
            return False
    return all(token is ANY for token in tokens[at:])


@record
class Glob:
    """A compiled pattern."""

    tokens: tuple[One | None, ...]

    def matches(self, name: str) -> bool:
        """Whether the pattern is like all of the name."""
        return like(self.tokens, name)


def literal(name: str) -> Glob:
    """The glob that is like this name and no other."""
    return Glob(tuple(exactly(character) for character in name))


def compiled(pattern: str) -> Glob:
    r"""A pattern of `--only` or `--except`; raises InvalidPatternError.

    `*` is any text, dots included, `?` any character, `[a-c]`, `[xyz]` and `[!…]` one of these, and `\`
    takes the meaning from what follows. Braces may stand around a part; alternatives cannot, since the
    command line is split at commas (github.com/gobwas/glob, `lexer.go`).
    """
    return Glob(tuple(_tokens(pattern)))


def _tokens(pattern: str) -> Iterator[One | None]:
    at = braces = 0
    while at < len(pattern):
        character = pattern[at]
        at += 1
        if character == "*":
            yield ANY
        elif character == "?":
            yield ANY_ONE
        elif character == "[":
            class_, at = _class(pattern, at)
            yield class_
        elif character == "{":
            braces += 1
        elif character == "}" and braces:
            braces -= 1
        elif character == "\\":
            if at < len(pattern):
                yield exactly(pattern[at])
            at += 1
        else:
            yield exactly(character)


def _class(pattern: str, at: int) -> tuple[One, int]:
    """The class of characters that begins behind a `[`, and where it ends."""
    negated = pattern[at : at + 1] == "!"
    at += negated
    if pattern[at + 1 : at + 2] == "-":
        low, high = pattern[at], pattern[at + 2 : at + 3]
        if not high or pattern[at + 3 : at + 4] != "]":
            raise InvalidPatternError("a range such as `[a-c]` is not closed")
        if high < low:
            raise InvalidPatternError(f'"{high}" comes before "{low}"')
        return One(((low, high),), negated), at + 4
    characters = ""
    while pattern[at : at + 1] not in ("]", ""):
        at += pattern[at] == "\\"
        characters += pattern[at : at + 1]
        at += 1
    if at >= len(pattern):
        raise InvalidPatternError("a `[` is not closed")
    if not characters:
        raise InvalidPatternError("a `[]` is empty")
    return exactly(characters, negated), at + 1
