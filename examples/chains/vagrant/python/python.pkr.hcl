# Python with its tools, on top of the base.

packer {
  required_version = ">= 1.9.0"

  required_plugins {
    vagrant = {
      source  = "github.com/hashicorp/vagrant"
      version = "~> 1.1"
    }
  }
}

source "vagrant" "python" {
  source_path  = "${path.root}/../output/base/package.box"
  box_name     = "python"
  provider     = "virtualbox"
  output_dir   = "${path.root}/../output/python"
  communicator = "ssh"
  add_force    = true
}

build {
  sources = ["source.vagrant.python"]

  provisioner "shell" {
    execute_command = "{{ .Vars }} sudo -E sh -eux '{{ .Path }}'"
    script          = "${path.root}/scripts/python.sh"
  }
}
