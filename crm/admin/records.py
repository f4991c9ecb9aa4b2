"""Records in the workshop: columns, filters, form and rights of the record type; saving and deleting as on its pages."""

from collections.abc import Callable
from typing import Any, ClassVar
from urllib.parse import urlencode

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from crm.access.decisions import NotPermitted, may, may_create
from crm.admin.base import PAGE, Fact, Section, TenantAdmin, Tool
from crm.admin.change_list import Column, text_of
from crm.admin.filters import filters_of
from crm.fields.record_types import RecordType, record_types
from crm.records.actions import create_record, delete_record, update_record
from crm.search.find import candidate_ids
from crm.ui.bulk import bulk_actions_of
from crm.ui.values import Viewer
from crm.users.models import Reach, User
from crm.views.editing import sections_of
from crm.views.forms import RecordForm, record_form
from crm.views.loading import person_of


def led_to(address: str) -> Callable[[Any, HttpRequest, Any], HttpResponse]:
    """An action of the list that hands the chosen rows to the page of a change of many."""

    def lead(model_admin: Any, request: HttpRequest, queryset: Any) -> HttpResponse:
        keys = [("pk", str(key)) for key in queryset.values_list("pk", flat=True)[:PAGE]]
        return HttpResponseRedirect(f"{address}?{urlencode(keys)}")

    return lead


class RecordAdmin(TenantAdmin):
    """Registered as it is for most record types. A type whose writing has actions of its own overrides `add` and `change`."""

    ordering = ("-updated_at",)
    search_fields = ("pk",)  # shows the box; get_search_results answers it
    adds = changes = removes = True
    leads_to_page: ClassVar[bool] = True

    @property
    def record_type(self) -> RecordType:
        return record_types.of(self.model)

    @property
    def icon(self) -> str:  # type: ignore[override]  # a constant in the base
        return self.record_type.icon

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_view_permission(request) and self.record_type.reach(person_of(request), "view") != Reach.NONE

    def has_add_permission(self, request: HttpRequest) -> bool:
        return super().has_add_permission(request) and may_create(person_of(request), self.model)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_change_permission(request) and self._may("change", person_of(request), obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_delete_permission(request) and self._may("delete", person_of(request), obj)

    def _may(self, verb: str, user: User, obj: Any) -> bool:
        return may(user, verb, obj) if obj is not None else self.record_type.reach(user, verb) != Reach.NONE

    def refused(self, request: HttpRequest, verb: str, obj: Any) -> PermissionDenied:
        return NotPermitted(person_of(request), verb, obj, record_type=self.record_type.key)

    # The list

    def get_queryset(self, request: HttpRequest) -> Any:
        return self.record_type.objects().visible_to(person_of(request)).order_by(*self.ordering)

    def get_list_display(self, request: HttpRequest) -> list[Any]:
        """The type's columns, without those that the role hides. One set for each request: the list fills them."""
        made: dict[str, list[Column]] = request.__dict__.setdefault("workshop_columns", {})
        if self.record_type.key not in made:
            keys = dict.fromkeys([self.record_type.title, *self.record_type.columns, "updated_at"])
            fields = [self.record_type.fields[key] for key in keys if key in self.record_type.fields]
            made[self.record_type.key] = [Column(field, self.record_type) for field in fields if field.readable_by(person_of(request))]
        return list(made[self.record_type.key]) or ["pk"]

    def get_sortable_by(self, request: HttpRequest) -> Any:
        return [column for column in self.get_list_display(request) if hasattr(column, "admin_order_field")]

    def get_list_filter(self, request: HttpRequest) -> Any:
        return filters_of(self.record_type, person_of(request))

    def get_search_results(self, request: HttpRequest, queryset: Any, search_term: str) -> tuple[Any, bool]:
        """By the search table, as in the lists of the pages."""
        if not search_term.strip():
            return queryset, False
        return queryset.filter(pk__in=candidate_ids(search_term, person_of(request), self.record_type)), False

    def get_actions(self, request: HttpRequest) -> Any:
        """The changes of many, as on the pages, for the chosen rows; deleting is the workshop's own."""
        user = person_of(request)
        offered = [] if user.is_superuser else bulk_actions_of(self.record_type, user)
        many = {f"bulk-{one.key}": (led_to(address), f"bulk-{one.key}", one.label) for one, address in offered if one.key != "delete"}
        return {**many, **super().get_actions(request)}

    # One record

    def form_of(self, request: HttpRequest, obj: Any) -> RecordForm:
        user = person_of(request)
        made = record_form(self.record_type, user)
        if request.method == "POST":
            return made(request.POST, user=user, instance=obj)
        asked = {key: value for key, value in request.GET.items() if obj is None and key in self.record_type.fields}
        own = {} if obj is not None or user.is_superuser else {"owner": user.pk}
        return made(user=user, instance=obj, initial={**own, **asked})

    def sections(self, form: RecordForm) -> list[Section]:
        return [Section(section.title, section.fields) for section in sections_of(form)]

    def add(self, request: HttpRequest, form: RecordForm) -> Any:
        by = person_of(request)
        values = {"owner": None, **form.wanted()} if by.is_superuser else form.wanted()
        return create_record(self.model, by=by, **values)

    def change(self, request: HttpRequest, obj: Any, form: RecordForm) -> Any:
        return update_record(obj, by=person_of(request), version=form.cleaned_data.get("version"), **form.wanted())

    def remove(self, obj: Any, by: User) -> Any:
        return delete_record(obj, by=by)

    def facts(self, obj: Any, user: User) -> list[Fact]:
        """What this role reads but does not edit, and what nobody does; masked values stay masked."""
        writes = may(user, "change", obj)
        fields = [field for field in self.record_type.fields.values() if not (writes and field.editable_by(user)) and not field.is_beyond]
        viewer = Viewer(user, self.record_type, [obj], fields)
        shown = [(field, viewer.show(field, obj)) for field in fields]
        facts = [Fact(capfirst(str(field.label)), text_of(value), value.url) for field, value in shown if value.state != "hidden"]
        return [*facts, Fact(_("Version"), str(obj.version)), Fact(_("Number"), str(obj.pk))]

    def tools(self, obj: Any, user: User) -> list[Tool]:
        key = self.record_type.key
        page = [] if user.is_superuser else [Tool(_("Open the page"), obj.get_absolute_url(), "external-link")]
        return [
            *page,
            Tool(_("History"), self.address("history", obj.pk), "history"),
            Tool(_("Share"), reverse("record-share", args=[key, obj.pk]), "user-share"),
            Tool(_("Who sees it"), reverse("record-why", args=[key, obj.pk]), "eye"),
        ]

    def history_page(self, request: HttpRequest, pk: int) -> HttpResponse:
        obj = self.found(request, pk)
        return HttpResponseRedirect(reverse("record-history", args=[self.record_type.key, obj.pk]))
