"""The addresses of the whole house."""

from django.urls import include, path

from crm.bulk.urls import bulk_urls
from crm.config.admin import site
from crm.config.api import api, docs, openapi
from crm.exports.urls import export_urls
from crm.help.urls import help_urls
from crm.imports.urls import import_urls
from crm.runtime.health import healthz
from customers.urls import contact_urls, customer_urls, setup_urls
from sales.urls import opportunity_urls

handler400 = "crm.ui.errors.bad_request"
handler403 = "crm.ui.errors.forbidden"
handler404 = "crm.ui.errors.not_found"
handler500 = "crm.ui.errors.server_error"

urlpatterns = [
    path("healthz", healthz, name="healthz"),
    path("accounts/", include("allauth.urls")),
    path("admin/", site.urls),
    path("", include("crm.ui.urls")),
    path("", include("crm.views.urls")),
    path("", include("crm.notifications.urls")),
    path("", include("crm.activities.urls")),
    path("", include("crm.setup.urls")),
    path("customers/", include(customer_urls)),
    path("contacts/", include(contact_urls)),
    path("opportunities/", include(opportunity_urls)),
    path("imports/", include(import_urls)),
    path("exports/", include(export_urls)),
    path("bulk/", include(bulk_urls)),
    path("help/", include(help_urls)),
    path("setup/", include(setup_urls)),
    path("api/v1/docs", docs, name="api-docs"),
    path("api/v1/openapi.json", openapi, name="api-document"),
    path("api/v1/", api.urls),
]
