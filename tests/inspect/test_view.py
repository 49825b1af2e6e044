"""What packlint sees, as JSON: written down by hand, valid by the schema, exact, and the same for twins."""

from __future__ import annotations

import json
from collections.abc import Callable
from decimal import Decimal
from importlib.resources import files
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from packlint.inspect.sizes import Allowance
from packlint.inspect.values import Teller
from packlint.inspect.view import to_json
from packlint.inspect.write import written
from packlint.model import Configuration
from packlint.value import NUMBER, STRING, Failure, Known, Type, Unknown, Value

SCHEMA = json.loads(files("packlint.schemas").joinpath("inspect.schema.json").read_text(encoding="utf-8"))

View = Callable[..., Any]

TEMPLATE = """
variable "cpus" {
  default = 2
}

variable "region" {
  type = string
}

variable "token" {
  default   = "hunter2"
  sensitive = true
}

locals {
  size  = 20 * 1024
  stamp = timestamp()
}

data "amazon-ami" "base" {
  owners = ["self"]
}

source "qemu" "base" {
  cpus      = var.cpus
  disk_size = local.size
  http      = "{{ .HTTPIP }}"
  names     = ["a", local.stamp]
  disk {
    size = 3
  }
}

build {
  name    = "image"
  sources = ["source.qemu.base"]

  provisioner "shell" {
    inline       = ["curl -H ${var.token}"]
    pause_before = "10s"
  }

  post-processors {
    post-processor "compress" {}
    post-processor "manifest" {}
  }
}
"""


def origin(line: int, column: int, **more: str) -> dict[str, object]:
    return {"kind": "expression", "path": "t.pkr.hcl", "line": line, "column": column, **more}


def range_of(first: tuple[int, int], last: tuple[int, int]) -> dict[str, object]:
    start, end = ({"line": line, "column": column} for line, column in (first, last))
    return {"path": "t.pkr.hcl", "start": start, "end": end}


def test_a_template(as_json: View) -> None:
    at_run = {"type": "string", "because": "`timestamp` is the time of the build"}
    found = as_json(TEMPLATE)
    assert list(found["variables"]) == ["cpus", "region", "token"]
    http = found["sources"][0]["arguments"].pop("http")
    assert http["value"] == "{{ .HTTPIP }}"
    assert found == {
        "path": ".",
        "files": ["t.pkr.hcl"],
        "complete": True,
        "variables": {
            "cpus": {
                "value": 2,
                "origin": {"kind": "default", "path": "t.pkr.hcl", "line": 2, "column": 13},
            },
            "region": {
                "unknown": {"type": "string", "because": "`var.region` has no default"},
                "origin": {"kind": "unset"},
            },
            "token": {
                "sensitive": True,
                "origin": {"kind": "default", "path": "t.pkr.hcl", "line": 10, "column": 15},
            },
        },
        "locals": {
            "size": {"value": 20480, "origin": origin(15, 11)},
            "stamp": {"unknown": at_run, "origin": origin(16, 11)},
        },
        "data_sources": [
            {
                "type": "amazon-ami",
                "name": "base",
                "address": "data.amazon-ami.base",
                "arguments": {"owners": {"value": ["self"], "origin": origin(20, 12)}},
                "blocks": [],
                "range": range_of((19, 1), (21, 2)),
            }
        ],
        "sources": [
            {
                "type": "qemu",
                "name": "base",
                "address": "source.qemu.base",
                "arguments": {
                    "cpus": {"value": 2, "origin": origin(24, 15, default_of="cpus")},
                    "disk_size": {"value": 20480, "origin": origin(25, 15)},
                    "names": {
                        "value": [{"value": "a"}, {"unknown": at_run}],
                        "partial": True,
                        "origin": origin(27, 15),
                    },
                },
                "blocks": [
                    {
                        "type": "disk",
                        "labels": [],
                        "arguments": {"size": {"value": 3, "origin": origin(29, 12)}},
                        "blocks": [],
                        "range": range_of((28, 3), (30, 4)),
                    }
                ],
                "range": range_of((23, 1), (31, 2)),
            }
        ],
        "builds": [
            {
                "name": "image",
                "address": "build.image",
                "instances": [
                    {
                        "address": "image.qemu.base",
                        "source": "source.qemu.base",
                        "provisioners": [
                            {
                                "type": "shell",
                                "address": "build.image.provisioner.0",
                                "meta": {"pause_before": {"value": "10s", "origin": origin(39, 20)}},
                                "arguments": {
                                    "inline": {
                                        "value": [{"sensitive": True}],
                                        "partial": True,
                                        "origin": origin(38, 20),
                                    }
                                },
                                "blocks": [],
                            }
                        ],
                        "error_cleanup_provisioners": [],
                        "post_processors": [
                            [
                                {
                                    "type": type_,
                                    "address": f"build.image.post-processors.0.{position}",
                                    "meta": {},
                                    "arguments": {},
                                    "blocks": [],
                                }
                                for position, type_ in enumerate(("compress", "manifest"))
                            ]
                        ],
                    }
                ],
                "range": range_of((33, 1), (46, 2)),
            }
        ],
    }


LIST = Type("list", STRING)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (Known("a", STRING), {"value": "a"}),
        (Known(None), {"value": None}),
        (Known((), LIST), {"value": [], "type": "list(string)"}),
        (Known("a", STRING, sensitive=True), {"sensitive": True}),
        (Unknown("it is so", STRING), {"unknown": {"type": "string", "because": "it is so"}}),
        (Unknown("`hunter2` is so", STRING, sensitive=True), {"sensitive": True}),
        (Failure("no", NUMBER), {"unknown": {"type": "number", "because": "no", "error": True}}),
        (Known("", STRING, default_of="x"), {"value": "", "to_be_supplied": True}),
        (Known("", STRING, default_of="full"), {"value": ""}),
        (
            Known({"a": Known((Known("b", STRING), Known("c", STRING, sensitive=True)), LIST)}),
            {
                "value": {
                    "a": {
                        "value": [{"value": "b"}, {"sensitive": True}],
                        "partial": True,
                        "type": "list(string)",
                    }
                },
                "partial": True,
            },
        ),
        (
            # What looks like a VALUE is data: only `partial` tells of VALUEs within.
            Known({"sensitive": Known(True), "unknown": Known({})}),
            {"value": {"sensitive": True, "unknown": {}}},
        ),
        (
            Known((Known("", STRING, default_of="x"), Known("a", STRING))),
            {"value": [{"value": "", "to_be_supplied": True}, {"value": "a"}], "partial": True},
        ),
    ],
)
def test_values(value: Value, expected: object) -> None:
    assert Teller(Allowance(), frozenset({"x"})).value(value) == expected
    jsonschema.Draft202012Validator({**SCHEMA, "$ref": "#/$defs/value"} | {"type": "object"}).evolve(
        schema={"$ref": "#/$defs/value", "$defs": SCHEMA["$defs"]}
    ).validate(expected)


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (Decimal("0.1"), "0.1"),
        (2**63 + 1, "9223372036854775809"),
        (Decimal("3.14159265358979323846264338327950288"), "3.14159265358979323846264338327950288"),
        (10**5000, "1" + "0" * 5000),
        (-7, "-7"),
    ],
    ids=["0.1", "int64", "pi", "5001 digits", "negative"],
)
def test_numbers_are_exact(number: int | Decimal, text: str) -> None:
    assert written(number) == f"{text}\n"


def test_the_text_is_json_whatever_it_holds() -> None:
    data = {"a\n\x1b": ["\u2028", "é", "\ud800", None, True, False, {}, []], "b": {"c": [1, {"d": "]"}]}}
    text = written(data)
    assert text.isascii()
    assert json.loads(text) == data


LEGACY = """
{
  "variables": {"cpus": "2", "region": null, "token": "hunter2"},
  "sensitive-variables": ["token"],
  "builders": [
    {"type": "qemu", "name": "base", "cpus": "{{user `cpus`}}", "http": "{{ .HTTPIP }}"}
  ],
  "provisioners": [
    {"type": "shell", "inline": ["curl -H {{user `token`}}"], "pause_before": "10s"}
  ],
  "post-processors": [["compress", {"type": "manifest", "output": "{{user `region`}}"}]]
}
"""

TWIN = """
variable "cpus" {
  type    = string
  default = "2"
}

variable "region" {
  type = string
}

variable "token" {
  type      = string
  default   = "hunter2"
  sensitive = true
}

source "qemu" "base" {
  cpus = var.cpus
  http = "{{ .HTTPIP }}"
}

build {
  sources = ["source.qemu.base"]

  provisioner "shell" {
    inline       = ["curl -H ${var.token}"]
    pause_before = "10s"
  }

  post-processors {
    post-processor "compress" {}
    post-processor "manifest" {
      output = var.region
    }
  }
}
"""


def without_places(data: Any) -> Any:
    """The data without what tells where it stands."""
    if isinstance(data, list):
        return [without_places(item) for item in data]
    if isinstance(data, dict):
        left_out = ("path", "files", "range", "line", "column")
        return {key: without_places(item) for key, item in data.items() if key not in left_out}
    return data


def test_a_legacy_template_gives_what_its_twin_gives(as_json: View, tmp_path: Path) -> None:
    legacy = as_json({"t.json": LEGACY})
    (tmp_path / "t.json").unlink()
    assert without_places(legacy) == without_places(as_json(TWIN))


SUPPLIED = """
variable "full" {
  default = false
}

variable "empty" {
  default = ""
}

variable "partly" {
  default = { a = "", b = { c = [] }, d = "x" }
}

locals {
  chosen = var.full ? "x" : ""
  among  = [var.full ? "x" : "", "y"]
  copied = var.empty
  part   = var.partly.a
  inner  = var.partly.b.c
  other  = var.partly.d
}
"""


def test_only_an_empty_default_is_to_be_supplied(as_json: View) -> None:
    found = as_json(SUPPLIED)
    told = {f"local.{name}": it for name, it in found["locals"].items()}
    told |= {f"var.{name}": it for name, it in found["variables"].items()}
    awaited = {name for name, it in told.items() if it.get("to_be_supplied")}
    assert awaited == {"var.empty", "local.copied", "local.part", "local.inner"}
    assert told["local.among"]["value"] == ["", "y"]
    assert told["local.chosen"]["origin"]["default_of"] == "full"
    assert told["local.other"]["value"] == "x"


def test_an_empty_value_that_is_given_is_one(as_json: View) -> None:
    found = as_json({"t.pkr.hcl": SUPPLIED, "x.auto.pkrvars.hcl": 'empty = ""\n'})
    assert found["variables"]["empty"]["value"] == ""
    assert "to_be_supplied" not in found["variables"]["empty"]
    assert "to_be_supplied" not in found["locals"]["copied"]


def test_the_schema_is_one() -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)


@pytest.mark.parametrize("text", [TEMPLATE, TWIN])
def test_the_schema_takes_what_is_printed(
    text: str, understood: Callable[..., tuple[Configuration, ...]]
) -> None:
    jsonschema.Draft202012Validator(SCHEMA).validate(json.loads(to_json(understood(text))))


def test_the_schema_refuses_what_is_none() -> None:
    validator = jsonschema.Draft202012Validator({"$ref": "#/$defs/value", "$defs": SCHEMA["$defs"]})
    for wrong in (
        {},
        {"value": 1, "sensitive": True},
        {"unknown": {"type": "string"}},
        {"partial": True, "value": [1]},
        {"sensitive": True, "type": "list(string)"},
    ):
        assert not validator.is_valid(wrong), wrong


def test_the_schema_takes_every_template_of_the_corpus(corpus: tuple[Configuration, ...]) -> None:
    validator = jsonschema.Draft202012Validator(SCHEMA)
    told = json.loads(to_json(corpus))
    assert len(told["templates"]) > 500
    for template in told["templates"]:
        validator.validate({"schema_version": 1, "templates": [template]})


def test_what_many_instances_share_is_told_so_often_and_no_more(as_json: View) -> None:
    sources = "".join(f'source "null" "s{number}" {{}}\n' for number in range(200))
    listed = ", ".join(f'"source.null.s{number}"' for number in range(200))
    step = 'provisioner "shell" {\n inline = ["true"]\n}\n'
    found = as_json(f"{sources}build {{\nsources = [{listed}]\n{step * 400}}}\n")
    steps = [it for instance in found["builds"][0]["instances"] for it in instance["provisioners"]]
    assert len(steps) == 200 * 400
    assert "arguments" in steps[0]
    assert "arguments" not in steps[-1]
