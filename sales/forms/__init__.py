from sales.forms.stages import StageForm, stage_form

__all__ = ["StageForm", "stage_form"]
