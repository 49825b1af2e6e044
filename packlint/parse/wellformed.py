"""Tokens → the first thing that python-hcl2's grammar lets pass and HCL does not.

The rules are those of hclsyntax's `parser.go` (ParseBody, finishParsingBodyBlock, parseSingleAttrBody,
parseObjectCons): line breaks separate the items of a body and, besides commas, those of an object.
"""

from __future__ import annotations

from packlint.parse import message
from packlint.parse.problem import Problem
from packlint.parse.token import CLOSING, LABEL, NEWLINE, OPENING, STRING, Token, ends_operand
from packlint.record import field, record

# where in an item: before it, before its `=` or `{`, behind its `=`, behind its `}`, where none can begin
_START, _HEADER, _VALUE, _CLOSED, _ASTRAY = range(5)
_STARTS = frozenset(("NAME", STRING, "DBLQUOTE", "INT_LITERAL", "FLOAT_LITERAL", "NOT", "LBRACE"))
_BRACKETS = OPENING | CLOSING | {"DBLQUOTE"}


@record(frozen=False)
class _Frame:
    """An open bracket or string; for a body also where in an item it stands."""

    kind: str
    state: int = _START
    one_line: bool = False
    item: Token | None = None
    conditions: int = 0  # `?` that wait for their `:`
    names: dict[str, Token] = field(default_factory=dict)


@record(frozen=False)
class Verdict:
    """`end` counts the tokens before `problem`; `repeated` are arguments set twice, which end nothing.

    `pending` is the name at the end of the tokens that neither `=` nor `{` followed.
    """

    end: int
    problem: Problem | None = None
    repeated: list[Problem] = field(default_factory=list)
    pending: Token | None = None


def check(tokens: list[Token]) -> Verdict:
    """Looks at all tokens; strings that are labels change their type to `LABEL`."""
    verdict = Verdict(len(tokens))
    frame = _Frame("file")
    frames = [frame]
    before: Token | None = None
    for index, token in enumerate(tokens):
        kind, name = frame.kind, token.type
        problem = None
        if kind in ("file", "block"):
            problem = _in_body(frame, tokens, index, verdict)
            if frame.state == _ASTRAY:
                problem = message.no_item(tokens[index : index + 3], index == 0)
        elif kind == "object":
            problem = _in_object(token, before)
        if problem is not None:
            verdict.end, verdict.problem = index, problem
            break
        if name in _BRACKETS:
            frame = _entered(frames, token, tokens[index + 1] if index + 1 < len(tokens) else None)
        before = token
    if frame.state == _HEADER and before is frame.item:
        verdict.pending = before
    return verdict


def _entered(frames: list[_Frame], token: Token, following: Token | None) -> _Frame:
    """The innermost frame behind a token."""
    name = token.type
    if name in OPENING or (name == "DBLQUOTE" and token.detail != "end"):
        frame = _Frame(str(token.detail or name))
        if frame.kind == "block":
            frame.one_line = following is not None and following.type not in (NEWLINE, "RBRACE")
        frames.append(frame)
    elif len(frames) > 1 and (name in CLOSING or name == "DBLQUOTE"):
        closed = frames.pop()
        if closed.kind == "block":
            frames[-1].state = _CLOSED
    return frames[-1]


def _in_body(frame: _Frame, tokens: list[Token], index: int, verdict: Verdict) -> Problem | None:
    token = tokens[index]
    name = token.type
    if frame.state == _START:
        if name == "NAME":
            frame.state, frame.item = _HEADER, token
        elif name != NEWLINE and not (name == "RBRACE" and frame.kind == "block"):
            frame.state = _ASTRAY
        return None
    if frame.state == _HEADER:
        return _in_header(frame, tokens, index, verdict)
    if frame.state == _VALUE:
        frame.conditions += (name == "QMARK") - (name == "COLON")
        return _in_value(frame, token, tokens[index - 1])
    if name == NEWLINE:
        frame.state = _START
        return None
    return message.after_block(token)


def _in_header(frame: _Frame, tokens: list[Token], index: int, verdict: Verdict) -> Problem | None:
    token = tokens[index]
    name = token.type
    assert frame.item is not None
    alone = tokens[index - 1] is frame.item
    if name == "EQ" and alone:
        frame.state, frame.conditions = _VALUE, 0
        first = frame.names.setdefault(frame.item.value, frame.item)
        if first is not frame.item:
            item, place = frame.item, (first.start_pos, first.end_pos)
            verdict.repeated.append(message.repeated(item.start_pos, item.end_pos, item.value, place))
        return None
    if name == STRING:
        token.type = LABEL
        return None
    if name == "LBRACE":
        return message.on_one_line(token) if frame.one_line else None
    if name == "NAME":
        return None
    labels = 0
    while tokens[index - 1 - labels] is not frame.item:
        labels += 1
    return message.bad_header(frame.item, tokens[index - 1 : index + 3], labels)


def _in_value(frame: _Frame, token: Token, before: Token | None) -> Problem | None:
    name = token.type
    if not ends_operand(before):
        return message.no_expression(before, token) if name == NEWLINE and before else None
    if name == NEWLINE:
        if frame.conditions > 0:
            return message.no_otherwise(token)
        if frame.one_line:
            return message.on_one_line(token)
        frame.state = _START
        return None
    if name == "COMMA":
        return message.comma_in_body(token, frame.one_line)
    if name == "RBRACE" and frame.kind == "block":
        return None if frame.one_line else message.no_newline(token, before)
    return message.no_newline(token, before) if name in _STARTS else None


def _in_object(token: Token, before: Token | None) -> Problem | None:
    name = token.type
    last = before.type if before is not None else ""
    if name == NEWLINE:
        if before is not None and not ends_operand(before) and last not in ("COMMA", "LBRACE"):
            return message.no_expression(before, token)
    elif last == NEWLINE:
        if name not in _STARTS and name not in ("LPAR", "LSQB", "RBRACE"):
            return message.no_key(token)
    elif ends_operand(before) and (name in _STARTS or (name == "LPAR" and last != "NAME")):
        return message.no_separator(token, before)
    return None
