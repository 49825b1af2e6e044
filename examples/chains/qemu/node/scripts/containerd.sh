export DEBIAN_FRONTEND=noninteractive
apt-get update
apt-get install -y containerd
systemctl enable containerd
