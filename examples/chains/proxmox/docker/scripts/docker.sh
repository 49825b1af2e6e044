cloud-init status --wait
export DEBIAN_FRONTEND=noninteractive
apt-get update
apt-get install -y docker.io
usermod -aG docker packer
