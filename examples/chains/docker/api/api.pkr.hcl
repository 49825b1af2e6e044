# The API, which answers requests.

packer {
  required_version = ">= 1.9.0"

  required_plugins {
    docker = {
      source  = "github.com/hashicorp/docker"
      version = "~> 1.1"
    }
  }
}

source "docker" "api" {
  image   = "example/python:3.11"
  pull    = false # it was made here
  commit  = true
  changes = ["USER app", "EXPOSE 8000", "CMD [\"gunicorn\", \"--bind\", \"0.0.0.0:8000\", \"api:app\"]"]
}

build {
  sources = ["source.docker.api"]

  provisioner "file" {
    source      = "${path.root}/files/requirements.txt"
    destination = "/tmp/requirements.txt"
  }
  provisioner "shell" {
    inline = [
      "/opt/venv/bin/pip install --no-cache-dir -r /tmp/requirements.txt",
    ]
  }

  post-processor "docker-tag" {
    repository = "example/api"
    tags       = ["1.0"]
  }
}
