"""Whether this process lives (/healthz) and whether it can do its work (/readyz)."""

import logging
import subprocess
import uuid
from collections.abc import Callable
from functools import lru_cache

import imageio_ffmpeg
import redis
from botocore.exceptions import BotoCoreError, ClientError
from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import Error as DatabaseError
from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

logger = logging.getLogger(__name__)

PROBE_SECONDS = 5


def check_database() -> None:
    """A query, and not only an open connection."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")


def check_broker() -> None:
    """A ping on a connection of its own."""
    with redis.Redis.from_url(settings.REDIS_URL, socket_timeout=PROBE_SECONDS) as client:
        client.ping()


def check_storage() -> None:
    """Bytes go in and away again: a full disk or a key without the right to write fails here."""
    name = default_storage.save(f"health/{uuid.uuid4().hex}", ContentFile(b"ready?"))
    default_storage.delete(name)


@lru_cache(maxsize=1)
def check_ffmpeg() -> None:
    """It starts; asked once a process, since it comes with the code."""
    command = [imageio_ffmpeg.get_ffmpeg_exe(), "-nostdin", "-version"]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=PROBE_SECONDS)


CHECKS: dict[str, Callable[[], None]] = {
    "database": check_database,
    "broker": check_broker,
    "storage": check_storage,
    "ffmpeg": check_ffmpeg,
}
FAILURES = (
    DatabaseError,
    redis.exceptions.RedisError,
    BotoCoreError,
    ClientError,
    OSError,
    RuntimeError,
    subprocess.SubprocessError,
)


@never_cache
@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """Lives, whatever the state of the others: a restart would not mend those."""
    return HttpResponse("ok\n", content_type="text/plain")


@never_cache
@require_safe
def readyz(request: HttpRequest) -> JsonResponse:
    """503 with the names of what fails; the reasons stand in the logs, not in a public answer."""
    answers = {}
    for name, check in CHECKS.items():
        try:
            check()
        except FAILURES:
            logger.warning("not ready: %s", name, exc_info=True)
            answers[name] = "failing"
        else:
            answers[name] = "ok"
    ready = set(answers.values()) == {"ok"}
    return JsonResponse(answers, status=200 if ready else 503)
