"""Page and severity of what the parser finds."""

from packlint import Bad, Category, Good, Precision, Rule, Severity


class SyntaxError(Rule):  # noqa: A001 - the rule's name is the class's
    """Flags files that Packer's parser refuses.

    Packer parses every file of a template before it looks at anything else: one error, and nothing is
    validated and nothing is built. packlint says where it is and goes on with what it can read; rules
    about things that are absent stay silent for such a template, since the missing part may be there.

    A template is native HCL (`*.pkr.hcl`), HCL's JSON syntax (`*.pkr.json`) or a legacy template, which is
    JSON as well. What HCL asks of JSON beyond JSON itself belongs to the syntax, such as an object for each
    label of a block; so does a name that an object has twice, which Packer refuses in legacy templates too.

    Files that another tool turns into templates (with `{{ … }}` or `{% … %}` at places where HCL has
    none) should not end in `.pkr.hcl`: Packer would read them too.

    References:
    https://developer.hashicorp.com/packer/docs/templates/hcl_templates/syntax
    """

    category = Category.LANGUAGE
    severity = Severity.ERROR
    precision = Precision.VERY_HIGH

    examples = (
        Bad(
            {
                "template.pkr.hcl": """
                source "null" "shell" {
                  communicator =
                }
                """
            },
            finds={"template.pkr.hcl:2": ""},
        ),
        Good(
            """
            source "null" "shell" {
              communicator = "none"
            }
            """
        ),
    )
