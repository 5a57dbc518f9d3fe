from celery import shared_task

from profiles import actions


@shared_task
def mail_notices() -> None:
    """Mail what has waited in inboxes."""
    actions.mail_notices()


@shared_task
def sweep_submissions() -> None:
    """Forget answers to forms that are older than thirty days."""
    actions.sweep_submissions()


@shared_task
def sweep_sessions() -> None:
    """Forget sessions that have ended."""
    actions.sweep_sessions()
