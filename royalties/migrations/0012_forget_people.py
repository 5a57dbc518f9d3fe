"""A claim keeps its words, but not the name of somebody who has left."""

from django.db import migrations

KEEP = """
DROP TRIGGER keep_columns ON royalties_statementclaim;
CREATE TRIGGER keep_columns BEFORE UPDATE ON royalties_statementclaim
    FOR EACH ROW EXECUTE FUNCTION keep_columns({columns});
"""
WITHOUT_NAME = "'statement_id', 'artist_id', 'work', 'evidence', 'link', 'created_at'"
WITH_NAME = "'statement_id', 'artist_id', 'name', 'work', 'evidence', 'link', 'created_at'"


class Migration(migrations.Migration):
    dependencies = [("royalties", "0011_first_mappings")]

    operations = [migrations.RunSQL(KEEP.format(columns=WITHOUT_NAME), KEEP.format(columns=WITH_NAME))]
