"""Facts: the names that `self` and `template` have for each target, beside the arguments of a component."""

from __future__ import annotations

from collections.abc import Mapping

from packlint.blocks import ROOT
from packlint.catalog import Kind
from packlint.policy.policy import Target
from packlint.value import ANY, BOOL, NUMBER, STRING, Type

LIST = Type("list", ANY)
STRINGS = Type("list", STRING)

KINDS: Mapping[Target, Kind] = {
    "source": "builder",
    "data": "data-source",
    "provisioner": "provisioner",
    "post_processor": "post-processor",
}
"""The targets that are components: their schemas have further names."""

NOUNS: Mapping[Target, str] = {
    "source": "source",
    "build": "build",
    "provisioner": "provisioner",
    "post_processor": "post-processor",
    "variable": "variable",
    "data": "data source",
    "required_plugin": "required plugin",
    "template": "template",
}
"""What people call a block of each target."""

_BODY: Mapping[str, Type] = {"type": STRING, "name": STRING, "arguments": ANY}

TEMPLATE: Mapping[str, Type] = {
    "path": STRING,
    "required_version": STRING,
    "required_plugins": LIST,
    "variables": LIST,
    "data": LIST,
    "sources": LIST,
    "builds": LIST,
}
"""What the root `template` has, and `self` where that is the target."""

INSTANCE: Mapping[str, Type] = {
    **_BODY,
    "address": STRING,
    "guest": STRING,
    "communicator": STRING,
    "provisioners": LIST,
    "post_processors": LIST,
}
"""What each of a build's `instances` has beside the arguments of its source."""


def _own(block: str) -> Mapping[str, Type]:
    """The arguments that Packer itself reads of a step (`packlint.blocks`)."""
    return dict.fromkeys(ROOT.blocks["build"].blocks[block].arguments, ANY)


FIXED: Mapping[Target, Mapping[str, Type]] = {
    "source": _BODY,
    "data": _BODY,
    "provisioner": {**_own("provisioner"), **_BODY, "runs_on": STRINGS, "error_cleanup": BOOL},
    "post_processor": {**_own("post-processor"), **_BODY, "runs_on": STRINGS},
    "build": {
        "name": STRING,
        "description": STRING,
        "sources": STRINGS,
        "provisioners": LIST,
        "post_processors": LIST,
        "instances": LIST,
    },
    "variable": {
        "name": STRING,
        "type": STRING,
        "default": ANY,
        "value": ANY,
        "sensitive": BOOL,
        "required": BOOL,
        "description": STRING,
        "validations": NUMBER,
    },
    "required_plugin": {
        "name": STRING,
        "source": STRING,
        "version": STRING,
        "pinned": BOOL,
        "bounded": BOOL,
    },
    "template": TEMPLATE,
}
"""What `self` has whatever the block says, by target; each may be null or not known, but of no other type."""
