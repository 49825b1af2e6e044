policy "tags" {
  target = source
  when   = startswith(self.type, "amazon-")
  schema = { required = ["tags"], properties = { tags = { required = ["owner", "cost-centre"] } } }   # JSON Schema over the evaluated body
  error_message = "Images carry owner and cost centre."
}

test "tags" {
  template = <<-EOT
    source "amazon-ebs" "none" {
      region = "eu-west-1"
    }
    source "amazon-ebs" "one" {
      tags = { owner = "web" }
    }
    source "amazon-ebs" "both" {
      tags = { owner = "web", cost-centre = "4711" }
    }
  EOT
  finds = [
    "1: Images carry owner and cost centre.",
    "5: Images carry owner and cost centre.",
  ]
}
