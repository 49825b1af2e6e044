# A box of somebody else's, updated: the base of our own.

packer {
  required_version = ">= 1.9.0"

  required_plugins {
    vagrant = {
      source  = "github.com/hashicorp/vagrant"
      version = "~> 1.1"
    }
  }
}

source "vagrant" "base" {
  source_path  = "debian/bookworm64"
  box_version  = "12.20240905.1"
  box_name     = "base"
  provider     = "virtualbox"
  output_dir   = "${path.root}/../output/base"
  communicator = "ssh"
  add_force    = true
}

build {
  sources = ["source.vagrant.base"]

  provisioner "shell" {
    execute_command = "{{ .Vars }} sudo -E sh -eux '{{ .Path }}'"
    script          = "${path.root}/scripts/base.sh"
  }
}
