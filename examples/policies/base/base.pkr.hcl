packer {
  required_plugins {
    amazon = {
      source  = "github.com/hashicorp/amazon"
      version = "= 1.3.9"
    }
  }
}

locals {
  today = formatdate("YYYYMMDD", timestamp())
}

source "amazon-ebs" "base" {
  region        = "eu-central-1"
  instance_type = "t3.small"
  ami_name      = "base-${local.today}"
  ssh_username  = "admin"

  source_ami_filter {
    owners      = ["136693071363"]
    most_recent = true
    filters = {
      name = "debian-12-amd64-*"
    }
  }

  tags = {
    owner       = "platform"
    cost-centre = "4711"
  }
}

build {
  sources = ["source.amazon-ebs.base"]

  provisioner "shell" {
    script = "${path.root}/scripts/harden.sh"
  }
}
