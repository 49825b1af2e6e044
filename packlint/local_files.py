"""A component → the files of one's own machine that it names, each with where it is named.

Packer takes a relative path from where it is run, which a template does not say: `Configuration.locate` tries
the places that are likely.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache

from packlint.components import Component
from packlint.model import Argument
from packlint.pattern import pattern
from packlint.record import record
from packlint.syntax import Action, Expression, Template, Text, Traversal, elements
from packlint.value import Value

OF_BUILDERS = ("http_directory", "floppy_files", "floppy_dirs", "cd_files", "user_data_file")
"""Arguments of all builders that have them (hashicorp/packer-plugin-sdk, multistep/commonsteps).

Private keys are not among them: nobody is to find those beside a template.
"""

_SCRIPTS = ("script", "scripts")
_ANSIBLE = ("playbook_file", "galaxy_file", "inventory_file")
OF_STEPS: Mapping[tuple[str, str], tuple[str, ...]] = {
    **{("provisioner", type_): _SCRIPTS for type_ in ("shell", "shell-local", "powershell", "windows-shell")},
    ("post-processor", "shell-local"): _SCRIPTS,
    ("provisioner", "file"): ("source", "sources"),
    ("provisioner", "ansible"): _ANSIBLE,
    ("provisioner", "ansible-local"): (
        *_ANSIBLE,
        *("playbook_files", "playbook_paths", "playbook_dir", "role_paths", "group_vars", "host_vars"),
    ),
    ("provisioner", "puppet-masterless"): (
        "manifest_file",
        "manifest_dir",
        "module_paths",
        "hiera_config_path",
    ),
    ("provisioner", "chef-solo"): ("cookbook_paths", "config_template"),
    ("provisioner", "salt-masterless"): ("local_state_tree", "local_pillar_roots"),
    ("post-processor", "vagrant"): ("vagrantfile_template", "include"),
}
"""Arguments of provisioners and post-processors that name files, from their documentation."""

_EVERYWHERE = frozenset({"source", "sources"})
NAMED = (*OF_BUILDERS, *sorted({name for names in OF_STEPS.values() for name in names} - _EVERYWHERE), "file")
"""Words of which each template has one that names files: those arguments, and the step of the others."""

LONGEST = 4096
"""Characters of a path; no system has a longer one."""

_ELSEWHERE = pattern(r"[/\\~]|[A-Za-z]:|\w+://|.*(\{\{|\$|%\w+%)", re.DOTALL)
_PERHAPS_ELSEWHERE = ("://", "{{", "$", "%")
"""Paths from a root, from a home, of another machine, or that something else fills in."""

_GLOB = pattern(r"[*?\[]")


@record(eq=False)
class LocalFile:
    """A relative path that a component is given; `path` has forward slashes.

    `value` and `expression` are those of the path itself. `glob` is the pattern at its end, which stands for
    what it matches in the directory `path`.
    """

    component: Component
    argument: Argument
    path: str
    value: Value
    expression: Expression
    glob: str | None = None

    def is_rooted(self, directory: str) -> bool:
        """Whether it is written from `path.root`, so that it means one file wherever Packer is run.

        `directory` is that of the template; what begins with it comes from `path.root` too.
        """
        return self.path.startswith(f"{directory}/") and (directory != "." or _rooted(self.expression))


@lru_cache(maxsize=256)
def local_files(component: Component) -> tuple[LocalFile, ...]:
    """The files that a component names by relative paths, as far as these are known."""
    return tuple(_local_files(component))


def _local_files(component: Component) -> Iterator[LocalFile]:
    if _is_made_or_fetched(component):
        return
    for name in _arguments(component):
        argument = component.arguments.get(name)
        if argument is None:
            continue
        items = argument.worth.items or (argument.worth,)
        for item, expression in zip(items, elements(argument.expression, len(items)), strict=True):
            text = item.known(str)
            if text and len(text) <= LONGEST and not item.sensitive and not _is_elsewhere(text):
                path, glob = _split(text.replace("\\", "/"))
                yield LocalFile(component, argument, path, item, expression, glob)


def _is_elsewhere(text: str) -> bool:
    """Whether a path is none of those that are relative to a folder of this machine, or has unknown parts."""
    if text[0] in "/\\~" or (text[1:2] == ":" and text[0].isascii() and text[0].isalpha()):
        return True
    return any(it in text for it in _PERHAPS_ELSEWHERE) and _ELSEWHERE.match(text) is not None


def _arguments(component: Component) -> tuple[str, ...]:
    if component.kind == "builder":
        return OF_BUILDERS
    return OF_STEPS.get((component.kind, component.type), ())


def _is_made_or_fetched(component: Component) -> bool:
    """Whether a `file` provisioner downloads, or uploads what an earlier step is to make; or may do so."""
    if (component.kind, component.type) != ("provisioner", "file"):
        return False
    direction, generated = (component.arguments.value(name) for name in ("direction", "generated"))
    return (direction is not None and direction.known(str) not in ("upload", "")) or (
        generated is not None and generated.known(bool) is not False
    )


def _split(path: str) -> tuple[str, str | None]:
    """The directory before the first pattern of a path, and the rest; the whole path where it has none."""
    parts = path.split("/")
    first = next((number for number, part in enumerate(parts) if _GLOB.search(part)), None)
    return (path, None) if first is None else ("/".join(parts[:first]) or ".", "/".join(parts[first:]))


def _rooted(expression: Expression) -> bool:
    """Whether a path begins with `path.root`, or with `{{template_dir}}` of a legacy template."""
    first = expression.parts[0] if isinstance(expression, Template) and expression.parts else expression
    if isinstance(first, Traversal):
        return first.root == "path" and [step.name for step in first.steps] == ["root"]
    written = first.text if isinstance(first, Action) else first.value if isinstance(first, Text) else ""
    return re.match(r"\{\{\s*template_dir\s*\}\}", written or "") is not None
