"""The table of contents of customers and contacts."""

from django.urls import path

from crm.views.inline_urls import inline_urls
from customers.views import affiliations, contacts
from customers.views.customers import CustomerCreate, CustomerDetail, CustomerList, CustomerUpdate, add_relationship, remove_relationship
from customers.views.doubles import double_list
from customers.views.tags import change_tag, merge_tag, remove_tag, tag_list

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
    path("", contacts.ContactList.as_view(), name="contact-list"),
    path("new/", contacts.ContactCreate.as_view(), name="contact-create"),
    path("<int:pk>/", contacts.ContactDetail.as_view(), name="contact-detail"),
    path("<int:pk>/edit/", contacts.ContactUpdate.as_view(), name="contact-update"),
    path("<int:pk>/points/", contacts.add_contact_point, name="contact-point-add"),
    path("<int:pk>/points/<int:point>/", contacts.change_contact_point, name="contact-point-change"),
    path("<int:pk>/points/<int:point>/primary/", contacts.prefer_contact_point, name="contact-point-primary"),
    path("<int:pk>/points/<int:point>/remove/", contacts.remove_contact_point, name="contact-point-remove"),
    path("<int:pk>/roles/", affiliations.add_contact_role, name="contact-role-add"),
    path("<int:pk>/roles/<int:role>/", affiliations.change_contact_role, name="contact-role-change"),
    path("<int:pk>/roles/<int:role>/main/", affiliations.make_role_main, name="contact-role-main"),
    path("<int:pk>/roles/<int:role>/remove/", affiliations.remove_contact_role, name="contact-role-remove"),
]

setup_urls = [
    path("doubles/", double_list, name="double-list"),
    path("tags/", tag_list, name="tag-list"),
    path("tags/<int:pk>/", change_tag, name="tag-change"),
    path("tags/<int:pk>/merge/", merge_tag, name="tag-merge"),
    path("tags/<int:pk>/remove/", remove_tag, name="tag-remove"),
]
