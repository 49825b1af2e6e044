param "scripts" {
  type        = list(string)
  description = "The scripts of which each Linux image runs one."
}

policy "hardening-step" {
  description = <<-EOT
    Every Linux image is hardened before it is made.

    The scripts are the security team's. A step that its `only` or `except` keeps from an image does not count
    for it.
  EOT
  severity = "error"
  target   = build
  condition = alltrue([
    for image in self.instances :
    length(setintersection(param.scripts, [
      for step in image.provisioners : basename(step.script) if step.type == "shell" && step.script != null
    ])) > 0
    if image.communicator == "ssh" # Windows has scripts of its own
  ])
  error_message = "Some image of this build is not hardened; run ${join(" or ", param.scripts)} in each."
}

test "hardening-step" {
  params   = { scripts = ["harden.sh"] }
  template = <<-EOT
    source "amazon-ebs" "web" {
      ssh_username = "admin"
    }

    build {
      sources = ["source.amazon-ebs.web"]

      provisioner "shell" {
        inline = ["sudo apt-get update"]
      }
    }
  EOT
  finds = ["5: Some image of this build is not hardened; run harden.sh in each."]
}

test "hardening-step" {
  params   = { scripts = ["harden.sh"] }
  template = <<-EOT
    source "amazon-ebs" "web" {
      ssh_username = "admin"
    }

    source "amazon-ebs" "lab" {
      ssh_username = "admin"
    }

    build {
      sources = ["source.amazon-ebs.web", "source.amazon-ebs.lab"]

      provisioner "shell" {
        except = ["amazon-ebs.lab"]
        script = "scripts/harden.sh"
      }
    }
  EOT
  finds = ["9: Some image of this build is not hardened"]
}

test "hardening-step" {
  params   = { scripts = ["harden.sh"] }
  template = <<-EOT
    source "amazon-ebs" "web" {
      ssh_username = "admin"
    }

    build {
      sources = ["source.amazon-ebs.web"]

      provisioner "shell" {
        script = "scripts/harden.sh"
      }
    }
  EOT
}
