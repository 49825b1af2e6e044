package graft

import (
	"github.com/hashicorp/hcl/v2/hcldec"
	"github.com/zclconf/go-cty/cty"
)

type FlatProvisioner struct {
	Knife *string `cty:"knife" hcl:"knife"`
}

func (*Provisioner) FlatMapstructure() interface{ HCL2Spec() map[string]hcldec.Spec } {
	return new(FlatProvisioner)
}

func (*FlatProvisioner) HCL2Spec() map[string]hcldec.Spec {
	s := map[string]hcldec.Spec{
		"knife": &hcldec.AttrSpec{Name: "knife", Type: cty.String, Required: false},
	}
	return s
}
