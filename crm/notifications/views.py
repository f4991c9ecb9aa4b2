"""The bell, the page of notifications, following, and the e-mails of which nobody knows whether they arrived."""

from datetime import time
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import time_format
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from crm.access.decisions import NotPermitted
from crm.notifications.actions import follow, mark_all_read, mark_read, mark_unread, unfollow
from crm.notifications.bell import unread_count
from crm.notifications.centre import Centre, moment, time_of
from crm.notifications.kinds import chosen_kinds
from crm.notifications.mails import send_again, set_aside, uncertain_mails
from crm.notifications.models import Channel, Notification, NotificationMail, Preference
from crm.notifications.preferences import preference_of, set_channels
from crm.notifications.wording import kinds, worded
from crm.ui.toasts import toast
from crm.users.models import User
from crm.users.viewing import viewing_of
from crm.views.loading import get_visible_or_404, person_of, record_type_or_404


@login_required
@require_GET
def notifications(request: HttpRequest) -> HttpResponse:
    """The newest first, 50 a page: all or unread ones, of every kind or of one."""
    user = person_of(request)
    context = {
        "centre": Centre(user, request.GET),
        "unread": unread_count(user),
        "uncertain": uncertain_mails(user.organization_id).count() if user.is_administrator else 0,
    }
    return render(request, "notifications/list.html", context)


@login_required
@require_GET
def bell(request: HttpRequest) -> HttpResponse:
    """The link with its count: what the page asks for every half minute while somebody looks."""
    count = unread_count(person_of(request))
    return render(request, "notifications/bell.html", {"count": count})


@login_required
@require_GET
def open_one(request: HttpRequest, pk: int) -> HttpResponse:
    """To the record, and the notification is read: by its person, not by an administrator who sees Tern as them."""
    user = person_of(request)
    notification = get_object_or_404(Notification.objects.of(user).select_related("actor"), pk=pk)
    if viewing_of(request) is None:
        mark_read(user, pk)
    return HttpResponseRedirect(worded([notification], user)[0].url or reverse("notification-list"))


@login_required
@require_POST
def read(request: HttpRequest, pk: int) -> HttpResponse:
    now = timezone.now()
    if not mark_read(person_of(request), pk, at=now):
        raise Http404
    toast(request, _("Marked as read"), undo=reverse("notification-unread", args=[moment(now)]))
    return _back(request)


@login_required
@require_POST
def read_all(request: HttpRequest) -> HttpResponse:
    """All, or (with `kind`) those of a kind."""
    now, kind = timezone.now(), request.POST.get("kind", "")
    marked = mark_all_read(person_of(request), kind=kind if kind in kinds() else "", at=now)
    undo = reverse("notification-unread", args=[moment(now)]) if marked else ""
    toast(request, _("All marked as read"), undo=undo)
    return _back(request)


@login_required
@require_POST
def unread(request: HttpRequest, at: int) -> HttpResponse:
    """The way back: what was marked as read at that moment is new again."""
    read_at = time_of(at)
    if read_at is None:
        raise Http404
    mark_unread(person_of(request), read_at=read_at)
    return _back(request)


@login_required
@require_POST
def follow_record(request: HttpRequest, record_type: str, pk: int) -> HttpResponse:
    """Follow, or stop following."""
    user = person_of(request)
    record = get_visible_or_404(record_type_or_404(record_type).objects(), user, pk)
    wanted = request.POST.get("follow", "1") == "1"
    (follow if wanted else unfollow)(record, by=user)
    text = _("You follow %(record)s") if wanted else _("You no longer follow %(record)s")
    toast(request, text % {"record": record})
    return HttpResponseRedirect(record.get_absolute_url())


@login_required
@require_http_methods(["GET", "POST"])
def preferences(request: HttpRequest) -> HttpResponse:
    """By which way a person is told of what."""
    user = person_of(request)
    kept = preference_of(user)
    if request.method == "POST":
        channels = {kind.key: request.POST[f"kind-{kind.key}"] for kind in chosen_kinds() if f"kind-{kind.key}" in request.POST}
        hour = request.POST.get("digest_hour", "")
        try:
            set_channels(user, kept.channels | channels, digest_hour=int(hour) if hour.isdecimal() and len(hour) < 3 else 24)
        except ValidationError as error:
            return render(request, "notifications/preferences.html", _choices(user, kept) | {"error": error.messages[0]}, status=422)
        toast(request, _("Your choice is saved"))
        return HttpResponseRedirect(reverse("notification-list"))
    return render(request, "notifications/preferences.html", _choices(user, kept))


def _choices(user: User, kept: Preference) -> dict[str, Any]:
    kinds = [(kind, kept.channels.get(kind.key, kind.usual)) for kind in chosen_kinds()]
    hours = [(hour, time_format(time(hour), "TIME_FORMAT")) for hour in range(24)]
    return {"kinds": kinds, "channels": Channel.choices, "hours": hours, "digest_hour": kept.digest_hour, "address": user.email}


@login_required
@require_GET
def uncertain(request: HttpRequest) -> HttpResponse:
    """E-mails that may have arrived or not, for administrators to decide."""
    user = _administrator(request)
    return render(request, "notifications/uncertain.html", {"mails": uncertain_mails(user.organization_id)[:100]})


@login_required
@require_POST
def settle(request: HttpRequest, pk: int) -> HttpResponse:
    """Send it again, or set it aside."""
    user = _administrator(request)
    mail: NotificationMail = get_object_or_404(uncertain_mails(user.organization_id), pk=pk)
    if request.POST.get("do") == "send":
        send_again(mail)
        toast(request, _("The e-mail is on its way again"))
    else:
        set_aside(mail)
        toast(request, _("E-mail set aside"))
    return HttpResponseRedirect(reverse("notification-uncertain"))


def _administrator(request: HttpRequest) -> User:
    user = person_of(request)
    if not user.is_administrator:
        raise NotPermitted(user, "change", record_type="organization")
    return user


def _back(request: HttpRequest) -> HttpResponse:
    address = request.POST.get("next", "")
    allowed = url_has_allowed_host_and_scheme(address, {request.get_host()}, require_https=request.is_secure())
    return HttpResponseRedirect(address if address and allowed else reverse("notification-list"))
