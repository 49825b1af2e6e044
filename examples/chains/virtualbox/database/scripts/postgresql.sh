export DEBIAN_FRONTEND=noninteractive
apt-get update
apt-get install -y postgresql
systemctl enable postgresql
