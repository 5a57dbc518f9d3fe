"""Source files get their credentials when somebody takes one: a signed copy takes the place of the clean one.

Nobody looks at a source file on a page, so none is signed before. What it says is less than what a work's own files
say: see `credentials.manifest.manifest_of_given`.
"""

from __future__ import annotations

import hashlib
import logging
import uuid

from django.conf import settings
from django.core.files import File
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from contributions import credentials, files, scratch, tasks
from contributions.actions.checks import lock
from contributions.actions.signing import LIGHT_BYTES, PATIENCE, PATIENCE_OF_A_PAGE, TROUBLE, alone
from contributions.credentials import keys
from contributions.errors import NotYetSigned
from contributions.models import SourceFile

logger = logging.getLogger(__name__)


def sign_source_file_for_download(*, row: SourceFile) -> SourceFile:
    """The source file to hand out: signed now, if it can be and is not yet. Raises NotYetSigned for a large one."""
    if not _must_sign(row):
        return row
    if row.clean_bytes > LIGHT_BYTES:
        tasks.sign_source_file.delay_on_commit(row.pk)  # type: ignore[attr-defined]  # of Celery for Django
        raise NotYetSigned(_("This file is being signed. Try again in a minute."))
    try:
        return _signed(row, PATIENCE_OF_A_PAGE)
    except TROUBLE as error:
        raise NotYetSigned(_("This file could not be signed just now. Try again in a minute.")) from error


def sign_source_file(*, row_id: int) -> None:
    """Sign one that is too large for a page to wait for. Safe to call any number of times."""
    row = SourceFile.objects.select_related("contribution__artist", "contribution__licence").filter(pk=row_id).first()
    if row is None or not _must_sign(row):
        return
    try:
        _signed(row, PATIENCE)
    except (*TROUBLE, NotYetSigned):
        logger.exception("source file %s could not be signed", row.pk)


def _must_sign(row: SourceFile) -> bool:
    return (
        settings.SIGN_FILES
        and row.ready_at is not None
        and row.signed_at is None
        and credentials.can_sign(row.clean_mime)
        and row.contribution.is_published
    )


def _signed(row: SourceFile, patience: float) -> SourceFile:
    """The row as it is once it is signed, by us or by another meanwhile."""
    try:
        chain = keys.load(credentials.folder_of_keys())
    except keys.KeysMissing as error:
        logger.warning("handed out unsigned: %s; see manage.py make_credentials", error)
        return row
    fresh = SourceFile.objects.select_related("contribution__artist", "contribution__licence")
    with alone(f"sign source file {row.pk}", patience):
        row = fresh.get(pk=row.pk)
        if _must_sign(row):
            _sign(row, chain)
            row = fresh.get(pk=row.pk)
    return row


def _sign(row: SourceFile, chain: keys.Chain) -> None:
    # What somebody who was killed here has left behind.
    files.sweep_source_file(row, keep=row.clean_key)
    with scratch.held_folder() as folder:
        path = credentials.copied(row.clean_key, folder / f"given.{row.clean_suffix}")
        wish = credentials.Wish(path, row.clean_mime, credentials.manifest_of_given(row))
        (signed,) = credentials.sign([wish], chain=chain, folder=folder)
        _replace(row, signed)


def _replace(row: SourceFile, signed: credentials.Signed) -> None:
    """Store the copy, then give it the row, if the work is still public and the row is as it was."""
    with signed.path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
        file.seek(0)
        stored = default_storage.save(
            f"{files.folder_of_given(row.pk)}/signed-{uuid.uuid4().hex[:12]}.{row.clean_suffix}", File(file)
        )
    with transaction.atomic():
        work = lock(row.contribution)
        held = SourceFile.objects.filter(pk=row.pk, clean_key=row.clean_key)
        taken = work.is_published and held.update(
            clean_key=stored,
            clean_bytes=signed.path.stat().st_size,
            clean_sha256=digest,
            signed_at=timezone.now(),
        )
        # Whichever of the two has lost is nobody's from here on.
        left_over = row.clean_key if taken else stored
        transaction.on_commit(lambda: default_storage.delete(left_over))
