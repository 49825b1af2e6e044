"""An image → the files that go into it, by name, each with a digest of what it holds.

A build may change files that its own commands name, such as an image with answers for an installer: those are
told apart.
"""

from __future__ import annotations

import errno
import fnmatch
import hashlib
import posixpath
import re
from collections.abc import Callable, Iterable, Iterator, Sequence

from packlint.catalog import Kind
from packlint.chain.images import Image
from packlint.chain.written import output_of
from packlint.components import Component
from packlint.document import Range
from packlint.effective import EffectiveStep
from packlint.files import Files
from packlint.local_files import LONGEST, local_files
from packlint.model import Arguments, Configuration
from packlint.named import NamedTuple
from packlint.record import field, record, replace
from packlint.secrets.names import holds_secret
from packlint.value import Known, Value

Seal = Callable[[str], bytes]
"""Makes of a secret something from which nobody can guess it cheaply."""

MISSING = "missing"
"""Stands for what a file holds that is not there."""

MOST_FILES = 10_000
"""Files below one directory that are looked at."""

MOST_LISTED = 200
"""Files below one directory that have names of their own among the ingredients."""

_SKIPPED = frozenset({".git", ".packlint", "packer_cache"})
"""Directories that change with every build or commit, and that nobody means."""

_NAMES_FILE = re.compile(
    r"(?!output|remote_|ssh_|winrm_|log|target|tmp|temp|iso_target|staging_)"
    r"(?:.*_)?(?:sources?|files?|paths?|dirs?|directory|directories|template|urls?|iso|installer)"
)
"""Names of arguments whose text is the path of a file, if there is such a file."""

_COMMANDS = frozenset({"inline", "command", "execute_command"})
_MACHINE = frozenset({"qemuargs", "vboxmanage", "vboxmanage_post", "vmx_data", "vmx_data_post", "prlctl"})
"""Arguments of builders in whose words files may be named, as a second disc is."""

_WORD = re.compile(r"[^\s\"'`;|&<>(){}=,:$*?]+")

_BESIDE = (
    *("roles", "group_vars", "host_vars", "files", "templates", "vars", "defaults", "tasks", "handlers"),
    *("library", "module_utils", "filter_plugins", "lookup_plugins", "meta"),
    *("requirements.yml", "requirements.yaml", "ansible.cfg"),
)
"""What Ansible draws in that lies beside a playbook (docs.ansible.com, "Sample Ansible setup")."""

_BOOK = re.compile(r"[\w./-]+\.(?:ya?ml|j2)\b")
_ROLES = re.compile(r"^\s*roles_path\s*=\s*(.+)$", re.MULTILINE)
MOST_BOOKS = 1_000

_OWN_OUTPUTS = {"manifest": "packer-manifest.json"}
"""Post-processors that write a file of their own where `output` is not given."""


class Made:
    """What the images of a run write: no ingredient, even where one image reads what another one has made."""

    def __init__(self, images: Iterable[Image]) -> None:
        self._exact: set[str] = set()
        patterns: dict[str, None] = {}
        for image in images:
            template = image.configuration.template
            for path in _outputs(image):
                for start in (template.directory, ".", template.working_directory or "."):
                    name = posixpath.normpath(posixpath.join(start, path))
                    if "*" in name:
                        within = re.escape(name).replace(r"\*", "[^/]*")
                        patterns[rf"{within}(?:/.*)?\Z"] = None
                    elif name not in (".", template.directory):
                        self._exact.add(name)
        self._pattern = re.compile("|".join(patterns)) if patterns else None

    def has(self, name: str) -> bool:
        """Whether a file or directory is written by an image, or lies in what is."""
        if self._pattern is not None and self._pattern.match(name):
            return True
        while name not in ("", ".", "/"):
            if name in self._exact:
                return True
            name = posixpath.dirname(name)
        return False


def _outputs(image: Image) -> Iterator[str]:
    output = output_of(image.use)
    if output is not None and output.path is not None:
        yield output.path
    target = image.use.arguments.get("target") if image.use.type == "file" else None
    text = target.worth.text if target is not None else None
    if text:
        yield text
    for step in image.instance.post_processors:
        given = step.arguments.get("output")
        text = given.value.text if given is not None else _OWN_OUTPUTS.get(step.step.type)
        pattern = re.sub(r"\{\{.*?\}\}", "*", text.replace("*", "")) if text else ""
        if re.search(r"\w{3}", pattern):  # else it would fit nearly everything
            yield pattern


class _Wanted(NamedTuple):
    """A path that is named somewhere; `certain` where it can be nothing but one, though there is no file."""

    path: str
    certain: bool = True
    glob: str | None = None
    ansible: bool = False
    by_command: bool = False


@record(frozen=False)
class Found:
    """Files by name with digests; `made` are those that the build itself may have changed.

    `doubts` name what cannot be looked at.
    """

    files: dict[str, str] = field(default_factory=dict)
    made: dict[str, str] = field(default_factory=dict)
    doubts: list[str] = field(default_factory=list)


class Reads:
    """Looks for the files of images; each is read once, as it is then."""

    def __init__(self, made: Made, seal: Seal) -> None:
        self._made = made
        self._seal = seal
        self._readers: dict[int, tuple[Files, Files]] = {}
        self._contents: dict[tuple[Files, str], str] = {}
        self._trees: dict[tuple[Files, str], tuple[dict[str, str], list[str]]] = {}

    def of(self, image: Image, also: Iterable[str]) -> Found:
        """The files that the source and the steps of an image name, and `also` those at these paths."""
        template = image.configuration.template
        # What was looked at earlier in the run may have come or gone since.
        _, files = self._readers.setdefault(id(template.files), (template.files, template.files.anew()))
        configuration = replace(image.configuration, template=replace(template, files=files))
        found = Found()
        for wanted in (*(_Wanted(path) for path in sorted(also)), *_wanted(image)):
            self._look(wanted, configuration, found)
        for name in found.files:
            found.made.pop(name, None)
        return found

    def _look(self, wanted: _Wanted, configuration: Configuration, found: Found) -> None:
        files, directory = configuration.files, configuration.template.directory
        path = _inside(wanted.path, files)
        name = configuration.locate(path) if path is not None else None
        if name is None:
            rooted = path is not None and path.startswith(f"{directory}/")
            name = posixpath.normpath(posixpath.join("." if rooted else directory, path or wanted.path))
            if not wanted.certain or self._made.has(name):
                return
            if path is None or _is_outside(name, files):
                found.doubts.append("a file outside of the checked root")
            elif wanted.glob is None:
                found.files[name] = MISSING
            return
        if self._made.has(name):
            return
        if not files.is_directory(name):
            into = found.made if wanted.by_command else found.files
            into[name] = self._content(name, files, found.doubts)
            if wanted.ansible:
                self._playbook(name, files, found)
        elif wanted.certain and not wanted.by_command:
            self._directory(name, wanted.glob, files, found)

    def _directory(self, name: str, glob: str | None, files: Files, found: Found) -> None:
        below, doubts = self._tree(name, files)
        found.doubts += doubts
        if glob is not None:
            start = 0 if name == "." else len(name) + 1
            below = {it: digest for it, digest in below.items() if _fits(it[start:], glob)}
        if len(below) > MOST_LISTED:
            every = "\n".join(f"{digest} {it!r}" for it, digest in below.items())
            below = {f"{name}/": hashlib.sha256(every.encode(errors="surrogatepass")).hexdigest()}
        found.files.update(below)

    def _tree(self, folder: str, files: Files) -> tuple[dict[str, str], list[str]]:
        """All files below a directory, those that links lead to among them."""
        key = files, folder
        if key in self._trees:
            return self._trees[key]
        below: dict[str, str] = {}
        doubts: list[str] = []
        waiting, seen = [folder], set[str]()
        while waiting:
            current = waiting.pop()
            try:
                real = str(files.locate(current))
                names = () if real in seen else files.names(current)
            except (OSError, ValueError):
                doubts.append(f"`{current}`, which cannot be read")
                continue
            seen.add(real)
            for entry in names:
                name = posixpath.normpath(posixpath.join(current, entry))
                if self._made.has(name) or entry in _SKIPPED:
                    continue
                if len(below) + len(waiting) > MOST_FILES:
                    doubts.append(f"`{folder}`, which has too many files")
                    waiting.clear()
                    break
                if files.is_directory(name):
                    waiting.append(name)
                else:
                    below[name] = self._content(name, files, doubts)
        self._trees[key] = dict(sorted(below.items())), doubts
        return self._trees[key]

    def _content(self, name: str, files: Files, doubts: list[str]) -> str:
        """What stands for the bytes of a file; of one that is too large to be read, its size and time."""
        key = files, name
        if key not in self._contents:
            try:
                digest = hashlib.sha256(files.read(name)).hexdigest()
                secret = holds_secret(posixpath.splitext(posixpath.basename(name))[0].lstrip("."))
                self._contents[key] = self._seal(digest).hex() if secret else digest
            except FileNotFoundError:
                self._contents[key] = MISSING
            except (OSError, ValueError) as error:
                self._contents[key] = _size(name, files) if getattr(error, "errno", 0) == errno.EFBIG else ""
        if not self._contents[key]:
            doubts.append(f"`{name}`, which cannot be read")
        return self._contents[key]

    def _playbook(self, name: str, files: Files, found: Found) -> None:
        """What a playbook draws in: the folders beside it, and what it and the books it names speak of."""
        folder = posixpath.dirname(name) or "."
        beside = [posixpath.normpath(posixpath.join(folder, it)) for it in _BESIDE]
        settings = files.text(beside[-1]) or ""
        for line in _ROLES.findall(settings):
            beside += [posixpath.normpath(posixpath.join(folder, it.strip())) for it in line.split(":")]
        waiting, seen = [name], {name}
        while waiting and len(seen) < MOST_BOOKS:
            for word in _BOOK.findall(files.text(waiting.pop()) or ""):
                book = posixpath.normpath(posixpath.join(folder, word))
                if book not in seen and files.exists(book) and not files.is_directory(book):
                    seen.add(book)
                    waiting.append(book)
        for it in (*beside, *sorted(seen)):
            if self._made.has(it) or not files.exists(it):
                continue
            if files.is_directory(it):
                self._directory(it, None, files, found)
            else:
                found.files[it] = self._content(it, files, found.doubts)


def _wanted(image: Image) -> Iterator[_Wanted]:
    use = image.use
    place = use.range
    yield from _named("builder", use.type, use.arguments, place)
    for argument in use.arguments:
        if argument.name in _MACHINE:
            yield from _words(argument.value)
    kinds: tuple[tuple[Kind, Sequence[EffectiveStep]], ...] = (
        ("provisioner", image.instance.provisioners),
        ("post-processor", image.instance.post_processors),
    )
    for kind, steps in kinds:
        for step in steps:
            yield from _named(kind, step.step.type, step.arguments, place)
            for argument in step.arguments if step.step.type == "shell-local" else ():
                if argument.name in _COMMANDS:
                    yield from _words(argument.value)


def _named(kind: Kind, type_: str, arguments: Arguments, place: Range) -> Iterator[_Wanted]:
    """The paths that a component names: those that are known to be some, and those that may be."""
    component = Component(kind, type_, type_, arguments, place, place, place)
    known = set()
    for it in local_files(component):
        known.add(it.argument.name)
        yield _Wanted(it.path, glob=it.glob, ansible=it.argument.name.startswith("playbook"))
    if kind != "post-processor":
        yield from _perhaps(arguments, known)


def _perhaps(arguments: Arguments, known: set[str]) -> Iterator[_Wanted]:
    """Paths under names that usually have such; one that leads out of the root is one for certain."""
    waiting = [arguments]
    while waiting:
        current = waiting.pop()
        waiting += [block.arguments for block in current.blocks]
        for argument in current:
            if _NAMES_FILE.fullmatch(argument.name) and argument.name != "destination":
                for text in _strings(argument.worth):
                    elsewhere = text.startswith(("/", "~")) and _is_of_host(argument.name, current)
                    if elsewhere or (argument.name not in known and ":" not in text[:8]):
                        yield _Wanted(text.replace("\\", "/"), certain=elsewhere)


def _is_of_host(name: str, arguments: Arguments) -> bool:
    """Whether a path from the root is one of the host of Packer for certain."""
    if name in ("source", "sources"):
        direction = arguments.value("direction")
        return "destination" in arguments and (direction is None or direction.known(str) in ("upload", ""))
    return name in ("script", "scripts", "http_directory", "floppy_files", "cd_files", "playbook_file")


def _words(value: Value) -> Iterator[_Wanted]:
    for text in _strings(value, LONGEST * 16):
        for word in dict.fromkeys(_WORD.findall(text)):
            if not word.startswith(("-", "/", "~")) and 1 < len(word) <= LONGEST:
                yield _Wanted(word.replace("\\", "/"), certain=False, by_command=True)


def _strings(value: Value, longest: int = LONGEST) -> Iterator[str]:
    """The texts in a value that nobody keeps secret."""
    waiting = [value]
    seen: set[int] = set()
    while waiting:
        current = waiting.pop()
        if not isinstance(current, Known) or current.sensitive or id(current) in seen:
            continue
        seen.add(id(current))
        if isinstance(current.data, str):
            if 0 < len(current.data) <= longest and "\0" not in current.data:
                yield current.data
        else:
            waiting += reversed(current.items or tuple((current.entries or {}).values()))


def _inside(path: str, files: Files) -> str | None:
    """A path as names are, from the root if it is absolute; None where it lies outside."""
    if path.startswith("~"):
        return None
    if not path.startswith("/"):
        return path
    base = files.base.as_posix()
    return posixpath.relpath(path, base) if path.startswith(f"{base}/") else None


def _fits(path: str, glob: str) -> bool:
    """Whether a pattern fits a path or a directory above it, as `filepath.Glob` of Go has it."""
    parts, patterns = path.split("/"), glob.split("/")
    return len(parts) >= len(patterns) and all(
        fnmatch.fnmatchcase(part, pattern) for part, pattern in zip(parts, patterns, strict=False)
    )


def _is_outside(name: str, files: Files) -> bool:
    try:
        files.locate(name)
    except PermissionError:
        return True
    except (OSError, ValueError):
        return False
    return False


def _size(name: str, files: Files) -> str:
    try:
        size, changed = files.status(name)
    except (OSError, ValueError):
        return ""
    return f"{size} bytes of {changed}"
