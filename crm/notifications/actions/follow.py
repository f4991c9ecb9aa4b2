from typing import Any

from django.db import models

from crm.access.decisions import require
from crm.notifications.models import Following
from crm.users.models import User


def follow(record: models.Model, *, by: User) -> None:
    """Be told of what others change on the record. Following twice is following once."""
    require(by, "view", record)
    Following.objects.get_or_create(**_key(record, by))


def unfollow(record: models.Model, *, by: User) -> None:
    Following.objects.filter(**_key(record, by)).delete()


def follows(record: models.Model, person: User) -> bool:
    return Following.objects.filter(**_key(record, person)).exists()


def _key(record: models.Model, person: User) -> dict[str, Any]:
    return {
        "organization_id": person.organization_id,
        "person": person,
        "record_type": record._meta.model_name or "",
        "record_id": record.pk,
    }
