"""Customers and contacts in the workshop, with what hangs on them."""

from typing import Any, ClassVar

from django.http import HttpRequest

from crm.access.decisions import may
from crm.admin.base import TenantAdmin, Tool
from crm.admin.records import RecordAdmin
from crm.admin.site import site
from crm.fields.record_types import record_types
from crm.users.models import User
from crm.views.loading import person_of
from customers.actions import (
    add_affiliation,
    change_affiliation,
    change_point,
    create_tag,
    delete_tag,
    relate,
    remove_affiliation,
    remove_point,
    rename_tag,
    unrelate,
)
from customers.choices import PointKind
from customers.forms import AffiliationForm, PointForm, TagForm
from customers.forms.between import RelationshipBetweenForm, RoleOfForm
from customers.models import Affiliation, Contact, ContactPoint, Customer, Relationship, Tag


class TagAdmin(TenantAdmin):
    icon = "tag"
    adds = changes = removes = True
    ordering: ClassVar[Any] = ("name",)
    list_display, sorts = ("name", "hue"), ("name",)
    search_fields = ("name",)

    def form_of(self, request: HttpRequest, obj: Any) -> TagForm:
        return TagForm(request.POST or None, initial={"name": obj.name, "hue": obj.hue} if obj else {})

    def add(self, request: HttpRequest, form: TagForm) -> Tag:
        return create_tag(form.cleaned_data["name"], hue=form.cleaned_data["hue"], by=person_of(request))

    def change(self, request: HttpRequest, obj: Any, form: TagForm) -> Tag:
        return rename_tag(obj, form.cleaned_data["name"], hue=form.cleaned_data["hue"], by=person_of(request))

    def remove(self, obj: Any, by: User) -> None:
        delete_tag(obj, by=by)


class BelowAdmin(TenantAdmin):
    """Rows below records: read by who reads what they go with, changed by who may change the record. Their history is the record's."""

    changes = removes = True
    above: ClassVar[str] = "contact"
    guard: ClassVar[str] = "customer"
    """The field of the record above that says who reads and changes these rows."""

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        field = record_types[self.above].fields[self.guard]
        return super().has_view_permission(request, obj) and field.readable_by(person_of(request))

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_change_permission(request) and self._may_change(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_delete_permission(request) and self._may_change(request, obj)

    def _may_change(self, request: HttpRequest, obj: Any) -> bool:
        user = person_of(request)
        if not record_types[self.above].fields[self.guard].editable_by(user):
            return False
        return obj is None or may(user, "change", getattr(obj, self.above))

    def get_queryset(self, request: HttpRequest) -> Any:
        """Of records in the recycle bin nothing is shown."""
        alive = {f"{name}__deleted_at": None for name in self.list_select_related}  # type: ignore[union-attr]  # names, always
        return super().get_queryset(request).filter(**alive).select_related(*self.list_select_related)  # type: ignore[misc]

    def tools(self, obj: Any, user: User) -> list[Tool]:
        record = getattr(obj, self.above)
        return [Tool(str(record), site._registry[type(record)].address("change", record.pk), "arrow-up")]  # type: ignore[attr-defined]


class ContactPointAdmin(BelowAdmin):
    icon = "at"
    guard = "email"
    list_display = ("value", "kind", "label", "contact")
    list_select_related = ("contact",)
    search_fields = ("key",)

    def get_queryset(self, request: HttpRequest) -> Any:
        fields = record_types.of(Contact).fields
        return (
            super()
            .get_queryset(request)
            .filter(kind__in=[kind for kind in PointKind.values if fields[kind].readable_by(person_of(request))])
        )

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return TenantAdmin.has_view_permission(self, request, obj)

    def _may_change(self, request: HttpRequest, obj: Any) -> bool:
        if obj is None:
            return True
        user = person_of(request)
        return record_types.of(Contact).fields[obj.kind].editable_by(user) and may(user, "change", obj.contact)

    def get_search_results(self, request: HttpRequest, queryset: Any, search_term: str) -> tuple[Any, bool]:
        """The whole address or number, as an index holds it."""
        term = search_term.strip().lower()
        return (queryset.filter(key=term) if term else queryset), False

    def form_of(self, request: HttpRequest, obj: Any) -> PointForm:
        known = {"label": obj.label, "value": obj.value}
        return PointForm(request.POST or None, user=person_of(request), contact=obj.contact, kind=obj.kind, initial=known)

    def change(self, request: HttpRequest, obj: Any, form: PointForm) -> ContactPoint:
        return change_point(obj, form.cleaned_data["value"], label=form.cleaned_data["label"], by=person_of(request))

    def remove(self, obj: Any, by: User) -> None:
        remove_point(obj, by=by)


class AffiliationAdmin(BelowAdmin):
    icon = "briefcase"
    adds = True
    list_display = ("contact", "role", "customer", "since", "until")
    list_select_related = ("contact", "customer")

    def form_of(self, request: HttpRequest, obj: Any) -> AffiliationForm:
        user = person_of(request)
        if obj is None:
            return RoleOfForm(request.POST or None, user=user)
        known = {"role": obj.role, "since": obj.since, "until": obj.until}
        return AffiliationForm(request.POST or None, user=user, known=True, initial=known)

    def add(self, request: HttpRequest, form: AffiliationForm) -> Affiliation:
        data = form.cleaned_data
        facts = {key: data[key] for key in ("role", "since", "until")}
        return add_affiliation(data["contact"], data["customer"], by=person_of(request), **facts)

    def change(self, request: HttpRequest, obj: Any, form: AffiliationForm) -> Affiliation:
        data = form.cleaned_data
        return change_affiliation(obj, role=data["role"], since=data["since"], until=data["until"], by=person_of(request))

    def remove(self, obj: Any, by: User) -> None:
        remove_affiliation(obj, by=by)


class RelationshipAdmin(BelowAdmin):
    icon = "affiliate"
    above, guard = "customer", "name"
    adds, changes = True, False
    list_display = ("customer", "kind", "other", "note")
    list_select_related = ("customer", "other")
    facts_of = ("customer", "kind", "other", "note", "created_at")

    def form_of(self, request: HttpRequest, obj: Any) -> RelationshipBetweenForm:
        return RelationshipBetweenForm(request.POST or None, user=person_of(request))

    def add(self, request: HttpRequest, form: RelationshipBetweenForm) -> Relationship:
        data = form.cleaned_data
        return relate(data["customer"], data["direction"], data["other"], note=data["note"], by=person_of(request))

    def remove(self, obj: Any, by: User) -> None:
        unrelate(obj, of=obj.customer, by=by)


site.register(Customer, RecordAdmin)
site.register(Contact, RecordAdmin)
site.register(Tag, TagAdmin)
site.register(ContactPoint, ContactPointAdmin)
site.register(Affiliation, AffiliationAdmin)
site.register(Relationship, RelationshipAdmin)
