package soils

import (
	"github.com/hashicorp/hcl/v2/hcldec"
	"github.com/zclconf/go-cty/cty"
)

type FlatSoil struct {
	Acid  *bool      `mapstructure:"acid" cty:"acid" hcl:"acid"`
	Layer []FlatBand `mapstructure:"layer" cty:"layer" hcl:"layer"`
}

func (*FlatSoil) HCL2Spec() map[string]hcldec.Spec {
	s := map[string]hcldec.Spec{
		"acid":  &hcldec.AttrSpec{Name: "acid", Type: cty.Bool, Required: false},
		"layer": &hcldec.BlockListSpec{TypeName: "layer", Nested: hcldec.ObjectSpec((*FlatBand)(nil).HCL2Spec())},
	}
	return s
}

type FlatBand struct {
	Depth *int64 `mapstructure:"depth" cty:"depth" hcl:"depth"`
}

func (*FlatBand) HCL2Spec() map[string]hcldec.Spec {
	s := map[string]hcldec.Spec{
		"depth": &hcldec.AttrSpec{Name: "depth", Type: cty.Number, Required: false},
	}
	return s
}
