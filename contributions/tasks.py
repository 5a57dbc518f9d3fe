"""What workers and beat do. Each takes an id, calls one action, and may run twice without harm."""

from celery import shared_task

from contributions import actions
from contributions.models import Contribution


@shared_task
def transcode(job_id: int) -> None:
    """Prepare one version: the fairest that waits, of which the named one is a hint."""
    actions.run_next_transcode(hinted=job_id)


@shared_task
def reap_jobs() -> None:
    """Give jobs and source files whose worker is gone to another."""
    actions.reap_jobs()
    actions.reap_source_files()


@shared_task
def clean_source_file(row_id: int) -> None:
    """Make the copy of a source file that others may have."""
    actions.run_cleaning(row_id=row_id)


@shared_task
def sweep_uploads() -> None:
    """End uploads that nobody goes on with."""
    actions.sweep_uploads()


@shared_task
def fingerprint(version_id: int) -> None:
    """Take the prints of a version prepared earlier."""
    actions.fingerprint_version(version_id=version_id)


@shared_task
def publish_when_ready(contribution_id: int) -> None:
    """Fulfil the wish of an artist who did not wait."""
    actions.publish_if_wished(contribution_id=contribution_id)


@shared_task
def recount_families(contribution_id: int) -> None:
    """Count the families connected with a work anew, since one of its links is no longer shown."""
    actions.recount_families(actor=None, contribution=Contribution.objects.get(pk=contribution_id))


@shared_task
def sign_version(version_id: int) -> None:
    """Put content credentials into the files of a published work."""
    actions.sign_version(version_id=version_id)


@shared_task
def sign_source_file(row_id: int) -> None:
    """Put content credentials into a large source file that somebody has asked for."""
    actions.sign_source_file(row_id=row_id)


@shared_task
def sweep_unsigned() -> None:
    """Queue what is published and still unsigned."""
    actions.sweep_unsigned()
