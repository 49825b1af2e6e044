source "null" "quick" {
  communicator = "none"
}

source "null" "slow" {
  communicator = "none"
}

build {
  sources = ["source.null.quick", "source.null.slow"]

  provisioner "shell-local" {
    only   = ["null.slow"]
    inline = ["echo begun", "exec sleep 20"]
  }
  provisioner "shell-local" {
    inline = ["echo after"]
  }
}
