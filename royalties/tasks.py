"""What workers do for royalties. Each takes an id, calls one action, and may run twice without harm."""

from celery import shared_task
from django.db import DatabaseError, DataError, IntegrityError, InterfaceError, ProgrammingError

from royalties import actions


# A database that is stopped and started is no reason to leave a statement half computed. The driver may call that by
# the name of all its errors, so what means something else is taken out.
@shared_task(
    autoretry_for=(DatabaseError, InterfaceError),
    dont_autoretry_for=(DataError, IntegrityError, ProgrammingError),
    retry_backoff=1,
    max_retries=10,
)
def compute_statement(statement_id: int, run: int) -> None:
    """Compute one run of a statement."""
    actions.compute_statement(statement_id=statement_id, run=run)


@shared_task
def mail_destination_code(destination_id: int) -> None:
    """Send the code that confirms an address."""
    actions.mail_destination_code(destination_id=destination_id)


@shared_task
def mail_destination_replaced(destination_id: int) -> None:
    """Warn the old address of a change."""
    actions.mail_destination_replaced(destination_id=destination_id)
