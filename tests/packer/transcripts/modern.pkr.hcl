source "qemu" "base" {
  iso_url      = "https://example.org/base.iso"
  iso_checksum = "none"
}

source "amazon-ebs" "web" {
  region     = "eu-central-1"
  source_ami = "ami-00000000000000000"
}

build {
  name    = "images"
  sources = ["source.qemu.base", "source.amazon-ebs.web"]

  provisioner "shell" {
    inline = ["uname -a"]
  }
  provisioner "file" {
    source      = "files/motd"
    destination = "/tmp/motd"
  }
  provisioner "shell" {
    scripts = ["scripts/first.sh", "scripts/second.sh"]
  }
  provisioner "ansible" {
    only          = ["amazon-ebs.web"]
    playbook_file = "site.yml"
  }
  provisioner "shell" {
    only   = ["qemu.base"]
    inline = ["sync"]
  }
  error-cleanup-provisioner "shell" {
    inline = ["journalctl -b"]
  }
  post-processor "manifest" {}
}
