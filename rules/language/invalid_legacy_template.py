"""Page and severity of what lowering finds in legacy JSON templates."""

from packlint import Bad, Category, Good, Precision, Rule, Severity


class InvalidLegacyTemplate(Rule):
    """Flags legacy JSON templates that Packer refuses to load.

    A `*.json` template may be JSON without fault and still be none that Packer loads: a key of the root that
    it does not know, a variable whose default is a number, a builder without a `type` or with the name of
    another one, a post-processor in an array within an array, an `only` that names no builder. Packer then
    stops before anything is built.

    Legacy templates know a builder by its `name`, or by its `type` where it has none; `type.name`, as HCL
    writes it, is the name of no builder. Comments are strings under keys that begin with `_`, and only in the
    root. Values of variables come from `-var` and `-var-file` too, so that a variable which is used need not
    be declared.

    What stands between `{{` and `}}` has to be a template of Go, in which a brace or a quote is soon lost.
    Packer renders all strings of its own builders and steps. In the default of a variable this is a warning,
    since a default is not rendered where another value is given. A file with a syntax error that may have
    moved things to other places is left alone until that is mended.

    `packer hcl2_upgrade` turns a legacy template into HCL, which has been the better supported syntax since
    Packer 1.7.

    References:
    https://developer.hashicorp.com/packer/docs/templates/legacy_json_templates
    https://developer.hashicorp.com/packer/docs/commands/hcl2_upgrade
    """

    category = Category.LANGUAGE
    severity = Severity.ERROR
    precision = Precision.VERY_HIGH

    examples = (
        Bad(
            {
                "web.json": """
                {
                  "builders": [
                    { "type": "docker", "name": "web", "image": "debian:12", "commit": true }
                  ],
                  "provisioners": [
                    {
                      "type": "shell",
                      "only": ["docker.web"],
                      "inline": ["install-web"]
                    }
                  ]
                }
                """
            },
            finds={"web.json:8": 'names "docker.web", but no builder is called so'},
        ),
        Bad(
            {
                "web.json": """
                {
                  "variables": {
                    "memory": 2048
                  },
                  "builders": [
                    { "type": "null", "communicator": "none" }
                  ],
                  "post-procesors": ["manifest"]
                }
                """
            },
            finds={
                "web.json:3": "the default of variable `memory` must be a string, not a number",
                "web.json:8": "`post-procesors` is no key of a legacy template",
            },
        ),
        Bad(
            {
                "web.json": """
                {
                  "builders": [
                    { "type": "docker", "image": "debian:{{user `tag`}", "commit": true }
                  ]
                }
                """
            },
            finds={"web.json:3": "`{{` is not closed by `}}`"},
        ),
        Good(
            {
                "web.json": """
                {
                  "_comment": "the web server",
                  "variables": {
                    "tag": "12"
                  },
                  "builders": [
                    { "type": "docker", "name": "web", "image": "debian:{{user `tag`}}", "commit": true }
                  ],
                  "provisioners": [
                    {
                      "type": "shell",
                      "only": ["web"],
                      "inline": ["install-web"]
                    }
                  ]
                }
                """
            }
        ),
    )
