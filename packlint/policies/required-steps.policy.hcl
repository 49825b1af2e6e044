# Every image gets the steps that are demanded, such as hardening and a scan, and the post-processors.
#
# A step is told by a regular expression that is looked for in the type of a provisioner and in what it runs: its
# inline commands, scripts, playbooks, roles and the like. What cleans up after errors is no step. Sources of the types `null` and `file` make no image and
# are not looked at.

param "steps" {
  type        = map(string)
  default     = {}
  description = "Names of steps and what tells them, as in `{ hardening = \"ansible.*hardening\", scan = \"oscap|trivy\" }`."
}

param "post_processors" {
  type        = list(string)
  default     = []
  description = "Types of post-processors that every image goes through, as in `[\"manifest\", \"checksum\"]`."
}

policy "required-steps" {
  description   = "Every image gets the demanded steps."
  severity      = "error"
  target        = build
  when          = length(param.steps) > 0
  condition = alltrue(flatten([
    for steps in [[for it in self.provisioners : { on = it.runs_on, text = join(" ", compact(flatten([
      it.type,
      [for part in [
        try(it.inline, null), try(it.script, null), try(it.scripts, null), try(it.command, null),
        try(it.playbook_file, null), try(it.playbook_files, null), try(it.playbook_dir, null), try(it.role_paths, null),
        try(it.run_list, null), try(it.manifest_file, null), try(it.profile, null), try(it.extra_arguments, null),
      ] : part[*]],
      [for part in it.override[*] : jsonencode(part)],
    ]))) } if !it.error_cleanup]] : [for image in self.sources : [for name, pattern in param.steps :
      startswith(image, "null.") || startswith(image, "file.") || anytrue([
        for it in steps : contains(it.on, image) && length(regexall(pattern, it.text)) > 0
      ])
    ]]
  ]))
  error_message = "An image of the build lacks a demanded step; every image needs ${join(", ", keys(param.steps))}."
}

test "required-steps" {
  params   = { steps = { hardening = "ansible.*hardening", scan = "oscap|trivy" } }
  template = <<-EOT
    source "amazon-ebs" "a" {}
    source "docker" "b" {}
    build {
      sources = ["source.amazon-ebs.a", "source.docker.b"]
      provisioner "ansible" { playbook_file = "hardening.yml" }
      provisioner "shell" {
        only   = ["docker.b"]
        inline = ["trivy rootfs /"]
      }
    }
  EOT
  finds    = ["3: An image of the build lacks a demanded step; every image needs hardening, scan."]
}

test "required-steps" {
  params   = { steps = { scan = "oscap|trivy" } }
  template = <<-EOT
    source "amazon-ebs" "a" {}
    build {
      sources = ["source.amazon-ebs.a"]
      error-cleanup-provisioner "shell" { inline = ["trivy rootfs /"] }
    }
    build {
      sources = ["source.amazon-ebs.a"]
      provisioner "shell" {
        inline   = ["true"]
        override = { "amazon-ebs.a" = { inline = ["trivy rootfs /"] } }
      }
    }
  EOT
  finds    = ["2: An image of the build lacks a demanded step"]
}

test "required-steps" {
  params   = { steps = { hardening = "ansible.*hardening", scan = "oscap|trivy" } }
  template = <<-EOT
    source "amazon-ebs" "a" {}
    source "null" "b" { communicator = "none" }
    build {
      sources = ["source.amazon-ebs.a"]
      provisioner "ansible" { playbook_file = "hardening.yml" }
      provisioner "shell" { inline = ["trivy rootfs /"] }
    }
    build { sources = ["source.null.b"] }
  EOT
}

test "required-steps" {
  params   = { steps = { scan = "oscap|trivy" } }
  template = <<-EOT
    variable "commands" { type = list(string) }
    source "amazon-ebs" "a" {}
    build {
      sources = ["source.amazon-ebs.a"]
      provisioner "shell" { inline = var.commands }
    }
  EOT
}

policy "required-post-processors" {
  description   = "Every image goes through the demanded post-processors."
  severity      = "error"
  target        = build
  when          = length(param.post_processors) > 0
  condition     = alltrue([for image in self.instances : contains(["file", "null"], image.type) || length([for key in param.post_processors : key if !contains([for it in image.post_processors : it.type], key)]) == 0])
  error_message = "An image of the build does not go through all demanded post-processors; add ${join(", ", param.post_processors)}."
}

test "required-post-processors" {
  params   = { post_processors = ["manifest"] }
  template = <<-EOT
    source "amazon-ebs" "a" {}
    build { sources = ["source.amazon-ebs.a"] }
  EOT
  finds    = ["2: An image of the build does not go through all demanded post-processors; add manifest."]
}

test "required-post-processors" {
  params   = { post_processors = ["manifest"] }
  template = <<-EOT
    source "amazon-ebs" "a" {}
    source "null" "b" { communicator = "none" }
    build {
      sources = ["source.amazon-ebs.a"]
      post-processor "manifest" {}
    }
    build { sources = ["source.null.b"] }
  EOT
}
