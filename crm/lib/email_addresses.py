"""E-mail addresses: read, mended where the meaning is plain, refused with a sentence that says how. docs/decisions/e-mail-addresses.md"""

import re
from collections.abc import Callable

import email_validator
from django.utils.translation import gettext as _

from crm.lib.invalid import InvalidValue
from crm.lib.text import clean

# A CRM also keeps addresses of intranets and the ".invalid" ones that other systems export; whether mail arrives is learned by sending.
for _name in ("invalid", "local", "test"):
    if _name in email_validator.SPECIAL_USE_DOMAIN_NAMES:
        email_validator.SPECIAL_USE_DOMAIN_NAMES.remove(_name)

MAX_LENGTH = 254
IN_ANGLE_BRACKETS = re.compile(r"[^<>@]*<([^<>\s]+)>")
SEVERAL = re.compile(r"@[^@]*[,;\s]+[^@\s]+@")
# Nearly every address: nothing to mend, nothing that the library would see otherwise. A tenth of its time.
PLAIN = re.compile(
    r"(?=[^@]{1,64}@.{4,189}$)[a-z0-9_+'-]+(?:\.[a-z0-9_+'-]+)*@(?:[a-z0-9](?:-?[a-z0-9]){0,30}\.)+(?!(?:arpa|localhost|onion|alt)$)[a-z]{2,30}"
)
LOCAL_CHARACTER = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]|[^\x00-\x7f]")


class InvalidEmail(InvalidValue):
    """The text is no e-mail address that a person can be written to."""


def normalise_email(text: str) -> str:
    """The address as it is written to: trimmed, out of "Name <address>" or "mailto:", the domain in lower case and in letters, not "xn--".

    The part before the @ keeps its case. Raises InvalidEmail. The address is not looked up.
    """
    if PLAIN.fullmatch(text):
        return text
    address = _bare(text)
    if problem := _problem(address):
        raise InvalidEmail(problem)
    try:
        normalised = email_validator.validate_email(address, check_deliverability=False, strict=True).normalized
    except email_validator.EmailNotValidError:
        raise InvalidEmail(_unusual(address)) from None
    if len(normalised) > MAX_LENGTH:
        raise InvalidEmail(_too_long(len(normalised), MAX_LENGTH))
    return normalised


def email_key(text: str) -> str:
    """What addresses are compared by: case-folded, the domain as ASCII. Never raises: text that is no address is its own key."""
    if PLAIN.fullmatch(text):
        return text
    address = _bare(text)
    if PLAIN.fullmatch(address.lower()) and address.isascii():
        return address.lower()
    try:
        found = email_validator.validate_email(address, check_deliverability=False, strict=True)
    except email_validator.EmailNotValidError:
        return address.casefold()
    return f"{found.local_part.casefold()}@{found.ascii_domain}"


def _bare(text: str) -> str:
    """Without what people paste along: spaces around, "mailto:", a display name."""
    address = clean(text)
    if address[:7].casefold() == "mailto:":
        address = address[7:].partition("?")[0].strip()
    if match := IN_ANGLE_BRACKETS.fullmatch(address):
        return match[1]
    return address


def _problem(address: str) -> str:
    """The most likely slip, in words; empty when none of them is there."""
    for is_there, message in SLIPS:
        if is_there(address):
            return message()
    return _problem_before_at(address.rpartition("@")[0])


def _problem_before_at(local: str) -> str:
    if wrong := next((character for character in local if not LOCAL_CHARACTER.fullmatch(character)), ""):
        return _("“%(character)s” cannot stand before the @. Take it out.") % {"character": wrong}
    if len(local) > 64:
        return _too_long(len(local), 64, before_at=True)
    return ""


def _too_long(length: int, limit: int, *, before_at: bool = False) -> str:
    facts = {"length": length, "limit": limit}
    if before_at:
        return _("There are %(length)d characters before the @, at most %(limit)d are possible. Check what was pasted along.") % facts
    return _("The address has %(length)d characters, at most %(limit)d are possible. Check what was pasted along.") % facts


def _unusual(address: str) -> str:
    domain = address.rpartition("@")[2]
    return _("“%(domain)s” is not a domain that mail can be sent to. Write the address like name@example.com.") % {"domain": domain[:80]}


def _domain(address: str) -> str:
    return address.rpartition("@")[2]


def _like(sentence: str) -> str:
    return _("Write it like name@example.com; %(slip)s.") % {"slip": sentence}


SLIPS: list[tuple[Callable[[str], bool], Callable[[], str]]] = [
    (lambda a: not a, lambda: _("Write an address like name@example.com.")),
    (
        lambda a: bool(SEVERAL.search(a)),
        lambda: _("There is more than one address here. Write one; further ones have fields of their own."),
    ),
    (lambda a: "＠" in a or "﹫" in a, lambda: _like(_("the @ is a wide one, type it again"))),
    (lambda a: "@" not in a, lambda: _like(_("the @ is missing"))),
    (lambda a: a[:1] in {'"', "("} or '"@' in a, lambda: _like(_("quotation marks and brackets cannot be part of it"))),
    (lambda a: a.count("@") > 1, lambda: _like(_("there is more than one @"))),
    (lambda a: a.startswith("@"), lambda: _like(_("the name before the @ is missing"))),
    (lambda a: a.endswith("@"), lambda: _like(_("the domain after the @ is missing"))),
    (lambda a: bool(re.search(r"\s@", a)), lambda: _like(_("there is a space before the @"))),
    (lambda a: bool(re.search(r"@\s", a)), lambda: _like(_("there is a space after the @"))),
    (lambda a: bool(re.search(r"\s", a)), lambda: _like(_("there is a space in it"))),
    (lambda a: ".." in a, lambda: _like(_("there are two full stops in a row"))),
    (lambda a: a.startswith("."), lambda: _like(_("it cannot begin with a full stop"))),
    (lambda a: ".@" in a, lambda: _like(_("there is a full stop right before the @"))),
    (lambda a: "@." in a, lambda: _like(_("there is a full stop right after the @"))),
    (lambda a: a[-1:] in set(".,;:"), lambda: _like(_("take away the punctuation at the end"))),
    (lambda a: "," in _domain(a), lambda: _like(_("there is a comma in the domain, probably for a full stop"))),
    (lambda a: "[" in _domain(a), lambda: _like(_("a number in brackets is not a domain"))),
    (lambda a: bool(re.search(r"\.[^.]$", a)), lambda: _like(_("the ending of the domain is cut off"))),
    (lambda a: "." not in _domain(a) and "。" not in _domain(a), lambda: _like(_("the domain has no ending such as .com"))),
]
