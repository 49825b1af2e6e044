# Debian with certificates and a user: the base of all our containers.

packer {
  required_version = ">= 1.9.0"

  required_plugins {
    docker = {
      source  = "github.com/hashicorp/docker"
      version = "~> 1.1"
    }
  }
}

source "docker" "base" {
  image   = "debian:12-slim"
  commit  = true
  changes = ["ENTRYPOINT [\"tini\", \"--\"]"]
}

build {
  sources = ["source.docker.base"]

  provisioner "shell" {
    inline = [
      "apt-get update",
      "apt-get install -y --no-install-recommends ca-certificates tini",
      "rm -rf /var/lib/apt/lists/*",
      "useradd --system --create-home app",
    ]
  }

  post-processor "docker-tag" {
    repository = "example/base"
    tags       = ["12"]
  }
}
