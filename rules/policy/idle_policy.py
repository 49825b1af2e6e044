"""Page and severity of what is found when all policies have looked at all templates."""

from packlint import Bad, Category, Good, Precision, Rule, Severity


class IdlePolicy(Rule):
    """Flags policies that hold for nothing, or that nothing can satisfy.

    A policy whose `when` is true of no block says nothing, and nobody notices: a type may be misspelt in it,
    or what it was about is gone. One without a `when` whose condition is false whatever a template says
    refuses everything that it looks at. Mend the policy, or take it away.

    That a policy holds for nothing is a note, and is told only in a run over the whole repository; so is one
    that its parameters switch off. One that never could hold, or that nothing can satisfy, is a warning:
    where it is to refuse everything, let it say `when = true`. Policies of packs, which are made for many
    repositories, are left alone.
    """

    category = Category.POLICY
    severity = Severity.WARNING
    precision = Precision.VERY_HIGH

    examples = (
        Bad(
            {
                "image.pkr.hcl": """
                source "amazon-ebs" "web" {
                  region = "eu-west-1"
                }
                """,
                "policies/regions.policy.hcl": """
                policy "regions" { # finding: its `when` is true of no source
                  target        = source
                  when          = startswith(self.type, "amazom-")
                  condition     = self.region == "eu-west-1"
                  error_message = "Images are made in Ireland."
                }
                """,
            }
        ),
        Bad(
            {
                "image.pkr.hcl": """
                source "amazon-ebs" "web" {
                  region = "eu-west-1"
                }
                """,
                "policies/regions.policy.hcl": """
                param "regions" {
                  type    = list(string)
                  default = []
                }
                policy "regions" {
                  target        = source
                  condition     = length(param.regions) > 0 # finding: nothing can satisfy policy `regions`
                  error_message = "Images are made in few regions."
                }
                """,
            }
        ),
        Good(
            {
                "image.pkr.hcl": """
                source "amazon-ebs" "web" {
                  region = "eu-west-1"
                }
                """,
                "policies/regions.policy.hcl": """
                policy "regions" {
                  target        = source
                  when          = startswith(self.type, "amazon-")
                  condition     = self.region == "eu-west-1"
                  error_message = "Images are made in Ireland."
                }
                """,
            }
        ),
    )
