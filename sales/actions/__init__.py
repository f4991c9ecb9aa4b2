from sales.actions.opportunities import lose_opportunity, move_to_stage, reopen_opportunity, win_opportunity
from sales.actions.pipelines import begin_pipelines

__all__ = ["begin_pipelines", "lose_opportunity", "move_to_stage", "reopen_opportunity", "win_opportunity"]
