"""A request that is sent again is done once: its Idempotency-Key remembers what it was answered, for 24 hours, in the database."""

from collections.abc import Callable
from hashlib import sha256

from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from crm.api.actions.forget import ANSWERS_KEPT
from crm.api.models import IdempotentAnswer
from crm.api.problems import Problem
from crm.users.models import User

HEADER = "Idempotency-Key"
LONGEST = 200
KEPT = ("Location", "ETag")


def done_once(request: HttpRequest, by: User, do: Callable[[], HttpResponse]) -> HttpResponse:
    """Do it, or answer as the first time. Of two at once the second waits for the first.

    Nothing is kept of a request that was refused. Raises Problem 422 where the key belongs to another request.
    """
    key = _key(request)
    if key is None:
        return do()
    mark = sha256(f"{request.method} {request.get_full_path()}\n".encode() + request.body).hexdigest()
    same = {"organization_id": by.own_organization_id, "person": by, "key": key}
    rows = IdempotentAnswer.objects.filter(**same)
    rows.filter(at__lt=timezone.now() - ANSWERS_KEPT).delete()
    try:
        with transaction.atomic():
            IdempotentAnswer.objects.create(**same, fingerprint=mark)
    except IntegrityError:
        return _again(rows.get(), mark)
    response = do()
    kept = {name: response.headers[name] for name in KEPT if name in response.headers}
    rows.update(status=response.status_code, headers=kept, body=response.content.decode())
    return response


def _key(request: HttpRequest) -> str | None:
    key = request.headers.get(HEADER)
    if key is not None and (not 0 < len(key) <= LONGEST or not key.isprintable()):
        raise Problem(400, _("An Idempotency-Key has 1 to %(most)d characters.") % {"most": LONGEST}, code="invalid_idempotency_key")
    return key


def _again(known: IdempotentAnswer, mark: str) -> HttpResponse:
    if known.fingerprint != mark:
        text = _("This Idempotency-Key was used for another request. Send each new request with a new key.")
        raise Problem(422, text, code="idempotency_key_reused")
    headers = {**known.headers, "Idempotent-Replayed": "true"}
    return HttpResponse(known.body, content_type="application/json", status=known.status, headers=headers)
