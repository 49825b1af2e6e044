"""A name and a target → the text of a policy file to start from, which explains itself and has its tests."""

from __future__ import annotations

from collections.abc import Mapping
from textwrap import indent

from packlint.policy.policy import TARGETS, Target
from packlint.record import record


@record
class _Sketch:
    """What one target is shown by; `bad` is a template with the finding `finds`, `good` one without."""

    about: str
    demand: str
    param: str
    bad: str
    finds: str
    good: str


def sketch(name: str, target: Target) -> str:
    """A policy file that can be used as it is, with a policy of this name."""
    it = _SKETCHES[target]
    return (
        _TEXT.replace("ABOUT", it.about)
        .replace("TARGETS", _listed())
        .replace("TARGET", target)
        .replace("DEMAND\n", indent(it.demand, "  "))
        .replace("PARAM\n", f"{_PARAM}{it.param}\n" if it.param else "")
        .replace("BAD\n", indent(it.bad, "    "))
        .replace("GOOD\n", indent(it.good, "    "))
        .replace("FINDS", it.finds)
        .replace("NAME", name)
    )


def _listed() -> str:
    """The targets, the later ones in a comment line of their own."""
    half = len(TARGETS) // 2
    return f"{', '.join(TARGETS[:half])},\n  # {', '.join(TARGETS[half:])}"


_TEXT = """\
# A policy is a rule of your own, written as the templates are. `packlint policy test` runs the tests below,
# `packlint check` looks at your templates with it, and `packlint explain NAME` shows its page.

policy "NAME" {
  description = "ABOUT"
  severity    = "warning" # or "note", or "error"

  # What it looks at, block after block: TARGETS.
  target = TARGET

DEMAND
}

PARAM
# A test has the name of its policy. Each text of `finds` has to be in one finding, written as LINE: MESSAGE,
# and nothing else may be found. (In a template within a test, write `$${` for `${`.)
test "NAME" {
  template = <<-EOT
BAD
  EOT
  finds    = ["FINDS"]
}

# Without `finds`, nothing may be found.
test "NAME" {
  template = <<-EOT
GOOD
  EOT
}
"""

_PARAM = """\
# Settings may give it another value: `[policies.params.NAME]` of packlint.toml.
"""

_NULL = """\
source "null" "web" {
  communicator = "none"
}

build {
  sources = ["source.null.web"]
"""
"""A template that lacks its end, and perhaps steps before."""

_SOURCE = _Sketch(
    about="Images are built in approved regions.",
    demand="""\
# The blocks that it is about: leave `when` out for all of them. `self` is the block with its values.
when = startswith(self.type, "amazon-")

# What has to be true of them, and what is said of those of which it is not.
condition     = contains(param.regions, self.region)
error_message = "Region ${self.region} is not approved; choose one of ${join(", ", param.regions)}."

# The place that a finding shows; without it, the first line of the block.
at = self.region
""",
    param="""\
param "regions" {
  type        = list(string)
  default     = ["eu-west-1", "eu-central-1"]
  description = "Where images may be built."
}
""",
    bad="""\
source "amazon-ebs" "web" {
  region = "us-east-1"
}

build {
  sources = ["source.amazon-ebs.web"]
}
""",
    finds="2: Region us-east-1 is not approved",
    good="""\
source "amazon-ebs" "web" {
  region = "eu-west-1"
}

build {
  sources = ["source.amazon-ebs.web"]
}
""",
)

_BUILD = _Sketch(
    about="Every build runs the hardening step.",
    demand="""\
# What has to be true of each build. `self` is the build, and `instances` are the images that it makes, each
# with the `provisioners` and `post_processors` that it gets after `only` and `except`.
# `when = …` would leave some builds out.
condition = alltrue([
  for image in self.instances : contains([for step in image.provisioners : step.type], param.step)
])
error_message = "An image of this build has no ${param.step} step; add the one that hardens images."
""",
    param="""\
param "step" {
  type        = string
  default     = "ansible"
  description = "The provisioner that hardens images."
}
""",
    bad=f"{_NULL}}}\n",
    finds="5: An image of this build has no ansible step",
    good=_NULL
    + """
  provisioner "ansible" {
    playbook_file = "harden.yml"
  }
}
""",
)

_PROVISIONER = _Sketch(
    about="Scripts end in bounded time.",
    demand="""\
# The blocks that it is about: leave `when` out for all of them. `self` is the block with its values.
when = self.type == "shell"

# What has to be true of them. An argument that the block leaves out has its default, or is null.
condition     = self.timeout != null
error_message = "This script may run for ever; give it a timeout."
""",
    param="",
    bad=_NULL
    + """
  provisioner "shell" {
    inline = ["./install"]
  }
}
""",
    finds="8: This script may run for ever",
    good=_NULL
    + """
  provisioner "shell" {
    inline  = ["./install"]
    timeout = "10m"
  }
}
""",
)

_POST_PROCESSOR = _Sketch(
    about="Checksums are ones that hold.",
    demand="""\
# The blocks that it is about: leave `when` out for all of them. `self` is the block with its values.
when = self.type == "checksum"

# What has to be true of them. An argument that the block leaves out has its default: here, `["md5"]`.
condition     = contains(self.checksum_types, param.algorithm)
error_message = "These checksums are ${join(", ", self.checksum_types)}; add ${param.algorithm}."

# The place that a finding shows; without it, the first line of the block.
at = self.checksum_types
""",
    param="""\
param "algorithm" {
  type        = string
  default     = "sha256"
  description = "The checksum that every image has."
}
""",
    bad=_NULL
    + """
  post-processor "checksum" {
    checksum_types = ["md5", "sha1"]
  }
}
""",
    finds="9: These checksums are md5, sha1",
    good=_NULL
    + """
  post-processor "checksum" {
    checksum_types = ["sha256"]
  }
}
""",
)

_VARIABLE = _Sketch(
    about="Variables that hold secrets are marked as sensitive.",
    demand="""\
# The variables that it is about: leave `when` out for all of them. `self` is the variable.
when = can(regex(param.names, self.name))

# What has to be true of them, and what is said of those of which it is not.
condition     = self.sensitive
error_message = "Variable ${self.name} sounds like a secret; add `sensitive = true`."
""",
    param="""\
param "names" {
  type        = string
  default     = "password|secret|token"
  description = "What the names of variables with secrets are like."
}
""",
    bad="""\
variable "api_token" {
  type = string
}
""",
    finds="1: Variable api_token sounds like a secret",
    good="""\
variable "api_token" {
  type      = string
  sensitive = true
}

variable "region" {
  type = string
}
""",
)

_DATA = _Sketch(
    about="Base images come from accounts that we trust.",
    demand="""\
# The blocks that it is about: leave `when` out for all of them. `self` is the block with its values.
when = self.type == "amazon-ami"

# What has to be true of them, and what is said of those of which it is not.
condition     = alltrue([for owner in self.owners : contains(param.owners, owner)])
error_message = "An image of ${join(", ", self.owners)} is no base; use one of an account that we trust."

# The place that a finding shows; without it, the first line of the block.
at = self.owners
""",
    param="""\
param "owners" {
  type        = list(string)
  default     = ["amazon", "self"]
  description = "The accounts that base images may come from."
}
""",
    bad="""\
data "amazon-ami" "base" {
  owners      = ["123456789012"]
  most_recent = true
  filters     = { name = "base-*" }
}
""",
    finds="2: An image of 123456789012 is no base",
    good="""\
data "amazon-ami" "base" {
  owners      = ["self"]
  most_recent = true
  filters     = { name = "base-*" }
}
""",
)

_REQUIRED_PLUGIN = _Sketch(
    about="Plugins are ones that have been looked at.",
    demand="""\
# What has to be true of each entry of `required_plugins`. `self` is the entry: its `name`, `source` and
# `version`, and whether that is `pinned` to one release.
condition     = contains(param.sources, self.source)
error_message = "Plugin ${self.name} is not on the list of plugins; ask for it to be looked at."
""",
    param="""\
param "sources" {
  type        = list(string)
  default     = ["github.com/hashicorp/amazon", "github.com/hashicorp/qemu"]
  description = "The plugins that may be used."
}
""",
    bad="""\
packer {
  required_plugins {
    docker = {
      source  = "github.com/hashicorp/docker"
      version = "1.1.1"
    }
  }
}
""",
    finds="3: Plugin docker is not on the list",
    good="""\
packer {
  required_plugins {
    qemu = {
      source  = "github.com/hashicorp/qemu"
      version = "1.1.4"
    }
  }
}
""",
)

_TEMPLATE = _Sketch(
    about="Templates say which Packer they are for.",
    demand="""\
# What has to be true of each template. `self` is all of it: `required_plugins`, `variables`, `data`,
# `sources` and `builds` are lists of blocks.
condition     = self.required_version != null
error_message = "This template does not say which Packer it is for; add `required_version`."
""",
    param="",
    bad=f"{_NULL}}}\n",
    finds="1: This template does not say which Packer it is for",
    good=f"""\
packer {{
  required_version = ">= 1.9.0"
}}

{_NULL}}}
""",
)

_SKETCHES: Mapping[Target, _Sketch] = {
    "source": _SOURCE,
    "build": _BUILD,
    "provisioner": _PROVISIONER,
    "post_processor": _POST_PROCESSOR,
    "variable": _VARIABLE,
    "data": _DATA,
    "required_plugin": _REQUIRED_PLUGIN,
    "template": _TEMPLATE,
}
