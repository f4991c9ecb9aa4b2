"""The table of contents of sales."""

from django.urls import path

from crm.views.inline_urls import inline_urls
from sales.views.opportunities import OpportunityCreate, OpportunityDetail, OpportunityList, OpportunityUpdate

opportunity_urls = [
    *inline_urls("opportunity"),
    path("", OpportunityList.as_view(), name="opportunity-list"),
    path("new/", OpportunityCreate.as_view(), name="opportunity-create"),
    path("<int:pk>/", OpportunityDetail.as_view(), name="opportunity-detail"),
    path("<int:pk>/edit/", OpportunityUpdate.as_view(), name="opportunity-update"),
]
