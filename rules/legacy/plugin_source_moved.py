"""The required plugins of a template → those whose address is no longer that of the plugin."""

from collections.abc import Iterator

from packlint import Bad, Category, Edit, Finding, Fix, Fixable, Good, Precision, Rule, Severity, catalog
from packlint.document import Range
from packlint.model import Configuration, RequiredPlugin
from packlint.syntax import Object, Template
from packlint.version import Constraints, Version


class PluginSourceMoved(Rule):
    """Flags required plugins under an address that the plugin has left.

    HashiCorp handed over the plugins of other companies' products: `hashicorp/vmware` is `vmware/vmware`
    now, `hashicorp/hcloud` is `hetznercloud/hcloud`. What was released at the old address can still be
    installed for a while; what comes after is at the new one alone.

    Write the new address. The numbers of versions go on there, but old releases may not be there: the fix is
    safe only where the constraint admits the newest release.

    References:
    https://github.com/hashicorp/packer/blob/main/CHANGELOG.md
    """

    category = Category.LEGACY
    severity = Severity.WARNING
    precision = Precision.VERY_HIGH
    fixable = Fixable.SAFE

    examples = (
        Bad(
            """
            packer {
              required_plugins {
                hcloud = {
                  source  = "github.com/hashicorp/hcloud" # finding: plugin `hcloud` has moved
                  version = ">= 1.0.0"
                }
                vmware = { version = "= 1.0.11", source = "github.com/hashicorp/vmware" } # finding: `vmware`
              }
            }
            """,
            fixed="""
            packer {
              required_plugins {
                hcloud = {
                  source  = "github.com/hetznercloud/hcloud"
                  version = ">= 1.0.0"
                }
                vmware = { version = "= 1.0.11", source = "github.com/vmware/vmware" }
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
                      "linode": { "source": "github.com/hashicorp/linode", "version": ">= 1.0.0" }
                    }
                  }
                }
                """
            },
            finds={"web.pkr.json:4": "plugin `linode` has moved to `github.com/linode/linode`"},
        ),
        Good(
            """
            packer {
              required_plugins {
                hcloud = {
                  source  = "github.com/hetznercloud/hcloud"
                  version = ">= 1.0.0"
                }
                parallels = {
                  source  = "github.com/parallels/parallels"
                  version = ">= 1.1.0"
                }
              }
            }
            """
        ),
    )

    def check_required_plugin(
        self, plugin: RequiredPlugin, configuration: Configuration
    ) -> Iterator[Finding]:
        new = catalog.moved(plugin.source) if plugin.source else None
        place = _place(plugin)
        if new is None or place is None:
            return
        home = catalog.plugin(new)
        newest = Version.parse(home.version) if home is not None and home.version else None
        constraints = Constraints.parse(plugin.version) if plugin.version else None
        there = constraints is not None and newest is not None and constraints.admits(newest)
        yield Finding(
            place,
            f"plugin `{plugin.name}` has moved to `{new}`",
            hint="write the new address" + ("" if there else ", and a version that was released there"),
            fix=Fix("write the new address", (Edit(place, f'"{new}"'),), safe=there),
        )


def _place(plugin: RequiredPlugin) -> Range | None:
    """Where the address is written."""
    entry = plugin.argument.expression
    for item in entry.items if isinstance(entry, Object) else ():
        if item.name == "source" and isinstance(item.value, Template) and not item.value.heredoc:
            return item.value.range
    return None
