# What the rules of the house ask of every server, on top of the base.

packer {
  required_version = ">= 1.9.0"

  required_plugins {
    vsphere = {
      source  = "github.com/vmware/vsphere"
      version = "~> 2.0"
    }
  }
}

variable "vcenter_server" {
  type = string
}

variable "vcenter_username" {
  type = string
}

variable "vcenter_password" {
  type      = string
  sensitive = true
}

variable "ssh_password" {
  type        = string
  description = "Password of the user `packer`, of which the kickstart file has the hash."
  sensitive   = true
}

source "vsphere-clone" "hardened" {
  vcenter_server      = var.vcenter_server
  username            = var.vcenter_username
  password            = var.vcenter_password
  datacenter          = "dc1"
  cluster             = "build"
  datastore           = "templates"
  folder              = "templates"
  template            = "templates/rocky-base"
  vm_name             = "rocky-hardened"
  CPUs                = 2
  RAM                 = 4096
  ssh_username        = "packer"
  ssh_password        = var.ssh_password
  ssh_timeout         = "10m"
  shutdown_command    = "sudo systemctl poweroff"
  convert_to_template = true
}

build {
  sources = ["source.vsphere-clone.hardened"]

  provisioner "shell" {
    execute_command = "{{ .Vars }} sudo -E sh -eux '{{ .Path }}'"
    scripts = [
      "${path.root}/scripts/hardened.sh",
      "${path.root}/../base/scripts/generalise.sh",
    ]
  }
}
