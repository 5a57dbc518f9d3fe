from celery import shared_task

from challenges import actions
from contributions.models import Contribution


@shared_task
def enter_from_upload(contribution_id: int, slug: str) -> None:
    """An upload that was begun from a challenge's page enters it. Contributions calls by name."""
    work = Contribution.objects.select_related("artist").get(pk=contribution_id)
    actions.enter_from_upload(actor=work.artist, contribution=work, slug=slug)
