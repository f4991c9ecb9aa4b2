from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CustomersConfig(AppConfig):
    name = "customers"
    verbose_name = _("Customers")

    def ready(self) -> None:
        from crm.fields.record_types import record_types  # noqa: PLC0415  # models are loaded only now
        from customers import handlers, navigation  # noqa: F401, PLC0415
        from customers.records import ContactType, CustomerType  # noqa: PLC0415

        record_types.register(CustomerType, ContactType)
