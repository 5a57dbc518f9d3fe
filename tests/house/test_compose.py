"""docker-compose.yml held against the settings, and each of its commands run as a process on this machine.

Images cannot be built or pulled where the tests run; what can be run without them is: the site's own services, with
the very commands and health checks of the file, and the scripts of the database and of the S3 server.
"""

import os
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from signal import SIGINT, SIGKILL, SIGTERM
from typing import Any

import psycopg2
import pytest
import yaml
from django.db import connection

from hitrecord import addresses
from hitrecord.celery import QUEUES
from hitrecord.servers.processes import end, spawn, wait_until
from hitrecord.servers.s3 import free_ports
from hitrecord.servers.valkey import program as valkey_server
from tests.house.source import ROOT
from tests.house.test_docs import read_from_the_environment
from tests.support.databases import Databases
from tests.support.sites import START_SECONDS, answers
from tests.support.storage import Endpoint

COMPOSE = yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))
SERVICES: dict[str, Any] = COMPOSE["services"]
OURS = {name: service for name, service in SERVICES.items() if service.get("image") == "hitrecord"}
RUNNING = sorted(set(OURS) - {"migrate"})
SECRETS = re.compile(r"PASSWORD|SECRET|ACCESS_KEY")
OPTIONAL = {"EMAIL_HOST_PASSWORD"}
STOP_SECONDS = 90


def in_the_container(words: list[str]) -> list[str]:
    """A command of the file, with this environment's Python for the image's."""
    return [sys.executable if word == "python" else word.replace("python ", f"{sys.executable} ") for word in words]


def substituted(value: str) -> str:
    """A value of the file as compose reads it: defaults where there are any, else something made up."""
    value = re.sub(r"\$\{\w+:-([^}]*)\}", r"\1", value)
    return re.sub(r"\$\{(\w+):\?\}", r"made-up-\1", value)


def test_each_queue_has_one_worker_service() -> None:
    read = [
        service["command"][service["command"].index("-Q") + 1]
        for service in OURS.values()
        if "-Q" in service["command"]
    ]
    assert sorted(read) == sorted(QUEUES)


def test_every_service_of_the_design_is_there_and_says_whether_it_is_well() -> None:
    wanted = {"caddy", "web", "beat", "migrate", "postgres", "valkey", "s3", *(f"worker-{queue}" for queue in QUEUES)}
    assert set(SERVICES) == wanted
    assert {name for name, service in SERVICES.items() if "healthcheck" not in service} == {"migrate"}


def test_no_secret_has_a_default() -> None:
    text = (ROOT / "docker-compose.yml").read_text(encoding="utf-8")
    given = re.findall(r"\$\{(\w+)(:[-?])[^}]*\}", text)
    assert given
    assert [name for name, how in given if SECRETS.search(name) and name not in OPTIONAL and how != ":?"] == []
    assert re.findall(r"\$\{\w+\}", text) == [], "a variable with neither a default nor :? would be empty in silence"


def test_the_example_of_an_environment_names_every_variable_and_gives_no_secret() -> None:
    text = (ROOT / "docker-compose.yml").read_text(encoding="utf-8")
    example = dict(re.findall(r"^#?(\w+)=(.*)$", (ROOT / ".env.example").read_text(encoding="utf-8"), re.MULTILINE))
    assert set(example) == set(re.findall(r"\$\{(\w+)", text))
    assert {name: value for name, value in example.items() if SECRETS.search(name) and value} == {}


@pytest.mark.parametrize("name", sorted(OURS))
def test_a_service_sets_only_what_the_site_reads(name: str) -> None:
    assert set(OURS[name]["environment"]) - read_from_the_environment() == set()


@pytest.mark.parametrize("name", sorted(OURS))
def test_a_service_runs_without_root_and_without_rights(name: str) -> None:
    assert OURS[name]["read_only"] is True
    assert OURS[name]["cap_drop"] == ["ALL"]
    assert re.search(r"^USER 10001:10001$", (ROOT / "Dockerfile").read_text(encoding="utf-8"), re.MULTILINE)


@pytest.fixture
def production(
    committed_db: str, databases: Databases, s3_endpoint: Endpoint, static_files: Path, tmp_path: Path
) -> dict[str, str]:
    """The environment of the file's services, with this run's servers in place of those of the other containers."""
    (port,) = free_ports(1)
    (Path(os.environ["VAR_DIR"]) / "run").mkdir(parents=True, exist_ok=True)
    given = {name: substituted(value) for name, value in COMPOSE["x-environment"].items()}
    return {
        **{name: os.environ[name] for name in ("PATH", "PYTHONPATH", "VAR_DIR", "REDIS_URL")},
        "HOME": str(tmp_path),
        **{
            name: value
            for name, value in given.items()
            if name not in {"REDIS_URL", "EMAIL_HOST_USER", "EMAIL_HOST_PASSWORD"}
        },
        **s3_endpoint.environment("compose"),
        "DATABASE_URL": databases.url(str(connection.settings_dict["NAME"])),
        "SITE_URL": "https://site.example",
        "SECRET_KEY": "k" * 60,
        "SCRATCH_DIR": str(tmp_path),
        "WEB_BIND": f"127.0.0.1:{port}",
        "DJANGO_SETTINGS_MODULE": "hitrecord.settings",
    }


@pytest.fixture
def prepared(production: dict[str, str], databases: Databases) -> dict[str, str]:
    """What the one-off service does, done by its own command."""
    name = str(connection.settings_dict["NAME"])
    owner = {"DATABASE_OWNER_URL": addresses.with_database(databases.owner_url, name)}
    command = in_the_container(OURS["migrate"]["command"])
    done = subprocess.run(command, cwd=ROOT, env=production | owner, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return production


@dataclass
class Running:
    """A service as a process, with the health check the file gives it."""

    name: str
    environment: dict[str, str]
    log: Path
    process: subprocess.Popen[bytes]

    @classmethod
    def start(cls, name: str, environment: dict[str, str], folder: Path) -> "Running":
        """By the file's own command; workers get names, because here they share one host."""
        command = in_the_container(OURS[name]["command"])
        if "worker" in command:
            environment = environment | {"WORKER_NAME": f"{name}@test"}
            command += ["-n", environment["WORKER_NAME"]]
        log = folder / f"{name}.log"
        return cls(name, environment, log, spawn(command, log, cwd=ROOT, environment=environment))

    def healthy(self) -> bool:
        """What compose would find."""
        kind, *probe = OURS[self.name]["healthcheck"]["test"]
        assert kind == "CMD"
        command = in_the_container(probe)
        asked = subprocess.run(command, cwd=ROOT, env=self.environment, capture_output=True, timeout=60, check=False)
        return asked.returncode == 0


def stopped(process: subprocess.Popen[bytes]) -> None:
    """Wait for a process that was told to end; kill it where it does not."""
    try:
        process.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def leave(process: subprocess.Popen[bytes]) -> None:
    """Wait for the one SIGTERM to be obeyed: a second one cuts a worker's ending short."""
    try:
        process.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        end(process, SIGKILL)


def test_each_service_starts_becomes_healthy_and_stops(prepared: dict[str, str], tmp_path: Path) -> None:
    started = [Running.start(name, prepared, tmp_path) for name in RUNNING]
    try:
        for service in started:
            wait_until(service.healthy, service.name, service.log, START_SECONDS * 2, service.process)
    finally:
        for service in started:
            service.process.send_signal(SIGTERM)
        # Once is enough: a second TERM tells a Celery worker to drop everything.
        for service in started:
            stopped(service.process)
    assert {service.name: service.process.returncode for service in started} == dict.fromkeys(RUNNING, 0)
    web, media = (next(one for one in started if one.name == name) for name in ("web", "worker-media"))
    assert not web.healthy()
    assert not media.healthy()


def test_the_one_off_service_may_run_again(prepared: dict[str, str]) -> None:
    command = [sys.executable, "manage.py", "prepare_storage"]
    done = subprocess.run(command, cwd=ROOT, env=prepared, capture_output=True, text=True, check=True)
    assert "is there" in done.stdout


def test_the_database_script_makes_both_roles_and_the_database(databases: Databases, tmp_path: Path) -> None:
    """On a second cluster, since roles belong to a whole server."""
    from hitrecord.servers.postgres import Postgres

    server = Postgres.below(tmp_path / "pg", durable=False)
    server.prepare()
    process = spawn(server.command(), server.log, way=server.way)
    try:
        wait_until(server.answers, "PostgreSQL", server.log, START_SECONDS, process)
        environment = {
            "PATH": f"{server.program / 'bin'}:{os.environ['PATH']}",
            "PGHOST": str(server.sockets),
            "OWNER_PASSWORD": "it's",
            "APP_PASSWORD": 'a "word"',
        }
        subprocess.run([str(ROOT / "docker" / "roles.sh")], env=environment, check=True)
        with psycopg2.connect(server.url("owner", "hitrecord")).cursor() as cursor:
            cursor.execute(
                "SELECT rolname, rolsuper, rolcreatedb FROM pg_roles WHERE rolname IN ('owner', 'app') ORDER BY 1"
            )
            assert cursor.fetchall() == [("app", False, False), ("owner", False, True)]
    finally:
        # The quick way to stop: SIGTERM would wait for the connection above.
        end(process, SIGINT)


@pytest.fixture
def own_programs(tmp_path: Path) -> str:
    """A PATH on which the containers' programs are those of the wheels."""
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "valkey-server").symlink_to(valkey_server())
    (tmp_path / "bin" / "weed").symlink_to(Path(sys.executable).parent / "weed")
    return f"{tmp_path / 'bin'}:{os.environ['PATH']}"


def test_the_broker_wants_its_password(own_programs: str, tmp_path: Path) -> None:
    import redis

    (port,) = free_ports(1)
    *shell, script = SERVICES["valkey"]["command"]
    words = [*shell, f"{script.replace('$$', '$')} --port {port} --dir {tmp_path}"]
    log = tmp_path / "valkey.log"
    process = spawn(words, log, environment={"PATH": own_programs, "REDIS_PASSWORD": "pass word"})

    def refused() -> bool:
        try:
            redis.Redis(port=port).ping()
        except redis.exceptions.AuthenticationError:
            return True
        except redis.exceptions.ConnectionError:
            return False
        return False

    try:
        wait_until(refused, "Valkey", log, START_SECONDS, process)
        assert redis.Redis(port=port, password="pass word").ping() is True
        assert redis.Redis(port=port, password="pass word").config_get("appendonly") == {"appendonly": "yes"}
    finally:
        end(process, SIGTERM)


def test_the_s3_server_takes_its_key_from_the_environment(own_programs: str, tmp_path: Path) -> None:
    s3, s3_grpc, master, master_grpc, volume, volume_grpc, filer, filer_grpc = free_ports(8)
    (tmp_path / "data").mkdir()
    words = ["sh", str(ROOT / "docker" / "s3.sh"), "-ip=127.0.0.1", f"-s3.port={s3}", f"-s3.port.grpc={s3_grpc}"]
    words += [f"-master.port={master}", f"-master.port.grpc={master_grpc}", f"-volume.port={volume}"]
    words += [f"-volume.port.grpc={volume_grpc}", f"-filer.port={filer}", f"-filer.port.grpc={filer_grpc}"]
    words += ["-s3.port.iceberg=0", "-s3.port.lance=0"]
    environment = {"PATH": own_programs, "S3_FOLDER": str(tmp_path / "data"), "HOME": str(tmp_path)}
    environment |= {"S3_ACCESS_KEY_ID": "site", "S3_SECRET_ACCESS_KEY": "very secret"}
    log = tmp_path / "s3.log"
    process = spawn(words, log, environment=environment)
    try:
        wait_until(lambda: answers(f"http://127.0.0.1:{s3}/healthz"), "the S3 server", log, START_SECONDS, process)
        reached = Endpoint(f"http://127.0.0.1:{s3}", None, "site", "very secret")
        from django.core.files.base import ContentFile
        from storages.backends.s3 import S3Storage

        storage = S3Storage(**reached.storage_options("media"))
        storage.connection.create_bucket(Bucket="media")
        assert storage.open(storage.save("x", ContentFile(b"kept"))).read() == b"kept"
    finally:
        # It would take a quarter of a minute to end in order.
        end(process, SIGKILL)


def test_caddy_passes_the_site_on_and_names_each_request() -> None:
    text = (ROOT / "Caddyfile").read_text(encoding="utf-8")
    assert "reverse_proxy web:8000" in text
    assert "header_up X-Request-ID {http.request.uuid}" in text
    assert set(re.findall(r"\{\$(\w+)\}", text)) == set(SERVICES["caddy"]["environment"])
