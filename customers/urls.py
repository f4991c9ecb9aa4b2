"""The table of contents of customers and contacts."""

from django.urls import path

from crm.views.inline_urls import inline_urls
from customers.views.contacts import ContactCreate, ContactDetail, ContactList, ContactUpdate, add_contact_point, change_contact_point
from customers.views.customers import CustomerCreate, CustomerDetail, CustomerList, CustomerUpdate, add_relationship, remove_relationship
from customers.views.tags import change_tag, tag_list

customer_urls = [
    *inline_urls("customer"),
    path("", CustomerList.as_view(), name="customer-list"),
    path("new/", CustomerCreate.as_view(), name="customer-create"),
    path("<int:pk>/", CustomerDetail.as_view(), name="customer-detail"),
    path("<int:pk>/edit/", CustomerUpdate.as_view(), name="customer-update"),
    path("<int:pk>/relationships/", add_relationship, name="customer-relate"),
    path("<int:pk>/relationships/<int:relationship>/remove/", remove_relationship, name="customer-unrelate"),
]

contact_urls = [
    *inline_urls("contact"),
    path("", ContactList.as_view(), name="contact-list"),
    path("new/", ContactCreate.as_view(), name="contact-create"),
    path("<int:pk>/", ContactDetail.as_view(), name="contact-detail"),
    path("<int:pk>/edit/", ContactUpdate.as_view(), name="contact-update"),
    path("<int:pk>/points/", add_contact_point, name="contact-point-add"),
    path("<int:pk>/points/<int:point>/", change_contact_point, name="contact-point-change"),
]

setup_urls = [
    path("tags/", tag_list, name="tag-list"),
    path("tags/<int:pk>/", change_tag, name="tag-change"),
]
