"""Yes and no as files write them."""

from __future__ import annotations

from django.utils.translation import gettext as _

from .headers import normal

YES = (
    "yes y true t 1 on x checked si s oui o ja j wahr vrai verdadero sim да はい 是 active done completed complete erledigt selected ✓ ✔ ☑"
)
NO = "no n false f 0 off unchecked non nein falsch faux falso nao нет いいえ 否 inactive open unselected ✗ ✘ ☐"
BOOLEANS: dict[str, bool] = {**dict.fromkeys(YES.split(), True), **dict.fromkeys(NO.split(), False), "to do": False, "not done": False}
# What is said of somebody's consent, whichever way the column asks: True is "leave me alone".
CONSENT = {
    "allow": False, "allowed": False, "subscribed": False, "opted in": False, "opt in": False, "consented": False,
    "do not allow": True, "not allowed": True, "unsubscribed": True, "opted out": True, "opt out": True, "no consent": True,
    "cleaned": True, "nicht zulassen": True, "zulassen": False, "ne pas autoriser": True, "autoriser": False,
}  # fmt: skip


def parse_consent(text: str) -> bool | None:
    """Whether the value itself says that somebody does not want to be written to or called; None where it is a plain yes or no."""
    return CONSENT.get(normal(text))


def parse_yes_no(text: str) -> bool | None:
    """True, False, or None for an empty text. Raises ValueError with a sentence for anything else."""
    value = text.strip()
    if not value:
        return None
    known = BOOLEANS.get(value) if value in BOOLEANS else BOOLEANS.get(normal(value.removesuffix(".0")))
    if known is None:
        raise ValueError(_("“%(text)s” is neither yes nor no: write yes or no.") % {"text": value[:60]})
    return known
