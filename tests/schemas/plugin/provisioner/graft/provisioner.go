package graft

import "github.com/hashicorp/hcl/v2/hcldec"

const Name = "graft"

type Provisioner struct {
	Knife string
}

func (p *Provisioner) ConfigSpec() hcldec.ObjectSpec { return p.FlatMapstructure().HCL2Spec() }
