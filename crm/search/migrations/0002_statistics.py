from django.db import migrations

STATISTICS = """
ALTER TABLE search_searchdocument ALTER body SET STATISTICS 1000, ALTER title SET STATISTICS 1000, ALTER principals SET STATISTICS 1000
"""
DEFAULT = """
ALTER TABLE search_searchdocument ALTER body SET STATISTICS -1, ALTER title SET STATISTICS -1, ALTER principals SET STATISTICS -1
"""


class Migration(migrations.Migration):
    dependencies = [("search", "0001_search_table")]

    operations = [migrations.RunSQL(STATISTICS, DEFAULT)]
