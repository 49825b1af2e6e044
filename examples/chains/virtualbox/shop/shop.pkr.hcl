# The shop, on top of the web server; packed as a box for developers.

packer {
  required_version = ">= 1.9.0"

  required_plugins {
    virtualbox = {
      source  = "github.com/hashicorp/virtualbox"
      version = "~> 1.1"
    }
    vagrant = {
      source  = "github.com/hashicorp/vagrant"
      version = "~> 1.1"
    }
  }
}

variable "ssh_password" {
  type        = string
  description = "Password of the user `packer`, as the base has it."
  sensitive   = true
}

source "virtualbox-ovf" "shop" {
  source_path          = "${path.root}/../output/web/web.ovf"
  guest_additions_mode = "disable"
  headless             = true
  vm_name              = "shop"
  output_directory     = "${path.root}/../output/shop"
  ssh_username         = "packer"
  ssh_password         = var.ssh_password
  ssh_timeout          = "10m"
  shutdown_command     = "sudo systemctl poweroff"
}

build {
  sources = ["source.virtualbox-ovf.shop"]

  provisioner "shell" {
    execute_command = "{{ .Vars }} sudo -E sh -eux '{{ .Path }}'"
    scripts = [
      "${path.root}/scripts/shop.sh",
      "${path.root}/scripts/generalise.sh",
    ]
  }

  post-processor "vagrant" {
    output = "${path.root}/../output/shop.box"
  }
}
