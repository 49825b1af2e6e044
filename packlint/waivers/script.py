"""A script or another file that a template names → the waivers in its comments, line by line.

Such a file may be in any language: what counts is a line that begins with a comment's mark, or that ends in
`# packlint: …` outside of quotes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from packlint.diagnostic import Edit, Finding
from packlint.document import Document, Range
from packlint.waiver import Sheet, Waiver
from packlint.waivers.comments import lines, whole
from packlint.waivers.directive import Directive, directive, reason_and_day

_COMMENT = re.compile(r"[ \t]*+(?:#|//|::|(?i:rem)\b|;)")
_ALONE = re.compile(r"[ \t]*+(?:#++|//|::|rem\b|;++)[ \t]*+(packlint\s*:.*)", re.IGNORECASE)
_TRAILING = re.compile(r"[ \t]#++[ \t]*+(packlint\s*:.*)", re.IGNORECASE)


class _Lines:
    """The lines of a script; all that is asked of each is worked out in one pass."""

    def __init__(self, document: Document) -> None:
        starts = (*document.line_starts, len(document.text))
        self.texts = [document.text[start:end].rstrip("\r\n") for start, end in pairwise(starts)]
        comments = [_COMMENT.match(text) is not None for text in self.texts]
        last = len(self.texts)
        code = (it for it in range(last) if not comments[it] and self.texts[it].strip())
        self.first = next(code, last) + 1
        self.covered = [last] * last
        """For each line the last one of what a comment above it is about: a command and its continuation."""
        for number in range(last - 1, -1, -1):
            goes_on = number + 1 < last and (comments[number] or self.texts[number].endswith("\\"))
            self.covered[number] = self.covered[number + 1] if goes_on else number + 1


def script_waivers(document: Document) -> Sheet:
    """The waivers in the comments of a script, in their order."""
    script = _Lines(document)
    waivers: list[Waiver] = []
    unreadable: list[Finding] = []
    for line, start, end, alone in _said(document, script):
        words: Directive | Finding = directive(document, start, end)
        if isinstance(words, Directive) and words.file and line > script.first:
            hint = "move it to the top of the file, or write `ignore` for one line"
            words = Finding(words.range, "`ignore-file` has to stand above the first command", hint=hint)
        meant = words if isinstance(words, Finding) else reason_and_day(words.rest.text, words.range)
        if isinstance(words, Finding):
            unreadable.append(words)
        elif isinstance(meant, Finding):
            unreadable.append(meant)
        else:
            last = script.covered[line - 1] if alone else line
            scope = whole(document) if words.file else lines(document, line, last)
            edit = _removal(document, start, alone)
            waivers.append(Waiver(words.names, *meant, scope, words.range, edit, words.file))
    return Sheet(document.path, tuple(waivers), tuple(unreadable))


def _said(document: Document, script: _Lines) -> Iterator[tuple[int, int, int, bool]]:
    """The lines that speak to packlint, from where to where they do, and whether they do nothing else."""
    for line, text in enumerate(script.texts, 1):
        if "packlint" not in text.lower():
            continue
        start = document.line_starts[line - 1]
        if (found := _ALONE.match(text)) is not None:
            yield line, start + found.start(1), start + found.end(1), True
        elif (found := _TRAILING.search(text)) is not None:
            before = text[: found.start()]
            if not (before.count("'") % 2 or before.count('"') % 2):
                yield line, start + found.start(1), start + found.end(1), False


def _removal(document: Document, start: int, alone: bool) -> Edit:
    """The line of a comment that has one for itself, else the comment with the blanks before it."""
    text = document.text
    line = document.position(start).line
    own = lines(document, line, line)
    if alone:
        return Edit(Range(document, own.start, min(own.end, len(text))), "")
    begin = start
    while text[begin - 1] in " \t#":
        begin -= 1
    return Edit(Range(document, begin, own.start + len(own.text.rstrip("\r\n"))), "")
