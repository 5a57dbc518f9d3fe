"""What beat asks for, and how often; hitrecord/celery.py says which queue each goes to."""

from typing import Any

#: Seconds between two runs of a task.
SECONDS = {
    "contributions.tasks.reap_jobs": 10,
    "contributions.tasks.sweep_unsigned": 120,
    "contributions.tasks.sweep_uploads": 600,
    "profiles.tasks.mail_notices": 60,
    "profiles.tasks.sweep_submissions": 24 * 3600,
    "royalties.tasks.forget_claim_addresses": 86_400,
    "royalties.tasks.forget_left_payees": 24 * 3600,
    "royalties.tasks.forget_old_destinations": 24 * 3600,
    "royalties.tasks.forget_payout_files": 24 * 3600,
    "royalties.tasks.mark_all_paid": 24 * 3600,
    "royalties.tasks.replace_silent_panelists": 600,
    "royalties.tasks.check_newest": 60,
    "royalties.tasks.close_months": 3600,
    "royalties.tasks.publish_head": 3600,
    "royalties.tasks.run_nightly_check": 3600,
    "royalties.tasks.sweep_computations": 120,
    "royalties.tasks.sweep_outbox": 120,
    "royalties.tasks.sweep_reports": 120,
    "royalties.tasks.sweep_unclaimed": 24 * 3600,
}


def schedule() -> dict[str, dict[str, Any]]:
    """As Celery wants it; what could not be run in time is dropped, since the next one does the same."""
    return {
        task: {"task": task, "schedule": seconds, "options": {"expires": max(seconds, 60)}}
        for task, seconds in SECONDS.items()
    }
