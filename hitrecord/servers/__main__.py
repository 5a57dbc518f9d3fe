"""The servers from the command line.

python -m hitrecord.servers run postgres|valkey    become that server, in the foreground, for the process manager
python -m hitrecord.servers ready                  wait for both, make roles and database, leave their addresses
python -m hitrecord.servers private -- COMMAND     run a command with servers of its own
"""

import argparse
import os
import sys

from hitrecord import addresses
from hitrecord.servers import postgres, valkey
from hitrecord.servers.postgres import Postgres
from hitrecord.servers.private import run_privately
from hitrecord.servers.processes import ServerError, wait_until
from hitrecord.servers.valkey import Valkey

FOLDER = addresses.CHECKOUT / "var"


def kept() -> tuple[Postgres, Valkey]:
    """The checkout's own servers."""
    database = Postgres.below(FOLDER)
    broker_sockets = FOLDER / "run"
    if len(bytes(broker_sockets)) > postgres.LONGEST_FOLDER:
        broker_sockets = database.sockets.parent / "valkey"
    return database, Valkey.below(FOLDER, broker_sockets)


def run(name: str) -> None:
    """Become one of them."""
    database, broker = kept()
    if name == "postgres":
        database.run()
    broker.run()


def ready(environment: list[str]) -> None:
    """Wait for those that are wanted, and leave the addresses for manage.py, with what else it should know."""
    database, broker = kept()
    found = dict(pair.split("=", 1) for pair in environment)
    if "DATABASE_URL" not in os.environ:
        wait_until(database.answers, "PostgreSQL", database.log, postgres.START_SECONDS)
        database.make_roles()
        database.make_database()
        found |= {"DATABASE_URL": database.url("app"), "DATABASE_OWNER_URL": database.url("owner")}
    if "REDIS_URL" not in os.environ:
        wait_until(broker.answers, "Valkey", broker.log, valkey.START_SECONDS)
        found["REDIS_URL"] = broker.url
    addresses.write(found)


def main(arguments: list[str]) -> int:
    """Read the command line and do it."""
    parser = argparse.ArgumentParser(prog="python -m hitrecord.servers", description=__doc__)
    commands = parser.add_subparsers(dest="verb", required=True)
    commands.add_parser("run").add_argument("name", choices=["postgres", "valkey"])
    commands.add_parser("ready").add_argument("environment", nargs="*", metavar="NAME=VALUE")
    commands.add_parser("private").add_argument("command", nargs=argparse.REMAINDER)
    chosen = parser.parse_args(arguments)
    try:
        if chosen.verb == "run":
            run(chosen.name)
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
