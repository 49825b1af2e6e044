"""The components of a template → the plugins that bring them and that it does not require."""

import posixpath
from collections.abc import Iterator, Sequence

from packlint import Bad, Category, Edit, Finding, Fix, Fixable, Good, Precision, Related, Rule, Severity
from packlint.catalog import Plugin
from packlint.components import Component, packer_versions
from packlint.document import Range
from packlint.files import Files
from packlint.model import Configuration
from packlint.noted import noted
from packlint.syntax import Block
from packlint.version import Constraints, Version

FIRST_WITH_BLOCK = Version((1, 7, 0), written=3)
"""The first Packer that has `required_plugins`."""

STEP = "  "


class MissingRequiredPlugin(Rule):
    """Flags components whose plugin the template does not require.

    Since Packer 1.10 all but a few components are in plugins, and `packer init` installs those that
    `required_plugins` names. Without an entry the build works only where somebody has installed the plugin
    before, in whatever version: on the next machine Packer says "Unknown builder type".

    The fix writes the entries, with the newest minor version that packlint knows of. `packer plugins
    install` does for a machine what they do for a template; a legacy template has nothing else, so that a
    finding there is a note. Nothing is said where all versions of Packer that `required_version` admits
    still bring the plugin along, nor of a template that is a part of others, nor of a plugin that a file in
    a directory above requires: it may be linked or copied in before a build.

    References:
    https://developer.hashicorp.com/packer/docs/templates/hcl_templates/blocks/packer
    https://developer.hashicorp.com/packer/docs/commands/plugins/install
    """

    category = Category.STRUCTURE
    severity = Severity.WARNING
    precision = Precision.HIGH
    fixable = Fixable.SAFE
    looks_for = ("<not required>",)

    examples = (
        Bad(
            """
            source "qemu" "web" { # finding: plugins `qemu` and `vagrant` are not in `required_plugins`
              iso_url = "https://example.com/web.iso"
            }
            build {
              sources = ["source.qemu.web"]
              post-processor "vagrant" {}
            }
            """,
            fixed="""
            packer {
              required_plugins {
                qemu = {
                  source  = "github.com/hashicorp/qemu"
                  version = "~> 1.1"
                }
                vagrant = {
                  source  = "github.com/hashicorp/vagrant"
                  version = "~> 1.1"
                }
              }
            }

            source "qemu" "web" {
              iso_url = "https://example.com/web.iso"
            }
            build {
              sources = ["source.qemu.web"]
              post-processor "vagrant" {}
            }
            """,
        ),
        Bad(
            """
            packer {
              required_plugins {
                docker = {
                  source  = "github.com/hashicorp/docker"
                  version = "~> 1.1"
                }
              }
            }
            source "docker" "web" {
              image  = "debian"
              commit = true
            }
            build {
              sources = ["source.docker.web"]
              provisioner "ansible-local" { # finding: plugin `ansible` is not in `required_plugins`
                playbook_file = "web.yml"
              }
            }
            """,
            fixed="""
            packer {
              required_plugins {
                docker = {
                  source  = "github.com/hashicorp/docker"
                  version = "~> 1.1"
                }
                ansible = {
                  source  = "github.com/hashicorp/ansible"
                  version = "~> 1.1"
                }
              }
            }
            source "docker" "web" {
              image  = "debian"
              commit = true
            }
            build {
              sources = ["source.docker.web"]
              provisioner "ansible-local" {
                playbook_file = "web.yml"
              }
            }
            """,
        ),
        Bad(
            {
                "web.json": """
                {
                  "builders": [{ "type": "docker", "image": "debian", "discard": true }]
                }
                """,
                "box.json": """
                {
                  "builders": [{ "type": "qemu", "iso_url": "https://example.com/web.iso" }],
                  "post-processors": ["vagrant"]
                }
                """,
                "app.pkr.json": """
                {
                  "source": { "docker": { "app": { "image": "debian", "discard": true } } },
                  "build": { "sources": ["source.docker.app"] }
                }
                """,
            },
            finds={
                "web.json:2": "plugin `docker` has to be installed for builder `docker`",
                "box.json:2": "plugins `qemu` and `vagrant` have to be installed for the template",
                "app.pkr.json:2": "plugin `docker` is not in `required_plugins`",
            },
        ),
        Good(
            {
                "plugins.pkr.hcl": """
                packer {
                  required_plugins {
                    docker = {
                      source  = "github.com/hashicorp/docker"
                      version = "~> 1.1"
                    }
                  }
                }
                """,
                "web/web.pkr.hcl": """
                source "docker" "web" {
                  image  = "debian"
                  commit = true
                }
                build {
                  sources = ["source.docker.web"]
                }
                """,
            }
        ),
        Good(
            """
            packer {
              required_version = "~> 1.8.0"
            }
            source "docker" "web" {
              image  = "debian"
              commit = true
            }
            build {
              sources = ["source.docker.web"]
            }
            """
        ),
    )

    def check_components(
        self, components: tuple[Component, ...], configuration: Configuration
    ) -> Iterator[Finding]:
        if configuration.is_part or not configuration.complete:
            return
        packer = packer_versions(configuration)
        first: dict[str, tuple[Plugin, Component]] = {}
        for component in sorted(components, key=lambda it: it.range.order):
            plugin = component.plugin
            if plugin is not None and component.entry is None and not _bundled(plugin, packer):
                first.setdefault(plugin.source, (plugin, component))
        above = _above(configuration) if first and configuration.syntax else ""
        missing = [it for source, it in first.items() if f'"{source.lower()}"' not in above]
        if missing:
            yield _finding(missing, configuration, packer)


def _above(configuration: Configuration) -> str:
    """The text, in lower case, of the files in directories above that require plugins."""
    directory, found = configuration.template.directory, []
    while directory not in ("", "."):
        directory = posixpath.dirname(directory) or "."
        found.append(_requiring(directory, configuration.files))
    return "\n".join(found)


@noted(64)
def _requiring(directory: str, files: Files) -> str:
    """The same of one directory, which many templates may lie below."""
    found = []
    try:
        for name, is_directory in files.entries(directory):
            if name.endswith((".pkr.hcl", ".pkr.json")) and not is_directory:
                found.append(files.text(posixpath.join(directory, name)) or "")
    except OSError:
        pass  # what cannot be listed has nothing to say
    return "\n".join(text.lower() for text in found if "required_plugins" in text)


def _bundled(plugin: Plugin, packer: Constraints) -> bool:
    """Whether every version of Packer that the template admits brings the plugin along."""
    first = Version.parse(plugin.external_since) if plugin.external_since else None
    return first is not None and not packer.reach(first).since


def _finding(
    missing: Sequence[tuple[Plugin, Component]], configuration: Configuration, packer: Constraints
) -> Finding:
    place = missing[0][1]
    plugins = [plugin for plugin, _ in missing]
    related = tuple(
        Related(component.header_range, f"{component.noun} comes with plugin `{plugin.name}`")
        for plugin, component in missing[1:]
    )
    if place.legacy:
        commands = "; ".join(f"`packer plugins install {plugin.source}`" for plugin in plugins)
        names = _names(plugins, "has", "have")
        message = f"{names} to be installed for {place.noun if len(plugins) == 1 else 'the template'}"
        return Finding(place.type_range, message, related, hint=f"run {commands}", softened=1)
    fix = _fix(plugins, configuration, place, packer)
    entries = ", ".join(f'"{plugin.source}"' for plugin in plugins)
    return Finding(
        place.header_range,
        f"{_names(plugins, 'is', 'are')} not in `required_plugins`",
        related,
        fix,
        hint=f"require {entries} there, and run `packer init`",
    )


def _names(plugins: Sequence[Plugin], one: str, several: str) -> str:
    *others, last = (f"`{plugin.name}`" for plugin in plugins)
    return f"plugins {', '.join(others)} and {last} {several}" if others else f"plugin {last} {one}"


def _fix(
    plugins: Sequence[Plugin], configuration: Configuration, place: Component, packer: Constraints
) -> Fix | None:
    """The entries in HCL; None in JSON, and where a name is taken or a plugin has no release."""
    taken = {entry.name for entry in configuration.required_plugins}
    names = {plugin.name for plugin in plugins}
    lines = [line for plugin in plugins for line in _entry(plugin)]
    clash = names & taken or len(names) < len(plugins) or not all(map(_constraint, plugins))
    edit = None if clash else _edit(lines, configuration, place)
    if edit is None:
        return None
    old = packer.bounds and packer.reach(FIRST_WITH_BLOCK).before
    return Fix(f"require {'them' if len(plugins) > 1 else 'it'}", (edit,), safe=not old)


def _entry(plugin: Plugin) -> list[str]:
    return [
        f"{plugin.name} = {{",
        f'{STEP}source  = "{plugin.source}"',
        f'{STEP}version = "{_constraint(plugin)}"',
        "}",
    ]


def _constraint(plugin: Plugin) -> str | None:
    """The newest minor version that is released, and those that are compatible; before 0.1.0 the newest."""
    version = Version.parse(plugin.version) if plugin.version else None
    if version is None or (version.prerelease and version.segments[2] == 0):
        return None
    major, minor, patch = version.segments[:3]
    return f"~> {major}.{minor}" if major or minor else f"~> {major}.{minor}.{patch}"


def _edit(lines: list[str], configuration: Configuration, place: Component) -> Edit | None:
    """The entries in the block `required_plugins`, in a new one, or in a new block `packer` at the top."""
    packers = [block for file in configuration.syntax for block in file.body.blocks if block.type == "packer"]
    inner = [block for packer in packers for block in packer.body.blocks if block.type == "required_plugins"]
    if inner:
        return _added(inner[0], lines)
    lines = ["required_plugins {", *(STEP + line for line in lines), "}"]
    if packers:
        return _added(packers[0], lines)
    document = place.range.document
    if document.is_json:
        return None
    text = "\n".join(["packer {", *(STEP + line for line in lines), "}", "", ""])
    return Edit(Range(document, 0, 0), text)


def _added(block: Block, lines: list[str]) -> Edit | None:
    """Lines at the end of a block, as far in as its other lines are."""
    document = block.range.document
    if document.is_json:
        return None
    text, end = document.text, block.body.range.end
    start = document.offset(document.position(block.type_range.start).line, 1)
    margin = text[start : block.type_range.start]
    if margin.strip():
        return None
    line = len(text[:end].rstrip(" \t"))
    own_line = text[line - 1 : line] == "\n"
    written = "".join(f"{margin}{STEP}{line_}\n" for line_ in lines)
    if own_line:
        return Edit(Range(document, line, line), written)
    return Edit(Range(document, line, end), f"\n{written}{margin}")
