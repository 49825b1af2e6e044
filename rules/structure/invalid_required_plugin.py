"""The entries of `required_plugins` → names, sources and versions that Packer takes from nobody."""

import re
from collections.abc import Iterator

from packlint import Bad, Category, Edit, Finding, Fix, Fixable, Good, Precision, Rule, Severity, catalog
from packlint.components import packer_versions
from packlint.document import Range
from packlint.model import Configuration, RequiredPlugin
from packlint.pattern import pattern
from packlint.required import may_be_name, written
from packlint.syntax import Expression, Literal, Object, Template, Tuple
from packlint.version import Constraints, Version

NO_PRERELEASES = Version((1, 11, 0), written=3)
"""The first Packer that refuses a prerelease in a constraint."""

MOST_PARTS = 16
"""How long an address may be."""

_SCHEME = pattern(r"[A-Za-z][A-Za-z0-9+.-]*://")


class InvalidRequiredPlugin(Rule):
    """Flags required plugins under a name, source or version that is none.

    Packer reads `required_plugins` before anything else and refuses the template where

    - a `version` is no string, is no constraint such as `~> 1.2` or `>= 1.0, < 2.0` ("latest", "*" and an
      empty text are none), or has a prerelease such as `1.0.0-beta1` (since Packer 1.11);
    - a `source` is no string or no address such as `github.com/hashicorp/amazon`: it has a host and a path,
      no scheme, query or fragment, no slash at its ends, and its last part is made of letters, digits and
      single dashes. That part is the name of the plugin and not of its repository, whose prefix
      `packer-plugin-` is left out;
    - the name of an entry is not made of small letters, digits and single dashes.

    Whether an entry has both of them and nothing else, `missing-required-argument`, `unknown-argument` and
    `argument-type-mismatch` tell.

    References:
    https://developer.hashicorp.com/packer/docs/templates/hcl_templates/blocks/packer#specifying-plugin-requirements
    https://github.com/hashicorp/packer/blob/main/hcl2template/types.required_plugins.go
    https://github.com/hashicorp/packer/blob/main/hcl2template/addrs/plugin.go
    """

    category = Category.STRUCTURE
    severity = Severity.ERROR
    precision = Precision.VERY_HIGH
    fixable = Fixable.SAFE

    examples = (
        Bad(
            """
            packer {
              required_plugins {
                docker = {
                  source  = "github.com/hashicorp/packer-plugin-docker" # finding: the prefix `packer-plugin-`
                  version = "~> 1.1"
                }
                amazon = {
                  source  = "https://github.com/hashicorp/amazon" # finding: has a scheme
                  version = "~> 1.3"
                }
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
                amazon = {
                  source  = "github.com/hashicorp/amazon"
                  version = "~> 1.3"
                }
              }
            }
            """,
        ),
        Bad(
            """
            packer {
              required_plugins {
                a = {
                  source  = "hashicorp/a" # finding: has no host
                  version = "latest" # finding: is no version constraint
                }
                b = {
                  source  = "github.com/hashicorp/b/" # finding: begins or ends with a slash
                  version = 1.0 # finding: must be a string
                }
                c = {
                  source  = "github.com/hashicorp/my_c" # finding: letters, digits and single dashes
                  version = ">= 1.0.0-beta1" # finding: names a prerelease
                }
                my_d = { # finding: `my_d` is no name for a plugin
                  source  = null # finding: must be a string
                  version = "~> 1.0"
                }
              }
            }
            """
        ),
        Bad(
            {
                "web.pkr.json": """
                {
                  "packer": {
                    "required_plugins": {
                      "Docker": {"source": "github.com/hashicorp/docker", "version": "~> 1.1"}
                    }
                  }
                }
                """
            },
            finds={"web.pkr.json:4": "`Docker` is no name for a plugin"},
        ),
        Good(
            """
            packer {
              required_plugins {
                windows-update = {
                  source  = "github.com/rgl/windows-update"
                  version = "0.16.7"
                }
                parallels = {
                  source  = "github.com/Parallels/parallels"
                  version = "~> 1.2, != 1.2.1"
                }
                ours = {
                  source  = "git.example.com/images/packer/ours"
                  version = ">= v1.0, < 2"
                }
              }
            }
            """
        ),
        Good(
            """
            packer {
              required_version = "~> 1.10.0"
              required_plugins {
                docker = {
                  source  = "github.com/hashicorp/docker"
                  version = ">= 1.0.0-beta1"
                }
              }
            }
            """
        ),
    )

    def check_required_plugin(
        self, plugin: RequiredPlugin, configuration: Configuration
    ) -> Iterator[Finding]:
        if not may_be_name(plugin.name, small=True):
            yield Finding(
                plugin.argument.name_range,
                f"`{plugin.name}` is no name for a plugin: small letters, digits and single dashes make one",
                hint="call it as the last part of its source says",
            )
        for key in ("source", "version"):
            value = written(plugin, key)
            if isinstance(value, Literal | Tuple | Object):
                yield Finding(value.range, f"`{key}` of plugin `{plugin.name}` must be a string")
            elif isinstance(value, Template) and (text := value.literal) is not None:
                if key == "source":
                    yield from _of_source(plugin, text, value)
                else:
                    yield from _of_version(plugin, text, value.range, configuration)


def _of_version(
    plugin: RequiredPlugin, text: str, place: Range, configuration: Configuration
) -> Iterator[Finding]:
    constraints, what = Constraints.parse(text), f'version "{text}" of plugin `{plugin.name}`'
    if constraints is None:
        hint = "write the newest version that is tried and what follows it, such as `~> 1.2`"
        yield Finding(place, f"{what} is no version constraint", hint=hint)
    elif (
        any(bound.version.prerelease for bound in constraints.bounds)
        and packer_versions(configuration).reach(NO_PRERELEASES).since
    ):
        message = f"{what} names a prerelease, which Packer refuses since {NO_PRERELEASES}"
        yield Finding(place, message, hint="write a release")


def _of_source(plugin: RequiredPlugin, text: str, value: Expression) -> Iterator[Finding]:
    wrong = _wrong(text)
    if wrong is None:
        return
    better = _SCHEME.sub("", text, count=1).strip("/")
    better = re.sub(r"/packer-(?:plugin-)?([^/]+)$", r"/\1", better)
    sound = _wrong(better) is None
    known = sound and catalog.plugin(better) is not None
    yield Finding(
        value.range,
        f'source "{text}" of plugin `{plugin.name}` {wrong}',
        fix=Fix(f'write "{better}"', (Edit(value.range, f'"{better}"'),), safe=known) if sound else None,
        hint=f'write "{better}"' if sound else "write a host and a path, as in github.com/hashicorp/amazon",
    )


def _wrong(source: str) -> str | None:
    """Why Packer takes no plugin from an address; None where it does, or nothing is known of it."""
    name = source.rpartition("/")[2]
    if source.startswith("/") or source.endswith("/"):
        return "begins or ends with a slash"
    if ":" in source.partition("/")[0]:
        return "has a scheme"
    if source.count("/") < 2:
        return "has no host and no path of two parts"
    if re.search(r"\?.|#.", source):
        return "has a query or a fragment"
    if not may_be_name(name):
        return "ends with what is no name: letters, digits and single dashes make one"
    if name.startswith("packer-"):
        prefix = "packer-plugin-" if name.startswith("packer-plugin-") else "packer-"
        return f"has the prefix `{prefix}`, which belongs to its repository"
    return "has too many parts" if len(source.split("/")) > MOST_PARTS else None
