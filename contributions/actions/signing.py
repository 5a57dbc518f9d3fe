"""Files of published works get their credentials: a signed copy takes the place of each.

Sources are known for good at publishing, so signing follows it, in one task a version; what that task leaves
out is signed when somebody takes it. One at a time signs the files of a version. A signed copy is
stored under a key of its own and then takes the row over, so that whatever is killed in between, every row has
its file; what is left over goes when the version is signed again, and `sweep_unsigned` sees to that.
"""

from __future__ import annotations

import hashlib
import logging
import time
import uuid
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Final

from botocore.exceptions import BotoCoreError, ClientError
from django.conf import settings
from django.core.files import File
from django.core.files.storage import default_storage
from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from contributions import credentials, files, scratch, tasks
from contributions.actions.checks import lock
from contributions.credentials import keys
from contributions.errors import NotYetSigned
from contributions.models import Contribution, Rendition, Version
from contributions.models.media_facts import CARD

logger = logging.getLogger(__name__)

SIGNED: Final = "signed"
MOST_ATTEMPTS: Final = 5
QUEUED_AT_ONCE: Final = 50
# What is larger is signed by a worker, and who asks for it meanwhile is asked to come back.
LIGHT_BYTES: Final = 64_000_000
# How long to wait for another who signs the same version, in seconds.
PATIENCE: Final = 600.0
PATIENCE_OF_A_PAGE: Final = 10.0
TROUBLE: Final = (credentials.SigningFailed, OSError, BotoCoreError, ClientError)


def queue_signing(version: Version) -> None:
    """Have the files of a version signed, once the transaction is committed."""
    if settings.SIGN_FILES:
        tasks.sign_version.delay_on_commit(version.pk)  # type: ignore[attr-defined]  # of Celery for Django


def sign_anew(work: Contribution) -> None:
    """What the files say no longer holds: sign them again, and those that were signed for somebody when asked for."""
    Rendition.objects.filter(version__contribution=work).update(signed_at=None)
    work.source_files.update(signed_at=None)
    work.versions.update(signed_at=None, signing_attempts=0)
    if work.is_published and work.current_version is not None:
        queue_signing(work.current_version)


def sweep_unsigned() -> int:
    """Queue what is published and not signed: lost messages, killed workers, works from before. Returns how many."""
    if not settings.SIGN_FILES:
        return 0
    waiting = Version.objects.filter(
        signed_at=None,
        ready_at__isnull=False,
        signing_attempts__lt=MOST_ATTEMPTS,
        contribution__status=Contribution.Status.PUBLISHED,
        contribution__current_version=F("pk"),
    )
    found = list(waiting.order_by("signing_attempts", "pk")[:QUEUED_AT_ONCE])
    with transaction.atomic():
        for version in found:
            queue_signing(version)
    return len(found)


def sign_version(*, version_id: int) -> None:
    """Sign what people look at and take of one version, after its sources. Safe to call any number of times."""
    version = _version_to_sign(version_id)
    if version is None:
        return
    try:
        chain = keys.load(credentials.folder_of_keys())
    except keys.KeysMissing as error:
        logger.warning("nothing is signed: %s; see manage.py make_credentials", error)
        return
    for source_id in _unsigned_sources(version.contribution):
        source = _version_to_sign(source_id)
        if source is not None:
            _sign_version(source, chain)
    _sign_version(version, chain)


def _version_to_sign(pk: int) -> Version | None:
    """The version as it is now, if it is published, ready and not signed."""
    found = Version.objects.select_related("contribution__artist", "contribution__licence")
    version = found.filter(pk=pk, signed_at=None, ready_at__isnull=False).first()
    return version if version is not None and version.contribution.is_published else None


def _unsigned_sources(work: Contribution) -> list[int]:
    """The shown versions of the sources that are still to be signed, so that their credentials can go along."""
    edges = work.source_edges.filter(unlinked_at=None, parent__status=Contribution.Status.PUBLISHED)
    unsigned = edges.filter(parent__current_version__signed_at=None, parent__current_version__signing_attempts=0)
    return list(unsigned.values_list("parent__current_version", flat=True))


def _sign_version(version: Version, chain: keys.Chain) -> None:
    try:
        with alone(_name_of(version), PATIENCE):
            # Counted first: what kills its worker counts as well.
            Version.objects.filter(pk=version.pk).update(signing_attempts=F("signing_attempts") + 1)
            drop_leftovers(version)
            signable = [one for one in version.renditions.all() if credentials.can_sign(one.mime)]
            _sign(version, [one for one in worth_signing(signable) if one.signed_at is None], chain)
            Version.objects.filter(pk=version.pk).update(signed_at=timezone.now())
    except (*TROUBLE, NotYetSigned):
        logger.exception("version %s could not be signed", version.pk)


def worth_signing(renditions: Iterable[Rendition]) -> list[Rendition]:
    """What is signed without being asked for: the largest pictures, the card, sound and film.

    Credentials would double the small pictures of which a page shows thirty; those are signed when
    somebody takes one.
    """
    renditions = list(renditions)
    pictures = [one for one in renditions if one.kind == "image" and one.name != CARD]
    widest = {one.mime: one for one in sorted(pictures, key=lambda one: one.width or 0)}
    played = [one for one in renditions if one.mime.startswith(("audio/", "video/")) and not _is_streamed(one)]
    return [*widest.values(), *(one for one in renditions if one.name == CARD), *played]


def _is_streamed(rendition: Rendition) -> bool:
    """Parts of a stream are fetched by byte ranges that its playlist names, so they stay as they are."""
    return rendition.name.startswith("hls/")


def sign_for_download(*, rendition: Rendition) -> Rendition:
    """The rendition to hand out: signed now, if it can be and is not yet. Raises NotYetSigned for a large one."""
    if not _must_sign(rendition):
        return rendition
    version = rendition.version
    if rendition.bytes > LIGHT_BYTES:
        queue_signing(version)
        raise NotYetSigned(_("This file is being signed. Try again in a minute."))
    try:
        chain = keys.load(credentials.folder_of_keys())
        with alone(_name_of(version), PATIENCE_OF_A_PAGE):
            fresh = Rendition.objects.select_related("version__contribution").get(pk=rendition.pk)
            if _must_sign(fresh):
                # Should this process be killed, the version is found unsigned and put in order.
                Version.objects.filter(pk=version.pk).update(signed_at=None)
                _sign(version, [fresh], chain)
                Version.objects.filter(pk=version.pk).update(signed_at=version.signed_at)
    except keys.KeysMissing as error:
        logger.warning("handed out unsigned: %s; see manage.py make_credentials", error)
        return rendition
    except TROUBLE as error:
        raise NotYetSigned(_("This file could not be signed just now. Try again in a minute.")) from error
    return Rendition.objects.select_related("version").get(pk=rendition.pk)


def _must_sign(rendition: Rendition) -> bool:
    return (
        settings.SIGN_FILES
        and rendition.signed_at is None
        and credentials.can_sign(rendition.mime)
        and not _is_streamed(rendition)
        and rendition.version.contribution.is_published
    )


def _name_of(version: Version) -> str:
    return f"sign version {version.pk}"


@contextmanager
def alone(name: str, patience: float) -> Iterator[None]:
    """One signs at a time. The lock is the connection's, so it ends with whoever holds it. Raises NotYetSigned."""
    deadline = time.monotonic() + patience
    with connection.cursor() as cursor:
        while not _taken(cursor, "pg_try_advisory_lock", name):
            if time.monotonic() > deadline:
                raise NotYetSigned(_("This file is being signed. Try again in a minute."))
            time.sleep(0.1)
        try:
            yield
        finally:
            _taken(cursor, "pg_advisory_unlock", name)


def _taken(cursor: CursorWrapper, function: str, name: str) -> bool:
    cursor.execute(f"SELECT {function}(hashtextextended(%s, 0))", [name])
    return bool(cursor.fetchone()[0])


def _sign(version: Version, renditions: list[Rendition], chain: keys.Chain) -> None:
    """Fetch, sign all in one go, then let each signed copy take the place of its file."""
    if not renditions:
        return
    with scratch.held_folder() as folder:
        describing = credentials.Describing(version.contribution, version, folder)
        wishes = [
            describing.wish(credentials.fetched(one, folder), one.mime, prepared_at=version.ready_at)
            for one in renditions
        ]
        for one, signed in zip(renditions, credentials.sign(wishes, chain=chain, folder=folder), strict=True):
            _replace(version, one, signed)


def _replace(version: Version, rendition: Rendition, signed: credentials.Signed) -> None:
    """Store the copy, then give it the row, if the work is still public and the row is as it was."""
    key = f"{files.folder_of(version.pk)}/{SIGNED}/{uuid.uuid4().hex[:12]}/{rendition.name}"
    with signed.path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
        file.seek(0)
        stored = default_storage.save(key, File(file))
    with transaction.atomic():
        work = lock(version.contribution)
        held = Rendition.objects.filter(pk=rendition.pk, key=rendition.key)
        taken = work.is_published and held.update(
            key=stored,
            bytes=signed.path.stat().st_size,
            sha256=digest,
            signed_at=timezone.now(),
            credentials_bytes=signed.credentials_bytes,
        )
        # Whichever of the two has lost is nobody's from here on.
        left_over = rendition.key if taken else stored
        transaction.on_commit(lambda: default_storage.delete(left_over))


def drop_leftovers(version: Version) -> None:
    """Delete files of a rendition's name that no row points to: what somebody killed has left behind."""
    rows = dict(version.renditions.values_list("name", "key"))
    for key in list(files.stored_below(files.folder_of(version.pk))):
        name = "/".join(key.rsplit("/", 2)[1:])
        if name in rows and rows[name] != key:
            default_storage.delete(key)
