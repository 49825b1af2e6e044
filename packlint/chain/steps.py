"""The steps that a build runs for one source → signatures: equal ones do the same thing to an image."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping
from functools import lru_cache

from packlint.chain.content import Contents
from packlint.model import Argument, Arguments, Build, Configuration, Provisioner, SourceUse
from packlint.named import NamedTuple
from packlint.syntax import traversals
from packlint.traits import HOST_SIDE
from packlint.value import Known, Value

SCHEDULING = frozenset(
    {
        "pause_after",
        "start_retry_timeout",
        "expect_disconnect",
        "skip_clean",
        "valid_exit_codes",
        "remote_path",
        "remote_folder",
        "remote_file",
        "debug",
        "debug_mode",
    }
)
"""Arguments that say when and how a step runs, not what it does."""

LIGHT = re.compile(
    r"(sudo\s+(-\w+\s+)*)?((apt|apt-get|yum|dnf|zypper|apk|pacman|pkg)(\s+-\S+)*"
    r"\s+(update|upgrade|dist-upgrade|clean|autoclean|autoremove|makecache|refresh|-Syu?)(\s+(-\S+|all))*"
    r"|(shutdown|reboot|init|systemctl\s+reboot|sync)\b.*|sleep\s+\d+)"
)
"""Commands that every image runs for itself: refreshing package lists, cleaning up, restarting."""

UNORDERED = frozenset({"environment_vars", "extra_arguments", "filters"})
"""Lists whose order says nothing."""

LOCAL_FILE = re.compile(
    r"^(source|sources|.*_file|.*_files|.*_dir|.*_dirs|.*_path|.*_paths|.*_directory|roles|cookbook_paths)$"
)
"""Arguments that name files of one's own: what counts is what they hold. (`remote_…` are `SCHEDULING`.)"""


class SharedStep(NamedTuple):
    """One thing that is done to an image; `weight` is 0 where it would be done again anyway.

    What is not known has a `signature` of its own in each template. `written` is equal for what is written
    alike, and may be the same.
    """

    signature: str
    weight: int
    provisioner: Provisioner
    written: str


def steps_of(
    build: Build, use: SourceUse, configuration: Configuration, contents: Contents
) -> tuple[SharedStep, ...]:
    """What a build does to the image of a source, in order, as far as that is known."""
    found: list[SharedStep] = []
    if build.open_steps:
        return ()
    for provisioner in build.provisioners:
        runs = provisioner.runs_on(use)
        if runs is None:
            break
        if runs and provisioner.type not in HOST_SIDE:
            plain = provisioner.override is None
            found += (
                _same_for_all(provisioner, configuration, contents)
                if plain
                else _shared_steps(provisioner, use, configuration, contents)
            )
    return tuple(found)


@lru_cache(maxsize=256)
def _same_for_all(
    provisioner: Provisioner, configuration: Configuration, contents: Contents
) -> tuple[SharedStep, ...]:
    """The work of a step that is the same for every source that it runs on."""
    return tuple(_shared_steps(provisioner, None, configuration, contents))


def _shared_steps(
    provisioner: Provisioner, use: SourceUse | None, configuration: Configuration, contents: Contents
) -> Iterator[SharedStep]:
    arguments = provisioner.arguments
    scripts = _scripts(arguments)
    common = [
        f"{a.name}={_said(a, configuration, contents)}"
        for a in sorted(arguments, key=lambda argument: argument.name)
        if a.name not in SCHEDULING and not (scripts and a.name in ("script", "scripts"))
    ]
    common += [f"{b.type}={b.range.text}@{configuration.template.path}" for b in arguments.blocks]
    common += _override(provisioner, use, configuration, contents)
    head = f"{provisioner.type} {' '.join(common)}"
    if scripts:
        # What is common stands in the signature of each script, however long it is.
        same, alike = _digest(head), _digest(_written(head, configuration))
        for script in scripts:
            content = f"script={contents.identity(script, configuration)}"
            yield SharedStep(f"{same} {content}", 1, provisioner, f"{alike} {content}")
    else:
        yield SharedStep(head, _weight(provisioner), provisioner, _written(head, configuration))


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode(errors="surrogatepass")).hexdigest()


def _written(signature: str, configuration: Configuration) -> str:
    return signature.replace(f"@{configuration.template.path}", "@")


def _scripts(arguments: Arguments) -> tuple[str, ...]:
    """The scripts of a step, where all are known."""
    values = [v for name in ("script", "scripts") if (v := arguments.value(name))]
    known = [text.known(str) for value in values for text in value.items or (value,)]
    return tuple(text for text in known if text) if None not in known else ()


def _override(
    provisioner: Provisioner, use: SourceUse | None, configuration: Configuration, contents: Contents
) -> list[str]:
    override = provisioner.override
    if override is None or use is None:
        return []
    entries = override.value.entries
    if entries is None:
        return [f"override={_said(override, configuration, contents)}"]
    own = entries.get(use.local_name)
    return [f"override={_canonical(own)}"] if own is not None else []


def _said(argument: Argument, configuration: Configuration, contents: Contents) -> str:
    """The value; for one that is not known, what is written, which only the same template means alike."""
    if LOCAL_FILE.search(argument.name):
        paths = [path.known(str) for path in argument.value.items or (argument.value,)]
        known = [path for path in paths if path is not None]
        if known and len(known) == len(paths):
            return " ".join(contents.identity(path, configuration) for path in known)
    commands = [item.known(str) for item in argument.value.items or ()] if argument.name == "inline" else []
    if commands and None not in commands:
        return repr("\n".join(line for text in commands for line in _lines(text or "")))
    said = _canonical(argument.value, ordered=argument.name not in UNORDERED)
    if said is None:
        text = " ".join(argument.expression.range.text.split())
        roots = {traversal.root for traversal in traversals(argument.expression)}
        return text if roots and roots <= {"build", "source"} else f"{text}@{configuration.template.path}"
    return said


def _canonical(value: Value, ordered: bool = True) -> str | None:
    if not isinstance(value, Known):
        return None
    if isinstance(value.data, tuple):
        items = [_canonical(item) for item in value.data]
        known = [item for item in items if item is not None]
        if len(known) < len(items):
            return None
        return f"[{', '.join(known if ordered else sorted(known))}]"
    if isinstance(value.data, Mapping):
        entries = {key: _canonical(item) for key, item in value.data.items()}
        if None in entries.values():
            return None
        return f"{{{', '.join(f'{key}={entries[key]}' for key in sorted(entries))}}}"
    if isinstance(value.data, str):
        return repr("\n".join(_lines(value.data)))
    return repr(value.data)


def _lines(text: str) -> Iterator[str]:
    """The commands of a text: no blank lines, no comments, no surrounding blanks."""
    for line in text.splitlines():
        if (bare := line.strip()) and not bare.startswith("#"):
            yield bare


def _weight(provisioner: Provisioner) -> int:
    if provisioner.type == "windows-restart":
        return 0
    inline = provisioner.arguments.value("inline")
    texts = [item.known(str) for item in (inline.items or (inline,))] if inline else [None]
    commands = [line for text in texts for line in (_lines(text) if text is not None else ("?",))]
    return 0 if all(LIGHT.fullmatch(command) for command in commands) else 1
