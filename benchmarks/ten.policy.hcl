# Ten policies as a platform team may have them, of which most have something to say of the corpus.

param "regions" {
  type    = list(string)
  default = ["eu-west-1", "eu-central-1"]
}

locals {
  clouds = ["amazon-", "azure-", "google", "digitalocean", "hcloud"]
}

policy "approved-regions" {
  severity      = "error"
  target        = source
  when          = startswith(self.type, "amazon-")
  condition     = contains(param.regions, self.region)
  error_message = "Region ${self.region} is not approved; use one of ${join(", ", param.regions)}."
  at            = self.region
}

policy "tags" {
  target        = source
  when          = startswith(self.type, "amazon-") && self.type != "amazon-ebsvolume"
  schema        = { required = ["tags"], properties = { tags = { required = ["owner", "cost-centre"] } } }
  error_message = "Images carry owner and cost centre."
}

policy "no-public-images" {
  severity      = "error"
  target        = source
  when          = startswith(self.type, "amazon-")
  condition     = !contains(coalesce(self.ami_groups, []), "all")
  error_message = "An image of ours is not for everybody."
  at            = self.ami_groups
}

policy "hardened" {
  target        = build
  condition     = anytrue([for it in self.provisioners : it.type == "ansible"])
  error_message = "A build runs the hardening playbook."
}

policy "no-local-shell" {
  target        = provisioner
  condition     = self.type != "shell-local"
  error_message = "Nothing runs on the host that builds."
}

policy "manifest" {
  target        = build
  condition     = anytrue([for it in self.post_processors : it.type == "manifest"])
  error_message = "A build writes a manifest."
}

policy "described-variables" {
  severity      = "note"
  target        = variable
  condition     = self.description != null
  error_message = "Variable ${self.name} says what it is for."
}

policy "pinned-plugins" {
  target        = required_plugin
  condition     = self.bounded
  error_message = "Plugin ${self.name} is held to versions that somebody has tried."
  at            = self.version
}

policy "own-packer" {
  target        = template
  when          = length(self.sources) > 0
  condition     = self.required_version != null
  error_message = "A template says which Packer it wants."
}

policy "small-machines" {
  target        = source
  when          = !anytrue([for it in local.clouds : startswith(self.type, it)]) && self.memory != null
  condition     = self.memory <= 8192
  error_message = "The machine takes ${self.memory} MB; 8192 are enough."
  at            = self.memory
}
