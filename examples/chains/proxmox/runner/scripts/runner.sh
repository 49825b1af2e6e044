cloud-init status --wait
export DEBIAN_FRONTEND=noninteractive
apt-get update
apt-get install -y git-lfs gitlab-runner
docker pull debian:12-slim
