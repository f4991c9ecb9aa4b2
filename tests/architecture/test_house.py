"""The plan of the house, as tests: sizes, names, layers, and what templates must not hold."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.db.migrations.loader import MigrationLoader

from crm.fields.record_types import record_types

ROOT = Path(settings.BASE_DIR)
ROOMS = ("crm", "customers", "sales", "marketing", "support", "reporting", "bench")
SOURCES = [path for room in ROOMS for path in (ROOT / room).rglob("*.py") if "migrations" not in path.parts]
TEMPLATES = list((ROOT / "templates").rglob("*.html"))


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT))


def test_files_fit_in_one_sitting() -> None:
    assert [name_of(path) for path in SOURCES if path.read_text().count("\n") > 400] == []


def test_functions_fit_in_one_glance() -> None:
    long = []
    for path in SOURCES:
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and (node.end_lineno or 0) - node.lineno >= 40:
                long.append(f"{name_of(path)}:{node.lineno} {node.name}")
    assert long == []


def test_templates_fit_on_one_screen() -> None:
    assert [name_of(path) for path in TEMPLATES if path.read_text().count("\n") > 150] == []


def test_no_room_for_odds_and_ends() -> None:
    banned = {"utils.py", "helpers.py", "common.py", "misc.py", "services.py", "managers.py", "mixins.py"}
    assert [name_of(path) for path in SOURCES if path.name in banned] == []


def test_templates_hold_no_inline_script_or_style() -> None:
    """The content security policy would block it."""
    inline = re.compile(r"<style|\sstyle=|\son[a-z]+=|<script(?![^>]*\bsrc\b)(?![^>]*application/json)|hx-on|javascript:|hx-vals=.js:")
    assert [name_of(path) for path in TEMPLATES if inline.search(path.read_text()) and "email" not in path.parts] == []


def test_python_holds_no_markup() -> None:
    # The one joins a template's own text with escaped values; the other is held against Django's templates, control by control.
    safe = {ROOT / "crm" / "ui" / name for name in ("stencils.py", "form_renderer.py")}
    markup = re.compile(r"mark_safe|format_html\(\s*f?[\"']\s*<|[\"']<(a|b|div|span|p|ul|li|svg|button|input)[ >]")
    assert [name_of(path) for path in SOURCES if path not in safe and markup.search(path.read_text())] == []


def test_no_receiver_finishes_our_own_sentence() -> None:
    assert [name_of(path) for path in SOURCES if re.search(r"\b(post|pre)_(save|delete)\b", path.read_text())] == []


def test_only_actions_save_records() -> None:
    """Views, forms and tasks call actions: `.save()` and `objects.create` on records stand in actions alone."""
    bad = []
    for path in SOURCES:
        if {"views", "api"} & set(path.parts) and re.search(r"\.(save|bulk_create|bulk_update)\(", path.read_text()):
            bad.append(name_of(path))
    assert bad == []


def test_nobody_asks_guardian_for_lists_of_objects() -> None:
    assert [name_of(path) for path in SOURCES if "get_objects_for_user" in path.read_text()] == []


def test_the_layers_hold() -> None:
    run = subprocess.run([str(Path(sys.executable).parent / "lint-imports")], cwd=ROOT, capture_output=True, text=True, timeout=120)
    assert run.returncode == 0, run.stdout[-3000:]


def test_migrations_are_named_by_their_intention() -> None:
    ours = {config.label for config in apps.get_app_configs() if config.path.startswith(str(ROOT)) and ".venv" not in config.path}
    loader = MigrationLoader(None)
    automatic = [f"{app}.{name}" for app, name in loader.disk_migrations if app in ours and re.search(r"_auto_|_initial$|_and_more$", name)]
    assert automatic == []


@pytest.mark.parametrize("kind", list(record_types), ids=lambda kind: kind.key)
def test_a_record_type_names_only_fields_that_exist(kind) -> None:  # type: ignore[no-untyped-def]
    named = {*kind.columns, *kind.key_facts, *kind.inline, *kind.search, *kind.sort_by, *kind.similar_on, *kind.sensitive, *kind.hues}
    named |= {key for keys in kind.match_on for key in keys}
    unknown = [key for key in named if key not in kind.fields and key not in {column.name for column in kind.model._meta.get_fields()}]
    assert unknown == []
    assert kind.title in {column.name for column in kind.model._meta.get_fields()}
