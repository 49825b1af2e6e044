# Python on the base.

packer {
  required_version = ">= 1.9.0"

  required_plugins {
    docker = {
      source  = "github.com/hashicorp/docker"
      version = "~> 1.1"
    }
  }
}

source "docker" "python" {
  image   = "example/base:12"
  pull    = false # it was made here
  commit  = true
  changes = ["ENV PATH=/opt/venv/bin:$PATH"]
}

build {
  sources = ["source.docker.python"]

  provisioner "shell" {
    inline = [
      "apt-get update",
      "apt-get install -y --no-install-recommends python3 python3-venv",
      "rm -rf /var/lib/apt/lists/*",
      "python3 -m venv /opt/venv",
    ]
  }

  post-processor "docker-tag" {
    repository = "example/python"
    tags       = ["3.11"]
  }
}
