# The web servers: installed from scratch, although most of it is what the others do too.

source "qemu" "web" {
  iso_url          = "https://cdimage.debian.org/cdimage/archive/12.5.0/amd64/iso-cd/debian-12.5.0-amd64-netinst.iso"
  iso_checksum     = "file:https://cdimage.debian.org/cdimage/archive/12.5.0/amd64/iso-cd/SHA256SUMS"
  output_directory = "output/web"
  ssh_username     = "packer"
  ssh_timeout      = "30m"
  shutdown_command = "sudo shutdown -P now"
}

build {
  name    = "web"
  sources = ["source.qemu.web"]

  provisioner "shell" {
    inline = ["sudo apt-get install -y qemu-guest-agent"]
  }

  provisioner "shell" {
    inline = ["sudo apt-get install -y unattended-upgrades"]
  }

  provisioner "shell" {
    inline = ["sudo apt-get install -y prometheus-node-exporter"]
  }

  provisioner "shell" {
    inline = ["sudo apt-get install -y nginx"]
  }
}
