source "null" "base" {
  communicator = "none"
  colour       = "blue"
}

build {
  sources = ["source.null.base"]
}
