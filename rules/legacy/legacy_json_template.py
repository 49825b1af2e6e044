"""The files of a template → those that are legacy JSON."""

from collections.abc import Iterator

from packlint import Bad, Category, Finding, Good, Precision, Preset, Rule, Severity
from packlint.document import Range
from packlint.model import Configuration
from packlint.syntax import File


class LegacyJsonTemplate(Rule):
    """Flags templates in the legacy JSON format.

    Packer still builds them, but what is new since version 1.5 is for HCL alone: data sources, locals,
    functions, `required_plugins` and with it `packer init`, validations, several builds in one directory. A
    legacy template takes whatever version of a plugin is installed.

    `packer hcl2_upgrade -with-annotations FILE` writes the same template in HCL, and comments on what it
    could not translate. Read the result: it turns `{{build_name}}` into `${build.name}`, where
    `${source.name}` is what it meant. Leave the rule alone where the template has to work with Packer 1.4.

    References:
    https://developer.hashicorp.com/packer/docs/templates/legacy_json_templates
    https://developer.hashicorp.com/packer/docs/commands/hcl2_upgrade
    """

    category = Category.LEGACY
    severity = Severity.NOTE
    precision = Precision.VERY_HIGH
    preset = Preset.ALL

    examples = (
        Bad(
            {
                "images/web.json": """
                {
                  "builders": [{ "type": "null", "communicator": "none" }],
                  "provisioners": [{ "type": "shell-local", "inline": ["make"] }]
                }
                """
            },
            finds={"images/web.json:1": "this template is in the legacy JSON format"},
        ),
        Good(
            {
                "web.pkr.json": """
                {
                  "source": { "null": { "web": { "communicator": "none" } } },
                  "build": { "sources": ["source.null.web"] }
                }
                """,
                "app.pkr.hcl": """
                source "null" "app" {
                  communicator = "none"
                }
                build {
                  sources = ["source.null.app"]
                }
                """,
                "variables.json": """
                { "name": "web" }
                """,
            }
        ),
    )

    def check_file(self, file: File, configuration: Configuration) -> Iterator[Finding]:
        if file.legacy:
            start = max(file.document.text.find("{"), 0)
            yield Finding(
                Range(file.document, start, start + 1),
                "this template is in the legacy JSON format, which gets none of the newer features of Packer",
                hint=f"`packer hcl2_upgrade -with-annotations {file.document.path}` writes it in HCL",
            )
