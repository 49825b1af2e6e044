"""Page and severity of waivers that do not say why."""

from packlint import Bad, Category, Good, Precision, Preset, Rule, Severity


class WaiverWithoutReason(Rule):
    """Flags waivers that give no reason.

    Who meets a waiver a year later has to find out whether it is still right, and the text behind its
    brackets is the one place that can tell: what makes the finding harmless here, or who is going to mend it.

    Where settings demand a reason of every waiver, one without it excuses nothing.
    """

    category = Category.WAIVERS
    severity = Severity.WARNING
    precision = Precision.VERY_HIGH
    preset = Preset.STRICT

    examples = (
        Bad(
            {
                "template.pkr.hcl": """
                # packlint: ignore[unused-variable]
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
            },
            finds={"template.pkr.hcl:1": "gives no reason"},
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
