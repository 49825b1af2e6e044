export DEBIAN_FRONTEND=noninteractive
apt-get update
apt-get install -y nginx php-fpm
install -d /srv/www
