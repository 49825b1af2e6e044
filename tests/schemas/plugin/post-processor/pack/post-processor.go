package pack

import (
	"github.com/hashicorp/hcl/v2/hcldec"
	"github.com/zclconf/go-cty/cty"
)

type PostProcessor struct{}

func (p *PostProcessor) ConfigSpec() hcldec.ObjectSpec {
	return hcldec.ObjectSpec{
		"crates":   &hcldec.AttrSpec{Name: "crates", Type: cty.Number},
		"anything": &hcldec.AttrSpec{Name: "anything", Type: cty.DynamicPseudoType},
	}
}
