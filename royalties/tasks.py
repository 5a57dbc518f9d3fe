"""What workers do for royalties. Each takes an id, calls one action, and may run twice without harm."""

from celery import shared_task

from royalties import actions


@shared_task
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


@shared_task
def mail_payout(payout_id: int) -> None:
    """Tell the payee what became of a payment."""
    actions.mail_payout(payout_id=payout_id)


@shared_task
def mail_unclaimed(case_id: int) -> None:
    """Warn of money that will be set aside."""
    actions.mail_unclaimed(case_id=case_id)


@shared_task
def sweep_unclaimed() -> None:
    """Warn whose money nobody has asked for, and set aside what was warned of long ago."""
    actions.sweep_unclaimed()
