"""Panels, what-ifs, claims and settlements, and what PostgreSQL refuses about them."""

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

from profiles.append_only import append_only, keeping

# Rows that change in a few columns only: everything named here stays as it was first written.
FIXED = {
    "escalation": "objection_id reason raised_by_id raised_at seed candidates",
    "panelseat": "escalation_id member_id place invited_at",
    "whatif": "statement_id revision_id author_id changes code created_at",
    "statementclaim": "statement_id artist_id name work evidence link created_at",
}
APPEND_ONLY = ("panelvote", "settlement")

# What is decided stays decided; a comment keeps what it was said with.
DECIDED = """
CREATE FUNCTION case_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_TABLE_NAME = 'royalties_escalation' AND OLD.decision <> ''
        AND (NEW.decision, NEW.decided_at) IS DISTINCT FROM (OLD.decision, OLD.decided_at) THEN
        RAISE EXCEPTION 'escalation % is decided and stays so', OLD.id USING ERRCODE = '23514';
    END IF;
    RETURN NEW;
END $$;

CREATE FUNCTION seat_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.status NOT IN ('invited', 'accepted') AND NEW.status <> OLD.status THEN
        RAISE EXCEPTION 'seat % is %, and stays so', OLD.id, OLD.status USING ERRCODE = '23514';
    END IF;
    RETURN NEW;
END $$;

CREATE FUNCTION what_if_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.stage IN ('done', 'failed') AND (NEW.stage, NEW.amounts) IS DISTINCT FROM (OLD.stage, OLD.amounts) THEN
        RAISE EXCEPTION 'what-if % is computed and stays so', OLD.id USING ERRCODE = '23514';
    END IF;
    RETURN NEW;
END $$;

CREATE FUNCTION claim_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.status IN ('case', 'answered')
        AND (NEW.status, NEW.objection_id, NEW.outcome, NEW.reason, NEW.answered_by_id, NEW.answered_at)
        IS DISTINCT FROM (OLD.status, OLD.objection_id, OLD.outcome, OLD.reason, OLD.answered_by_id, OLD.answered_at)
    THEN
        RAISE EXCEPTION 'claim % is decided and stays so', OLD.id USING ERRCODE = '23514';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER decided BEFORE UPDATE ON royalties_escalation FOR EACH ROW EXECUTE FUNCTION case_stays();
CREATE TRIGGER decided BEFORE UPDATE ON royalties_panelseat FOR EACH ROW EXECUTE FUNCTION seat_stays();
CREATE TRIGGER decided BEFORE UPDATE ON royalties_whatif FOR EACH ROW EXECUTE FUNCTION what_if_stays();
CREATE TRIGGER decided BEFORE UPDATE ON royalties_statementclaim FOR EACH ROW EXECUTE FUNCTION claim_stays();
CREATE TRIGGER keep_more_columns BEFORE UPDATE ON royalties_statementcomment
    FOR EACH ROW EXECUTE FUNCTION keep_columns('outsider', 'what_if_id');
"""
UNDECIDED = """
DROP TRIGGER decided ON royalties_escalation;
DROP TRIGGER decided ON royalties_panelseat;
DROP TRIGGER decided ON royalties_whatif;
DROP TRIGGER decided ON royalties_statementclaim;
DROP TRIGGER keep_more_columns ON royalties_statementcomment;
DROP FUNCTION case_stays(), seat_stays(), what_if_stays(), claim_stays();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("royalties", "0005_ledger_in_depth"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="statementcomment",
            name="outsider",
            field=models.CharField(blank=True, max_length=80),
        ),
        migrations.AlterField(
            model_name="objection",
            name="raised_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AlterField(
            model_name="statementcomment",
            name="author",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="statement_comments",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.CreateModel(
            name="Escalation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("reason", models.TextField(max_length=4000, verbose_name="why the answer is wrong")),
                ("raised_at", models.DateTimeField()),
                ("seed", models.CharField(editable=False, max_length=64)),
                ("candidates", models.JSONField(editable=False)),
                (
                    "decision",
                    models.CharField(
                        blank=True,
                        choices=[("upheld", "The answer stands"), ("changed", "The answer must be changed")],
                        max_length=7,
                    ),
                ),
                ("decided_at", models.DateTimeField(blank=True, null=True)),
                (
                    "objection",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="escalation", to="royalties.objection"
                    ),
                ),
                (
                    "raised_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "verbose_name": "escalation",
                "verbose_name_plural": "escalations",
                "ordering": ("pk",),
            },
        ),
        migrations.CreateModel(
            name="PanelSeat",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("place", models.PositiveIntegerField()),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("invited", "Invited"),
                            ("accepted", "Takes part"),
                            ("declined", "Declined"),
                            ("lapsed", "Did not answer in time"),
                            ("voted", "Voted"),
                            ("passed", "Passed over: has a part in it meanwhile"),
                            ("released", "Not needed any more"),
                        ],
                        default="invited",
                        max_length=8,
                    ),
                ),
                ("invited_at", models.DateTimeField()),
                ("due_at", models.DateTimeField()),
                (
                    "escalation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="seats", to="royalties.escalation"
                    ),
                ),
                (
                    "member",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="panel_seats",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "seat on a panel",
                "verbose_name_plural": "seats on panels",
                "ordering": ("escalation", "place"),
            },
        ),
        migrations.CreateModel(
            name="PanelVote",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "choice",
                    models.CharField(choices=[("uphold", "Uphold the answer"), ("change", "Change it")], max_length=6),
                ),
                ("reason", models.TextField(max_length=4000, verbose_name="public reason")),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "seat",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="vote", to="royalties.panelseat"
                    ),
                ),
            ],
            options={
                "verbose_name": "vote of a panel",
                "verbose_name_plural": "votes of panels",
                "ordering": ("seat",),
            },
        ),
        migrations.CreateModel(
            name="Settlement",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("run", models.PositiveIntegerField()),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "named_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "objection",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="settlements",
                        to="royalties.objection",
                    ),
                ),
            ],
            options={
                "verbose_name": "settlement of an objection",
                "verbose_name_plural": "settlements of objections",
                "ordering": ("objection",),
            },
        ),
        migrations.CreateModel(
            name="StatementClaim",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("email", models.EmailField(blank=True, max_length=254, verbose_name="e-mail address")),
                ("name", models.CharField(max_length=80, verbose_name="name")),
                ("work", models.CharField(max_length=200, verbose_name="which work")),
                (
                    "evidence",
                    models.TextField(
                        max_length=3000, verbose_name="how we can see that it is yours and that it is used"
                    ),
                ),
                ("link", models.URLField(blank=True, verbose_name="where it can be seen")),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("waiting", "Address not confirmed yet"),
                            ("case", "Became an objection"),
                            ("late", "Late claim, awaiting answer"),
                            ("answered", "Answered"),
                        ],
                        default="waiting",
                        max_length=8,
                    ),
                ),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("confirmed_at", models.DateTimeField(blank=True, null=True)),
                (
                    "outcome",
                    models.CharField(
                        blank=True,
                        choices=[("accepted", "Accepted"), ("partly", "Partly accepted"), ("declined", "Declined")],
                        max_length=8,
                    ),
                ),
                ("reason", models.TextField(blank=True, max_length=4000, verbose_name="public reason")),
                ("answered_at", models.DateTimeField(blank=True, null=True)),
                (
                    "answered_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "artist",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "objection",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="claim",
                        to="royalties.objection",
                    ),
                ),
                (
                    "statement",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="claims", to="royalties.statement"
                    ),
                ),
            ],
            options={
                "verbose_name": "claim of a missing work",
                "verbose_name_plural": "claims of missing works",
                "ordering": ("pk",),
            },
        ),
        migrations.CreateModel(
            name="WhatIf",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("changes", models.JSONField()),
                ("code", models.CharField(editable=False, max_length=16)),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "stage",
                    models.CharField(
                        choices=[
                            ("queued", "Waiting to be computed"),
                            ("allocating", "Dividing the artists’ half"),
                            ("done", "Computed"),
                            ("failed", "Could not be computed"),
                        ],
                        default="queued",
                        max_length=10,
                    ),
                ),
                ("percent", models.PositiveSmallIntegerField(default=0)),
                ("failure", models.TextField(blank=True)),
                ("amounts", models.JSONField(blank=True, null=True)),
                (
                    "author",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "revision",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="what_ifs", to="royalties.revision"
                    ),
                ),
                (
                    "statement",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="what_ifs", to="royalties.statement"
                    ),
                ),
            ],
            options={
                "verbose_name": "what-if",
                "verbose_name_plural": "what-ifs",
                "ordering": ("-pk",),
            },
        ),
        migrations.AddField(
            model_name="statementcomment",
            name="what_if",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="comments",
                to="royalties.whatif",
            ),
        ),
        migrations.AddConstraint(
            model_name="statementcomment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("author__isnull", False), ("outsider", "")),
                    models.Q(("author__isnull", True), models.Q(("outsider", ""), _negated=True)),
                    _connector="OR",
                ),
                name="statement_comment_one_speaker",
            ),
        ),
        migrations.AddConstraint(
            model_name="escalation",
            constraint=models.CheckConstraint(
                condition=models.Q(("reason", ""), _negated=True), name="escalation_reason"
            ),
        ),
        migrations.AddConstraint(
            model_name="escalation",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("decided_at__isnull", True), ("decision", "")),
                    models.Q(models.Q(("decision", ""), _negated=True), ("decided_at__isnull", False)),
                    _connector="OR",
                ),
                name="escalation_decided_whole",
            ),
        ),
        migrations.AddIndex(
            model_name="panelseat",
            index=models.Index(fields=["member", "-id"], name="panel_seat_by_member"),
        ),
        migrations.AddIndex(
            model_name="panelseat",
            index=models.Index(fields=["status", "due_at"], name="panel_seat_due_next"),
        ),
        migrations.AddConstraint(
            model_name="panelseat",
            constraint=models.UniqueConstraint(fields=("escalation", "member"), name="panel_seat_once"),
        ),
        migrations.AddConstraint(
            model_name="panelseat",
            constraint=models.UniqueConstraint(fields=("escalation", "place"), name="panel_seat_place"),
        ),
        migrations.AddConstraint(
            model_name="panelseat",
            constraint=models.CheckConstraint(
                condition=models.Q(("due_at__gt", models.F("invited_at"))), name="panel_seat_due"
            ),
        ),
        migrations.AddConstraint(
            model_name="panelvote",
            constraint=models.CheckConstraint(
                condition=models.Q(("reason", ""), _negated=True), name="panel_vote_reason"
            ),
        ),
        migrations.AddConstraint(
            model_name="settlement",
            constraint=models.UniqueConstraint(fields=("objection", "run"), name="settlement_once"),
        ),
        migrations.AddIndex(
            model_name="statementclaim",
            index=models.Index(fields=["status", "id"], name="statement_claim_queue"),
        ),
        migrations.AddConstraint(
            model_name="statementclaim",
            constraint=models.CheckConstraint(
                condition=models.Q(("status", "waiting"), ("confirmed_at__isnull", False), _connector="OR"),
                name="statement_claim_confirmed",
            ),
        ),
        migrations.AddConstraint(
            model_name="statementclaim",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("status", "answered"), _negated=True),
                    models.Q(
                        models.Q(("outcome", ""), _negated=True),
                        models.Q(("reason", ""), _negated=True),
                        ("answered_at__isnull", False),
                        ("answered_by__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="statement_claim_answer_whole",
            ),
        ),
        migrations.AddConstraint(
            model_name="statementclaim",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("status", "case"), _negated=True), ("objection__isnull", False), _connector="OR"
                ),
                name="statement_claim_has_case",
            ),
        ),
        migrations.AddIndex(
            model_name="whatif",
            index=models.Index(fields=["statement", "-id"], name="what_if_by_statement"),
        ),
        migrations.AddConstraint(
            model_name="whatif",
            constraint=models.UniqueConstraint(fields=("revision", "code"), name="what_if_once"),
        ),
        *(append_only(f"royalties_{table}") for table in APPEND_ONLY),
        *(keeping(f"royalties_{table}", columns) for table, columns in FIXED.items()),
        migrations.RunSQL(DECIDED, UNDECIDED),
    ]
