cloud-init status --wait
export DEBIAN_FRONTEND=noninteractive
apt-get update
apt-get -y full-upgrade
