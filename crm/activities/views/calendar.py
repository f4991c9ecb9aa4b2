"""The calendar as other programs read it: a secret address, and single meetings as files."""

import hashlib
import zoneinfo

from allauth.core import ratelimit
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotModified, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from crm.activities.actions.feeds import feed_of, find_feed, make_feed, note_reading, organization_of_key, revoke_feed
from crm.activities.calendar import feed_text, meeting_text
from crm.activities.models import CalendarFeed, Meeting
from crm.tenancy.transaction import tenant
from crm.ui.toasts import toast
from crm.views.loading import get_visible_or_404, person_of
from crm.views.once import already_done, form_token, remember

TYPE = "text/calendar; charset=utf-8"


@require_safe
def calendar(request: HttpRequest, key: str) -> HttpResponse:
    """What the address holds for whoever knows its secret; no session counts. Not there, revoked, deactivated: all the same 404."""
    if not ratelimit.consume(request, action="calendar"):
        return ratelimit.respond_429(request)  # type: ignore[no-any-return]
    organization = organization_of_key(key)
    if organization is None:
        raise Http404
    with tenant(organization):
        feed = find_feed(key)
        if feed is None:
            raise Http404
        return _answer(request, feed)


def _answer(request: HttpRequest, feed: CalendarFeed) -> HttpResponse:
    person = feed.person
    language = person.language or person.own_organization.language
    with timezone.override(zoneinfo.ZoneInfo(person.zone_name)), translation.override(language):
        text = feed_text(person, with_tasks=feed.with_tasks)
    note_reading(feed)
    tag = f'"{hashlib.sha256(text).hexdigest()[:32]}"'
    same = tag in [one.strip().removeprefix("W/") for one in request.headers.get("If-None-Match", "").split(",")]
    response = HttpResponseNotModified() if same else HttpResponse(text, content_type=TYPE)
    response["ETag"] = tag
    response["Cache-Control"] = "private, no-cache"
    response["X-Robots-Tag"] = "noindex"
    return response


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def own_calendar(request: HttpRequest) -> HttpResponse:
    """The own address: made, replaced, revoked. It is shown once, on the answer that makes it."""
    user = person_of(request)
    if request.method == "POST" and "revoke" in request.POST:
        revoke_feed(user)
        toast(request, _("The calendar's address answers no more"))
        return HttpResponseRedirect(reverse("own-calendar"))
    address = ""
    if request.method == "POST":
        done = already_done(request)
        if done:  # the page was loaded again: the address that was copied goes on answering
            toast(request, _("The address was made before, and shown then"))
            return HttpResponseRedirect(done)
        _feed, key = make_feed(user, with_tasks="with_tasks" in request.POST)
        address = request.build_absolute_uri(reverse("calendar", args=[key]))
        remember(request, reverse("own-calendar"))
    return render(request, "users/calendar.html", {"feed": feed_of(user), "address": address, "form_token": form_token()})


@login_required
@require_safe
def meeting_file(request: HttpRequest, pk: int) -> HttpResponse:
    """One meeting to take into any calendar."""
    user = person_of(request)
    meeting: Meeting = get_visible_or_404(Meeting.objects, user, pk)
    response = HttpResponse(meeting_text(meeting, user), content_type=TYPE)
    response["Content-Disposition"] = f'attachment; filename="meeting-{meeting.pk}.ics"'
    response["Cache-Control"] = "private, no-store"
    return response
