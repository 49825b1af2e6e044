# A base image: the installer and three steps that every server of ours needs.

packer {
  required_plugins {
    qemu = {
      source  = "github.com/hashicorp/qemu"
      version = "~> 1.1"
    }
  }
}

source "qemu" "debian_base" {
  iso_url          = "https://cdimage.debian.org/cdimage/archive/12.5.0/amd64/iso-cd/debian-12.5.0-amd64-netinst.iso"
  iso_checksum     = "file:https://cdimage.debian.org/cdimage/archive/12.5.0/amd64/iso-cd/SHA256SUMS"
  output_directory = "output/debian-base"
  vm_name          = "debian-base.qcow2"
  http_directory   = "${path.root}/http"
  boot_command     = ["<esc><wait>auto url=http://{{ .HTTPIP }}:{{ .HTTPPort }}/preseed.cfg<enter>"]
  ssh_username     = "packer"
  ssh_timeout      = "30m"
  shutdown_command = "sudo shutdown -P now"
}

build {
  name    = "debian-base"
  sources = ["source.qemu.debian_base"]

  provisioner "shell" {
    inline = ["sudo apt-get install -y qemu-guest-agent"]
  }

  provisioner "shell" {
    inline = ["sudo apt-get install -y unattended-upgrades"]
  }
}
