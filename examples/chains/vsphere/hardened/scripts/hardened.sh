dnf -y install audit dnf-automatic
systemctl enable auditd dnf-automatic-install.timer
printf 'PermitRootLogin no\nX11Forwarding no\n' > /etc/ssh/sshd_config.d/10-hardened.conf
