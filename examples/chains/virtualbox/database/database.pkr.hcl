# The database server, on top of the base.

packer {
  required_version = ">= 1.9.0"

  required_plugins {
    virtualbox = {
      source  = "github.com/hashicorp/virtualbox"
      version = "~> 1.1"
    }
  }
}

variable "ssh_password" {
  type        = string
  description = "Password of the user `packer`, as the base has it."
  sensitive   = true
}

source "virtualbox-ovf" "database" {
  source_path          = "${path.root}/../output/base/base.ovf"
  guest_additions_mode = "disable"
  headless             = true
  vm_name              = "database"
  output_directory     = "${path.root}/../output/database"
  ssh_username         = "packer"
  ssh_password         = var.ssh_password
  ssh_timeout          = "10m"
  shutdown_command     = "sudo systemctl poweroff"
}

build {
  sources = ["source.virtualbox-ovf.database"]

  provisioner "shell" {
    execute_command = "{{ .Vars }} sudo -E sh -eux '{{ .Path }}'"
    script          = "${path.root}/scripts/postgresql.sh"
  }
}
