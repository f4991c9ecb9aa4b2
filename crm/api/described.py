"""What a route takes and gives, for the OpenAPI document. Schemas of records are named here and written at request time."""

from typing import Any

from crm.api.problems import MEDIA_TYPE

JSON = "application/json"
Extra = dict[str, Any]
USUAL = (400, 401, 403, 404, 413, 429)
WORDS = {
    200: "Done",
    201: "Made",
    204: "Gone",
    400: "Not understood",
    401: "No valid token",
    403: "Not allowed",
    404: "Not there, or not visible to you",
    412: "Somebody changed it in between",
    413: "Too large",
    415: "Not JSON",
    422: "Values that cannot be taken",
    428: "If-Match is missing",
    429: "Too many requests",
}
LIMITS = {
    f"RateLimit-{name}": {"description": words, "schema": {"type": "integer"}}
    for name, words in (("Limit", "Requests in a minute"), ("Remaining", "Left in this minute"), ("Reset", "Seconds until the next one"))
}
ETAG = {"ETag": {"description": "The version of the record, for If-Match", "schema": {"type": "string"}}}
LOCATION = {"Location": {"description": "The address of the new record", "schema": {"type": "string"}}}


def ref(name: str) -> Extra:
    return {"$ref": f"#/components/schemas/{name}"}


def parameter(name: str, schema: Extra, text: str, where: str = "query", **facts: Any) -> Extra:
    return {"name": name, "in": where, "required": False, "description": text, "schema": schema, **facts}


def described(
    gives: str = "",
    *,
    takes: str = "",
    status: int = 200,
    also: tuple[int, ...] = (),
    parameters: list[Extra] | None = None,
    headers: Extra | None = None,
) -> Extra:
    """`gives` and `takes` are names of schemas; `also` are problems besides the usual ones."""
    problems = (*USUAL, *((415, 422) if takes else ()), *also)
    found: Extra = {"responses": {code: _problem(code) for code in sorted(set(problems))}}
    done: Extra = {"description": WORDS[status], "headers": {**LIMITS, **(headers or {})}}
    if gives:
        done["content"] = {JSON: {"schema": ref(gives)}}
    found["responses"][status] = done
    if takes:
        found["requestBody"] = {"required": True, "content": {JSON: {"schema": ref(takes)}}}
    if parameters:
        found["parameters"] = parameters
    return found


def _problem(code: int) -> Extra:
    return {"description": WORDS[code], "content": {MEDIA_TYPE: {"schema": ref("Problem")}}}


FIELDS = parameter("fields", {"type": "string", "minLength": 1}, "Only these fields, separated by commas: name,owner")
IF_MATCH = parameter("If-Match", {"type": "string"}, 'The version that was read, as "3"; * for any', "header")
IDEMPOTENCY = parameter(
    "Idempotency-Key", {"type": "string", "minLength": 1, "maxLength": 200}, "Sent again within 24 hours, it is done once", "header"
)
LIST = [
    parameter("filter", {"type": "string"}, 'A rule as JSON: {"all": [{"field": "size", "op": "above", "value": 40}]}'),
    parameter("f", {"type": "array", "items": {"type": "string"}}, "Conditions as in the address of a list: size:above:40"),
    parameter("match", {"enum": ["all", "any"]}, "Whether all of f hold, or any"),
    parameter("q", {"type": "string"}, "Search; a single letter asks for the beginning of the name"),
    parameter("sort", {"type": "string"}, "A field, with - in front for the other way; -updated_at by default"),
    FIELDS,
    parameter("limit", {"type": "integer", "minimum": 1, "maximum": 200}, "Rows in a page, 50 by default"),
    parameter("cursor", {"type": "string"}, "next_cursor of the page before"),
]


def of_record(name: str, simple: str) -> dict[str, Extra]:
    """What the routes of every record type take and give, by route."""
    by_field = parameter("by_field", ref(simple), "Any field with the value that it has: ?city=Berlin", style="form", explode=True)
    return {
        "list": described(f"{name}Page", parameters=[*LIST, by_field]),
        "create": described(name, takes=f"New{name}", status=201, parameters=[IDEMPOTENCY], headers={**ETAG, **LOCATION}),
        "retrieve": described(name, parameters=[FIELDS], headers=ETAG),
        "update": described(name, takes=f"{name}Changes", also=(412, 428), parameters=[IF_MATCH], headers=ETAG),
        "delete": described(status=204, also=(412,), parameters=[IF_MATCH]),
        "restore": described(name, also=(422,), headers=ETAG),
        "share": described("Shares", takes="Share"),
        "unshare": described("Shares", takes="Holder"),
    }
