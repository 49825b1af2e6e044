# What the people of the course start with.

packer {
  required_version = ">= 1.9.0"

  required_plugins {
    vagrant = {
      source  = "github.com/hashicorp/vagrant"
      version = "~> 1.1"
    }
  }
}

source "vagrant" "course" {
  source_path  = "${path.root}/../output/python/package.box"
  box_name     = "course"
  provider     = "virtualbox"
  output_dir   = "${path.root}/../output/course"
  communicator = "ssh"
  add_force    = true
}

build {
  sources = ["source.vagrant.course"]

  provisioner "shell" {
    execute_command = "{{ .Vars }} sudo -E sh -eux '{{ .Path }}'"
    script          = "${path.root}/scripts/course.sh"
  }
}
