policy "approved-regions" {
  description   = "Images are built in the EU."
  severity      = "error"
  target        = source                     # source, build, provisioner, post_processor, variable, data, required_plugin, template
  when        = startswith(self.type, "amazon-")
  condition   = contains(["eu-west-1", "eu-central-1"], self.region)
  error_message = "Region ${self.region} is not approved; use an EU region."
  at          = self.region                  # the place to underline; by default the block's header
}

test "approved-regions" {
  template = <<-EOT
    source "amazon-ebs" "a" { region = "us-east-1" }
    build { sources = ["source.amazon-ebs.a"] }
  EOT
  finds = ["Region us-east-1 is not approved"]
}

test "approved-regions" {
  template = <<-EOT
    source "amazon-ebs" "a" { region = "eu-west-1" }
    source "null" "b" { communicator = "none" }
    build { sources = ["source.amazon-ebs.a", "source.null.b"] }
  EOT
}
