source "null" "base" {
  communicator = "none"
}

source "file" "notes" {
  content = "made by a test\n"
  target  = "out/notes.txt"
}

build {
  name    = "first"
  sources = ["source.file.notes"]

  provisioner "shell-local" {
    inline = ["echo one, two: three"]
  }
  post-processor "shell-local" {
    inline = ["echo after"]
  }
  post-processors {
    post-processor "checksum" {
      checksum_types = ["sha256"]
      output         = "out/notes.{{.ChecksumType}}"
    }
    post-processor "manifest" {
      name   = "list"
      output = "out/manifest.json"
    }
  }
}

build {
  sources = ["source.null.base"]

  provisioner "shell-local" {
    inline = ["echo good"]
  }
  provisioner "shell-local" {
    scripts      = ["one.sh", "two.sh"]
    pause_before = "1s"
  }
  provisioner "shell-local" {
    inline      = ["echo bad >&2", "exit 3"]
    max_retries = 1
    timeout     = "1m"
  }
  provisioner "shell-local" {
    inline = ["echo never"]
  }
}
