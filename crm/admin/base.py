"""The base of everything in the workshop: rows of the own organization, read as they are and written by actions alone."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import update_wrapper
from typing import Any, ClassVar

from django import forms
from django.contrib.admin import ModelAdmin, ShowFacets
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.core.exceptions import BadRequest, PermissionDenied
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from crm.admin.attempts import attempt, in_words
from crm.admin.change_list import BoundedChangeList, BoundedPaginator
from crm.admin.history import lines_of
from crm.lib.keys import LARGEST, key_of
from crm.ui.toasts import toast
from crm.users.models import User
from crm.views.loading import person_of

PAGE = 50


@dataclass(frozen=True)
class Fact:
    """One line that is read, not edited. `url` leads to the page of what it names."""

    label: str
    text: str
    url: str = ""


@dataclass(frozen=True)
class Section:
    """A heading of the form with its controls."""

    title: Any
    fields: list[forms.BoundField]


@dataclass(frozen=True)
class Tool:
    """A link beside the heading."""

    label: str
    url: str
    icon: str


@dataclass(frozen=True)
class Verb:
    """A button on the page of a row: an action that takes no values. `offered` says to which rows it applies."""

    key: str
    label: Any
    action: Callable[[Any, User], Any]
    offered: Callable[[Any], bool] = lambda obj: True
    classes: str = ""


class OnThePage(forms.Form):
    """What to do with the chosen rows: those of the page, never all that match."""

    action = forms.ChoiceField(label="")
    select_across = forms.BooleanField(required=False, widget=forms.HiddenInput, disabled=True, initial=False)


class TenantAdmin(ModelAdmin):  # type: ignore[type-arg]  # of any model with an organization
    """Reading is for who administers. What has an action overrides `form_of` and `add`, `change` or `remove`; the rest is read-only."""

    paginator = BoundedPaginator
    list_per_page, list_max_show_all = PAGE, 0
    show_full_result_count = False
    show_facets = ShowFacets.NEVER
    view_on_site = False
    action_form = OnThePage
    ordering: ClassVar[Any] = ("-pk",)
    adds: ClassVar[bool] = False
    changes: ClassVar[bool] = False
    removes: ClassVar[bool] = False
    verbs: ClassVar[tuple[Verb, ...]] = ()
    facts_of: ClassVar[tuple[str, ...]] = ()
    sorts: ClassVar[tuple[str, ...]] = ()
    of_all: ClassVar[bool] = False
    """Whether its rows are of no one organization: the operator's own tables."""
    icon: ClassVar[str] = "database"

    # What may be done, and with what

    def has_module_permission(self, request: HttpRequest) -> bool:
        return bool(self.has_view_permission(request))

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return person_of(request).is_administrator

    def has_add_permission(self, request: HttpRequest) -> bool:
        return self.adds and person_of(request).is_administrator

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.changes and person_of(request).is_administrator

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.removes and person_of(request).is_administrator

    def get_queryset(self, request: HttpRequest) -> Any:
        return self.model._default_manager.filter(organization_id=person_of(request).own_organization_id).order_by(*self.ordering)

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest | None = None) -> bool:
        """Only the filters that the list offers: an address asks for no other column."""
        offered = self.get_list_filter(request) if request else ()
        return lookup in {getattr(each, "parameter_name", None) for each in offered}

    def form_of(self, request: HttpRequest, obj: Any) -> Any:
        """The form of a row, or of a new one; bound where something was sent."""
        raise NotImplementedError

    def add(self, request: HttpRequest, form: Any) -> Any:
        """Call the action that makes one. Returns it."""
        raise NotImplementedError

    def change(self, request: HttpRequest, obj: Any, form: Any) -> Any:
        """Call the action that changes it. Returns it."""
        raise NotImplementedError

    def remove(self, obj: Any, by: User) -> Any:
        """Call the action that deletes it."""
        raise NotImplementedError

    @transaction.atomic
    def remove_all(self, objects: Sequence[Any], by: User) -> int:
        """All of them or none. Returns how many."""
        for obj in objects:
            self.remove(obj, by)
        return len(objects)

    def facts(self, obj: Any, user: User) -> list[Fact]:
        """What is read below the form, or alone."""
        return [Fact(*self._fact(obj, name)) for name in self.facts_of]

    def tools(self, obj: Any, user: User) -> list[Tool]:
        """Links beside the heading, the history first."""
        return [Tool(_("History"), self.address("history", obj.pk), "history")]

    def title(self, obj: Any) -> str:
        """How the row is called on its pages."""
        return str(obj)

    def sections(self, form: Any) -> list[Section]:
        return [Section("", [bound for bound in form if not bound.is_hidden])]

    def _fact(self, obj: Any, name: str) -> tuple[str, str]:
        column: Any = self.opts.get_field(name)
        display = getattr(obj, f"get_{name}_display", None)
        value = display() if display else getattr(obj, name)
        return capfirst(str(column.verbose_name)), in_words(value)

    # Addresses

    def get_urls(self) -> list[Any]:
        pages: list[tuple[str, str, Callable[..., HttpResponse]]] = [
            ("", "changelist", self.changelist_view),
            ("add/", "add", self.add_page),
            ("<int:pk>/history/", "history", self.history_page),
            ("<int:pk>/delete/", "delete", self.delete_page),
            ("<int:pk>/change/", "change", self.change_page),
            *([("<int:pk>/do/", "do", require_POST(self.do_page))] if self.verbs else []),
        ]
        return [path(route, self._in_an_organization(view), name=self._name(name)) for route, name, view in pages]

    def address(self, name: str, *args: Any) -> str:
        return reverse(f"admin:{self._name(name)}", args=args)

    def _name(self, name: str) -> str:
        return f"{self.opts.app_label}_{self.opts.model_name}_{name}"

    def _in_an_organization(self, view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        """The operator chooses an organization first."""

        def within(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if not self.of_all and person_of(request).organization_id is None:
                return HttpResponseRedirect(reverse("admin:choose"))
            return view(request, *args, **kwargs)

        return self.admin_site.admin_view(update_wrapper(within, view))

    # The list

    def get_sortable_by(self, request: HttpRequest) -> Any:
        """Only what an index orders, or a table that stays small."""
        return self.sorts

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[BoundedChangeList]:
        return BoundedChangeList

    def action_checkbox(self, obj: Any) -> SafeString:
        words = _("Choose %(name)s") % {"name": obj}
        return forms.CheckboxInput({"class": "sel", "aria-label": words}, lambda value: False).render(ACTION_CHECKBOX_NAME, str(obj.pk))

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        if not self.has_view_permission(request):
            raise self.refused(request, "view", None)
        if any(key_of(key) is None for key in request.POST.getlist(ACTION_CHECKBOX_NAME)):
            raise BadRequest
        return super().changelist_view(request, {"add_url": self.address("add"), "icon": self.icon, **(extra_context or {})})

    def get_actions(self, request: HttpRequest) -> Any:
        if not self.has_delete_permission(request):
            return {}
        return {"delete_selected": (delete_selected, "delete_selected", _("Delete"))}

    # The pages of one row

    def add_page(self, request: HttpRequest) -> HttpResponse:
        if not self.has_add_permission(request):
            raise self.refused(request, "create", None)
        return self._form_page(request, None)

    def change_page(self, request: HttpRequest, pk: int) -> HttpResponse:
        obj = self.found(request, pk)
        if request.method == "POST" and not self.has_change_permission(request, obj):
            raise self.refused(request, "change", obj)
        return self._form_page(request, obj)

    def delete_page(self, request: HttpRequest, pk: int) -> HttpResponse:
        obj = self.found(request, pk)
        if not self.has_delete_permission(request, obj):
            raise self.refused(request, "delete", obj)
        if request.method == "POST":
            form = forms.Form({})
            name = str(obj)
            done, status = attempt(form, lambda: self.remove_all([obj], person_of(request)))
            if done is not None:
                toast(request, _("%(name)s deleted") % {"name": name})
                return HttpResponseRedirect(self.address("changelist"))
            return self.answer(request, "admin/delete.html", {"form": form, "original": obj, "objects": [obj]}, status)
        return self.answer(request, "admin/delete.html", {"original": obj, "objects": [obj]})

    def do_page(self, request: HttpRequest, pk: int) -> HttpResponse:
        """One of the verbs; what it refuses is said on the page of the row."""
        obj = self.found(request, pk)
        verb = next((each for each in self.verbs if each.key == request.POST.get("verb") and each.offered(obj)), None)
        if verb is None:
            raise Http404
        form = forms.Form({})
        done, _status = attempt(form, lambda: [verb.action(obj, person_of(request))])
        toast(request, " ".join(map(str, form.non_field_errors())) if done is None else _("%(name)s: done") % {"name": obj})
        return HttpResponseRedirect(self.address("change", pk))

    def history_page(self, request: HttpRequest, pk: int) -> HttpResponse:
        obj = self.found(request, pk)
        return self.answer(
            request,
            "admin/object_history.html",
            {"original": obj, "name": self.title(obj), "lines": list(lines_of(obj, person_of(request)))},
        )

    def found(self, request: HttpRequest, pk: int) -> Any:
        """The row, if it is one of the list's; another organization's is as if it were not there."""
        if not self.has_view_permission(request):
            raise self.refused(request, "view", None)
        obj = self.get_queryset(request).filter(pk=pk).first() if pk <= LARGEST else None
        if obj is None:
            raise Http404
        return obj

    def refused(self, request: HttpRequest, verb: str, obj: Any) -> PermissionDenied:
        return PermissionDenied(_("There is no way to do this here: it follows from what people do."))

    def _form_page(self, request: HttpRequest, obj: Any) -> HttpResponse:
        user, status = person_of(request), 200
        form = self.form_of(request, obj) if obj is None or self.has_change_permission(request, obj) else None
        if request.method == "POST" and form is not None:
            status = 422
            if form.is_valid():
                done, status = attempt(form, lambda: self.change(request, obj, form) if obj else self.add(request, form))
                if done is not None:
                    return self._saved(request, done, new=obj is None)
        context = {
            "form": form,
            "sections": self.sections(form) if form is not None else [],
            "original": obj,
            "name": self.title(obj) if obj else "",
            "facts": self.facts(obj, user) if obj else [],
            "tools": self.tools(obj, user) if obj else [],
            "verbs": [verb for verb in self.verbs if obj and verb.offered(obj)],
            "do_url": self.address("do", obj.pk) if obj and self.verbs else "",
            "delete_url": self.address("delete", obj.pk) if obj and self.has_delete_permission(request, obj) else "",
        }
        return self.answer(request, "admin/change_form.html", context, status)

    def _saved(self, request: HttpRequest, obj: Any, *, new: bool) -> HttpResponse:
        toast(request, (_("%(name)s added") if new else _("%(name)s saved")) % {"name": obj})
        stays = "_continue" in request.POST and self.get_queryset(request).filter(pk=obj.pk).exists()
        return HttpResponseRedirect(self.address("change", obj.pk) if stays else self.address("changelist"))

    def answer(self, request: HttpRequest, template: str, context: dict[str, Any], status: int = 200) -> HttpResponse:
        """A page of the workshop about this model."""
        shared = {**self.admin_site.each_context(request), "opts": self.opts, "list_url": self.address("changelist"), "icon": self.icon}
        return TemplateResponse(request, template, {**shared, **context}, status=status)


def delete_selected(model_admin: TenantAdmin, request: HttpRequest, queryset: Any) -> HttpResponse | None:
    """The chosen rows of the page: asked once, then each through its action, all or none."""
    objects = list(queryset[:PAGE])
    if not request.POST.get("post"):
        return model_admin.answer(request, "admin/delete.html", {"objects": objects, "chosen": True})
    form = forms.Form({})
    done, status = attempt(form, lambda: model_admin.remove_all(objects, person_of(request)))
    if done is None:
        return model_admin.answer(request, "admin/delete.html", {"form": form, "objects": objects, "chosen": True}, status)
    toast(request, _("%(count)d deleted") % {"count": len(objects)})
    return None
