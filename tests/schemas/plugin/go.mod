module github.com/acme/packer-plugin-orchard

go 1.21
