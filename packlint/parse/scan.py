"""The text of a document → tokens for the grammar, in the modes of HCL's scanner.

Whether a line break or a brace counts, and where a string ends, depends on the brackets around it (hclsyntax,
`scan_tokens.rl` and `peeker.go`). Lark's lexers know the state of the parser but not these modes, so the
modes are kept here; the names of the tokens are the terminals of the grammar.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from packlint.parse import lexical
from packlint.parse.frame import BODIES, CLOSES, Frame, Scan
from packlint.parse.problem import DEEPEST, MOST, Problem, too_deep, too_many
from packlint.parse.token import NEWLINE, STRING, Token, ends_operand
from packlint.pattern import pattern

_LINES = BODIES | {"object"}  # where a line break separates
_NAME = r"[A-Za-z_\x80-\U0010ffff][\w\x80-\U0010ffff-]*+"
_CODE = r"""[ \t]*+(?:
  (?P<name>{name})
| (?P<newline>\r?\n(?>(?:[ \t]*+\r?\n)*))
| (?P<string>"(?>(?:[^"\\$%\r\n]++|\\[^\r\n]|\$\$\{{|%%\{{|\$(?!\{{)|%(?!\{{))*)")
| (?P<quote>")
| (?P<number>[0-9]++(?:\.[0-9]++)?(?:[eE][+-]?[0-9]++)?)
| (?P<remark>\#[^\n]*+|//[^\n]*+)
| (?P<open_remark>/\*)
| (?P<heredoc><<-?{name}\r?\n)
| (?P<strip>~\}})
| (?P<splat>\[[ \t]*+\*[ \t]*+\])
| (?P<sign>{signs})
)"""
_NAMESPACED = pattern(rf"{_NAME}(?>(?:[ \t]*+::[ \t]*+{_NAME})+)(?P<call>[ \t]*+\()?")
_DIRECTIVES = frozenset(("else", "endif", "endfor"))
_WORDS = _DIRECTIVES | {"in", "if", "true", "false", "null"}
_CALL = pattern(r"[ \t]*+\(")
_COLONS = pattern(r"[ \t]*+::")
_FOR_AHEAD = pattern(r"(?>(?:[ \t\r\n]++|\#[^\n]*+|//[^\n]*+|/\*(?s:.*?)\*/)*)for(?![\w-])")
_QUOTED = pattern(r'(?>(?:[^"\\$%\r\n]++|\\[^\r\n]|\$\$\{|%%\{|\$(?!\{)|%(?!\{))*)')
_HEREDOC = pattern(
    rf"\$\$\{{|%%\{{|(?P<sequence>[$%])\{{|(?P<return>\r)(?!\n)|^[^\S\n]*+(?P<word>{_NAME})[^\S\n]*+\n",
    re.MULTILINE,
)
_BARE = pattern(r"(?>(?:[^$%]++|\$\$\{|%%\{|\$(?!\{)|%(?!\{))*)")
_ESCAPE = pattern(r"\\(?:u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|(?s:.))")
_ESCAPED = frozenset({r"\n", r"\r", r"\t", r"\"", r"\\"})
_OPENS = {"LPAR": "(", "LSQB": "[", "LBRACE": "{"}


class Scanner:
    """Scans documents with the punctuation of a grammar (text → name of the terminal)."""

    def __init__(self, punctuation: Mapping[str, str]) -> None:
        signs = sorted(punctuation, key=len, reverse=True)
        code = _CODE.format(name=_NAME, signs="|".join(map(re.escape, signs)))
        self.match = pattern(code, re.VERBOSE).match
        self.punctuation = punctuation

    def scan(self, text: str) -> Scan:
        """The tokens of a text; what it cannot mean ends them with a problem."""
        return Run(self, text).run()

    def scan_template(self, text: str) -> Scan:
        """The tokens of a text that is a template from beginning to end, as the strings of JSON are."""
        return Run(self, text).run_template()


class Run:
    """One scan of one text; what follows an error is up to `_stop`, `_unclosed` and `_close`."""

    def __init__(self, scanner: Scanner, text: str) -> None:
        self.scanner = scanner
        self.text = text
        self.at = 0
        self.result = Scan()
        self.tokens = self.result.tokens
        self.frames = self.result.frames
        self.frames.append(Frame("file", 0, 0))
        self.stopped = False
        self.no_call = 0  # up to here no namespaced function is called

    def run(self) -> Scan:
        while self.at < len(self.text) and not self.stopped:
            self._code_or_text()
        if not self.stopped and self.frames[-1].kind in ('"', "<<"):
            self._unclosed()
        return self.result

    def run_template(self) -> Scan:
        self._emit("DBLQUOTE", 0, 0)
        while self.at < len(self.text) and not self.stopped:
            if len(self.frames) > 1:
                self._code_or_text()
                continue
            found = _BARE.match(self.text, self.at)
            if found is not None and found.end() > self.at:
                self._emit("STRING_CHARS", self.at, found.end())
            else:
                self._sequence(self.at)
        if not self.stopped and len(self.frames) == 1:
            self._emit("DBLQUOTE", self.at, self.at).detail = "end"
        return self.result

    def _code_or_text(self) -> None:
        kind = self.frames[-1].kind
        if kind == '"':
            self._quoted()
        elif kind == "<<":
            self._heredoc()
        else:
            self._code()

    def _stop(self, problem: Problem | None = None, end: int = 0) -> None:
        """Ends the scan; `end` is where the piece of text that has no meaning ends, if that is known."""
        self.result.problem = problem
        self.stopped = True

    def _emit(self, name: str, start: int, end: int) -> Token:
        token = Token(name, self.text[start:end], start, end)
        self.tokens.append(token)
        self.at = end
        return token

    def _open(self, kind: str, start: int, end: int, marker: str = "") -> None:
        if len(self.frames) > DEEPEST:
            self._stop(too_deep(start, end))
        else:
            self.frames.append(Frame(kind, start, end, marker))

    def _after_operand(self) -> bool:
        if not self.tokens:
            return False
        return ends_operand(self.tokens[-1])

    def _is_keyword(self, name: str) -> bool:
        """Whether an `in` or `if` is no name: a `for` or a directive has it where an operand has ended."""
        tokens, kind = self.tokens, self.frames[-1].kind
        before = tokens[-1] if tokens else None
        if not self.frames[-1].has_keywords or before is None:
            return False
        if before.type == "DIRECTIVE_START" or (kind == "%{" and name == "if"):
            return before.type == "DIRECTIVE_START"
        if before.value == "for" and (len(tokens) < 2 or tokens[-2].type != "DOT"):
            return False
        return ends_operand(before) or before.type == "ELLIPSIS"

    def _code(self) -> None:
        """Scans until a string begins or is resumed."""
        text, match, tokens = self.text, self.scanner.match, self.tokens
        depth = len(self.frames)
        while not self.stopped and len(self.frames) == depth:
            if len(tokens) > MOST:
                self._stop(too_many(self.at))
                return
            found = match(text, self.at)
            if found is None:
                self._no_token()
                return
            kind = found.lastgroup
            start, end = found.span(kind or 0)
            if kind == "name":
                value = found["name"]
                if value.isascii() and value not in _WORDS and not text.startswith((":", " :"), end):
                    tokens.append(Token("NAME", value, start, end))
                    self.at = end
                else:
                    self._name(start, end)
            elif kind == "sign":
                self._sign(start, end)
            elif kind == "string":
                self._plain_string(start, end)
            elif kind == "newline":
                self._newline(start, end)
            else:
                self._rare(kind or "", start, end)

    def _newline(self, start: int, end: int) -> None:
        self.at = end
        if self.frames[-1].kind in _LINES and not (self.tokens and self.tokens[-1].type == NEWLINE):
            first = self.text.index("\n", start) + 1  # the end of all the blank lines says nothing to anybody
            self.tokens.append(Token(NEWLINE, "\n", start, first))

    def _rare(self, kind: str, start: int, end: int) -> None:
        text = self.text
        if kind == "number":
            whole = text[start:end].isdigit()
            self._emit("INT_LITERAL" if whole else "FLOAT_LITERAL", start, end)
        elif kind == "quote":
            self._emit("DBLQUOTE", start, end)
            self._open('"', start, end)
        elif kind in ("remark", "open_remark"):
            self._comment(start, end, kind == "remark")
        elif kind == "heredoc":
            marker = text[start:end].strip("<\r\n").removeprefix("-")
            self._emit("DBLQUOTE", start, end)
            self._open("<<", start, end, marker)
        elif kind == "strip":
            if self.frames[-1].kind in ("${", "%{"):
                self._emit("RBRACE", start, end)
                self.frames.pop()
            else:
                self._stop(lexical.invalid_character(text, start))
        elif kind == "splat":
            if self._after_operand():
                self._emit("FULL_SPLAT_START", start, end)
            else:
                self._stop(lexical.invalid_character(text, text.index("*", start)))

    def _comment(self, start: int, end: int, ends_with_line: bool) -> None:
        if ends_with_line:
            end = end - 1 if self.text[end - 1] == "\r" else end
        else:
            close = self.text.find("*/", end)
            if close < 0:
                self._stop(lexical.unclosed_comment(start, end))
                return
            end = close + 2
        self.result.comments.append((start, end))
        self.at = end
        if len(self.result.comments) > MOST:
            self._stop(too_many(end))

    def _name(self, start: int, end: int) -> None:
        text = self.text
        name = text[start:end]
        if start >= self.no_call and _COLONS.match(text, end):
            longer = _NAMESPACED.match(text, start)
            if longer is not None and longer["call"]:
                end = longer.end() - len(longer["call"])
                name = "".join(text[start:end].split())
            elif longer is not None:
                self.no_call = longer.end()
        if not name.isascii():
            bad = _no_identifier(text, start, end)
            if bad is not None:
                self._stop(lexical.invalid_character(text, bad), end)
                return
        keyword = name in ("in", "if") and self._is_keyword(name)
        directive = bool(self.tokens) and self.tokens[-1].type == "DIRECTIVE_START"
        token = self._emit(name.upper() if keyword else "NAME", start, end)
        token.value = name
        if name in _WORDS and (_CALL.match(text, end) or (name in _DIRECTIVES and not directive)):
            token.detail = "name"

    def _plain_string(self, start: int, end: int) -> None:
        if "\\" in self.text[start:end] and self._bad_escape(start + 1, end - 1):
            return
        self._emit(STRING, start, end)

    def _bad_escape(self, start: int, end: int) -> bool:
        for found in _ESCAPE.finditer(self.text, start, end):
            digits = found[1] or found[2]
            if not lexical.character(digits) if digits else found[0] not in _ESCAPED:
                self._stop(lexical.invalid_escape(self.text, found.start(), found.end()))
                return True
        return False

    def _sign(self, start: int, end: int) -> None:
        name = self.scanner.punctuation[self.text[start:end]]
        if name in _OPENS:
            token = self._emit(name, start, end)
            kind = _OPENS[name] if name != "LBRACE" else self._brace(start, end)
            token.detail = kind
            if kind == "[" and _FOR_AHEAD.match(self.text, end):
                kind = "[for"
            self._open(kind, start, end)
        elif name in CLOSES:
            self._close(name, start, end)
        elif name in ("MINUS", "NOT") and not self._after_operand():
            last = self.tokens[-1] if self.tokens else None
            if last is not None and isinstance(last.detail, list):
                last.detail.append(start)
                last.value += self.text[start]
                last.end_pos = self.at = end
                if len(last.detail) > DEEPEST:
                    self._stop(too_deep(start, end))
            else:
                self._emit("NOT", start, end).detail = [start]
        else:
            self._emit(name, start, end)

    def _close(self, name: str, start: int, end: int) -> None:
        self._emit(name, start, end)
        if self.frames[-1].opener == CLOSES[name]:
            self.frames.pop()
        else:
            self._stop()  # the parser stumbles here

    def _brace(self, start: int, end: int) -> str:
        before = self.tokens[-2].type if len(self.tokens) > 1 else ""
        closed = len(self.tokens) > 1 and self.tokens[-2].detail == "end"
        if self.frames[-1].kind in BODIES and (closed or before in ("NAME", STRING, NEWLINE, "")):
            return "block"
        return "for" if _FOR_AHEAD.match(self.text, end) else "object"

    def _quoted(self) -> None:
        found = _QUOTED.match(self.text, self.at)
        start, end = found.span() if found else (self.at, self.at)
        if end > start:
            if "\\" in self.text[start:end] and self._bad_escape(start, end):
                return
            self._emit("STRING_CHARS", start, end)
        after = self.text[end : end + 1]
        if after == '"':
            self._emit("DBLQUOTE", end, end + 1).detail = "end"
            self.frames.pop()
        elif after in ("$", "%"):
            self._sequence(end)
        else:
            self._unclosed()

    def _sequence(self, start: int) -> None:
        end = start + (3 if self.text.startswith("~", start + 2) else 2)
        kind = self.text[start : start + 2]
        self._emit("INTERP_START" if kind == "${" else "DIRECTIVE_START", start, end)
        self._open(kind, start, end)

    def _heredoc(self) -> None:
        """Takes the lines up to a sequence or the line that is nothing but the marker."""
        text, marker, start = self.text, self.frames[-1].marker, self.at
        for found in _HEREDOC.finditer(text, start):
            at = found.start()
            if found["word"] == marker:
                self._heredoc_end(start, at, found.end())
                return
            if found["sequence"] or found["return"]:
                if at > start:
                    self._emit("STRING_CHARS", start, at)
                if found["sequence"]:
                    self._sequence(at)
                else:
                    self._stop(lexical.invalid_character(text, at))
                return
        if start < len(text):
            self._emit("STRING_CHARS", start, len(text))
        self._unclosed()

    def _heredoc_end(self, start: int, line: int, end: int) -> None:
        if line > start:
            self._emit("STRING_CHARS", start, line)
        close = end - 2 if self.text[end - 2] == "\r" else end - 1
        self._emit("DBLQUOTE", line, close).detail = "end"
        self.frames.pop()

    def _unclosed(self) -> None:
        frame, around = self.frames[-1], self.frames[-2]
        if frame.kind == '"':
            inside = around.kind in ("${", "%{") and "\n" not in self.text[around.start : frame.start]
            sequence = (around.start, around.end) if inside else None
            self._stop(lexical.unclosed_string(self.text, frame.start, self.at, sequence))
        else:
            self._stop(lexical.unclosed_heredoc(self.text, frame.start, frame.end, frame.marker))

    def _no_token(self) -> None:
        """Nothing matches: blanks at the end, or a character that HCL has no use for."""
        at = self.at
        while self.text[at : at + 1] in (" ", "\t"):
            at += 1
        self.at = at
        if at < len(self.text):
            self._stop(lexical.invalid_character(self.text, at))


def _no_identifier(text: str, start: int, end: int) -> int | None:
    """The first character that Unicode does not admit in an identifier; HCL admits dashes besides."""
    first = True
    for at in range(start, end):
        character = text[at]
        if character == ":":
            first = True
        elif not (
            (character if first else "a" + character).isidentifier() or (character == "-" and not first)
        ):
            return at
        else:
            first = False
    return None
