"""Model fields that say more than their column type: money, phone, country, web address."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models

from crm.lib.email_addresses import InvalidEmail, normalise_email


class MoneyField(models.DecimalField):  # type: ignore[type-arg]  # generic in the stubs alone
    """An amount, numeric(19, 4). Its currency is the record's column that `currency` names."""

    def __init__(self, *args: Any, currency: str = "currency", **kwargs: Any) -> None:
        self.currency = currency
        kwargs.setdefault("max_digits", 19)
        kwargs.setdefault("decimal_places", 4)
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        return name, path, args, {**kwargs, "currency": self.currency}


class PhoneField(models.CharField):  # type: ignore[type-arg]  # generic in the stubs alone
    """A telephone number in E.164, with ";ext=12" where it has an extension."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", 40)
        super().__init__(*args, **kwargs)


class CountryField(models.CharField):  # type: ignore[type-arg]  # generic in the stubs alone
    """ISO 3166 alpha-2, upper case."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", 2)
        super().__init__(*args, **kwargs)


class CurrencyField(models.CharField):  # type: ignore[type-arg]  # generic in the stubs alone
    """ISO 4217, upper case."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", 3)
        super().__init__(*args, **kwargs)


class LanguageField(models.CharField):  # type: ignore[type-arg]  # generic in the stubs alone
    """ISO 639-1, lower case."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", 8)
        super().__init__(*args, **kwargs)


def validate_email_address(value: str) -> None:
    """Raises ValidationError that says how to mend the address. Unlike Django's own it takes letters outside ASCII before the @."""
    try:
        normalise_email(value)
    except InvalidEmail as error:
        raise ValidationError(error.message, code=error.code) from None


class EmailColumn(models.EmailField):  # type: ignore[type-arg]  # generic in the stubs alone
    """An e-mail address as it is written to; compared by its key, without case."""

    default_validators = [validate_email_address]
