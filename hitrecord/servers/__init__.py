"""PostgreSQL, Valkey and an S3 server from their wheels, for a machine that has none of them.

bin/up keeps one set a checkout under var/; bin/test starts a private set in a temporary folder and throws it away.
In production none of this runs: DATABASE_URL, REDIS_URL and S3_* name the real ones. Nothing here imports Django.
"""
