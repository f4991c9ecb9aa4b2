"""Static files as production serves them."""

import json
import re
from pathlib import Path

import pytest
from django.core.management import call_command
from django.test import override_settings


@pytest.fixture(scope="module")
def collected(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("static")
    storages = {
        "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
        "staticfiles": {"BACKEND": "crm.ui.storage.StaticStorage"},
    }
    with override_settings(STATIC_ROOT=folder, STORAGES=storages):
        call_command("collectstatic", interactive=False, verbosity=0)
    return folder


def served(collected: Path, name: str) -> Path:
    return collected / json.loads((collected / "staticfiles.json").read_text())["paths"][name]


def test_the_stylesheet_is_one_file_with_fonts_that_are_there(collected: Path) -> None:
    sheet = served(collected, "css/app.css")
    text = sheet.read_text()
    assert "@import" not in text
    assert text.index("@layer tokens, base") < text.index("--canvas") < text.index(".palette")
    fonts = re.findall(r'url\("([^"]+)"\)', text)
    assert len(fonts) == 2
    assert all((sheet.parent / font).exists() for font in fonts)


def test_each_script_is_loaded_under_one_name(collected: Path) -> None:
    names: dict[str, set[str]] = {}
    seen, waiting = set(), [served(collected, "js/app.js")]
    while waiting:
        script = waiting.pop()
        seen.add(script)
        for found in re.findall(r'(?:from|import)\s*"\./([^"]+)"', script.read_text()):
            names.setdefault(found.split(".")[0], set()).add(found)
            waiting += [script.parent / found] if script.parent / found not in seen else []
    assert {script: len(found) for script, found in names.items() if len(found) != 1} == {}
    assert all(re.search(r"\.[0-9a-f]{12}\.js$", path.name) for path in seen)
