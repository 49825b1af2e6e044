"""Page and severity of what is found when all waivers have been applied."""

from packlint import Bad, Category, Fixable, Good, Precision, Rule, Severity


class UnusedWaiver(Rule):
    """Flags waivers, or rules named in them, that excuse no finding.

    What a waiver was about has been mended, or the waiver stands in the wrong place and the finding is still
    told. Left behind, it hides the next finding of that rule, for a reason that nobody has given. A waiver is
    for what begins on its line: an argument, an element of a list, a block with all that is in it. On a line
    of its own it is for the line below. In legacy JSON it is for the place that it names, in HCL's JSON for
    the object whose `"//"` it is.

    A waiver of a rule that is not selected is left alone, and so is one in a file with a syntax error, in a
    run with `--only` or `--except`, and, for rules that compare templates, in a run that sees only some of
    them. The fix takes away the waiver, or the one name in it; it is safe unless the rule has a finding
    elsewhere in the file, which the waiver may have been meant for. A finding of this rule cannot be waived.
    """

    category = Category.WAIVERS
    severity = Severity.WARNING
    precision = Precision.VERY_HIGH
    fixable = Fixable.SAFE

    examples = (
        Bad(
            """
            variable "user" {
              # packlint: ignore[secret-variable-default] a throw-away account # finding: excuses nothing
              default = "packer"
            }
            source "null" "old" { # packlint: ignore[unused-source, unused-local] x # finding: `unused-local`
              communicator = "none"
            }
            source "null" "here" {
              communicator = "none"
            }
            build {
              name    = var.user
              sources = ["source.null.here"]
            }
            """,
            fixed="""
            variable "user" {
              default = "packer"
            }
            source "null" "old" { # packlint: ignore[unused-source] x
              communicator = "none"
            }
            source "null" "here" {
              communicator = "none"
            }
            build {
              name    = var.user
              sources = ["source.null.here"]
            }
            """,
        ),
        Bad(
            {
                "image.json": """
                {
                  "_packlint_1": "ignore[unused-variable] variables.home: read by another tool",
                  "_packlint_2": "ignore[unused-variable] variables.user: read by another tool",
                  "variables": {
                    "home": "/home/packer",
                    "user": "packer"
                  },
                  "builders": [
                    {"type": "null", "ssh_host": "192.0.2.1", "ssh_username": "{{user `user`}}"}
                  ]
                }
                """
            },
            finds={"image.json:3": "excuses nothing"},
            fixed={
                "image.json": """
                {
                  "_packlint_1": "ignore[unused-variable] variables.home: read by another tool",
                  "variables": {
                    "home": "/home/packer",
                    "user": "packer"
                  },
                  "builders": [
                    {"type": "null", "ssh_host": "192.0.2.1", "ssh_username": "{{user `user`}}"}
                  ]
                }
                """
            },
        ),
        Good(
            """
            # packlint: ignore[unused-variable] the pipeline reads it
            variable "owner" {
              default = "platform"
            }
            source "null" "here" {
              communicator = "none"
            }
            build {
              sources = ["source.null.here"]
            }
            """
        ),
    )
