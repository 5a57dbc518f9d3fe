"""What beat runs again and again: seconds between two runs. hitrecord/celery.py says which queue each goes to."""

PERIODIC = {
    "contributions.tasks.reap_jobs": 10,
    "contributions.tasks.sweep_unsigned": 120,
    "contributions.tasks.sweep_uploads": 600,
    "profiles.tasks.mail_notices": 60,
    "royalties.tasks.forget_claim_addresses": 86_400,
    "royalties.tasks.replace_silent_panelists": 600,
}
