"""Fields that an organization added are in its files, by themselves."""

import io
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal

import openpyxl

from crm.fields.record_types import record_types
from crm.imports.models import Action
from crm.setup.actions import create_field
from crm.users.models import Role, User
from tests.exports.test_exact import dry_run, told
from tests.factories.customers import make_customer

OPTIONS = {"choice": [{"label": "Gold"}, {"label": "Silver"}], "choices": [{"label": "Pumps"}, {"label": "Valves"}]}
LABELS = ["Site", "Hint", "Machines", "Limit", "Warranty", "Contract", "Tier", "Interests", "Portal", "Invoices", "Hotline", "Engineer"]
KINDS = ["text", "long_text", "decimal", "money", "date", "yes_no", "choice", "choices", "url", "email", "phone", "person"]


def fields(ada: User) -> dict[str, str]:
    """{kind: key}"""
    made = {}
    for kind, label in zip(KINDS, LABELS, strict=True):
        made[kind] = create_field(record_types["customer"], kind, by=ada, label=label, options=OPTIONS.get(kind, [])).key
    return made


def filled(ada: User, bob: User) -> dict[str, str]:
    keys = fields(ada)
    values = {
        "text": "=Hall 3", "long_text": "First left,\nthen right", "decimal": Decimal("12.5"), "money": Decimal(25000),
        "date": date(2027, 3, 31), "yes_no": True, "choice": "gold", "choices": ["pumps", "valves"], "url": "https://portal.example/a",
        "email": "bills@nordlys.example", "phone": "+4921112345", "person": bob,
    }  # fmt: skip
    make_customer(ada, "Nordlys", external_id="N-1", **{keys[kind]: value for kind, value in values.items()})
    make_customer(ada, "Empty", external_id="E-1")
    return keys


def test_they_are_written_as_people_read_them(ada: User, bob: User, table: Callable[..., list[list[str]]]) -> None:
    keys = filled(ada, bob)
    rows = table(ada, "customer", f"?sort=-name&cols=name,{','.join(keys.values())}")
    assert [header for header in rows[0] if header not in {"Name", "Currency"}] == LABELS
    assert [cell for header, cell in zip(*rows[:2], strict=True) if header not in {"Name", "Currency"}] == [
        "'=Hall 3", "First left,\nthen right", "12.5", "25000", "31 Mar 2027", "Yes", "Gold", "Pumps, Valves", "https://portal.example/a",
        "bills@nordlys.example", "'+4921112345", "Bob",
    ]  # fmt: skip
    assert {cell for header, cell in zip(rows[0], rows[2], strict=True) if header not in {"Name", "Currency"}} == {""}


def test_a_workbook_counts_and_dates_them(ada: User, bob: User, exported: Callable[..., bytes]) -> None:
    keys = filled(ada, bob)
    data = exported(ada, "customer", f"?sort=-name&cols=name,{keys['decimal']},{keys['date']}", format="xlsx")
    row = [cell.value for cell in openpyxl.load_workbook(io.BytesIO(data)).worksheets[0][2]]
    assert row == ["Nordlys", 12.5, datetime(2027, 3, 31)]


def test_an_exact_file_comes_back_unchanged(ada: User, bob: User, exported: Callable[..., bytes]) -> None:
    filled(ada, bob)
    run = dry_run(exported(ada, "customer", "", columns="every", values="exact"), "customer", ada)
    assert told(run) == []
    assert run.count(Action.SAME) == 2


def test_a_hidden_one_is_absent_and_a_masked_one_says_nothing(
    ada: User, alice: User, bob: User, exported: Callable[..., bytes], table: Callable[..., list[list[str]]]
) -> None:
    key = fields(ada)["text"]
    make_customer(ada, "Nordlys", owner=alice, **{key: "Quixotic"})
    for level in ("hidden", "masked"):
        role = Role.objects.get(key="sales-rep")
        role.levels = {"customer": {key: level}}
        role.save()
        person = User.objects.get(pk=alice.pk)
        for form in ({}, {"columns": "every"}, {"columns": "every", "values": "exact"}):
            assert b"Quixotic" not in exported(person, "customer", f"?cols=name,{key}", **form)
        assert any("Site" in header for header in table(person, "customer", f"?cols=name,{key}")[0]) == (level == "masked")
