"""The required plugins of a template → those of which it uses nothing."""

from collections.abc import Iterator

from packlint import Bad, Category, Finding, Fix, Fixable, Good, Precision, Rule, Severity, catalog
from packlint.blocks import places
from packlint.edits import deleted
from packlint.model import Argument, Configuration, RequiredPlugin
from packlint.project import Project
from packlint.usage import ANYTHING, unused


class UnusedRequiredPlugin(Rule):
    """Flags required plugins of which the template uses no component.

    `packer init` downloads the plugin for nothing, and `packer build` stops on a machine that lacks it.
    As a rule it is left over from a provisioner or a builder that is gone.

    Remove the entry. Nothing is said where the template has components that packlint does not know, or such
    as only a run makes; where another template that links to the file uses the plugin, or one of an
    identical copy of the file; nor of a directory without builds or without sources, which is a part of
    other templates.

    References:
    https://developer.hashicorp.com/packer/docs/templates/hcl_templates/blocks/packer
    """

    category = Category.STRUCTURE
    severity = Severity.NOTE
    precision = Precision.HIGH
    fixable = Fixable.UNSAFE
    looks_for = ("required_plugins",)

    examples = (
        Bad(
            """
            packer {
              required_plugins {
                docker = {
                  source  = "github.com/hashicorp/docker"
                  version = "~> 1.1"
                }
                ansible = { # finding: the template uses nothing of plugin `ansible`
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
              provisioner "shell" {
                inline = ["apt-get update"]
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
              }
            }
            source "docker" "web" {
              image  = "debian"
              commit = true
            }
            build {
              sources = ["source.docker.web"]
              provisioner "shell" {
                inline = ["apt-get update"]
              }
            }
            """,
        ),
        Good(
            """
            packer {
              required_plugins {
                ours = {
                  source  = "github.com/hashicorp/docker"
                  version = "~> 1.1"
                }
                ansible = {
                  source  = "github.com/hashicorp/ansible"
                  version = "~> 1.1"
                }
                vagrant = {
                  source  = "github.com/hashicorp/vagrant"
                  version = "~> 1.1"
                }
                external = {
                  source  = "github.com/joomcode/external"
                  version = "~> 0.0.2"
                }
              }
            }
            data "external-raw" "names" {
              program = ["cat"]
            }
            source "ours" "web" {
              image  = "debian"
              commit = true
            }
            build {
              name    = data.external-raw.names.result
              sources = ["source.ours.web"]
              error-cleanup-provisioner "ansible-local" {
                playbook_file = "web.yml"
              }
              post-processors {
                post-processor "artifice" {
                  files = ["web.box"]
                }
                post-processor "vagrant-registry" {
                  box_tag = "example/web"
                  version = "1.0.0"
                }
              }
            }
            """
        ),
        Good(
            """
            packer {
              required_plugins {
                windows-update = {
                  source  = "github.com/rgl/windows-update"
                  version = "~> 0.16"
                }
              }
            }
            source "null" "web" {
              communicator = "none"
            }
            build {
              sources = ["source.null.web"]
              provisioner "nobody-knows-this" {}
            }
            """
        ),
    )

    def check_project(self, project: Project) -> Iterator[Finding]:
        for it in unused(project, _named, _used, "required_plugins"):
            entry = it.declaration
            if it.copy is None:
                edit = deleted(entry.range)
                yield Finding(
                    entry.name_range,
                    f"the template uses nothing of plugin `{entry.name}`, which `packer init` downloads",
                    fix=Fix(f"do not require plugin `{entry.name}`", (edit,), safe=False) if edit else None,
                    hint="remove the entry",
                )


def _named(configuration: Configuration) -> Iterator[tuple[str, Argument]]:
    """The entries whose plugin can be told; of others nobody knows what they bring."""
    for entry in configuration.required_plugins:
        if entry.source and entry.version:
            yield _key(entry), entry.argument


def _key(entry: RequiredPlugin) -> str:
    plugin = catalog.plugin(entry.source) if entry.source else None
    return plugin.source.lower() if plugin is not None else entry.name


def _used(configuration: Configuration) -> frozenset[str]:
    """The plugins that may bring a component of the template, by their addresses, and by names of entries."""
    if any(build.open or build.open_steps for build in configuration.builds):
        return frozenset({ANYTHING})
    entries = {entry.name: entry for entry in configuration.required_plugins}
    found: set[str] = set()
    for kind, type_ in set(_components(configuration)):
        if type_ in catalog.core(kind):
            continue
        words = type_.split("-")
        names = {"-".join(words[:count]) for count in range(1, len(words) + 1)}
        brought = {plugin.source.lower() for plugin in catalog.offering(kind, type_)}
        brought |= {_key(entries[name]) for name in names & entries.keys()}
        if not brought:
            return frozenset({ANYTHING})
        found |= brought | names
    return frozenset(found)


def _components(configuration: Configuration) -> Iterator[tuple[str, str]]:
    """Kind and type of everything that a plugin brings, also of steps that this run leaves out."""
    for file in configuration.syntax:
        for place in places(file):
            if place.path[-1:] == ("post-processor",) and place.block is not None and place.block.labels:
                yield "post-processor", place.block.labels[0].value
    for source in configuration.sources:
        yield "builder", source.type
    for data in configuration.data_sources:
        yield "data-source", data.type
    for build in configuration.builds:
        for use in build.uses:
            yield "builder", use.type
        for provisioner in (*build.provisioners, *build.error_cleanup):
            yield "provisioner", provisioner.type
        for post_processor in build.post_processors:
            yield "post-processor", post_processor.type
