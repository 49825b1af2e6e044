"""A rule → its page: for the terminal, or as Markdown for those who show SARIF."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from textwrap import indent, wrap

from packlint.rule import Bad, Fixable, Rule

WIDTH = 80
_LANGUAGES = {".hcl": "hcl", ".json": "json", ".sh": "sh", ".ps1": "powershell"}
_OWN_LINE = re.compile(r" {4}|[-*] |https?://")


def page(rule: type[Rule], about: Iterable[str] = ()) -> str:
    """The rule's page for a terminal, 80 columns wide but for code: metadata, documentation, examples.

    `about` stands in the place of the metadata, where there is other to be told.
    """
    title = f"{rule.name()} ({rule.severity.value}, {rule.category.value})"
    about = [*about] or [f"preset: {rule.preset.value}", f"fixes: {fixes(rule)}", *_security(rule)]
    parts = [title, ", ".join(about), "", *_prose(rule.page())]
    for heading, files in _examples(rule):
        parts += ["", f"{heading}:"]
        for path, text in files.items():
            parts += ["", *([f"  {path}"] if len(files) > 1 else []), indent(text.rstrip("\n"), "    ")]
    return "\n".join(parts) + "\n"


def markdown(rule: type[Rule]) -> str:
    """The same page in Markdown, without the title, which its reader shows above it."""
    parts = [rule.page()]
    for heading, files in _examples(rule):
        parts.append(f"**{heading}**")
        for path, text in files.items():
            parts += [f"`{path}`"] if len(files) > 1 else []
            # The fence is longer than any run of backticks in the code, so that no template closes it.
            fence = "`" * max(3, *(len(run) + 1 for run in re.findall("`*", text)))
            language = _LANGUAGES.get(path[path.rfind(".") :], "")
            parts.append(f"{fence}{language}\n{text.rstrip()}\n{fence}")
    return "\n\n".join(parts) + "\n"


def fixes(rule: type[Rule]) -> str:
    """Whether a rule offers fixes, in a word."""
    return "none" if rule.fixable is Fixable.NO else rule.fixable.value


def _security(rule: type[Rule]) -> Iterator[str]:
    """How grave the weakness is that a rule is about, and its numbers."""
    if rule.security_severity is not None:
        yield f"security severity: {rule.security_severity:.1f}"
    yield from (f"CWE-{number}" for number in rule.cwe)


def _examples(rule: type[Rule]) -> Iterator[tuple[str, dict[str, str]]]:
    """The examples under headings; one with fixes is followed by what they make of it."""
    for example in rule.examples:
        yield ("Bad" if isinstance(example, Bad) else "Good"), _shown(example.by_path)
        if isinstance(example, Bad) and example.fixed is not None:
            yield "Fixed", _shown(example.fixed_by_path)


def _shown(files: Mapping[str, str]) -> dict[str, str]:
    """Files with a sign in the place of each carriage return, which nobody would see."""
    return {path: text.replace("\r", "␍") for path, text in files.items()}


def _prose(text: str) -> Iterator[str]:
    """Paragraphs and list items filled to the width; code, which is indented by four, as it is."""
    for number, block in enumerate(re.split(r"\n[ \t]*\n", text)):
        if number:
            yield ""
        pieces: list[str] = []
        for line in block.splitlines():
            if pieces and not _OWN_LINE.match(line):
                pieces[-1] += f" {line.strip()}"
            else:
                pieces.append(line)
        for piece in pieces:
            if piece.startswith("    "):
                yield piece
            else:
                margin = "  " if piece.startswith(("- ", "* ")) else ""
                yield from wrap(
                    piece, WIDTH, subsequent_indent=margin, break_long_words=False, break_on_hyphens=False
                )
