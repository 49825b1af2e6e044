package version

import "github.com/hashicorp/packer-plugin-sdk/version"

var (
	Version           = "0.2.0"
	VersionPrerelease = ""
	PluginVersion     = version.InitializePluginVersion(Version, VersionPrerelease)
)
