"""Page and severity of what is found when all policies have looked at all templates."""

from packlint import Bad, Category, Good, Precision, Rule, Severity


class IdlePolicy(Rule):
    """Flags policies that hold for nothing, or that nothing can satisfy.

    A policy whose `when` is true of no block says nothing, and nobody notices: a type may be misspelt in it,
    or what it was about is gone. One whose condition is false whatever a template says, and that has no
    `when`, forbids everything it looks at. Mend the policy, or take it away.

    A policy holds for nothing only where all templates of the repository have been looked at; policies of
    packs, which are made for many repositories, are left alone.
    """

    category = Category.POLICY
    severity = Severity.NOTE
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
                policy "regions" { # finding: `regions` holds for nothing here
                  target        = source
                  when          = startswith(self.type, "amazom-")
                  condition     = self.region == "eu-west-1"
                  error_message = "Images are made in Ireland."
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
