package main

import (
	"fmt"
	"os"

	cloned "github.com/acme/packer-plugin-orchard/builder/clone"
	"github.com/acme/packer-plugin-orchard/builder/orchard"
	"github.com/acme/packer-plugin-orchard/datasource/tree"
	"github.com/acme/packer-plugin-orchard/post-processor/pack"
	"github.com/acme/packer-plugin-orchard/provisioner/graft"
	"github.com/acme/packer-plugin-orchard/version"
	"github.com/hashicorp/packer-plugin-sdk/plugin"
)

func main() {
	set := plugin.NewSet()
	set.RegisterBuilder(plugin.DEFAULT_NAME, new(orchard.Builder))
	set.RegisterBuilder("clone", &cloned.Builder{})
	// set.RegisterBuilder("felled", new(orchard.Felled))
	set.RegisterProvisioner(graft.Name, new(graft.Provisioner))
	set.RegisterPostProcessor(`pack`, new(pack.PostProcessor))
	set.RegisterDatasource("tree", new(tree.Datasource))
	set.SetVersion(version.PluginVersion)
	if err := set.Run(); err != nil {
		fmt.Fprintln(os.Stderr, "} set.RegisterBuilder(\"quoted\", new(orchard.Builder)) {", err)
		os.Exit(1)
	}
}
