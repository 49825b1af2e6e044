dnf -y module enable postgresql:16
dnf -y install postgresql-server
firewall-offline-cmd --add-service=postgresql
