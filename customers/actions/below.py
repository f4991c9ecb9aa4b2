"""Writing a row below a record: checked like the record itself."""

from django.db import IntegrityError, models, transaction

from crm.records.actions.checks import check_constraints, explained


def write(row: models.Model, *keys: str) -> None:
    """Check the row and insert it, or update the columns `keys`.

    Raises ValidationError with the sentence of what is wrong, also when a simultaneous write was there first.
    """
    row.full_clean(exclude=["organization"], validate_unique=False, validate_constraints=False)
    check_constraints(row, set())
    try:
        with transaction.atomic():
            row.save(update_fields=keys) if keys else row.save(force_insert=True)
    except IntegrityError as error:
        raise explained(error, row) from error
