"""Files for recognition: small ones made here, and real ones beside the repository where they are."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import settings

if not os.environ.get("DJANGO_SETTINGS_MODULE") and not settings.configured:
    settings.configure(USE_I18N=False)

REAL_DATA = Path(__file__).resolve().parents[3].parent / "shared" / "data"


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., Path]:
    def _write(content: str | bytes, name: str = "file.csv") -> Path:
        path = tmp_path / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    return _write


@pytest.fixture
def real_data() -> Path:
    if not REAL_DATA.is_dir():
        pytest.skip("the folder with real data is not here")
    return REAL_DATA
