"""Unknown arguments → those that the component had once, with what took their place."""

from collections.abc import Iterator

from packlint import Bad, Category, Edit, Finding, Fix, Fixable, Good, Precision, Rule, Severity
from packlint.components import Component, Problem, given
from packlint.edits import quoted, removed, renamed, rewritten
from packlint.gone import Gone, gone, lacking
from packlint.model import Argument, Configuration
from packlint.syntax import Literal, Template

CHECKSUMS = ("md5", "sha1", "sha256", "sha512", "none")
"""What `iso_checksum_type` may be, and the first part of `iso_checksum` now."""


class RemovedArgument(Rule):
    """Flags arguments that a component had once and no longer has.

    Packer 1.6 put the type of a checksum into the checksum itself, plugins drop what they cannot serve any
    more, and an argument gets a better name: "An argument named … is not expected here", says Packer of HCL
    then, and "Deprecated configuration key" of legacy JSON. packlint knows the last version that had an
    argument, and what took its place; `packer fix` knows some of it, for legacy JSON alone.

    Use what took its place. To stay with an old plugin, say so in `required_plugins`: where no version that
    the template admits lacks the argument, nothing is said. Where some do and others do not, and in a
    template that does not say which versions it is for, a finding is a warning.

    References:
    https://developer.hashicorp.com/packer/docs/commands/fix
    """

    category = Category.LEGACY
    severity = Severity.ERROR
    precision = Precision.VERY_HIGH
    fixable = Fixable.SAFE
    looks_for = ("<problem: unknown>", "<forbidden>")

    examples = (
        Bad(
            """
            packer {
              required_plugins {
                qemu = {
                  source  = "github.com/hashicorp/qemu"
                  version = "~> 1.1"
                }
              }
            }
            source "qemu" "web" {
              iso_url           = "https://example.com/web.iso"
              iso_checksum      = "0123456789abcdef0123456789abcdef"
              iso_checksum_type = "md5" # finding: builder `qemu` no longer has `iso_checksum_type`
              ssh_username      = "packer"
              ssh_key_path      = "~/.ssh/web" # finding: builder `qemu` no longer has `ssh_key_path`
            }
            build {
              sources = ["source.qemu.web"]
            }
            """,
            fixed="""
            packer {
              required_plugins {
                qemu = {
                  source  = "github.com/hashicorp/qemu"
                  version = "~> 1.1"
                }
              }
            }
            source "qemu" "web" {
              iso_url           = "https://example.com/web.iso"
              iso_checksum      = "md5:0123456789abcdef0123456789abcdef"
              ssh_username      = "packer"
              ssh_private_key_file = "~/.ssh/web"
            }
            build {
              sources = ["source.qemu.web"]
            }
            """,
        ),
        Bad(
            {
                "web.pkr.json": """
                {
                  "packer": {
                    "required_plugins": {
                      "hyperv": { "source": "github.com/hashicorp/hyperv", "version": ">= 1.1.0" }
                    }
                  },
                  "source": {
                    "hyperv-iso": {
                      "web": {
                        "iso_url": "https://example.com/web.iso",
                        "iso_checksum": "none",
                        "ram_size": 2048
                      }
                    }
                  },
                  "build": { "sources": ["source.hyperv-iso.web"] }
                }
                """
            },
            finds={"web.pkr.json:12": "builder `hyperv-iso` no longer has `ram_size`"},
        ),
        Bad(
            {
                "web.json": """
                {
                  "builders": [
                    {
                      "type": "virtualbox-iso",
                      "guest_additions_attach": true,
                      "iso_url": "https://example.com/web.iso",
                      "iso_checksum_type": "md5",
                      "iso_checksum": "0123456789abcdef0123456789abcdef"
                    }
                  ]
                }
                """
            },
            finds={
                "web.json:5": "no longer has `guest_additions_attach`",
                "web.json:7": "no longer has `iso_checksum_type`, which Packer 1.5.6 was the last to have",
            },
            fixed={
                "web.json": """
                {
                  "builders": [
                    {
                      "type": "virtualbox-iso",
                      "guest_additions_mode": "attach",
                      "iso_url": "https://example.com/web.iso",
                      "iso_checksum": "md5:0123456789abcdef0123456789abcdef"
                    }
                  ]
                }
                """
            },
        ),
        Good(
            """
            packer {
              required_plugins {
                vmware = {
                  source  = "github.com/hashicorp/vmware"
                  version = ">= 1.0.7, < 2.0.0"
                }
                qemu = {
                  source  = "github.com/hashicorp/qemu"
                  version = "~> 1.1"
                }
              }
            }
            source "vmware-iso" "esx" {
              remote_host  = "esx.example.com"
              iso_url      = "https://example.com/web.iso"
              iso_checksum = "none"
              ssh_username = "packer"
            }
            source "qemu" "web" {
              iso_url      = "https://example.com/web.iso"
              iso_checksum = "md5:0123456789abcdef0123456789abcdef"
              ssh_username = "packer"
            }
            build {
              sources = ["source.vmware-iso.esx", "source.qemu.web"]
            }
            """
        ),
    )

    def check_component(self, component: Component, configuration: Configuration) -> Iterator[Finding]:
        for problem in component.problems:
            what = gone(component, problem)
            if what is not None:
                yield from _removed(component, problem, what)
        yield from _refused(component)


def _removed(component: Component, problem: Problem, what: Gone) -> Iterator[Finding]:
    reach = lacking(component, what.last)
    if reach is None or not reach.since:
        return
    which = f", which {_version(component, what.last)} was the last to have" if what.last else ""
    yield Finding(
        problem.range,
        f"{component.noun} no longer has `{problem.name}`{which}",
        hint=_hint(component, what),
        fix=_fix(component, problem, what),
        softened=reach.before or not component.dated,
    )


def _refused(component: Component) -> Iterator[Finding]:
    """What the newest version of a plugin still names, and refuses."""
    newest = component.plugin.version if component.plugin is not None else None
    reach = component.reach(newest) if newest is not None else None
    if reach is None or not reach.since:
        return
    for it in given(component):
        if it.schema is None or "x-forbidden" not in it.schema or not isinstance(it.what, Argument):
            continue
        if it.what.value.known(str):
            yield Finding(
                it.name_range,
                f"{component.noun} no longer accepts `{it.name}`",
                hint=f"remove it, or {_ask(component)} an older plugin",
                softened=reach.before or not component.dated,
            )


def _version(component: Component, last: str | None) -> str:
    """The last version that had it, with whose it is."""
    number = (last or "").removeprefix("packer ").removeprefix("v")
    if (last or "").startswith("packer ") or component.bundled or component.plugin is None:
        return f"Packer {number}"
    return f"plugin `{component.plugin.name}` {number}"


def _ask(component: Component) -> str:
    """What one does for a version of a plugin; a legacy template cannot require any."""
    return "install" if component.legacy else "require"


def _hint(component: Component, what: Gone) -> str:
    """What took its place."""
    rename = what.rename
    if rename is None or rename.new is None:
        return "remove it" if rename else f"remove it, or {_ask(component)} the version that has it"
    if rename.merge:
        before, _, _ = rename.merge.partition(":")
        value = "sha256:…" if before == "TYPE" else f"{before}:…"
        return f'write one `{rename.new}`, as in `"{value}"`'
    block, dot, name = rename.new.rpartition(".")
    return f"use `{name}` in a `{block}` block" if dot else f"use `{rename.new}`"


def _fix(component: Component, problem: Problem, what: Gone) -> Fix | None:
    """What `packer fix` does, where it can be written in place."""
    old, rename = problem.given, what.rename
    if not isinstance(old, Argument) or rename is None or _repeated(component, old):
        return None
    if rename.new is None:
        return Fix(f"remove `{old.name}`", (removed(old),), safe=False)
    if len(problem.path) > 1:
        parent = ".".join(str(part) for part in problem.path[:-1] if isinstance(part, str))
        new = rename.new.removeprefix(f"{parent}.")
        return None if "." in new else Fix(f"rename it to `{new}`", (renamed(old, new),))
    if "." in rename.new:
        return None
    if rename.merge:
        return _merged(component, old, rename.new, rename.merge)
    if rename.new in component.arguments:
        return Fix(f"remove `{old.name}`, as `{rename.new}` is given", (removed(old),), safe=False)
    if rename.plain:
        return Fix(f"rename it to `{rename.new}`", (renamed(old, rename.new),))
    value = _value(old, rename.values, rename.wrap)
    return Fix(f"write `{rename.new}`", (rewritten(old, rename.new, value),)) if value else None


def _repeated(component: Component, argument: Argument) -> bool:
    """Whether the argument stands elsewhere than in the component, as what a `dynamic` block makes may."""
    return not component.range.contains(argument.range)


def _value(old: Argument, values: object, wrap: str | None) -> str | None:
    """The new value as the file has it; None where the old one is not written out."""
    if wrap is not None:
        return f"[{old.expression.range.text}]"
    written = old.expression.value if isinstance(old.expression, Literal) else None
    key = {True: "true", False: "false"}.get(written) if isinstance(written, bool) else None
    new = values.get(key) if isinstance(values, dict) and key else None
    return f'"{new}"' if new else None


def _merged(component: Component, old: Argument, name: str, form: str) -> Fix | None:
    """The type and value of a checksum in one string; safe where both are written out."""
    whole = component.arguments.get(name)
    if form != "TYPE:VALUE":
        text = quoted(old.expression)
        if text is None or whole is not None:
            return None
        edit = rewritten(old, name, f'"{form.partition(":")[0]}:{text}"')
        return Fix(f"write one `{name}`", (edit,), safe=_literal(old) is not None)
    type_ = _literal(old)
    if whole is None and type_ == "none" and "iso_checksum_url" not in component.arguments:
        return Fix(f"write one `{name}`", (rewritten(old, name, '"none"'),))
    if whole is None:
        return Fix(f"remove `{old.name}`", (removed(old),), safe=False)
    value, text, kind = _literal(whole), quoted(whole.expression), quoted(old.expression)
    if _repeated(component, whole) or text is None or kind is None:
        return None
    if type_ == "none" or (value is not None and (":" in value or value == "none")):
        new = "none" if type_ == "none" else text
    else:
        new = f"{kind}:{text}"
    safe = value is not None and type_ is not None and type_.lower() in CHECKSUMS
    edits: tuple[Edit, ...] = (removed(old),)
    if new != text:
        edits += (rewritten(whole, name, f'"{new}"'),)
    return Fix(f"write one `{name}`", edits, safe=safe)


def _literal(argument: Argument) -> str | None:
    """The text of an argument that is written out, without an action of Go in it."""
    written = argument.expression
    text = written.literal if isinstance(written, Template) and not written.heredoc else None
    return None if text is not None and "{{" in text else text
