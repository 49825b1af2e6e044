package clone

import (
	"github.com/acme/packer-plugin-orchard/builder/orchard"
	soils "github.com/acme/packer-plugin-orchard/builder/common"
	"github.com/hashicorp/hcl/v2/hcldec"
	"github.com/zclconf/go-cty/cty"
)

// Builder has its arguments from the builder that it embeds.
type Builder struct {
	base
	orchard orchard.Builder
}

type base struct {
	settings *Settings
}

type Settings = Options

type Options struct {
	Mother string     `mapstructure:"mother"`
	Soil   soils.Soil `mapstructure:"soil"`
}

func (b *base) ConfigSpec() hcldec.ObjectSpec {
	spec := hcldec.ObjectSpec(b.settings.FlatMapstructure().HCL2Spec())
	return spec
}

func (*Options) FlatMapstructure() interface{ HCL2Spec() map[string]hcldec.Spec } {
	return &FlatOptions{}
}

func (*FlatOptions) HCL2Spec() map[string]hcldec.Spec {
	return map[string]hcldec.Spec{
		"mother": &hcldec.AttrSpec{Name: "mother", Type: cty.String},
	}
}
