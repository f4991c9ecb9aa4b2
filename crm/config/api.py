"""The REST API, assembled from the rooms: one router for each record type, and the verbs that upper floors add."""

from ninja import NinjaAPI

from crm.api.entrance import by_token
from crm.api.problems import add_handlers
from crm.api.router import RecordRouter
from crm.fields.record_types import record_types

api = NinjaAPI(title="Tern", version="1", urls_namespace="api", openapi_url=None, docs_url=None)
api.add_decorator(by_token, mode="view")
add_handlers(api)
for record_type in record_types:
    records = RecordRouter(record_type)
    api.add_router(f"/{records.plural}", records.router)
