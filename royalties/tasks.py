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
def check_report(intake_id: int) -> None:
    """Look at a large file."""
    actions.check_waiting_report(intake_id=intake_id)


@shared_task
def run_report(intake_id: int) -> None:
    """Book a file, part by part."""
    actions.run_report(intake_id=intake_id)


@shared_task
def sweep_reports() -> None:
    """Go on with files whose worker is gone."""
    actions.resume_reports()
