"""Page and severity of waivers that cannot be read, and of names in them that no rule has."""

from packlint import Bad, Category, Fixable, Good, Precision, Rule, Severity


class UnknownWaiver(Rule):
    """Flags waivers that packlint cannot read, and names in them of no rule.

    A waiver that is not understood excuses nothing, and whoever wrote it thinks that it does. Every comment
    that begins with `packlint:` is meant for packlint and has to be one of these:

    - `packlint: ignore[rule, rule] reason`
    - `packlint: ignore[rule] until=2030-12-31 reason`
    - `packlint: ignore-file[rule] reason`, above the first block

    In legacy JSON, which has no comments, the root may have keys that begin with `_packlint`, with strings
    such as `"ignore[rule] builders[0]: reason"`, or without a place for the whole file. In HCL's JSON a
    property `"//"` is a comment for the object that it stands in. A waiver names rules, not categories: what
    a category will find next year nobody has looked at. A rule's former name still works, and the fix writes
    the one that it has today. A guess at what a name was meant to be is an unsafe fix.
    """

    category = Category.WAIVERS
    severity = Severity.WARNING
    precision = Precision.VERY_HIGH
    fixable = Fixable.SAFE

    examples = (
        Bad(
            """
            # packlint: ignore[unused-vairable] a tag # finding: there is no rule `unused-vairable`
            variable "owner" {
              default = "platform"
            }
            # packlint: ignore(unused-variable) the pipeline reads it # finding: other brackets
            variable "team" {
              default = "images"
            }
            source "null" "here" {
              communicator = "none"
            }
            build {
              sources = ["source.null.here"]
            }
            """,
            fixed="""
            # packlint: ignore[unused-variable] a tag
            variable "owner" {
              default = "platform"
            }
            # packlint: ignore[unused-variable] the pipeline reads it
            variable "team" {
              default = "images"
            }
            source "null" "here" {
              communicator = "none"
            }
            build {
              sources = ["source.null.here"]
            }
            """,
        ),
        Bad(
            {
                "image.json": """
                {
                  "_packlint_1": "ignore[secret-literal] builders[1]: a throw-away account",
                  "_packlint_2": "ignore[security] nobody else can reach it",
                  "_packlint_3": "disabled for now",
                  "builders": [
                    {"type": "null", "communicator": "none"}
                  ]
                }
                """
            },
            finds={
                "image.json:2": "`builders[1]` is no place of this template",
                "image.json:3": "`security` is a category",
                "image.json:4": "cannot be read as a waiver",
            },
        ),
        Good(
            """
            variable "owner" { # packlint: ignore[unused-variable] the pipeline reads it
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
