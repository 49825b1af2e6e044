"""Page and severity of waivers of what may not be waived."""

from packlint import Bad, Category, Good, Precision, Rule, Severity


class ForbiddenWaiver(Rule):
    """Flags waivers of rules that may not be waived.

    Settings may name rules that nobody may waive beside the code, so that a decision of the platform's team
    is not undone in a comment. Such a waiver excuses nothing: the finding is still told.

    A failure of packlint itself, `internal-error`, can never be waived, since what was not checked must not
    look checked, and neither can what is found about waivers. Rules about waivers are left out as all rules
    are, with `--ignore` or in the settings.
    """

    category = Category.WAIVERS
    severity = Severity.WARNING
    precision = Precision.VERY_HIGH

    examples = (
        Bad(
            """
            # packlint: ignore-file[internal-error] it fails now and then # finding: cannot be waived
            source "null" "here" {
              communicator = "none" # packlint: ignore[unused-waiver] it stays # finding: it is about waivers
            }
            build {
              sources = ["source.null.here"]
            }
            """
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
