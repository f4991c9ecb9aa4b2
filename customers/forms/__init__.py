from customers.forms.contacts import AffiliationForm, PointForm
from customers.forms.customers import RelationshipForm
from customers.forms.tags import MergeForm, TagForm

__all__ = ["AffiliationForm", "MergeForm", "PointForm", "RelationshipForm", "TagForm"]
