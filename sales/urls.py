"""The table of contents of sales."""

from django.urls import path

from crm.views.inline_urls import inline_urls
from sales.views.board import OpportunityBoard
from sales.views.opportunities import OpportunityCreate, OpportunityDetail, OpportunityList, OpportunityUpdate
from sales.views.stages import change_stage

opportunity_urls = [
    *inline_urls("opportunity"),
    path("", OpportunityList.as_view(), name="opportunity-list"),
    path("board/", OpportunityBoard.as_view(), name="opportunity-board"),
    path("new/", OpportunityCreate.as_view(), name="opportunity-create"),
    path("<int:pk>/", OpportunityDetail.as_view(), name="opportunity-detail"),
    path("<int:pk>/edit/", OpportunityUpdate.as_view(), name="opportunity-update"),
    path("<int:pk>/stage/", change_stage, name="opportunity-stage"),
]
