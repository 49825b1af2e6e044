apt-get clean
truncate --size 0 /etc/machine-id
rm -f /etc/ssh/ssh_host_*
