"""If-Match: who changes a record says which version of it was read."""

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _

from crm.api.problems import Problem


def require_match(request: HttpRequest, record: Any, *, needed: bool) -> None:
    """Raise Problem 412 where the record has another version by now, 428 where none was said and one is `needed`."""
    said = request.headers.get("If-Match")
    if said is None:
        if needed:
            raise Problem(428, _('Say which version you read: If-Match: "3", or If-Match: * to write whatever it is.'))
        return
    if said.strip() != "*" and f'"{record.version}"' not in {tag.strip() for tag in said.split(",")}:
        raise Problem(
            412,
            _("This is version %(version)d by now. Read it again, and decide.") % {"version": record.version},
            code="version_conflict",
            headers={"ETag": f'"{record.version}"'},
        )
