policy "pinned-plugins" {
  description   = "Every plugin has one version."
  target        = required_plugin
  condition     = self.pinned
  error_message = "Any of several versions of plugin ${self.name} may be taken; write one, as in \"= 1.3.9\"."
  at            = self.version
}

test "pinned-plugins" {
  template = <<-EOT
    packer {
      required_plugins {
        amazon = {
          source  = "github.com/hashicorp/amazon"
          version = ">= 1.3.0"
        }
        qemu = {
          source  = "github.com/hashicorp/qemu"
          version = "= 1.1.2"
        }
      }
    }
  EOT
  finds = ["5: Any of several versions of plugin amazon may be taken"]
}
