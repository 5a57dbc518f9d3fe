from celery import shared_task

from profiles import actions


@shared_task
def mail_notices() -> None:
    """Mail what has waited in inboxes."""
    actions.mail_notices()
