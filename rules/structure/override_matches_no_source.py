"""The keys of `override` → those that are the name of no source of the build."""

from collections.abc import Iterator

from packlint import Bad, Category, Edit, Finding, Fix, Fixable, Good, Precision, Rule, Severity
from packlint.faults import defaults
from packlint.filters import Miss, SourceNames
from packlint.model import Argument, Build, Configuration
from packlint.wording import names_words


class OverrideMatchesNoSource(Rule):
    """Flags keys of `override` that name no source of the build.

    `override` gives a provisioner other arguments for some sources. Its keys are names of sources without the
    type, `web` for `source "qemu" "web"`, or the one that a `source` block of the build gives; `only` and
    `except` want `qemu.web`. Packer looks up what `override` has for each source, and never looks whether a
    key is a source's: with a wrong one the provisioner runs with its own arguments, without a word.

    Write the name alone. Where the type stands before it, the fix takes it away, unless sources of other
    types have the same name, which would be overridden too. For a type alone the fix is unsafe.

    The finding is a warning where a key is like nothing in the build, since it may have been copied with the
    step from another template, and where `override` is the default of a variable. Nothing is said of names of
    sources that the template declares and the build does not use, nor of a build whose sources are not all
    known. Packer itself refuses such a key in a legacy template, of which `invalid-legacy-template` tells.

    References:
    https://developer.hashicorp.com/packer/docs/templates/hcl_templates/blocks/build/provisioner
    https://github.com/hashicorp/packer/blob/main/hcl2template/types.build.provisioners.go
    """

    category = Category.STRUCTURE
    severity = Severity.ERROR
    precision = Precision.VERY_HIGH
    fixable = Fixable.SAFE
    looks_for = ("override",)

    examples = (
        Bad(
            """
            source "qemu" "web" {}
            source "amazon-ebs" "app" {}
            build {
              sources = ["source.qemu.web", "source.amazon-ebs.app"]
              provisioner "shell" {
                inline = ["install-web"]
                override = {
                  "qemu.web" = { # finding: since a name here has no type before it
                    execute_command = "sudo sh {{ .Path }}"
                  }
                  ap = { # finding: "ap" in `override` names no source of this build
                    execute_command = "doas sh {{ .Path }}"
                  }
                }
              }
            }
            """,
            fixed="""
            source "qemu" "web" {}
            source "amazon-ebs" "app" {}
            build {
              sources = ["source.qemu.web", "source.amazon-ebs.app"]
              provisioner "shell" {
                inline = ["install-web"]
                override = {
                  "web" = {
                    execute_command = "sudo sh {{ .Path }}"
                  }
                  ap = {
                    execute_command = "doas sh {{ .Path }}"
                  }
                }
              }
            }
            """,
        ),
        Bad(
            {
                "web.pkr.json": """
                {
                  "source": { "qemu": { "web": {} } },
                  "build": {
                    "source": { "qemu.web": { "name": "large" } },
                    "provisioner": {
                      "shell": {
                        "inline": ["install-web"],
                        "override": { "web": { "execute_command": "sudo sh {{ .Path }}" } }
                      }
                    }
                  }
                }
                """
            },
            finds={
                "web.pkr.json:8": '"web" in `override` names no source of this build, which calls it `large`'
            },
            fixed={
                "web.pkr.json": """
                {
                  "source": { "qemu": { "web": {} } },
                  "build": {
                    "source": { "qemu.web": { "name": "large" } },
                    "provisioner": {
                      "shell": {
                        "inline": ["install-web"],
                        "override": { "large": { "execute_command": "sudo sh {{ .Path }}" } }
                      }
                    }
                  }
                }
                """
            },
        ),
        Good(
            """
            source "qemu" "web" {}
            source "amazon-ebs" "app" {}
            build {
              source "qemu.web" {
                name = "large"
              }
              provisioner "shell" {
                inline = ["install-web"]
                override = {
                  large = {
                    execute_command = "sudo sh {{ .Path }}"
                  }
                  app = {
                    execute_command = "doas sh {{ .Path }}"
                  }
                }
              }
            }
            """
        ),
    )

    def check_build(self, build: Build, configuration: Configuration) -> Iterator[Finding]:
        if build.open or configuration.legacy:
            return
        sources: SourceNames | None = None
        for step in (*build.provisioners, *build.error_cleanup):
            if step.override is None:
                continue
            sources = sources or SourceNames(build, configuration)
            for miss in sources.overrides(step):
                if not miss.declared:
                    yield _finding(miss, step.override, sources, configuration)


def _finding(miss: Miss, override: Argument, sources: SourceNames, configuration: Configuration) -> Finding:
    default = defaults([override.value], configuration)
    why = f", {miss.why}" if miss.why else ""
    return Finding(
        miss.range,
        f"{miss.shown} in `override` names no source of this build{why}{default.words}",
        related=default.related,
        hint=_hint(miss, sources),
        fix=_fix(miss, override, sources),
        softened=(not miss.meant and miss.near is None) + bool(default.words),
    )


def _hint(miss: Miss, sources: SourceNames) -> str:
    if miss.meant:
        return f"write {names_words(dict.fromkeys(use.local_name for use in miss.meant), 'or')}"
    if miss.near is not None:
        return f"did you mean `{miss.near.local_name}`?"
    shown = [f"`{name}`" for name in sources.by_local][:3]
    more = f" and {len(sources.by_local) - 3} more" if len(sources.by_local) > 3 else ""
    return f"take it out, or correct it: the sources of the build are {', '.join(shown)}{more}"


def _fix(miss: Miss, override: Argument, sources: SourceNames) -> Fix | None:
    """The local name in the place of the key, where it is that of one source alone and not given yet."""
    if not miss.written or len(miss.meant) != 1:
        return None
    name = miss.meant[0].local_name
    if len(sources.by_local[name]) != 1 or name in (override.value.entries or {}):
        return None
    quote = '"' if miss.range.text.startswith('"') else ""
    edit = Edit(miss.range, f"{quote}{name}{quote}")
    return Fix(f"write `{name}`", (edit,), safe="." in miss.name)
