"""The local files that go into a Unix guest as they are → scripts that it cannot run for their line ends."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from fnmatch import fnmatchcase

from packlint import Bad, Category, Edit, Finding, Fix, Fixable, Good, Precision, Related, Rule, Severity
from packlint.components import Component
from packlint.document import Document, Range
from packlint.effective import runs_on
from packlint.files import Files
from packlint.guest import evidence_of
from packlint.local_files import LocalFile, local_files
from packlint.model import Argument, Arguments, Build, Configuration, Provisioner
from packlint.named import NamedTuple
from packlint.noted import noted
from packlint.pattern import pattern
from packlint.value import Value

SERVED = ("http_directory", "floppy_files", "floppy_dirs", "cd_files", "user_data_file")
"""Arguments of builders whose files a guest reads."""

WRITTEN = ("content", "user_data", "http_content", "cd_content", "floppy_content")
"""Arguments with the text of such files."""

SUFFIXES = frozenset({"", ".sh", ".bash", ".ksh", ".zsh", ".py", ".pl", ".rb", ".service", ".local"})
"""Endings of files that may be scripts of Unix."""

MOST_FILES = 200
"""Files of one directory that are looked at."""

MOST_LINES = 2_000
"""Lines that a fix changes."""

_SHEBANG = pattern(rb"(\xef\xbb\xbf)?#!([^\r\n]*)(\r\n|\r|\n|\Z)")
_SHELL = pattern(rb"\b(?:ba|da|k|z|a)?sh\b")
_CONVERTS = pattern(r"dos2unix|fromdos|\\r|\\015")
"""What a step has that takes the CR away."""


class Spoiled(NamedTuple):
    """A script that no Unix runs by its first line: with CRLF, or with a byte order mark before `#!`."""

    name: str
    data: bytes
    crlf: bool
    shell: bool


class UnixScriptCrlf(Rule):
    """Flags scripts with CRLF line ends that reach a Unix guest as they are.

    The kernel takes the CR for a part of the interpreter's name and looks for a file that does not
    exist: "no such file or directory", or "bad interpreter". A byte order mark before `#!` hides that line;
    the finding is a warning for a script of a shell, which is then run by whatever shell there is.

    The `shell` provisioner changes CRLF to LF, unless it has `binary = true`. Nothing else does: neither the
    `file` provisioner nor what serves `http_directory`, `cd_files`, `floppy_files` and `user_data_file`. An
    editor on Windows writes such files, or git with `core.autocrlf` when it checks them out.

    Save the script with LF, and put `*.sh text eol=lf` into `.gitattributes`, so that it stays so on every
    machine. Only files that begin with `#!` are looked at, and texts of that kind in arguments of a template
    that has CRLF itself. Nothing is said where the guest is Windows, nor where a step of the build converts
    line ends, as with `dos2unix`.

    References:
    https://developer.hashicorp.com/packer/docs/provisioners/shell
    https://git-scm.com/docs/gitattributes
    """

    category = Category.PROVISIONERS
    severity = Severity.ERROR
    precision = Precision.HIGH
    fixable = Fixable.SAFE
    looks_for = ("shell", "file", *SERVED, *WRITTEN)

    examples = (
        Bad(
            {
                "web.pkr.hcl": """
                source "amazon-ebs" "web" {
                  user_data_file = "first-boot.sh" # finding: `first-boot.sh` begins with `#!` and has CRLF
                }
                build {
                  sources = ["source.amazon-ebs.web"]
                  provisioner "shell" {
                    binary  = true
                    scripts = [
                      "install.sh", # finding: `install.sh` begins with `#!` and has CRLF line ends
                      "clean.sh",
                    ]
                  }
                  provisioner "file" {
                    source      = "./install.sh" # finding: `install.sh` begins with `#!` and has CRLF
                    destination = "/tmp/"
                  }
                }
                """,
                "install.sh": "#!/bin/sh -e\r\ntrue\r",
                "first-boot.sh": "#!/usr/bin/env bash\r\n\r\ntrue\r",
                "clean.sh": "#!/bin/sh -e\ntrue",
            },
            fixed={
                "install.sh": "#!/bin/sh -e\ntrue",
                "first-boot.sh": "#!/usr/bin/env bash\n\ntrue",
            },
        ),
        Bad(
            {
                "web.json": """
                {
                  "builders": [{ "type": "qemu", "http_directory": "http" }],
                  "provisioners": [
                    { "type": "shell", "script": "install.py" }
                  ]
                }
                """,
                "http/seed/late.sh": "#!/bin/sh\r\ntrue\r",
                "install.py": "\ufeff#!/usr/bin/python3\nprint()",
            },
            finds={
                "web.json:2": "`http/seed/late.sh` begins with `#!` and has CRLF line ends",
                "web.json:4": "`install.py` has a byte order mark before `#!`",
            },
            fixed={
                "http/seed/late.sh": "#!/bin/sh\ntrue",
                "install.py": "#!/usr/bin/python3\nprint()",
            },
        ),
        Good(
            {
                "web.pkr.hcl": """
                source "qemu" "web" {
                  http_directory = "http"
                }
                build {
                  sources = ["source.qemu.web"]
                  provisioner "shell" {
                    script = "install.sh"
                  }
                  provisioner "file" {
                    source      = "notes.txt"
                    destination = "/tmp/"
                  }
                }
                """,
                "install.sh": "#!/bin/sh\r\ntrue\r",
                "notes.txt": "one\r\ntwo\r",
                "http/user-data": "#cloud-config\r\nusers: []\r",
            }
        ),
        Good(
            {
                "win.pkr.hcl": """
                source "amazon-ebs" "win" {
                  communicator = "winrm"
                }
                build {
                  sources = ["source.amazon-ebs.win"]
                  provisioner "file" {
                    source      = "install.sh"
                    destination = "C:/tools/"
                  }
                }
                """,
                "lin.pkr.hcl": """
                source "amazon-ebs" "lin" {
                  ami_name = "lin"
                }
                build {
                  sources = ["source.amazon-ebs.lin"]
                  provisioner "file" {
                    source      = "install.sh"
                    destination = "/tmp/"
                  }
                  provisioner "shell" {
                    inline = ["sed -i 's/\\\\r$//' /tmp/install.sh", "/tmp/install.sh"]
                  }
                }
                """,
                "install.sh": "#!/bin/sh\r\ntrue\r",
            }
        ),
    )

    def check_components(
        self, components: tuple[Component, ...], configuration: Configuration
    ) -> Iterator[Finding]:
        steps = {
            step.range.order: (step, build)
            for build in configuration.builds
            for step in (*build.provisioners, *build.error_cleanup)
        }
        converts: dict[Build, bool] = {}
        for component in components:
            if not component.runs:
                continue
            if component.kind == "builder" and not _is_windows(component.type, component.arguments):
                yield from self._carried(component, configuration, SERVED)
            elif component.kind == "provisioner" and component.range.order in steps:
                step, build = steps[component.range.order]
                found = tuple(self._of_step(component, step, build, configuration))
                if found and build not in converts:
                    converts[build] = self._converts(build, components, configuration)
                if found and not converts[build]:
                    yield from found

    def _of_step(
        self, component: Component, step: Provisioner, build: Build, configuration: Configuration
    ) -> Iterator[Finding]:
        uses = runs_on(step, build)
        if not uses or step.override or any(_is_windows(use.type, use.arguments) for use in uses):
            return
        if component.type == "file":
            yield from self._carried(component, configuration, ("source", "sources"))
        elif component.type == "shell":
            kept = component.arguments.known("binary", bool) is True
            for file, spoiled in self._spoiled(component, configuration, ("script", "scripts")):
                run_by_name = "execute_command" in component.arguments and not spoiled.shell
                if not run_by_name and (kept or not spoiled.crlf):
                    yield _of_file(file, spoiled)

    def _carried(
        self, component: Component, configuration: Configuration, names: tuple[str, ...]
    ) -> Iterator[Finding]:
        """The scripts that reach the guest byte by byte."""
        for file, spoiled in self._spoiled(component, configuration, names):
            yield _of_file(file, spoiled)
        for name in WRITTEN:
            argument = component.arguments.get(name)
            if argument is not None and any(_has_crlf(text) for text in _texts(argument.value)):
                yield _of_text(argument)

    def _spoiled(
        self, component: Component, configuration: Configuration, names: tuple[str, ...]
    ) -> Iterator[tuple[LocalFile, Spoiled]]:
        for file in local_files(component):
            if file.argument.name in names:
                for name in _names(file, configuration):
                    spoiled = _script(name, configuration.files)
                    if spoiled is not None:
                        yield file, spoiled

    def _converts(
        self, build: Build, components: tuple[Component, ...], configuration: Configuration
    ) -> bool:
        """Whether a step of the build, or a script that one runs, seems to take the CR away."""
        if any(_CONVERTS.search(step.range.text) for step in build.provisioners):
            return True
        scripts = (
            name
            for component in components
            if component.type == "shell" and build.range.contains(component.range)
            for file in local_files(component)
            for name in _names(file, configuration)
        )
        return any(_CONVERTS.search(configuration.files.text(name) or "") for name in scripts)


def _is_windows(type_: str, arguments: Arguments) -> bool:
    return any(item.system.family == "windows" for item in evidence_of(type_, arguments))


def _names(file: LocalFile, configuration: Configuration) -> Iterator[str]:
    """The files that a path means: itself, or those of a directory that may be scripts."""
    name = configuration.locate(file.path)
    if name is None:
        return
    within = _within(name, configuration.files)
    if within is None:
        yield name
        return
    for entry, path in within:
        if file.glob is None or fnmatchcase(entry, file.glob):
            yield path


@noted(64)
def _within(name: str, files: Files) -> tuple[tuple[str, str], ...] | None:
    """The files of a directory that may be scripts, each with what it is or lies in; None for a file."""
    if not files.is_directory(name):
        return None
    start = 0 if name == "." else len(name) + 1
    return tuple(
        (path[start:].partition("/")[0], path)
        for path in files.below(name, MOST_FILES)
        if posixpath.splitext(path)[1] in SUFFIXES
    )


@noted(256)
def _script(name: str, files: Files) -> Spoiled | None:
    try:
        data = files.read(name)
    except (OSError, ValueError):
        return None
    first = _SHEBANG.match(data)
    if first is None or not (first[1] or first[3] == b"\r\n"):
        return None
    return Spoiled(name, data, first[3] == b"\r\n", _SHELL.search(first[2]) is not None)


def _texts(value: Value) -> Iterator[str]:
    """A text, or those of a map."""
    for item in (value.entries or {"": value}).values():
        yield item.known(str) or ""


def _has_crlf(text: str) -> bool:
    return text.startswith("#!") and text.partition("\n")[0].endswith("\r")


def _of_text(argument: Argument) -> Finding:
    return Finding(
        argument.expression.range,
        f"the text of `{argument.name}` begins with `#!` and has CRLF line ends, so that no Unix runs it",
        hint="save the template with LF line ends",
    )


def _of_file(file: LocalFile, spoiled: Spoiled) -> Finding:
    name = spoiled.name
    because = (
        "begins with `#!` and has CRLF line ends" if spoiled.crlf else "has a byte order mark before `#!`"
    )
    ending = posixpath.splitext(name)[1]
    pattern = f"*{ending}" if ending else posixpath.basename(name)
    lines = f"save it with LF line ends, and put `{pattern} text eol=lf` into `.gitattributes`"
    document = _document(spoiled)
    first = Range(document, 0, max(document.text.find("\n"), 0))
    return Finding(
        file.expression.range,
        f"`{name}` {because}, so that no Unix runs it by that line",
        related=(Related(first, "the first line of the script"),),
        hint=lines if spoiled.crlf else "save it as UTF-8 without a byte order mark",
        fix=_fix(spoiled, document),
        softened=not spoiled.crlf and spoiled.shell,
    )


def _document(spoiled: Spoiled) -> Document:
    return Document(spoiled.name, spoiled.data.decode("utf-8", "replace"))


def _fix(spoiled: Spoiled, document: Document) -> Fix | None:
    text = document.text
    places = [match.span() for match in re.finditer(r"\A\ufeff|\r(?=\n)", text)]
    if text.encode() != spoiled.data or len(places) > MOST_LINES:
        return None
    edits = tuple(Edit(Range(document, *place), "") for place in places)
    return Fix(f"convert `{spoiled.name}`", edits)
