"""A comment that an outsider's claim speaks keeps its words, but not the name of somebody who has left."""

from django.db import migrations

KEEP = """
DROP TRIGGER keep_more_columns ON royalties_statementcomment;
CREATE TRIGGER keep_more_columns BEFORE UPDATE ON royalties_statementcomment
    FOR EACH ROW EXECUTE FUNCTION keep_columns({columns});
"""
WITHOUT_NAME, WITH_NAME = "'what_if_id'", "'outsider', 'what_if_id'"


class Migration(migrations.Migration):
    dependencies = [("royalties", "0026_claim_ended")]

    operations = [migrations.RunSQL(KEEP.format(columns=WITHOUT_NAME), KEEP.format(columns=WITH_NAME))]
