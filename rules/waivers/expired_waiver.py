"""Page and severity of waivers whose last day is over."""

from packlint import Bad, Category, Fixable, Good, Precision, Rule, Severity


class ExpiredWaiver(Rule):
    """Flags waivers whose last day is over.

    `until=2030-12-31` behind the brackets of a waiver says when somebody has to look again. The waiver is
    good through that day; from the next day on it excuses nothing, and the findings that it was about are
    back. Waivers of settings end in the same way.

    Mend what the waiver was about and remove it, or decide anew and give it another day. The fix removes it;
    it is unsafe, for the reason goes with it.
    """

    category = Category.WAIVERS
    severity = Severity.WARNING
    precision = Precision.VERY_HIGH
    fixable = Fixable.UNSAFE

    examples = (
        Bad(
            """
            source "null" "here" {
              # packlint: ignore[weak-checksum] until=2020-06-30 it moves # finding: until 2020-06-30
              communicator = "none"
            }
            build {
              sources = ["source.null.here"]
            }
            """,
            fixed="""
            source "null" "here" {
              communicator = "none"
            }
            build {
              sources = ["source.null.here"]
            }
            """,
        ),
        Good(
            """
            # packlint: ignore[unused-variable] until=2999-12-31 the pipeline reads it
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
