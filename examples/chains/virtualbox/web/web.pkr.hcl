# The web server: nginx and PHP, on top of the base.

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
  description = "Password of the user `packer`, as the base has it."
  sensitive   = true
}

source "virtualbox-ovf" "web" {
  source_path          = "${path.root}/../output/base/base.ovf"
  guest_additions_mode = "disable"
  headless             = true
  vm_name              = "web"
  output_directory     = "${path.root}/../output/web"
  ssh_username         = "packer"
  ssh_password         = var.ssh_password
  ssh_timeout          = "10m"
  shutdown_command     = "sudo systemctl poweroff"
}

build {
  sources = ["source.virtualbox-ovf.web"]

  provisioner "shell" {
    execute_command = "{{ .Vars }} sudo -E sh -eux '{{ .Path }}'"
    script          = "${path.root}/scripts/nginx.sh"
  }

  provisioner "file" {
    source      = "${path.root}/files/site.conf"
    destination = "/tmp/site.conf"
  }

  provisioner "shell" {
    inline = [
      "sudo install -m 644 /tmp/site.conf /etc/nginx/conf.d/site.conf",
      "sudo nginx -t",
    ]
  }
}
