"""Fixes → the documents as they are after them; what touches the same place as another has to wait."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable

from packlint.diagnostic import Edit, Fix
from packlint.document import Document

Change = tuple[int, int, str]
"""The start and end of what goes, and what stands there instead: an edit of a document that is known."""

_HALF = re.compile(r"[\ud800-\udfff]")


def fix(fixes: Iterable[Fix]) -> tuple[tuple[Document, ...], tuple[Fix, ...]]:
    """The changed documents, sorted by path, and the fixes that are not in them.

    A fix is applied as a whole or not at all. One is left out that overlaps an earlier one or itself, or
    writes at the very same place, save where both say the same; and one that changes a file which is not all
    UTF-8, since the text of such a file is not what it holds, or would write what cannot be UTF-8.
    """
    changes: dict[str, list[Change]] = {}
    documents: dict[str, Document] = {}
    left: list[Fix] = []
    for it in fixes:
        if it.edits and _is_text(it.edits) and _placed(it.edits, changes):
            documents |= {edit.range.document.path: edit.range.document for edit in it.edits}
        else:
            left.append(it)
    changed = (Document(path, _applied(documents[path].text, changes[path])) for path in sorted(documents))
    return tuple(changed), tuple(left)


def applies(it: Fix) -> bool:
    """Whether a fix can be applied when there is no other."""
    return bool(it.edits) and _is_text(it.edits) and _placed(it.edits, {})


def written(change: Change, text: str) -> str:
    """What a change puts into a text: with the line breaks that the text has."""
    crlf = text[: text.find("\n") + 1].endswith("\r\n")
    return change[2].replace("\r\n", "\n").replace("\n", "\r\n") if crlf else change[2]


def change(edit: Edit) -> Change:
    """An edit without its document."""
    return edit.range.start, edit.range.end, edit.replacement


def _is_text(edits: Iterable[Edit]) -> bool:
    """Whether the files of edits are UTF-8, and stay so; a string of JSON may hold half a character."""
    return not any(edit.range.document.undecoded or _HALF.search(edit.replacement) for edit in edits)


def _placed(edits: Iterable[Edit], changes: dict[str, list[Change]]) -> bool:
    """Adds edits to the changes of their documents, which are in order; all of them or none."""
    added: list[tuple[list[Change], Change]] = []
    for edit in edits:
        others, new = changes.setdefault(edit.range.document.path, []), change(edit)
        at = bisect_left(others, new)
        if others[at : at + 1] == [new]:
            continue
        if any(_touch(other, new) for other in others[max(0, at - 1) : at + 1]):
            for among, one in added:
                among.remove(one)
            return False
        others.insert(at, new)
        added.append((others, new))
    return True


def _touch(one: Change, other: Change) -> bool:
    """Whether two changes are of the same text, or leave open which of them comes first."""
    first, second = sorted((one, other))
    return second[0] < first[1] or second[0] == first[0]


def _applied(text: str, changes: Iterable[Change]) -> str:
    parts: list[str] = []
    at = 0
    for it in changes:
        parts += text[at : it[0]], written(it, text)
        at = it[1]
    return "".join((*parts, text[at:]))
