"""What workers and beat do. Each takes an id, calls one action, and may run twice without harm."""

from celery import shared_task

from contributions import actions


@shared_task
def transcode(job_id: int) -> None:
    """Prepare one version."""
    actions.run_transcode(job_id=job_id)


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
def publish_when_ready(contribution_id: int) -> None:
    """Fulfil the wish of an artist who did not wait."""
    actions.publish_if_wished(contribution_id=contribution_id)
