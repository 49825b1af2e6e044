packer {
  required_plugins {
    amazon = {
      source  = "github.com/hashicorp/amazon"
      version = "~> 1.3"
    }
  }
}

variable "region" {
  type    = string
  default = "us-east-1"
}

locals {
  today = formatdate("YYYYMMDD", timestamp())
}

source "amazon-ebs" "web" {
  region        = var.region
  instance_type = "t3.small"
  ami_name      = "web-${local.today}"
  ami_groups    = ["all"]
  source_ami    = "ami-0123456789abcdef0"
  ssh_username  = "admin"

  tags = {
    owner = "web"
  }
}

build {
  sources = ["source.amazon-ebs.web"]

  provisioner "shell" {
    inline = ["cloud-init status --wait", "sudo apt-get update", "sudo apt-get install -y nginx"]
  }
}
