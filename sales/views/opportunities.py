from crm.views.details import RecordDetailView
from crm.views.editing import RecordCreateView, RecordUpdateView
from crm.views.lists import RecordListView
from sales.models import Opportunity


class OpportunityList(RecordListView):
    model, template_name = Opportunity, "sales/opportunities/list.html"


class OpportunityDetail(RecordDetailView):
    model, template_name = Opportunity, "sales/opportunities/detail.html"


class OpportunityCreate(RecordCreateView):
    model = Opportunity


class OpportunityUpdate(RecordUpdateView):
    model = Opportunity
