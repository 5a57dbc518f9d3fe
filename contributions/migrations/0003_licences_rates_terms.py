"""The licences offered, the first influence rates, and the terms under which works are contributed."""

import datetime as dt
import hashlib

from django.db import migrations

SINCE = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
CC = "https://creativecommons.org/"
# code, version, name, summary, url, commercial use, share alike, site only
LICENCES = (
    (
        "CC-BY", "4.0", "CC BY 4.0",
        "Anyone anywhere may share and change it, also for money, if they name you.",
        f"{CC}licenses/by/4.0/", True, False, False,
    ),
    (
        "CC-BY-SA", "4.0", "CC BY-SA 4.0",
        "Anyone anywhere may share and change it if they name you and pass it on under this same licence.",
        f"{CC}licenses/by-sa/4.0/", True, True, False,
    ),
    (
        "CC-BY-NC", "4.0", "CC BY-NC 4.0",
        "Anyone anywhere may share and change it if they name you and make no money with it.",
        f"{CC}licenses/by-nc/4.0/", False, False, False,
    ),
    (
        "CC-BY-NC-SA", "4.0", "CC BY-NC-SA 4.0",
        "As CC BY-NC, and whoever changes it passes it on under this same licence.",
        f"{CC}licenses/by-nc-sa/4.0/", False, True, False,
    ),
    (
        "CC0", "1.0", "CC0 1.0",
        "You give up your rights as far as the law allows; nobody needs to name you.",
        f"{CC}publicdomain/zero/1.0/", True, False, False,
    ),
    (
        "SITE", "1.0", "This site only",
        "People may see it here and remix it here as you allow below; elsewhere all rights stay with you.",
        "", False, False, True,
    ),
)  # fmt: skip
RATES = {"reuses": 3000, "adapts": 2000, "continues": 1500, "inspired": 500}

TERMS_VERSION = "1"
TERMS = """\
Contributing a work, version 1

1. Your work stays yours. By publishing it here you keep your copyright and every other right you
have in it; you only give the permissions that follow.

2. The site may store the work, prepare copies that browsers can show, and show them on its pages,
for as long as the work is published.

3. Others may use the work as the licence says that you chose, and build on it on this site as your
answer about remixes says. A licence that you have given for a version stays with those who took
that version under it, also after you withdraw the work.

4. A production of this site may use the work only as your answer about productions says. Whatever
a production earns is divided by published rules; you see the draft, may object, and get an answer
before anything is paid.

5. You declare that you made the work, that every other work you used is named among its sources,
and that you were allowed to use it. People who can be recognised in it have agreed to it.

6. You said truthfully whether and how you used tools that generate images, sound, video or text.

7. You may withdraw the work at any time. Its files then leave the site; its name, its place in the
lineage and the credits of finished productions stay, so that others keep the credit they gave and
got. A production whose cut was locked before you withdrew may go on using the work.

8. The site may take a work down that breaks the law, these terms or the rights of others. It says
why, and you may answer.
"""


def add_rows(apps, schema_editor):
    licence = apps.get_model("contributions", "Licence")
    for code, version, name, summary, url, commercial, share_alike, site_only in LICENCES:
        licence.objects.create(
            code=code,
            version=version,
            name=name,
            summary=summary,
            url=url,
            allows_derivatives=True,
            allows_commercial_use=commercial,
            share_alike=share_alike,
            site_only=site_only,
            effective_at=SINCE,
        )
    rate = apps.get_model("contributions", "InfluenceRate")
    for kind, rate_bps in RATES.items():
        rate.objects.create(kind=kind, rate_bps=rate_bps, effective_at=SINCE)
    apps.get_model("profiles", "Terms").objects.get_or_create(
        kind="contribution",
        version=TERMS_VERSION,
        defaults={
            "body": TERMS,
            "sha256": hashlib.sha256(TERMS.encode()).hexdigest(),
            "effective_at": SINCE,
        },
    )


class Migration(migrations.Migration):
    dependencies = [("contributions", "0002_what_the_database_refuses")]

    # Undoing 0002 and 0001 removes the tables, and with them these rows; append-only ones cannot go before.
    operations = [migrations.RunPython(add_rows, migrations.RunPython.noop)]
