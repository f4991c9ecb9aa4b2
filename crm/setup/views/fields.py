"""Setup: the fields that an organization adds to its records."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from crm.fields.models import CustomField, CustomKind
from crm.fields.record_types import RecordType, record_types
from crm.setup.actions import change_field, create_field, move_field, remove_field, restore_field
from crm.setup.actions.fields import KEPT_FOR
from crm.setup.forms.fields import FieldForm, has_options, option_formset
from crm.setup.views.pages import attempt, for_administrators, own_or_404, own_organization, setup_page
from crm.ui.toasts import toast
from crm.users.actions import change_role
from crm.users.models import Role, User
from crm.views.loading import person_of
from crm.views.once import already_done, form_token, remember

HERE = "field-list"
EMPTY_ROWS = 3
COUNTED = 10_000
FOR_WHAT: list[tuple[str, str | Promise]] = [
    (CustomKind.TEXT, gettext_lazy("A line: a name, a number of somebody else's, a code")),
    (CustomKind.LONG_TEXT, gettext_lazy("Several lines, found by the words in it")),
    (CustomKind.NUMBER, gettext_lazy("A number with up to four decimals")),
    (CustomKind.MONEY, gettext_lazy("An amount in the currency of the record")),
    (CustomKind.DATE, gettext_lazy("A day")),
    (CustomKind.YES_NO, gettext_lazy("A box to tick")),
    (CustomKind.CHOICE, gettext_lazy("One of a list")),
    (CustomKind.CHOICES, gettext_lazy("Any number of a list")),
    (CustomKind.URL, gettext_lazy("A link to another site")),
    (CustomKind.EMAIL, gettext_lazy("An address that can be written to")),
    (CustomKind.PHONE, gettext_lazy("A number that can be called")),
    (CustomKind.PERSON, gettext_lazy("Somebody of your organization")),
]


@dataclass(frozen=True)
class Removed:
    """A field that can be brought back, and for how many days."""

    row: CustomField
    days: int


@for_administrators
@require_safe
def fields(request: HttpRequest) -> HttpResponse:
    """The fields of one record type by section, and those that were removed lately."""
    kind, mine = _type_of(request), CustomField.objects.filter(organization_id=own_organization(request))
    kept = list(mine.kept().filter(record_type=kind.key).order_by("position", "pk"))
    titles = {section.key: section.title for section in kind.layout}
    context = {
        "record_type": kind,
        "record_types": list(record_types),
        "sections": [(title, [row for row in kept if row.section == key]) for key, title in titles.items()],
        "count": len(kept),
        "removed": [_removed(row) for row in mine.removed().filter(record_type=kind.key).order_by("-removed_at")],
    }
    return setup_page(request, "setup/fields/list.html", context, here=HERE)


@for_administrators
@require_http_methods(["GET", "POST"])
def new_field(request: HttpRequest) -> HttpResponse:
    """First the kind, then what it asks for."""
    user, kind, record_type = person_of(request), request.GET.get("kind", ""), _type_of(request)
    if kind not in CustomKind.values:
        context = {"record_type": record_type, "kinds": [(key, CustomKind(key).label, text) for key, text in FOR_WHAT]}
        return setup_page(request, "setup/fields/kinds.html", context, here=HERE)
    form = FieldForm(request.POST or None, kind=kind, record_type=record_type, roles=_roles(user))
    options = _options(request, kind, [])
    if request.method == "POST" and "more" not in request.POST:
        if already_done(request):
            return _to_list(record_type)
        if _is_valid(form, options) and (row := attempt(form, lambda: create_field(record_type, kind, by=user, **_facts(form, options)))):
            _grant(form, row, user)
            remember(request, f"{reverse(HERE)}?type={record_type.key}")
            toast(request, _("Field added"))
            return _to_list(record_type)
    return _form_page(request, form, options, record_type, kind)


@for_administrators
@require_http_methods(["GET", "POST"])
def field(request: HttpRequest, pk: int) -> HttpResponse:
    """Change what a field asks for."""
    user, row = person_of(request), _kept_or_404(request, pk)
    record_type = record_types[row.record_type]
    form = FieldForm(request.POST or None, kind=row.kind, record_type=record_type, roles=_roles(user), row=row)
    options = _options(request, row.kind, row.options)
    if request.method == "POST" and "more" not in request.POST and _change(row, form, options, user):
        toast(request, _("Field changed"))
        return _to_list(record_type)
    return _form_page(request, form, options, record_type, row.kind, row=_kept_or_404(request, pk))


def _change(row: CustomField, form: FieldForm, options: Any, by: User) -> bool:
    if not _is_valid(form, options) or attempt(form, lambda: change_field(row, by=by, **_facts(form, options))) is None:
        return False
    _grant(form, row, by)
    return True


@for_administrators
@require_POST
def place_field(request: HttpRequest, pk: int) -> HttpResponse:
    """One place up or down."""
    row = _kept_or_404(request, pk)
    move_field(row, up="up" in request.POST, by=person_of(request))
    return _to_list(record_types[row.record_type])


@for_administrators
@require_http_methods(["GET", "POST"])
def drop_field(request: HttpRequest, pk: int) -> HttpResponse:
    """A page that says what goes, then it goes for 30 days."""
    row = _kept_or_404(request, pk)
    kind = record_types[row.record_type]
    if request.method == "POST":
        remove_field(row, by=person_of(request))
        toast(request, _("Field removed: it can be brought back for %(days)d days") % {"days": KEPT_FOR.days})
        return _to_list(kind)
    filled = kind.objects().filter(organization_id=own_organization(request), custom__has_key=row.name)[: COUNTED + 1].count()
    context = {"row": row, "record_type": kind, "filled": min(filled, COUNTED), "more": filled > COUNTED, "days": KEPT_FOR.days}
    return setup_page(request, "setup/fields/remove.html", context, here=HERE)


@for_administrators
@require_POST
def bring_back_field(request: HttpRequest, pk: int) -> HttpResponse:
    """With the values that records had."""
    row = own_or_404(CustomField, request, pk)
    try:
        restore_field(row, by=person_of(request))
        toast(request, _("Field is back"))
    except ValidationError as error:
        toast(request, " ".join(error.messages))
    return _to_list(record_types[row.record_type])


def _form_page(
    request: HttpRequest, form: FieldForm, options: Any, record_type: RecordType, kind: str, row: CustomField | None = None
) -> HttpResponse:
    context = {
        "form": form, "options": options, "record_type": record_type, "kind": CustomKind(kind), "row": row,
        "token": request.POST.get("token") or form_token(),
    }  # fmt: skip
    refused = form.is_bound and "more" not in request.POST
    return setup_page(request, "setup/fields/field.html", context, here=HERE, status=422 if refused else 200)


def _options(request: HttpRequest, kind: str, known: list[dict[str, Any]]) -> Any:
    """The rows of the choices; “more rows” shows what was typed so far with further empty ones."""
    if not has_options(kind):
        return None
    if request.method != "POST":
        return option_formset(EMPTY_ROWS if known else 5)(initial=known, prefix="option")
    typed = option_formset(0)(request.POST, prefix="option")
    if "more" not in request.POST:
        return typed
    rows = [{name: form[name].value() for name in form.fields} for form in typed.forms]
    return option_formset(5)(initial=[row for row in rows if row["label"] or row["key"]], prefix="option")


def _is_valid(form: FieldForm, options: Any) -> bool:
    return form.is_valid() and (options is None or options.is_valid())


def _facts(form: FieldForm, options: Any) -> dict[str, Any]:
    return form.facts | ({"options": [one.cleaned_data for one in options.forms if one.cleaned_data]} if options is not None else {})


def _grant(form: FieldForm, row: CustomField, by: User) -> None:
    for role, level in form.levels.items():
        if role.level(row.record_type, row.key) != level:
            change_role(role, by=by, levels={row.record_type: {row.key: level}})


def _roles(user: User) -> list[Role]:
    return list(Role.objects.filter(organization_id=user.own_organization_id).order_by("name"))


def _type_of(request: HttpRequest) -> RecordType:
    key = request.GET.get("type", "")
    found = record_types.get(key) if key else next(iter(record_types))
    if found is None:
        raise Http404
    return found


def _kept_or_404(request: HttpRequest, pk: int) -> CustomField:
    row = own_or_404(CustomField, request, pk)
    if row.removed_at is not None:
        raise Http404
    return row


def _removed(row: CustomField) -> Removed:
    left = (row.removed_at or timezone.now()) + KEPT_FOR - timezone.now()
    return Removed(row, max(0, -(-left // timedelta(days=1))))


def _to_list(record_type: RecordType) -> HttpResponse:
    return HttpResponseRedirect(f"{reverse(HERE)}?type={record_type.key}")
