"""The REST API, assembled from the rooms: one router for each record type, and the verbs that upper floors add."""

from ninja import NinjaAPI

from crm.activities.api import ActivityRouter
from crm.activities.models import KINDS
from crm.api import jobs
from crm.api.documented import docs_view, document_view
from crm.api.entrance import by_token
from crm.api.problems import add_handlers
from crm.api.router import RecordRouter
from crm.bulk import api as bulk
from crm.exports import api as exports
from crm.fields.record_types import record_types
from crm.imports import api as imports
from crm.notifications.api import add_following

api = NinjaAPI(title="Tern", version="1", urls_namespace="api", openapi_url=None, docs_url=None)
api.add_decorator(by_token, mode="view")
add_handlers(api)
for record_type in record_types:
    records = (ActivityRouter if record_type.key in KINDS else RecordRouter)(record_type)
    add_following(records)
    bulk.add_bulk(records)
    api.add_router(f"/{records.plural}", records.router)
api.add_router("/jobs", jobs.router)
api.add_router("/bulk", bulk.router)
api.add_router("/imports", imports.router)
api.add_router("/exports", exports.router)
openapi = document_view(api)
docs = docs_view(api)
