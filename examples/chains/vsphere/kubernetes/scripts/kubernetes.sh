dnf -y install container-selinux iproute-tc
printf 'overlay\nbr_netfilter\n' > /etc/modules-load.d/kubernetes.conf
printf 'net.ipv4.ip_forward = 1\n' > /etc/sysctl.d/90-kubernetes.conf
