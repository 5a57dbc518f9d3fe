"""What workers do for royalties. Each takes an id, calls one action, and may run twice without harm."""

from collections.abc import Callable
from typing import Any

from celery import shared_task
from django.db import DatabaseError, DataError, IntegrityError, InterfaceError, ProgrammingError

from royalties import actions


def until_it_answers(run: Callable[..., None]) -> Any:
    """A task that is tried again while the database does not answer.

    That it is stopped and started is no reason to leave a statement half computed or a mail unwritten. The driver may
    call that by the name of all its errors, so what means something else is taken out.
    """
    # Any, since Celery's own types do not know what it adds for Django, as delay_on_commit.
    return shared_task(
        autoretry_for=(DatabaseError, InterfaceError),
        dont_autoretry_for=(DataError, IntegrityError, ProgrammingError),
        retry_backoff=1,
        max_retries=10,
    )(run)


@until_it_answers
def compute_statement(statement_id: int, run: int) -> None:
    """Compute one run of a statement."""
    actions.compute_statement(statement_id=statement_id, run=run)


@until_it_answers
def mail_from_outbox(mail_id: int) -> None:
    """Write one mail about money."""
    actions.write_mail(mail_id=mail_id)


@until_it_answers
def compute_what_if(what_if_id: int) -> None:
    """Divide with other measures."""
    actions.compute_what_if(what_if_id=what_if_id)


@shared_task
def replace_silent_panelists() -> None:
    """Give seats whose time is over to the next who were drawn."""
    actions.replace_silent_panelists()


@shared_task
def forget_claim_addresses() -> None:
    """Blank addresses of claims that nobody needs any more."""
    actions.forget_claim_addresses()


@shared_task
def publish_head() -> None:
    """Publish the day's head of the ledger."""
    actions.publish_head()


@shared_task
def close_months() -> None:
    """Write the checkpoints of months that have ended."""
    actions.close_months()


@shared_task
def run_nightly_check() -> None:
    """Check every invariant of the ledger, once a day."""
    actions.run_nightly_check()


@shared_task
def check_newest() -> None:
    """Look at the newest entries of the ledger."""
    actions.check_newest()


@shared_task
def sweep_unclaimed() -> None:
    """Warn whose money nobody has asked for, and set aside what was warned of long ago."""
    actions.sweep_unclaimed()


@shared_task
def check_report(intake_id: int) -> None:
    """Look at a large file."""
    actions.check_waiting_report(intake_id=intake_id)


@shared_task
def run_report(intake_id: int) -> None:
    """Book a file, part by part."""
    actions.run_report(intake_id=intake_id)


@shared_task
def sweep_computations() -> None:
    """Send again computations that nobody is working on."""
    actions.resume_computations()


@shared_task
def sweep_outbox() -> None:
    """Ask again for mails that nobody has written."""
    actions.resume_mails()


@shared_task
def sweep_reports() -> None:
    """Go on with files whose worker is gone."""
    actions.resume_reports()


@shared_task
def forget_left_payees() -> None:
    """Blank what is still known of people who left and are owed nothing any more."""
    actions.forget_left_payees()


@shared_task
def forget_payout_files() -> None:
    """Blank files for providers and reports of theirs that nobody needs any more."""
    actions.forget_payout_files()


@shared_task
def forget_old_destinations() -> None:
    """Blank addresses that have not been in force for long."""
    actions.forget_old_destinations()


@shared_task
def mark_all_paid() -> None:
    """Statements of which nobody has money due any more are paid."""
    actions.mark_all_paid()
