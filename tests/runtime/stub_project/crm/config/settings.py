"""The least of a project that crm.runtime can run: no tables but Django's content types."""

import os
from pathlib import Path
from urllib.parse import urlsplit

ROOT = Path(__file__).resolve().parents[2]


def database(url: str) -> dict[str, object]:
    parts = urlsplit(url)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.path.lstrip("/"),
        "USER": parts.username,
        "PASSWORD": parts.password,
        "HOST": parts.hostname,
        "PORT": parts.port,
    }


SECRET_KEY = os.environ["SECRET_KEY"]
REDIS_URL = os.environ["REDIS_URL"]
DATABASES = {
    "default": database(os.environ["DATABASE_URL"]),
    "owner": database(os.environ.get("MIGRATION_DATABASE_URL") or os.environ["DATABASE_URL"]),
}
INSTALLED_APPS = ["django.contrib.contenttypes", "django.contrib.staticfiles", "crm.runtime", "crm.config"]
ROOT_URLCONF = "crm.config.urls"
WSGI_APPLICATION = "crm.config.wsgi.application"
ALLOWED_HOSTS = ["localhost", "127.0.0.1"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
USE_TZ = True
OUTSIDE_TENANT_POLICIES: list[str] = []
DEBUG = SECURE = False
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
MEDIA_ROOT = os.environ.get("TERN_DATA_DIR", str(ROOT))
STATIC_URL = "/static/"
STATIC_ROOT = ROOT / "staticfiles"
STATICFILES_DIRS = [ROOT / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"},
}
CELERY_BROKER_URL = REDIS_URL
CELERY_TASK_DEFAULT_QUEUE = "default"
