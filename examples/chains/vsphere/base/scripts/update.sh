dnf -y upgrade
