"""The forms of the wizard: the file, how it is read, what is done with it."""

from collections.abc import Iterable, Sequence
from typing import Any

from django import forms
from django.conf import settings
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from crm.fields.fields import Field
from crm.fields.kinds import Kind
from crm.fields.record_types import record_types
from crm.imports.kinds import IMPORTABLE
from crm.imports.models import Import, Mode
from crm.imports.options import Options
from crm.imports.targets import is_reference
from crm.lib.countries import country_choices
from crm.records.own_ids import OWN_ID
from crm.ui.formats import file_size
from crm.users.models import Reach, User

ENCODINGS = [
    ("utf-8", "UTF-8"), ("cp1252", "Windows-1252"), ("iso8859-1", "ISO-8859-1"), ("iso8859-15", "ISO-8859-15"), ("cp1250", "Windows-1250"),
    ("cp1251", "Windows-1251"), ("utf-16", "UTF-16"), ("mac_roman", "Mac Roman"), ("cp437", "DOS 437"), ("cp850", "DOS 850"),
    ("shift_jis", "Shift JIS"), ("gb18030", "GB 18030"), ("big5", "Big5"), ("euc_kr", "EUC-KR"),
]  # fmt: skip
DELIMITERS = [(",", _("Comma ,")), (";", _("Semicolon ;")), ("tab", _("Tab")), ("|", _("Bar |")), ("none", _("None, a single column"))]
PROBLEMS = [
    ("skip", _("Skip them and give me a file")),
    ("leave_out", _("Import them without the wrong values")),
    ("stop", _("Stop the import")),
]
MODES = Mode.choices
MOST_NAMED = 8


class UploadForm(forms.Form):
    """A file and what its rows are."""

    file = forms.FileField(
        label=_("File"),
        error_messages={"required": _("Choose a file."), "empty": _("The file is empty: export it again and choose the new file.")},
    )
    record_type = forms.ChoiceField(label=_("The rows are"), required=False)

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["file"].help_text = _("CSV, XLSX or vCard; up to %(size)s and 1,000,000 rows.") % {
            "size": file_size(settings.IMPORT_MAX_BYTES)
        }
        kinds = [
            (key, record_types[key].label_plural)
            for key in IMPORTABLE
            if key in record_types and any(user.reach(key, verb) != Reach.NONE for verb in ("create", "change"))
        ]
        choice = self.fields["record_type"]
        assert isinstance(choice, forms.ChoiceField)  # declared so above
        choice.choices = [("", _("What the file looks like")), *kinds]


class FileForm(forms.Form):
    """How the file is read, and what numbers and dates without more mean."""

    encoding = forms.ChoiceField(label=_("Encoding"), required=False)
    delimiter = forms.ChoiceField(label=_("Delimiter"), required=False)
    sheet = forms.ChoiceField(label=_("Sheet"), required=False)
    header = forms.ChoiceField(
        label=_("First row"),
        required=False,
        choices=[("", _("Guessed")), ("yes", _("Holds the names of the columns")), ("no", _("Holds data"))],
    )
    country = forms.ChoiceField(
        label=_("Country"), required=False, help_text=_("Where telephone numbers and addresses without a country belong.")
    )

    def __init__(self, *args: Any, run: Import, guessed: dict[str, str], sheets: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        options = Options.of(run.settings)
        self._offer("encoding", ENCODINGS, options.encoding, guessed.get("encoding", ""))
        self._offer("delimiter", DELIMITERS, options.delimiter, guessed.get("delimiter", ""))
        self._offer("sheet", [(name, name) for name in sheets], options.sheet, guessed.get("sheet", ""))
        country = self.fields["country"]
        assert isinstance(country, forms.ChoiceField)  # declared so above
        country.choices = [("", _("Not known")), *country_choices()]
        self.initial = {**self.initial, "header": options.header, "country": options.country}
        if run.kind != "csv":
            del self.fields["delimiter"]
        if run.kind == "xlsx":
            del self.fields["encoding"]
        if run.kind == "vcard":
            del self.fields["header"]
        if not sheets:
            del self.fields["sheet"]

    def _offer(self, name: str, choices: list[Any], chosen: str, guessed: str) -> None:
        choice = self.fields[name]
        assert isinstance(choice, forms.ChoiceField)  # declared so above
        known = dict(choices)
        label = known.get(guessed, guessed or _("Guessed"))
        choice.choices = [("", _("%(name)s (detected)") % {"name": label}), *[(key, text) for key, text in choices if key != guessed]]
        self.initial[name] = chosen if chosen in known else ""


def shortened(names: Sequence[str]) -> str:
    """The first ones, and how many more there are."""
    more = len(names) - MOST_NAMED
    shown = ", ".join(names[:MOST_NAMED])
    return _("%(names)s and %(count)d more") % {"names": shown, "count": more} if more > 0 else shown


class MatchForm(forms.Form):
    """How records are recognised, what is done with them, who owns new ones."""

    match = forms.ChoiceField(label=_("Recognise records by"), required=False)
    mode = forms.ChoiceField(label=_("What to do"), choices=MODES)
    owner = forms.ModelChoiceField(User.objects.none(), label=_("Owner of new records"), required=False, empty_label=_("Me"))
    problems = forms.ChoiceField(label=_("Rows with errors"), choices=PROBLEMS, widget=forms.RadioSelect)
    clear_empty = forms.BooleanField(label=_("Empty cells empty the field of records that are here"), required=False)
    create_companions = forms.BooleanField(label=_("Add customers that are named and do not exist yet"), required=False)
    create_tags = forms.BooleanField(label=_("Add tags that do not exist yet"), required=False)
    consent_off = forms.BooleanField(
        label=_("Take back refusals"), required=False,
        help_text=_("People who did not want to be written to or called may be, where the file says so. You answer for their consent."),
    )  # fmt: skip

    def __init__(
        self, *args: Any, run: Import, by: User, matches: Iterable[list[str]], new_tags: Sequence[str] = (), **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        options = Options.of(run.settings)
        fields = run.type.fields
        match = self.fields["match"]
        assert isinstance(match, forms.ChoiceField)  # declared so above
        match.choices = [
            *[(",".join(keys), capfirst(" + ".join(str(fields[key].label) if key in fields else key for key in keys))) for keys in matches],
            ("", _("Nothing: every row is a new record")),
        ]
        owner = self.fields["owner"]
        assert isinstance(owner, forms.ModelChoiceField)  # declared so above
        owner.queryset = User.objects.of_organization(by.organization_id).active().order_by("name")
        self._leave_out_what_does_not_apply(run, by)
        if new_tags and "create_tags" in self.fields:
            self.fields["create_tags"].help_text = _("In the file and not here yet: %(tags)s") % {"tags": shortened(new_tags)}
        problems = "stop" if options.stop_on_problems else "leave_out" if options.leave_out else "skip"
        self.initial = {**self.initial, 
            "match": ",".join(run.match), "mode": run.mode, "owner": run.owner_id, "problems": problems,
            "clear_empty": options.clear_empty, "create_companions": options.create_companions, "create_tags": options.create_tags,
            "consent_off": options.consent_off,
        }  # fmt: skip

    def _leave_out_what_does_not_apply(self, run: Import, by: User) -> None:
        targets = {column["target"] for column in run.mapping}
        kinds = {run.type.fields[key].kind for key in targets if key in run.type.fields}
        if not (Kind.TAGS in kinds and by.is_administrator):
            del self.fields["create_tags"]
        if Kind.REFERENCE not in kinds or run.record_type != "contact":
            del self.fields["create_companions"]
        if not set(run.type.consent) & targets:
            del self.fields["consent_off"]


LABELLED = {
    "work": _("%(field)s, work"), "home": _("%(field)s, home"), "mobile": _("%(field)s, mobile"), "fax": _("%(field)s, fax"),
    "other": _("%(field)s, other"), "kind": _("Type of %(field)s"),
}  # fmt: skip
WAYS = {
    Kind.PERSON: {"email": _("%(field)s, by e-mail")},
    Kind.REFERENCE: {"key": _("%(field)s, by Tern's own id"), "id": _("%(field)s, by external id"), "domain": _("%(field)s, by domain")},
    Kind.YES_NO: {"negated": _("%(field)s, the other way round")},
    **{key: {"join": _("%(field)s, added to it")} for key in (Kind.TEXT, Kind.LONG_TEXT, Kind.TIME)},
}


def _ways(key: str, field: Field, further: set[str]) -> dict[str, Any]:
    """{qualifier: words} of the other ways in which a column can go to a field."""
    if key in further:
        return LABELLED
    whole = {"full_address": _("%(field)s, city and country in one")} if key.endswith("street") else {}
    return {**WAYS.get(field.kind, {}), **whole}


def targets_of(fields: dict[str, Field], further: Iterable[str]) -> list[tuple[str, list[tuple[str, str]]]]:
    """The list of a column: groups of (value, label). References say how they are named, addresses and numbers their kind."""
    plain = [(f"{key}:name" if is_reference(field) else key, str(field.label)) for key, field in fields.items()]
    further = set(further)
    special = [
        (f"{key}:{way}", str(words % {"field": field.label}))
        for key, field in fields.items()
        for way, words in _ways(key, field, further).items()
    ]
    special.append((OWN_ID, str(_("Tern's own id"))))
    if "last_name" in fields:
        special.insert(0, ("last_name:full_name", str(_("Whole name"))))
    return [(str(_("Fields")), plain), (str(_("In parts or other ways")), special)]
