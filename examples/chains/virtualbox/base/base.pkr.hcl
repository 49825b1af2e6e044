# Debian from its installer: what all servers have in common, and the longest step, done once.

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
  description = "Password of the user `packer`; `http/preseed.cfg` has its hash."
  sensitive   = true
}

source "virtualbox-iso" "base" {
  guest_os_type        = "Debian_64"
  iso_url              = "https://cdimage.debian.org/cdimage/archive/12.5.0/amd64/iso-cd/debian-12.5.0-amd64-netinst.iso"
  iso_checksum         = "file:https://cdimage.debian.org/cdimage/archive/12.5.0/amd64/iso-cd/SHA256SUMS"
  guest_additions_mode = "disable"
  headless             = true
  cpus                 = 2
  memory               = 2048
  disk_size            = 20480
  vm_name              = "base"
  output_directory     = "${path.root}/../output/base"
  http_directory       = "${path.root}/http"
  boot_wait            = "5s"
  boot_command         = ["<esc><wait>auto url=http://{{ .HTTPIP }}:{{ .HTTPPort }}/preseed.cfg hostname=base domain=local<enter>"]
  ssh_username         = "packer"
  ssh_password         = var.ssh_password
  ssh_timeout          = "40m"
  shutdown_command     = "sudo systemctl poweroff"
}

build {
  sources = ["source.virtualbox-iso.base"]

  provisioner "shell" {
    execute_command = "{{ .Vars }} sudo -E sh -eux '{{ .Path }}'"
    scripts = [
      "${path.root}/scripts/update.sh",
      "${path.root}/scripts/harden.sh",
    ]
  }
}
