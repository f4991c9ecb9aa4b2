"""The search table: keys, principals and folded text of what every role may read. Read by crm.search.find only."""

from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import F

from crm.tenancy.models import Organization


class SearchDocument(models.Model):
    """One record as search sees it. No policy, because trigram operators cannot use an index below one:
    candidates are always loaded again through `visible_to`. `body` begins with a space, so that " ko" finds the start of any word.
    """

    pk: Any = models.CompositePrimaryKey("record_id", "record_type")
    record_id = models.BigIntegerField()
    record_type = models.CharField(max_length=60)
    organization = models.ForeignKey(Organization, models.CASCADE, db_index=False, db_constraint=False, related_name="+")
    principals = ArrayField(models.IntegerField(), default=list)
    title = models.CharField(max_length=300)
    body = models.TextField()
    updated_at = models.DateTimeField()

    class Meta:
        default_permissions = ()
        indexes = [
            GinIndex(OpClass(F("body"), name="gin_trgm_ops"), name="search_words"),
            GinIndex(fields=["organization", "principals"], name="search_principals"),
            models.Index("organization", "title", F("updated_at").desc(), name="search_title"),
            models.Index("organization", F("updated_at").desc(), name="search_newest"),
        ]

    def __str__(self) -> str:
        return f"{self.record_type}:{self.record_id}"


class SearchWord(models.Model):
    """A word that occurs in an organization's records: what a typing error may have meant."""

    organization = models.ForeignKey(Organization, models.CASCADE, db_index=False, related_name="+")
    word = models.CharField(max_length=60)

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["organization", "word"], name="search_word_unique")]
        indexes = [GinIndex(OpClass(F("word"), name="gin_trgm_ops"), name="search_word_near")]

    def __str__(self) -> str:
        return self.word
