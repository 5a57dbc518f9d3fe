"""Where the servers are: read from the environment, else from the file the embedded servers leave behind.

Everything here is the standard library alone, because settings.py and the starters of the servers both need it
before Django exists. An address is a URL: `postgresql://app@/hitrecord?host=/socket/folder` or
`postgresql://app:secret@db.example:5432/hitrecord`; `unix:///folder/valkey.sock` or `redis://cache.example:6379`.
"""

import json
import os
from collections.abc import MutableMapping
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, quote, unquote, urlencode, urlsplit

CHECKOUT = Path(__file__).resolve().parent.parent
SERVERS_FILE = CHECKOUT / "var" / "run" / "servers.json"


class AddressError(ValueError):
    """An address that cannot be understood; the message names it without its password."""


def fill(environ: MutableMapping[str, str], file: Path = SERVERS_FILE) -> None:
    """Add the running embedded servers' addresses to the environment, where it does not name its own.

    DATABASE_URL and DATABASE_OWNER_URL go together: a database of one's own must never be migrated by way of
    the embedded one, so naming either keeps both of the file's away.
    """
    try:
        written = json.loads(file.read_text())
    except FileNotFoundError:
        return
    if written.get("checkout") != str(file.parent.parent.parent):
        return  # the folder was copied from elsewhere, and its servers belong to the original
    pair = {"DATABASE_URL", "DATABASE_OWNER_URL"}
    keep_away = pair if pair & environ.keys() else set()
    for name, value in written["environment"].items():
        if name not in keep_away:
            environ.setdefault(name, value)


def write(environment: dict[str, str], file: Path = SERVERS_FILE) -> None:
    """Leave the addresses for manage.py; readable by nobody else, since an address may carry a password."""
    file.parent.mkdir(parents=True, exist_ok=True)
    draft = file.with_suffix(".new")
    with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as out:
        json.dump(
            {"checkout": str(file.parent.parent.parent), "environment": environment},
            out,
            indent=1,
        )
    draft.replace(file)


def django_database(url: str) -> dict[str, Any]:
    """The entry of DATABASES for a PostgreSQL URL."""
    parts = urlsplit(url)
    if parts.scheme not in {"postgres", "postgresql"} or not parts.path.strip("/"):
        raise AddressError(f"not a postgresql:// address with a database name: {without_password(url)}")
    options = dict(parse_qsl(parts.query))
    host = options.pop("host", None) or unquote(parts.hostname or "")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.strip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": host,
        "PORT": str(parts.port or options.pop("port", "")),
        "OPTIONS": options,
    }


def with_database(url: str, name: str) -> str:
    """The same server, another database."""
    return urlsplit(url)._replace(path="/" + quote(name)).geturl()


def redis_cache(url: str, number: int) -> str:
    """A Redis URL as the redis package reads it, for one of its numbered databases."""
    parts = urlsplit(url)
    if parts.scheme == "unix":
        return f"unix://{parts.path}?{urlencode({**dict(parse_qsl(parts.query)), 'db': number})}"
    if parts.scheme in {"redis", "rediss"}:
        return parts._replace(path=f"/{number}").geturl()
    raise AddressError(f"not a redis://, rediss:// or unix:// address: {without_password(url)}")


def celery_broker(url: str, number: int) -> str:
    """The same URL as kombu reads it, which calls a socket redis+socket and its database virtual_host."""
    parts = urlsplit(redis_cache(url, number))
    if parts.scheme != "unix":
        return parts.geturl()
    options = dict(parse_qsl(parts.query))
    options["virtual_host"] = options.pop("db")
    return f"redis+socket://{parts.path}?{urlencode(options)}"


def without_password(url: str) -> str:
    """An address fit for a log or an error message."""
    parts = urlsplit(url)
    if parts.password is None:
        return url
    name, _, host = parts.netloc.rpartition("@")
    return parts._replace(netloc=f"{name.split(':')[0]}:…@{host}").geturl()
