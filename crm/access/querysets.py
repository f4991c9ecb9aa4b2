"""The sentence that every layer speaks: `Customer.objects.visible_to(user)`, `….permitted_to(user, "change")`."""

from typing import Any, Self, TypeVar

from django.db import models
from django.db.models import Exists, F, OuterRef, Q

from crm.access.models import START, AccessQuerySet
from crm.access.principals import Principal, pks_among, principals_of
from crm.users.models import Reach, User

M = TypeVar("M", bound=models.Model)
COUNT_CAP = 10_000


class VisibleQuerySet(models.QuerySet[M]):
    """Rows of a record type, under the access rules. Everything fails closed: no person, no role, no rows."""

    def of_organization(self, user: User) -> Self:
        """What is not deleted in the person's organization, before any access rule. Not for showing."""
        return self.filter(organization_id=user.organization_id, deleted_at__isnull=True)

    def visible_to(self, user: User) -> Self:
        """The records that the person may see. Composes with any filter, order, slice and count."""
        reach = user.reach(self._record_type, "view")
        if reach == Reach.NONE or user.organization_id is None:
            return self.none()
        records = self.of_organization(user)
        if reach == Reach.ALL:
            return records
        return records.filter(Exists(self._access_rows(user).filter(record_id=OuterRef("pk"))))

    def looked_up_for(self, user: User) -> Self:
        """`visible_to(user)` for a few rows of somebody who sees much through many principals: each row is looked up by itself.

        The planner takes looking up one row among many principals for as many look-ups, and would rather read all records in order.
        """
        if user.reach(self._record_type, "view") in {Reach.ALL, Reach.NONE} or user.organization_id is None:
            return self.visible_to(user)
        rows = self._access_model.objects.filter(organization_id=user.organization_id, record_id=OuterRef("pk"))
        mine = rows.alias(one=F("principal") + 0).filter(one__among=principals_of(user, self._record_type, "view"))
        return self.of_organization(user).filter(Exists(mine))

    def permitted_to(self, user: User, verb: str) -> Self:
        """The visible records on which the person's role allows the verb: own and shared with that right, team, teams below, all."""
        if verb == "view":
            return self.visible_to(user)
        reach = user.reach(self._record_type, verb)
        if reach == Reach.NONE:
            return self.none()
        visible = self.visible_to(user)
        return visible if reach == Reach.ALL else visible.filter(self._within_reach(user, verb))

    def in_recycle_bin_of(self, user: User) -> Self:
        """Deleted records that the person deleted or would be allowed to delete: who may restore them."""
        reach = user.reach(self._record_type, "delete")
        deleted = self.filter(organization_id=user.organization_id, deleted_at__isnull=False)
        if user.organization_id is None or user.reach(self._record_type, "view") == Reach.NONE:
            return self.none()
        if reach == Reach.ALL:
            return deleted
        mine = Q(deleted_by=user)
        return deleted.filter(mine if reach == Reach.NONE else mine | self._within_reach(user, "delete"))

    def newest_page(self, user: User, size: int = 50, before: tuple[Any, int] = START, *, ascending: bool = False) -> Self:
        """`visible_to(user)`, newest first, one page. `before` is (updated_at, pk) of the last row already shown.

        The quick form of the default order without a filter; it is sliced, so only `select_related` may follow.
        """
        order = ("updated_at", "pk") if ascending else ("-updated_at", "-pk")
        reach = user.reach(self._record_type, "view")
        if reach == Reach.ALL:
            return self.visible_to(user).order_by(*order).beyond(before, ascending=ascending)[:size]
        if reach == Reach.NONE or user.organization_id is None:
            return self.none()
        rows = self._access_model.objects
        principals = principals_of(user, self._record_type, "view")
        ids = rows.newest_ids(user.organization_id, principals, size, before, ascending=ascending)
        return self.of_organization(user).filter(pk__in=ids).order_by(*order)

    def beyond(self, cursor: tuple[Any, int], *, ascending: bool = False) -> Self:
        """After the cursor's row in the order of change. The redundant bound lets the index do it."""
        at, pk = cursor
        if at == "infinity":
            return self
        if ascending:
            return self.filter(updated_at__gte=at).exclude(updated_at=at, pk__lte=pk)
        return self.filter(updated_at__lte=at).exclude(updated_at=at, pk__gte=pk)

    def capped_count(self, cap: int = COUNT_CAP) -> int:
        """How many, counted no further than `cap` + 1: above it the page says "10,000+"."""
        return self.order_by().values("pk")[: cap + 1].count()

    def visible_count(self, user: User, cap: int = COUNT_CAP) -> int:
        """`visible_to(user).capped_count()` without a filter: counts access rows instead of records where it can."""
        if user.reach(self._record_type, "view") in {Reach.ALL, Reach.NONE}:
            return self.visible_to(user).capped_count(cap)
        rows = self._access_rows(user).order_by().values("record_id").distinct()
        return rows[: cap + 1].count()

    def _within_reach(self, user: User, verb: str) -> Q:
        principals = principals_of(user, self._record_type, verb)
        allowed = Q(owner_id__in=pks_among(principals, Principal.OWNER)) | Q(team_id__in=pks_among(principals, Principal.TEAM))
        codename = f"{verb}_{self._concrete._meta.model_name}"
        shared = {"content_object_id": OuterRef("pk"), "permission__codename": codename}
        people, teams = (self._concrete._meta.get_field(name).related_model for name in ("person_shares", "team_shares"))
        groups = pks_among(principals, Principal.GROUP)
        return (
            allowed
            | Exists(people._base_manager.filter(user_id=user.pk, **shared))
            | Exists(teams._base_manager.filter(group_id__in=groups, **shared))
        )

    def _access_rows(self, user: User) -> AccessQuerySet:
        principals = principals_of(user, self._record_type, "view")
        rows: AccessQuerySet = self._access_model.objects.of(user.organization_id, principals)
        return rows

    @property
    def _record_type(self) -> str:
        return self.model._meta.model_name or ""

    @property
    def _concrete(self) -> Any:
        return self.model._meta.concrete_model

    @property
    def _access_model(self) -> Any:
        return self._concrete._meta.get_field("access").related_model
