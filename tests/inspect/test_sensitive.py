"""Nothing that is sensitive is shown, nor what is made of it, in whatever form is asked for."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from packlint.document import Document, Range
from packlint.inputs import Given, Inputs
from packlint.inspect.addresses import Addresses
from packlint.inspect.show import Screen
from packlint.inspect.text import to_text
from packlint.inspect.view import to_json
from packlint.inspect.why import why
from packlint.model import Configuration
from packlint.record import replace
from packlint.value import Known

PLAIN = Screen(200, lambda text, **_: text)

SECRET = "hunter2"

Understood = Callable[..., tuple[Configuration, ...]]

TEMPLATE = """
variable "secret" {
  default   = "hunter2"
  sensitive = true
}

variable "number" {
  type      = number
  default   = "hunter2"
  sensitive = true
}

variable "given" {
  sensitive = true
}

local "hidden" {
  expression = "hunter2-hidden"
  sensitive  = true
}

local "cyclic" {
  expression = "hunter2${local.cyclic}"
  sensitive  = true
}

local "failing" {
  expression = "hunter2" + 1
  sensitive  = true
}

locals {
  text      = "a-${var.secret}"
  upper     = upper(local.hidden)
  length    = [for c in split("", var.secret) : c]
  key       = { (var.secret) = 1 }
  twice     = { for x in [var.secret, var.secret] : x => 1 }
  of_no_map = { a = 1 }[var.secret]
  asked     = var.secret.part
  tried     = try(tonumber(var.secret), var.secret)
  chosen    = var.secret == "other" ? var.secret : local.hidden
  number    = var.secret + 1
  index     = ["a"][var.secret]
  parsed    = jsondecode(var.secret)
  read      = file(var.secret)
  matched   = regex("([a-z]+)[0-9]", var.secret)
  nested    = { a = [{ b = var.secret }] }
  list      = concat(["x"], [var.secret])
  merged    = merge({ a = var.secret }, { b = 1 })
  joined    = join(",", local.list)
  formatted = format("%s", var.secret)
  encoded   = base64encode(var.secret)
  stamp     = "${timestamp()}${var.secret}"
  unknown   = data.a.b[var.secret]
}

source "null" "a" {
  ssh_password = var.secret
  ssh_username = local.text
  block {
    password = local.nested
  }
}

source "null" "dynamic" {
  dynamic "disk" {
    for_each = [var.secret]
    labels   = [var.secret]
    content {
      name = disk.value
    }
  }
}

build {
  name    = "b-${var.secret}"
  sources = ["source.null.a", "source.${var.secret}.a"]

  source "null.a" {
    name = var.secret
  }

  dynamic "provisioner" {
    for_each = { (var.secret) = 1 }
    labels   = [provisioner.key]
    content {
      inline = [provisioner.key]
    }
  }

  provisioner "shell" {
    inline           = ["echo ${var.secret}", local.text]
    environment_vars = ["A=${var.given}"]
    only             = [var.secret]
    override = {
      a = { inline = [var.secret] }
    }
  }
}
"""

LEGACY = """
{
  "variables": {"secret": "hunter2", "more": "x{{user `secret`}}", "time": "{{timestamp}}{{user `secret`}}"},
  "sensitive-variables": ["secret"],
  "builders": [{"type": "null", "ssh_password": "{{user `secret`}}", "a": "{{user `more`}}{{ .Name }}"}],
  "provisioners": [{"type": "shell", "inline": ["{{user `secret` | upper}}", "{{user `more`}}"]}]
}
"""

GIVEN = Given("given", "hunter2-given", None, Range(Document("--var given", "hunter2-given"), 0, 13))


def everything(configurations: tuple[Configuration, ...]) -> str:
    """All that can be asked for."""
    asked = [to_json(configurations), to_text(configurations, PLAIN)]
    for configuration in configurations:
        asked += (why([configuration], address, PLAIN) for address in Addresses(configuration).by_address)
    return "\n".join(asked)


@pytest.mark.parametrize("files", [{"t.pkr.hcl": TEMPLATE}, {"t.json": LEGACY}], ids=["hcl", "legacy"])
def test_no_secret_is_shown(files: dict[str, str], understood: Understood) -> None:
    configurations = understood(files, Inputs(variables=(GIVEN,)) if "t.pkr.hcl" in files else Inputs())
    assert configurations
    told = everything(configurations)
    assert "sensitive" in told
    leaked = [line for line in told.splitlines() if "unter" in line.lower() or "aHVudGVy" in line]
    assert leaked == []


def test_a_value_made_sensitive_anywhere_is_not_shown(understood: Understood) -> None:
    (configuration,) = understood('locals {\n  a = ["open", "hunter2"]\n}\n')
    (local,) = configuration.locals
    assert isinstance(local.value, Known)
    assert isinstance(local.value.data, tuple)
    first, second = local.value.data
    value = replace(local.value, data=(first, second.marked(sensitive=True)))
    changed = replace(configuration, locals=(replace(local, value=value),))
    assert SECRET not in to_json([changed])
    assert SECRET not in to_text([changed], PLAIN)
    assert "open" in to_json([changed])
