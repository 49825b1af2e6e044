# The worker, which does what takes longer.

packer {
  required_version = ">= 1.9.0"

  required_plugins {
    docker = {
      source  = "github.com/hashicorp/docker"
      version = "~> 1.1"
    }
  }
}

source "docker" "worker" {
  image   = "example/python:3.11"
  pull    = false # it was made here
  commit  = true
  changes = ["USER app", "CMD [\"celery\", \"--app\", \"worker\", \"worker\"]"]
}

build {
  sources = ["source.docker.worker"]

  provisioner "shell" {
    inline = [
      "/opt/venv/bin/pip install --no-cache-dir celery==5.4.0",
    ]
  }

  post-processor "docker-tag" {
    repository = "example/worker"
    tags       = ["1.0"]
  }
}
