from crm.views.details import RecordDetailView
from crm.views.editing import RecordCreateView, RecordUpdateView
from crm.views.lists import RecordListView
from sales.models import Opportunity


class OpportunityList(RecordListView):
    model = Opportunity


class OpportunityDetail(RecordDetailView):
    model = Opportunity


class OpportunityCreate(RecordCreateView):
    model = Opportunity


class OpportunityUpdate(RecordUpdateView):
    model = Opportunity
