"""Every real file of the shared folder through the command: counted as another program counts it, or refused in a sentence."""

import csv
import io
import json
import re
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from crm.imports.readers import open_table
from crm.users.models import User
from customers.models import Contact, Customer
from tests.imports.conftest import REAL

pytestmark = pytest.mark.django_db
FOLDERS = ("crm-sales", "import", "csv/spectrum/csvs", "dedup", "clv", "scoring", "vcard", "addresses")
FILES = sorted(path.relative_to(REAL).as_posix() for folder in FOLDERS for path in (REAL / folder).rglob("*") if path.is_file())
LARGE = 40_000
# What a person counts who reads the file: (rows, new, refused).
KNOWN = {
    "crm-sales/accounts.csv": (85, 85, 0),
    "import/salesforce/Account.csv": (18, 18, 0),
    "import/salesforce/Contact.csv": (25, 23, 2),
    "import/salesforce/Lead.csv": (22, 22, 0),
    "import/hubspot/companies.csv": (1, 1, 0),
    "import/hubspot/contacts_sample_import-1.csv": (11, 11, 0),
}
NO_TABLES = ("LICENSE", "LICENSE.upstream", "README.md", "ORIGIN.txt", "requirements.txt", "vcard-samples-license.txt")


def kind_of(name: str) -> str:
    return "contacts" if re.search(r"vcf$|ontact|Lead", name) else "customers"


def counted(path: Path) -> int:
    """Rows as Python's own csv module counts them, cards as their first lines say."""
    if path.suffix == ".vcf":
        return len(re.findall(r"(?im)^begin:vcard\s*$", path.read_text(encoding="utf-8", errors="replace")))
    with path.open(encoding="utf-8-sig", errors="replace", newline="") as file:
        return sum(1 for row in csv.reader(file, delimiter="\t" if path.suffix == ".tsv" else ",") if any(cell.strip() for cell in row)) - 1


@pytest.mark.skipif(not FILES, reason="the folder with real data is not here")
@pytest.mark.parametrize("name", [name for name in FILES if not name.endswith(NO_TABLES)])
def test_every_file_is_counted_right_or_refused_in_a_sentence(ada: User, name: str) -> None:
    path = REAL / name
    if path.suffix in {".csv", ".tsv"} and path.stat().st_size > LARGE and name not in KNOWN:
        with open_table(path) as table:
            assert sum(1 for row in table.rows() if not row.problem) == counted(path)
        return
    try:
        report = dry_run(kind_of(name), path)
    except CommandError as error:
        assert path.suffix in {".xml", ".txt"} or "No column goes to a field" in str(error)
        assert str(error).endswith(".")
        return
    refused = {entry["row"] for entry in report["refused"]}
    assert report["rows"] == counted(path) == report["new"] + len(refused)
    assert all(re.search(r"[.”]$", entry["reason"]) and entry["reason"] != "This field cannot be blank." for entry in report["refused"])
    if name in KNOWN:
        assert (report["rows"], report["new"], len(refused)) == KNOWN[name]
    assert not Customer.objects.exists()
    assert not Contact.objects.exists()


@pytest.mark.skipif(not FILES, reason="the folder with real data is not here")
@pytest.mark.parametrize("name", [name for name in FILES if name.endswith(NO_TABLES)])
def test_texts_among_them_are_refused_in_a_sentence(ada: User, name: str) -> None:
    with pytest.raises(CommandError, match=r"\.$"):
        dry_run("customers", REAL / name)


def dry_run(what: str, path: Path) -> dict[str, Any]:
    out = io.StringIO()
    try:
        call_command("import", what, str(path), "--organization", "halden", "--json", "--dry-run", "--country", "US", stdout=out)
    except SystemExit as end:
        assert end.code == 1
    return dict(json.loads(out.getvalue()))
