package tree

import (
	"github.com/hashicorp/hcl/v2/hcldec"
	"github.com/zclconf/go-cty/cty"
)

func (*Config) FlatMapstructure() interface{ HCL2Spec() map[string]hcldec.Spec } {
	return new(FlatConfig)
}

func (*FlatConfig) HCL2Spec() map[string]hcldec.Spec {
	s := map[string]hcldec.Spec{
		"row": &hcldec.AttrSpec{Name: "row", Type: cty.Number, Required: false},
	}
	return s
}

func (*DatasourceOutput) FlatMapstructure() interface{ HCL2Spec() map[string]hcldec.Spec } {
	return new(FlatDatasourceOutput)
}

func (*FlatDatasourceOutput) HCL2Spec() map[string]hcldec.Spec {
	s := map[string]hcldec.Spec{
		"age":    &hcldec.AttrSpec{Name: "age", Type: cty.Number, Required: false},
		"fruits": &hcldec.AttrSpec{Name: "fruits", Type: cty.List(cty.String), Required: false},
	}
	return s
}
