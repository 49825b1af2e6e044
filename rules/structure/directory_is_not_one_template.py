"""Page and severity of what lowering says of a directory whose files clash."""

from packlint import Bad, Category, Good, Precision, Rule, Severity


class DirectoryIsNotOneTemplate(Rule):
    """Flags directories whose files can only be built one by one.

    `packer build DIRECTORY` loads all `*.pkr.hcl` and `*.pkr.json` files of a directory as one template.
    Here several of them have builds of their own and declare the same things, so that command stops with
    "Duplicate variable" or its like, while `packer build FILE` works for each. packlint therefore checks
    each file with a build as a template of its own, and says so once.

    A directory for each template removes the doubt for people and tools alike. What templates share can
    be linked into each directory: Packer follows symbolic links.

    References:
    https://developer.hashicorp.com/packer/docs/templates/hcl_templates#input-variables-and-local-variables
    """

    category = Category.STRUCTURE
    severity = Severity.NOTE
    precision = Precision.VERY_HIGH

    examples = (
        Bad(
            {
                "debian.pkr.hcl": """
                variable "user" { default = "packer" }
                build { sources = ["source.null.debian"] }
                source "null" "debian" { ssh_username = var.user }
                """,
                "rocky.pkr.hcl": """
                variable "user" { default = "packer" } # finding: declared in two files
                build { sources = ["source.null.rocky"] }
                source "null" "rocky" { ssh_username = var.user }
                """,
            }
        ),
        Good(
            {
                "debian/debian.pkr.hcl": """
                variable "user" { default = "packer" }
                build { sources = ["source.null.debian"] }
                source "null" "debian" { ssh_username = var.user }
                """,
                "rocky/rocky.pkr.hcl": """
                variable "user" { default = "packer" }
                build { sources = ["source.null.rocky"] }
                source "null" "rocky" { ssh_username = var.user }
                """,
            }
        ),
    )
