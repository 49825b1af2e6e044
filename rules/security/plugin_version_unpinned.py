"""The version that a required plugin may have → whether a release that nobody has tried is among them."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator

from packlint import Bad, Category, Edit, Finding, Fix, Fixable, Good, Precision, Rule, Severity, catalog
from packlint.files import Files
from packlint.model import Configuration, RequiredPlugin
from packlint.noted import noted
from packlint.record import record
from packlint.required import written
from packlint.syntax import Template
from packlint.version import LARGEST_SEGMENT, Constraints, Version

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Literal

FAR = Version((LARGEST_SEGMENT,), written=1)
"""A version that no plugin will reach."""


class PluginVersionUnpinned(Rule):
    """Flags required plugins whose version has no upper bound.

    Packer has no lock file: `packer init` installs the newest release that the constraint admits. Under
    `>= 1.2.8` tomorrow's image may be built by a major version that nobody has run here, and that has lost
    arguments of today: the template did not change, the image did, or the build stops. It is code that
    runs with the rights of the build, so that a release by somebody else's hand comes in the same way.

    `~> 1` is no bound: `~>` fixes all numbers but the last, of which there is only one, so that it admits
    2.0. `~> 1.2` admits 1.2 and what follows up to 2.0, and `~> 1.2.0` up to 1.3.

    Write an upper bound. The fix adds one that keeps to the major version of today's newest release; where
    the constraint begins at an older major version, it is yours to say which of them the template is for.
    With `level = "minor"` a newer minor version is too much as well, and with `level = "exact"` everything
    but one version. The plugin of a repository in its own examples is a note, and so is `~> 1`.

    References:
    https://developer.hashicorp.com/packer/docs/templates/hcl_templates/blocks/packer#version-constraints
    https://github.com/hashicorp/go-version
    """

    category = Category.SECURITY
    severity = Severity.WARNING
    security_severity = 5.0
    cwe = (829,)
    precision = Precision.VERY_HIGH
    fixable = Fixable.SAFE

    @record
    class Options:
        """`level` says what of a version has to be fixed."""

        level: Literal["major", "minor", "exact"] = "major"

    examples = (
        Bad(
            """
            packer {
              required_plugins {
                amazon = {
                  version = ">= 1.2.8" # finding: version ">= 1.2.8" of plugin `amazon` has no upper bound
                  source  = "github.com/hashicorp/amazon"
                }
                docker = {
                  version = ">= 1.0.0" # finding: has no upper bound
                  source  = "github.com/hashicorp/docker"
                }
                qemu = {
                  version = "~> 1" # finding: has no upper bound: it admits 2.0
                  source  = "github.com/hashicorp/qemu"
                }
                ansible = {
                  version = "> 1.1.0, != 1.1.2" # finding: has no upper bound
                  source  = "github.com/hashicorp/ansible"
                }
              }
            }
            """,
            fixed="""
            packer {
              required_plugins {
                amazon = {
                  version = ">= 1.2.8, < 2.0.0"
                  source  = "github.com/hashicorp/amazon"
                }
                docker = {
                  version = "~> 1.0"
                  source  = "github.com/hashicorp/docker"
                }
                qemu = {
                  version = "~> 1.0"
                  source  = "github.com/hashicorp/qemu"
                }
                ansible = {
                  version = "> 1.1.0, != 1.1.2, < 2.0.0"
                  source  = "github.com/hashicorp/ansible"
                }
              }
            }
            """,
        ),
        Bad(
            {
                "web.pkr.json": """
                {
                  "packer": {
                    "required_plugins": {
                      "docker": {"source": "github.com/hashicorp/docker", "version": ">= 1.0.2"}
                    }
                  }
                }
                """
            },
            finds={"web.pkr.json:4": "has no upper bound"},
            fixed={
                "web.pkr.json": """
                {
                  "packer": {
                    "required_plugins": {
                      "docker": {"source": "github.com/hashicorp/docker", "version": ">= 1.0.2, < 2.0.0"}
                    }
                  }
                }
                """
            },
        ),
        Good(
            """
            packer {
              required_plugins {
                amazon = {
                  version = "~> 1.3"
                  source  = "github.com/hashicorp/amazon"
                }
                docker = {
                  version = ">= 1.0, < 3"
                  source  = "github.com/hashicorp/docker"
                }
                qemu = {
                  version = "1.1.0"
                  source  = "github.com/hashicorp/qemu"
                }
                windows-update = {
                  version = "~> 0.16.7"
                  source  = "github.com/rgl/windows-update"
                }
              }
            }
            """
        ),
    )

    options: Options

    def check_required_plugin(
        self, plugin: RequiredPlugin, configuration: Configuration
    ) -> Iterator[Finding]:
        place, text = written(plugin, "version"), plugin.version
        constraints = Constraints.parse(text) if text else None
        if place is None or text is None or constraints is None or (lowest := constraints.lowest) is None:
            return
        if any(bound.version.prerelease for bound in constraints.bounds):
            return  # Packer takes none, which is another mistake
        too_much = _too_much(constraints, lowest, self.options.level)
        if too_much is None:
            return
        new, safe = self._proposed(plugin, text, constraints, lowest)
        fix = None
        if new and isinstance(place, Template) and not place.heredoc:
            fix = Fix(f'write "{new}"', (Edit(place.range, f'"{new}"'),), safe)
        yield Finding(
            place.range,
            f'version "{text}" of plugin `{plugin.name}` {too_much}',
            fix=fix,
            hint=f'write "{new}"' + ("" if safe else ", or what the template is tried with") if new else None,
            softened=1 if _is_home(plugin, configuration) or _is_misread(constraints) else 0,
        )

    def _proposed(
        self, plugin: RequiredPlugin, text: str, constraints: Constraints, lowest: Version
    ) -> tuple[str | None, bool]:
        """A version to write, and whether `packer init` is sure to take today's release under it, too."""
        newest = _newest(plugin)
        known = newest is not None and constraints.admits(newest)
        now = newest if newest is not None and known else lowest
        major, minor, patch = now.segments[:3]
        if self.options.level == "exact":
            return (f"{major}.{minor}.{patch}" if known else None), False
        if self.options.level == "minor":
            return f"~> {major}.{minor}.{0 if known else patch}", False
        if major > lowest.segments[0]:
            return f"~> {major}.{minor}", False
        return _bounded(text, constraints, lowest), known


def _too_much(constraints: Constraints, lowest: Version, level: str) -> str | None:
    """What is wrong with the versions that are admitted; None where they are as the level wants them."""
    major, minor = lowest.segments[:2]
    if constraints.reach(FAR).since:
        return "has no upper bound" + (f": it admits {major + 1}.0" if _is_misread(constraints) else "")
    if level == "exact" and all(bound.operator != "=" for bound in constraints.bounds):
        return "admits more than one version"
    next_minor = Version((major, minor + 1, 0), written=3)
    if level == "minor" and constraints.reach(next_minor).since:
        return "admits more than one minor version"
    return None


def _is_misread(constraints: Constraints) -> bool:
    """Whether it is `~> 1`, which says less than whoever writes it means."""
    return len(constraints.bounds) == 1 and constraints.bounds[0].operator == "~>"


def _bounded(text: str, constraints: Constraints, lowest: Version) -> str:
    """The constraint with an upper bound before the next major version; short where that says the same."""
    major, minor, patch = lowest.segments[:3]
    lone = constraints.bounds[0].operator if len(constraints.bounds) == 1 else ""
    if lone in (">=", "~>") and not patch:
        return f"~> {major}.{minor}"
    return f"{text.strip()}, < {major + 1}.0.0"


def _newest(plugin: RequiredPlugin) -> Version | None:
    """The newest release that packlint knows of a plugin."""
    known = catalog.plugin(plugin.source) if plugin.source else None
    version = Version.parse(known.version) if known is not None and known.version else None
    return None if version is None or version.prerelease else version


def _is_home(plugin: RequiredPlugin, configuration: Configuration) -> bool:
    """Whether the template lies in the repository of the plugin, which the module in its `go.mod` names."""
    directory, name = configuration.template.directory, (plugin.source or plugin.name).rpartition("/")[2]
    while True:
        module = _module(directory, configuration.files)
        if module is not None:
            return module.endswith(f"/packer-plugin-{name}")
        if directory in ("", "."):
            return False
        directory = posixpath.dirname(directory)


@noted(64)
def _module(directory: str, files: Files) -> str | None:
    """The first line of the `go.mod` of a directory, which many templates may lie below; None without one."""
    text = files.text(posixpath.normpath(posixpath.join(directory, "go.mod")))
    return None if text is None else text.partition("\n")[0].rstrip()
