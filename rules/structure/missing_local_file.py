"""The files that components name → those that are nowhere where Packer may be run."""

from __future__ import annotations

import posixpath
from _bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from packlint import (
    Bad,
    Category,
    Edit,
    Finding,
    Fix,
    Fixable,
    Good,
    Precision,
    Related,
    Rule,
    Severity,
    notation,
)
from packlint.components import Component
from packlint.document import Range
from packlint.files import Files
from packlint.ignore import ignored_by_git
from packlint.local_files import NAMED, LocalFile, local_files
from packlint.model import Configuration
from packlint.noted import noted
from packlint.pattern import pattern
from packlint.suggest import Guesses
from packlint.syntax import Template, Text

MOST_FILES = 20_000
"""Files of a checked root among which one of the same name is looked for."""

DIRECTORIES = ("http_directory", "playbook_dir", "manifest_dir", "local_state_tree")

_MADE = pattern(
    r"(?:^|/)(?:output|packer_cache|build|dist|target|out|tmp|temp|\.cache|node_modules)(?:[-_./]|$)"
)
"""Folders that hold what builds and tools make."""


class MissingLocalFile(Rule):
    """Flags scripts, playbooks and other local files that do not exist.

    Packer looks for a relative path where it is run: in the template's directory or, in many repositories,
    in one above it. A path that is in none of these is misspelled, or the file was moved. For scripts Packer
    says so before it starts ("Bad script"); a file of a `file` provisioner, a playbook or a folder for
    `http_directory` may be missed only after the system is installed.

    The rule looks for scripts, `source` and `sources` of `file`, playbooks, manifests, cookbooks, templates
    of Vagrantfiles, `http_directory`, files for floppies and CDs, and user data. Nothing is said of absolute
    paths, of paths that are not known, of what a `file` step downloads or calls `generated`, and of a
    template that is run from elsewhere: none of its files is found, and another directory has such a path. A
    finding is a note where git ignores the path, where it comes from a variable's default, where it lies in a
    folder for what builds make, such as `output-web` or `dist`, and behind a `shell-local` step, which may
    make it. Several paths in one folder that is missing are one finding.

    Correct the path. `${path.root}/` before it makes it independent of where Packer is run.

    References:
    https://developer.hashicorp.com/packer/docs/templates/hcl_templates/path-variables
    https://developer.hashicorp.com/packer/docs/provisioners/file
    """

    category = Category.STRUCTURE
    severity = Severity.ERROR
    precision = Precision.HIGH
    fixable = Fixable.UNSAFE
    looks_for = NAMED

    examples = (
        Bad(
            {
                "web.pkr.hcl": """
                source "null" "web" {
                  ssh_host = "192.0.2.10"
                }
                build {
                  sources = ["null.web"]
                  provisioner "shell" {
                    scripts = [
                      "scripts/update.sh",
                      "scripts/clean.sh", # finding: there is no file `scripts/clean.sh`
                      "${path.root}/scripts/instal.sh", # finding: there is no file
                    ]
                  }
                }
                """,
                "scripts/update.sh": "true",
                "scripts/install.sh": "true",
                "scripts/linux/clean.sh": "true",
            },
            fixed={
                "web.pkr.hcl": """
                source "null" "web" {
                  ssh_host = "192.0.2.10"
                }
                build {
                  sources = ["null.web"]
                  provisioner "shell" {
                    scripts = [
                      "scripts/update.sh",
                      "scripts/linux/clean.sh",
                      "${path.root}/scripts/install.sh",
                    ]
                  }
                }
                """
            },
        ),
        Bad(
            {
                "web.json": """
                {
                  "builders": [{ "type": "null", "ssh_host": "192.0.2.10" }],
                  "provisioners": [
                    { "type": "file", "source": "web.conf", "destination": "/tmp/web.conf" },
                    { "type": "ansible", "playbook_file": "site.yml" }
                  ]
                }
                """,
                "site.yml": "[]",
            },
            finds={"web.json:4": "there is no file `web.conf`"},
        ),
        Good(
            {
                "images/web/web.pkr.hcl": """
                source "qemu" "web" {
                  http_directory       = "http"
                  ssh_private_key_file = "~/.ssh/id_ed25519"
                  cd_files             = ["./seed/*.cfg"]
                }
                build {
                  sources = ["qemu.web"]
                  provisioner "shell" {
                    script = "scripts/update.sh"
                  }
                  provisioner "file" {
                    direction   = "download"
                    source      = "/var/log/syslog"
                    destination = "syslog"
                  }
                  provisioner "file" {
                    generated   = true
                    source      = "made-later.tar"
                    destination = "/tmp/"
                  }
                }
                """,
                "scripts/update.sh": "true",
                "images/web/http/preseed.cfg": "d-i",
                "images/web/seed/a.cfg": "a",
            }
        ),
        Good(
            {
                "ci/web.pkr.hcl": """
                source "null" "run-from-elsewhere" {
                  ssh_host = "192.0.2.10"
                }
                build {
                  sources = ["null.run-from-elsewhere"]
                  provisioner "shell" {
                    scripts = ["scripts/one.sh", "scripts/two.sh"]
                  }
                }
                """,
                "images/scripts/one.sh": "true",
                "images/scripts/two.sh": "true",
            }
        ),
    )

    def check_components(
        self, components: tuple[Component, ...], configuration: Configuration
    ) -> Iterator[Finding]:
        named = [file for it in components if it.runs for file in local_files(it)]
        missing = [file for file in named if configuration.locate(file.path) is None]
        if not missing:
            return
        settled = len(missing) < len(named) or configuration.template.working_directory is not None
        directory = configuration.template.directory
        making = _makes_files(components)
        together: dict[str, list[LocalFile]] = {}
        for file in missing:
            if settled or file.is_rooted(directory) or not self._elsewhere(file, configuration):
                together.setdefault(_first_missing(file.path, configuration), []).append(file)
        for above, files in together.items():
            yield self._finding(above, files, configuration, making)

    def _finding(
        self,
        above: str,
        missing: Sequence[LocalFile],
        configuration: Configuration,
        making: Mapping[str, int],
    ) -> Finding:
        """What is missing, or the folder of several things that are."""
        file, directory = missing[0], configuration.template.directory
        rooted = file.is_rooted(directory)
        several = len({it.path for it in missing}) > 1
        path = above if several or file.glob else file.path
        shown = posixpath.relpath(path, directory) if rooted else path
        what = "directory" if several or file.glob or file.argument.name in DIRECTORIES else "file"
        default = file.value.default_of
        where = configuration.template.working_directory
        message = f"there is no {what} `{shown}`"
        if not rooted:
            message += " where Packer may be run" if where is None else f" in `{where}`, where Packer is run"
        if several:
            message += f", for {len(missing)} paths of this template"
        if default is not None:
            message += f", from the default of `var.{default}`"
        name = posixpath.normpath(path if rooted else posixpath.join(directory, path))
        step = file.component.range
        made = making.get(step.document.path, step.end)
        later = file.component.kind != "builder" and step.start > made
        excused = later or _MADE.search(file.path) or ignored_by_git(configuration.files, name)
        near = None if several else self._near(file, configuration)
        return Finding(
            file.expression.range,
            message,
            related=tuple(Related(it.expression.range, "and here") for it in missing[1:4]),
            hint=f"did you mean `{near}`?" if near else _advice(file),
            fix=_fix(file, shown, near) if near and default is None else None,
            softened=2 if excused or default is not None else 0,
        )

    def _elsewhere(self, file: LocalFile, configuration: Configuration) -> bool:
        """Whether another directory has such a path, or one above the root may: Packer may be run there."""
        files, path = configuration.files, posixpath.normpath(file.path)
        first, _, rest = path.partition("/")
        if first == ".." or (first == files.root.name and files.exists(files.name(files.root / rest))):
            return True
        return _listing(files).has_end(path)

    def _near(self, file: LocalFile, configuration: Configuration) -> str | None:
        """The path of the one file that was probably meant, written from where the missing one is."""
        listing = _listing(configuration.files)
        wanted = posixpath.basename(file.path.rstrip("/"))
        found = listing.by_name.get(wanted.lower())
        if found is None:
            folder = _folder(file, configuration)
            close = listing.beside(folder).near(wanted)
            found = [posixpath.join(folder, close)] if close else []
        if len(found) != 1:
            return None
        relative = posixpath.relpath(found[0], configuration.template.directory)
        return None if relative.startswith("../") or relative == file.path else relative


def _makes_files(components: Sequence[Component]) -> dict[str, int]:
    """Where in each file the first step runs something on the machine of Packer, which may make files."""
    first: dict[str, int] = {}
    for it in components:
        if it.type == "shell-local":
            path = it.range.document.path
            first[path] = min(it.range.start, first.get(path, it.range.start))
    return first


def _first_missing(path: str, configuration: Configuration) -> str:
    """The outermost part of a path that is missing."""
    parts = path.split("/")
    for depth in range(1, len(parts)):
        above = "/".join(parts[:depth])
        if above and configuration.locate(above) is None:
            return above
    return path


def _folder(file: LocalFile, configuration: Configuration) -> str:
    directory = configuration.template.directory
    path = file.path if file.is_rooted(directory) else posixpath.join(directory, file.path)
    return posixpath.dirname(posixpath.normpath(path))


def _advice(file: LocalFile) -> str:
    if file.component.type == "file" and file.component.kind == "provisioner":
        return (
            f"correct the path, or say {notation.argument(file.argument.range.document, 'generated', 'true')}"
        )
    return "correct the path"


@noted(8)
def _listing(files: Files) -> _Listing:
    return _Listing(files)


class _Listing:
    """The files of a root, of very many the first; `by_name` has them by the last part in lower case."""

    def __init__(self, files: Files) -> None:
        self.by_name: dict[str, list[str]] = defaultdict(list)
        self._by_folder: dict[str, list[str]] = defaultdict(list)
        self._guesses: dict[str, Guesses] = {}
        backwards: list[str] = []
        for path in files.below(files.name(files.root), MOST_FILES, _is_own):
            folder, name = posixpath.split(path)
            self.by_name[name.lower()].append(path)
            self._by_folder[folder].append(name)
            backwards.append(f"/{path}"[::-1])
        self._backwards = sorted(backwards)

    def has_end(self, path: str) -> bool:
        """Whether a file's path is this one or ends with it."""
        end = f"/{path}"[::-1]
        at = bisect_left(self._backwards, end)
        return at < len(self._backwards) and self._backwards[at].startswith(end)

    def beside(self, folder: str) -> Guesses:
        """The files in a directory, for what was probably meant by the name of one that is not there."""
        if folder not in self._guesses:
            self._guesses[folder] = Guesses(self._by_folder.get(folder, ()))
        return self._guesses[folder]


def _is_own(folder: str) -> bool:
    """Whether a directory holds what somebody wrote."""
    return not folder.startswith(".") and folder != "node_modules"


def _fix(file: LocalFile, shown: str, near: str) -> Fix | None:
    """The other path where the missing one is plainly written, after `path.root` or by itself."""
    written = file.expression
    if file.glob is not None or not isinstance(written, Template) or not written.parts:
        return None
    last = written.parts[-1]
    if not isinstance(last, Text) or len(written.parts) > 2:
        return None
    text = last.range.text
    path = text.removeprefix("/").removeprefix("./")
    if posixpath.normpath(path) != posixpath.normpath(shown) or '"' in near or "\\" in near:
        return None
    start = last.range.end - len(path)
    return Fix(
        f"write `{near}`", (Edit(Range(last.range.document, start, last.range.end), near),), safe=False
    )
