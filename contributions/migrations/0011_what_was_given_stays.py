"""What was given stays given: grants and the record of downloads are append only in PostgreSQL."""

from django.db import migrations

from profiles.append_only import append_only


class Migration(migrations.Migration):
    dependencies = [("contributions", "0010_grants_of_published_works")]

    operations = [append_only("contributions_licencegrant"), append_only("contributions_download")]
