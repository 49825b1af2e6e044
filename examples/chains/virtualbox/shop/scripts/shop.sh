export DEBIAN_FRONTEND=noninteractive
apt-get update
apt-get install -y php-pgsql php-intl
install -d -o www-data /srv/www/shop
