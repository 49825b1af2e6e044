printf 'PermitRootLogin no\nX11Forwarding no\n' > /etc/ssh/sshd_config.d/hardened.conf
sshd -t
