install -d -o vagrant -g vagrant /srv/course
python3 -m venv /srv/course/.venv
/srv/course/.venv/bin/pip install jupyterlab==4.2.5
