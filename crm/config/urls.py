"""The addresses of the whole house."""

from django.urls import include, path

from customers.urls import contact_urls, customer_urls

urlpatterns = [
    path("accounts/", include("allauth.urls")),
    path("customers/", include(customer_urls)),
    path("contacts/", include(contact_urls)),
]
