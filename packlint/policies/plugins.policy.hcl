# Plugins come from approved places in versions that are held, and templates say what they need.
#
# Templates in JSON of the old kind cannot say which plugins they need, and are not looked at.

param "sources" {
  type        = list(string)
  default     = []
  description = "Where plugins may come from, as in `github.com/hashicorp/*`; from everywhere where it is empty."
}

param "versions" {
  type        = string
  default     = "bounded"
  description = "How far versions have to be held: `bounded` has an upper bound, `pinned` admits one version, `any` asks nothing."
}

policy "approved-plugin-sources" {
  description   = "Plugins come from approved places."
  severity      = "error"
  target        = required_plugin
  when          = length(param.sources) > 0
  condition     = anytrue([for it in param.sources : lower(self.source) == lower(it) || endswith(it, "*") && startswith(lower(self.source), lower(trimsuffix(it, "*")))])
  error_message = "The plugin `${self.source}` is not approved; use one of ${join(", ", param.sources)}."
  at            = self.source
}

test "approved-plugin-sources" {
  params   = { sources = ["github.com/hashicorp/*"] }
  template = <<-EOT
    packer {
      required_plugins {
        qemu = {
          source  = "github.com/hashicorp/qemu"
          version = "~> 1.1"
        }
        comment = {
          source  = "github.com/sylviamoss/comment"
          version = "~> 0.2"
        }
      }
    }
  EOT
  finds    = ["The plugin `github.com/sylviamoss/comment` is not approved; use one of github.com/hashicorp/*."]
}

test "approved-plugin-sources" {
  params   = { sources = ["github.com/hashicorp/*", "github.com/ethanmdavidson/git"] }
  template = <<-EOT
    packer {
      required_plugins {
        git = {
          source  = "github.com/ethanmdavidson/git"
          version = "~> 0.6"
        }
      }
    }
  EOT
}

policy "plugin-versions" {
  description   = "Versions of plugins are held, so that the same template makes the same image tomorrow.\n\n`~> 1.0` holds the first number, `~> 1` holds none: it admits 2.0."
  target        = required_plugin
  when          = param.versions != "any"
  condition     = param.versions == "pinned" ? self.pinned : self.bounded
  error_message = "The version of the plugin `${self.name}` is not held; write one as in `version = \"${param.versions == "pinned" ? "" : "~> "}1.2.3\"`."
  at            = self.version
}

test "plugin-versions" {
  template = <<-EOT
    packer {
      required_plugins {
        qemu = {
          source  = "github.com/hashicorp/qemu"
          version = ">= 1.1.0"
        }
      }
    }
  EOT
  finds    = ["The version of the plugin `qemu` is not held; write one as in `version = \"~> 1.2.3\"`."]
}

test "plugin-versions" {
  params   = { versions = "pinned" }
  template = <<-EOT
    packer {
      required_plugins {
        qemu = {
          source  = "github.com/hashicorp/qemu"
          version = "~> 1.1"
        }
      }
    }
  EOT
  finds    = ["The version of the plugin `qemu` is not held; write one as in `version = \"1.2.3\"`."]
}

test "plugin-versions" {
  template = <<-EOT
    packer {
      required_plugins {
        qemu = {
          source  = "github.com/hashicorp/qemu"
          version = "~> 1.1"
        }
        docker = {
          source  = "github.com/hashicorp/docker"
          version = "1.1.2"
        }
      }
    }
  EOT
}

test "plugin-versions" {
  params   = { versions = "any" }
  template = <<-EOT
    packer {
      required_plugins {
        qemu = {
          source  = "github.com/hashicorp/qemu"
          version = ">= 1.1.0"
        }
      }
    }
  EOT
}

policy "declared-plugins" {
  description   = "A template that builds with plugins says which it needs."
  target        = template
  when          = !endswith(self.path, ".json") || endswith(self.path, ".pkr.json")
  condition     = length(self.required_plugins) > 0 || alltrue([for it in self.sources : contains(["file", "null"], it.type)])
  error_message = "The template names no plugins; add `required_plugins` with those of its sources."
}

test "declared-plugins" {
  template = <<-EOT
    source "qemu" "a" {}
    build { sources = ["source.qemu.a"] }
  EOT
  finds    = ["The template names no plugins; add `required_plugins` with those of its sources."]
}

test "declared-plugins" {
  template = <<-EOT
    source "null" "a" { communicator = "none" }
    build { sources = ["source.null.a"] }
  EOT
}

test "declared-plugins" {
  files = {
    "web.json" = "{\"builders\": [{\"type\": \"docker\", \"image\": \"debian\", \"commit\": true}]}"
  }
}

policy "declared-packer-version" {
  description   = "A template says which versions of Packer it works with."
  target        = template
  when          = (!endswith(self.path, ".json") || endswith(self.path, ".pkr.json")) && length(self.sources) > 0
  condition     = self.required_version != null
  error_message = "The template does not say which version of Packer it needs; add `required_version` to a `packer` block."
}

test "declared-packer-version" {
  template = <<-EOT
    source "null" "a" { communicator = "none" }
    build { sources = ["source.null.a"] }
  EOT
  finds    = ["The template does not say which version of Packer it needs"]
}

test "declared-packer-version" {
  template = <<-EOT
    packer { required_version = "~> 1.11" }
    source "null" "a" { communicator = "none" }
    build { sources = ["source.null.a"] }
  EOT
}
