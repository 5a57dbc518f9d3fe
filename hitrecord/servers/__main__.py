"""The embedded servers and the processes of the site, from the command line.

python -m hitrecord.servers run NAME               become that process, in the foreground, for the process manager
python -m hitrecord.servers folder                 print the short folder where sockets go
python -m hitrecord.servers forget                 remove what lies outside of the checkout
python -m hitrecord.servers ready [NAME=VALUE …]   wait for the servers, make roles and database, leave the addresses
python -m hitrecord.servers private -- COMMAND     run a command with servers of its own
"""

import argparse
import os
import shutil
import signal
import sys
from pathlib import Path

from hitrecord import addresses
from hitrecord.servers import postgres, valkey
from hitrecord.servers.postgres import Postgres
from hitrecord.servers.private import run_privately
from hitrecord.servers.processes import ServerError, follow_parent, own_folder, short_key, wait_until
from hitrecord.servers.valkey import Valkey

FOLDER = addresses.CHECKOUT / "var"
CELERY = [sys.executable, "-m", "celery", "-A", "hitrecord.celery"]
WORKER = [*CELERY, "worker", "--loglevel", "WARNING", "--without-mingle", "--without-gossip"]
PROCESSES = str(os.cpu_count() or 2)
# The process manager's programs. Production runs one worker a queue (docker-compose.yml); a laptop does with two.
SITE = {
    "web": [sys.executable, "-m", "gunicorn", "--config", str(addresses.CHECKOUT / "gunicorn.conf.py")],
    "work": [*WORKER, "-n", "work@%h", "-Q", "interactive,money,mail,periodic", "-c", PROCESSES],
    "media": [*WORKER, "-n", "media@%h", "-Q", "media", "-c", PROCESSES],
    "beat": [*CELERY, "beat", "--loglevel", "WARNING"],
}
EMBEDDED = ("postgres", "valkey")


def run_folder() -> Path:
    """Where sockets go: var/run, or a folder in /tmp where the checkout lies too deep for a socket's path."""
    folder = FOLDER / "run"
    folder.mkdir(parents=True, exist_ok=True)
    if len(bytes(folder)) <= postgres.LONGEST_FOLDER:
        return folder
    return own_folder(Path(f"/tmp/hitrecord-{os.geteuid()}-{short_key(folder)}"))


def kept() -> tuple[Postgres, Valkey]:
    """The checkout's own servers."""
    return Postgres.below(FOLDER), Valkey.below(FOLDER, run_folder())


def run(name: str) -> None:
    """Become one of them, and end with the process manager even when that is killed outright."""
    if name == "postgres":
        kept()[0].run(last=end_with_parent)
    end_with_parent()
    if name == "valkey":
        kept()[1].run()
    os.chdir(addresses.CHECKOUT)
    os.execv(SITE[name][0], SITE[name])


def forget() -> None:
    """Remove the folders of sockets and data that had to go elsewhere; var/ itself is the caller's to remove."""
    database, broker = kept()
    for folder in {database.data.parent, database.sockets.parent, broker.socket.parent}:
        if not folder.is_relative_to(FOLDER):
            shutil.rmtree(folder, ignore_errors=True)


def end_with_parent() -> None:
    """Ask the kernel for a SIGTERM (for PostgreSQL's postmaster, a patient stop) when our parent dies."""
    follow_parent(signal.SIGINT if "postgres" in sys.argv else signal.SIGTERM)


def ready(environment: list[str]) -> None:
    """Wait for those that are wanted, and leave the addresses for manage.py, with what else it should know.

    Prints what tells this database from one made anew, so that the caller knows what was already done to it.
    """
    database, broker = kept()
    found = dict(pair.split("=", 1) for pair in environment)
    if "DATABASE_URL" not in os.environ:
        wait_until(database.answers, "PostgreSQL", database.log, postgres.START_SECONDS)
        database.make_roles()
        database.make_database()
        print(database.identity())
        found |= {"DATABASE_URL": database.url("app"), "DATABASE_OWNER_URL": database.url("owner")}
    if "REDIS_URL" not in os.environ:
        wait_until(broker.answers, "Valkey", broker.log, valkey.START_SECONDS)
        found["REDIS_URL"] = broker.url
    addresses.write(found)


def main(arguments: list[str]) -> int:
    """Read the command line and do it."""
    parser = argparse.ArgumentParser(prog="python -m hitrecord.servers", description=__doc__)
    commands = parser.add_subparsers(dest="verb", required=True)
    commands.add_parser("run").add_argument("name", choices=[*EMBEDDED, *SITE])
    commands.add_parser("folder")
    commands.add_parser("forget")
    commands.add_parser("ready").add_argument("environment", nargs="*", metavar="NAME=VALUE")
    commands.add_parser("private").add_argument("command", nargs=argparse.REMAINDER)
    chosen = parser.parse_args(arguments)
    try:
        if chosen.verb == "run":
            run(chosen.name)
        elif chosen.verb == "folder":
            print(run_folder())
        elif chosen.verb == "forget":
            forget()
        elif chosen.verb == "ready":
            ready(chosen.environment)
        else:
            return run_privately([word for word in chosen.command if word != "--"])
    except ServerError as error:
        print(f"hitrecord: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
