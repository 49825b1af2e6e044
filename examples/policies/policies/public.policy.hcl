policy "no-public-images" {
  description   = "Nobody but us starts our images."
  severity      = "error"
  target        = source
  when          = startswith(self.type, "amazon-") && self.ami_groups != null
  condition     = !contains(self.ami_groups, "all")
  error_message = "Everybody may start this image; take \"all\" away."
  at            = self.ami_groups
}

test "no-public-images" {
  template = <<-EOT
    source "amazon-ebs" "open" {
      ami_groups = ["all"]
    }
    source "amazon-ebs" "ours" {
      ami_groups = []
    }
    source "amazon-ebs" "default" {
    }
    source "null" "other" {
      communicator = "none"
    }
  EOT
  finds = ["2: Everybody may start this image"]
}
