"""Each request has an Idempotency-Key of its own: one that is sent again is answered with a record that may be deleted by then.

A request that is to lack a header is left as it is: schemathesis gives one that a hook has changed all its headers back.
"""

from itertools import count
from typing import Any
from uuid import uuid4

import schemathesis
from schemathesis.generation.meta import CoverageScenario

RUN, NUMBERS, LONGEST = uuid4().hex[:12], count(), 150


@schemathesis.hook
def before_call(context: Any, case: Any, kwargs: dict[str, Any]) -> None:
    if case.meta is not None and getattr(case.meta.phase.data, "scenario", None) == CoverageScenario.MISSING_PARAMETER:
        return
    key = (case.headers or {}).get("Idempotency-Key")
    if isinstance(key, str) and 0 < len(key) <= LONGEST:
        case.headers["Idempotency-Key"] = f"{key}-{RUN}-{next(NUMBERS)}"
