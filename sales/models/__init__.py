from sales.models.access import OpportunityAccess, OpportunityPersonShare, OpportunityTeamShare
from sales.models.opportunities import Opportunity, OpportunityContact, StageChange
from sales.models.pipelines import Pipeline, Stage

__all__ = [
    "Opportunity",
    "OpportunityAccess",
    "OpportunityContact",
    "OpportunityPersonShare",
    "OpportunityTeamShare",
    "Pipeline",
    "Stage",
    "StageChange",
]
