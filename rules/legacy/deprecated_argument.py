"""The arguments of components → those that their plugin calls deprecated."""

from collections.abc import Iterator

from packlint import Bad, Category, Finding, Fix, Fixable, Good, Precision, Rule, Severity
from packlint.catalog import Schema, at, is_block, properties, renamed_argument
from packlint.components import Component, Given, given
from packlint.edits import removed, renamed, rewritten
from packlint.gone import since
from packlint.model import Argument, Arguments, Configuration

SAME_MEANING = {
    "api_token": "secret_key",
    "enable_t2_unlimited": "enable_unlimited_credits",
    "floating_ip_pool": "floating_ip_network",
}
"""Renames that `packer fix` does not know; most replacements want another value than the old argument had."""


INSTEAD = {
    "account_file": "credentials_file",
    "last_partition_extra_size": "target_image_size",
    "template_zone": "template_zones",
}
"""What the plugins' warnings name in the place of arguments for which the facts have nothing."""


class DeprecatedArgument(Rule):
    """Flags arguments that a component still takes and calls deprecated.

    They work, until a release of the plugin drops them: a template that names no upper bound for its
    plugins breaks on that day. Most are there under a better name; some became a nested block, and some do
    nothing any more.

    Use what took their place. A plain rename is mended by the fix; a replacement that takes another value
    is named in the hint alone. A finding is a note where only newer versions of the plugin have the
    replacement, and there is none where no version has it that the template admits.

    References:
    https://developer.hashicorp.com/packer/docs/commands/fix
    """

    category = Category.LEGACY
    severity = Severity.WARNING
    precision = Precision.VERY_HIGH
    fixable = Fixable.SAFE
    looks_for = ("<deprecated>",)

    examples = (
        Bad(
            """
            packer {
              required_plugins {
                proxmox = {
                  source  = "github.com/hashicorp/proxmox"
                  version = "~> 1.2"
                }
              }
            }
            source "proxmox-iso" "web" {
              iso_file         = "local:iso/web.iso" # finding: `iso_file` of builder `proxmox-iso`
              ssh_username     = "packer"
              ssh_wait_timeout = "20m" # finding: `ssh_wait_timeout` of builder `proxmox-iso` is deprecated
            }
            build {
              sources = ["source.proxmox-iso.web"]
              provisioner "shell-local" {
                command = "date" # finding: `command` of provisioner `shell-local` is deprecated
              }
            }
            """,
            fixed="""
            packer {
              required_plugins {
                proxmox = {
                  source  = "github.com/hashicorp/proxmox"
                  version = "~> 1.2"
                }
              }
            }
            source "proxmox-iso" "web" {
              iso_file         = "local:iso/web.iso"
              ssh_username     = "packer"
              ssh_timeout      = "20m"
            }
            build {
              sources = ["source.proxmox-iso.web"]
              provisioner "shell-local" {
                inline  = ["date"]
              }
            }
            """,
        ),
        Bad(
            {
                "web.json": """
                {
                  "builders": [
                    {
                      "type": "virtualbox-ovf",
                      "source_path": "web.ovf",
                      "ssh_host_port_min": 2222,
                      "ssh_wait_timeout": "20m"
                    }
                  ]
                }
                """,
                "app.pkr.json": """
                {
                  "source": { "openstack": { "app": { "use_floating_ip": true } } },
                  "build": { "sources": ["source.openstack.app"] }
                }
                """,
            },
            finds={
                "web.json:6": "`ssh_host_port_min` of builder `virtualbox-ovf` is deprecated",
                "web.json:7": "`ssh_wait_timeout`",
                "app.pkr.json:2": "`use_floating_ip`",
            },
            fixed={
                "web.json": """
                {
                  "builders": [
                    {
                      "type": "virtualbox-ovf",
                      "source_path": "web.ovf",
                      "host_port_min": 2222,
                      "ssh_timeout": "20m"
                    }
                  ]
                }
                """
            },
        ),
        Good(
            """
            source "null" "web" {
              ssh_host    = "web.example.com"
              ssh_timeout = "20m"
            }
            source "googlecompute" "network" {
              network = "default"
            }
            build {
              sources = ["source.null.web", "source.googlecompute.network"]
              provisioner "shell-local" {
                inline = ["date"]
              }
            }
            """
        ),
    )

    def check_component(self, component: Component, configuration: Configuration) -> Iterator[Finding]:
        old = [it for it in given(component) if _is_deprecated(it)]
        among = _among(component.arguments) if old else {}
        for it in old:
            new = _replacement(component, it)
            began = since(component.schema or {}, new) if new else None
            reach = component.reach(began) if began else None
            if reach is not None and not reach.since:
                continue
            block, name = _within(it, new or "")
            both = not block and name in among.get(id(it.what), ())
            yield Finding(
                it.name_range,
                f"`{it.name}` of {component.noun} is deprecated",
                hint=_hint(component, it, new, both),
                fix=None if both else _fix(component, it, new),
                softened=reach is not None and reach.before,
            )


def _is_deprecated(it: Given) -> bool:
    """One that is refused besides is one for `removed-argument`."""
    return it.schema is not None and bool(it.schema.get("deprecated")) and "x-forbidden" not in it.schema


def _replacement(component: Component, it: Given) -> str | None:
    """The path of what the facts name in its place; they name it from the component or from the block."""
    assert it.schema is not None
    named = it.schema.get("x-replaced-by") or INSTEAD.get(it.name)
    if named is None:
        return None
    beside = ".".join((*it.path[:-1], named))
    places = (path for path in (beside, named) if at(component.schema or {}, path.split(".")) is not None)
    return next(places, None)


def _hint(component: Component, it: Given, new: str | None, both: bool) -> str:
    if new is None:
        rename = renamed_argument(component.kind, component.name, ".".join(it.path))
        gone = rename is not None and rename.new is None
        return "remove it" if gone else "see in its documentation whether there is something else for it"
    block, name = _within(it, new)
    if block:
        return f"use `{name}` in a `{block}` block"
    if both:
        return f"remove it, and see that `{name}`, which is given too, has the value that is meant"
    wanted = at(component.schema or {}, new.split("."))
    return f"use a `{name}` block" if wanted is not None and is_block(wanted) else f"use `{name}`"


def _within(it: Given, new: str) -> tuple[str, str]:
    """The block that a replacement stands in, empty for the one of the old argument, and its name there."""
    block, _, name = new.rpartition(".")
    return ("" if block == ".".join(it.path[:-1]) else block), name


def _among(arguments: Arguments) -> dict[int, Arguments]:
    """What each argument stands among, by the id of the argument."""
    found: dict[int, Arguments] = {}
    waiting = [arguments]
    while waiting:
        among = waiting.pop()
        found |= {id(argument): among for argument in among}
        waiting += [block.arguments for block in among.blocks]
    return found


def _fix(component: Component, it: Given, new: str | None) -> Fix | None:
    old = it.what
    if not isinstance(old, Argument) or not component.range.contains(old.range) or it.schema is None:
        return None
    rename = renamed_argument(component.kind, component.name, ".".join(it.path))
    if new is None:
        gone = rename is not None and rename.new is None
        return Fix(f"remove `{it.name}`", (removed(old),), safe=False) if gone else None
    block, name = _within(it, new)
    if block:
        return None
    wanted = properties(it.around).get(name, {})
    if (component.kind, component.name, it.name) == ("provisioner", "shell-local", "command"):
        value = f"[{old.expression.range.text}]"
        return Fix(f"write `{name}`", (rewritten(old, name, value),), safe=False)
    same = _type(wanted) == _type(it.schema)
    known = rename is not None and rename.plain and rename.new == name
    if not same or not (known or SAME_MEANING.get(it.name) == name):
        return None
    return Fix(f"rename it to `{name}`", (renamed(old, name),), safe=known)


def _type(schema: Schema) -> object:
    return schema.get("type"), schema.get("format"), schema.get("items", {}).get("type")
