"""How the web process is served, here and in production; gunicorn reads this file from the folder it starts in."""

from pathlib import Path

from hitrecord import env

bind = env.text("WEB_BIND", "127.0.0.1:8000")
workers = env.number("WEB_WORKERS", 2, least=1)
threads = env.number("WEB_THREADS", 8, least=1)
# Nothing here speaks to it, and every site of one person would share it.
control_socket_disable = True
worker_class = "gthread"
# Loaded once and shared by the workers: a start takes half the time, and they share the memory.
preload_app = True
# Longer than the slowest chunk of an upload over a phone's line takes to arrive through the proxy.
timeout = 120
graceful_timeout = 20
keepalive = 5
wsgi_app = "hitrecord.wsgi:application"
errorlog = "-"
# The proxy logs requests; ours are logged with their id by hitrecord.logs.
accesslog = None
# Heartbeats in memory: on a busy disk a worker would look dead.
worker_tmp_dir = "/dev/shm" if Path("/dev/shm").is_dir() else None  # noqa: S108 - gunicorn opens a private file in it
