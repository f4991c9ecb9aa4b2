"""All settings, from the environment. `.env.example` explains each variable."""

from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

from crm.config import environment as env
from crm.runtime.logs import logging_settings

BASE_DIR = Path(__file__).resolve().parent.parent.parent
DATA_DIR = Path(env.text("TERN_DATA_DIR", str(BASE_DIR / ".tern")))

DEBUG = env.flag("DEBUG")
SECRET_KEY = env.required(
    "SECRET_KEY", "every session and token is signed with it. `manage.py up` makes one; elsewhere set a long random text."
)
SECRET_KEY_FALLBACKS = env.words("SECRET_KEY_FALLBACKS")
BASE_URL = env.text("TERN_BASE_URL", "http://localhost:8000").rstrip("/")
ALLOWED_HOSTS = env.words("ALLOWED_HOSTS", f"localhost,127.0.0.1,[::1],{urlsplit(BASE_URL).hostname}")
CSRF_TRUSTED_ORIGINS = env.words("CSRF_TRUSTED_ORIGINS", BASE_URL)
SIGNUP_OPEN = env.flag("TERN_SIGNUP")
TRUSTED_PROXIES = env.words("TERN_TRUSTED_PROXIES")

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.contrib.humanize",
    "django.contrib.admin.apps.SimpleAdminConfig",
    "django.forms",
    "guardian",
    "auditlog",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "django_htmx",
    "template_partials",
    "csp",
    "crm.config",
    "crm.runtime",
    "crm.tenancy",
    "crm.audit",
    "crm.events",
    "crm.users",
    "crm.access",
    "crm.fields",
    "crm.query",
    "crm.search",
    "crm.jobs",
    "crm.records",
    "crm.ui",
    "crm.views",
    "crm.admin",
    "crm.api",
    "crm.mail",
    "crm.notifications",
    "crm.activities",
    "crm.imports",
    "crm.exports",
    "crm.bulk",
    "crm.setup",
    "customers",
    "sales",
    "marketing",
    "support",
    "reporting",
]

MIDDLEWARE = [
    "crm.users.middleware.ProxyMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "crm.runtime.requests.RequestLogMiddleware",
    "crm.api.middleware.ApiMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    # Around the transaction: after its commit the sign-in library still sends mails and leaves messages.
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "crm.admin.operators.OperatorMiddleware",
    "crm.users.middleware.PresenceMiddleware",
    "crm.users.viewing.ViewingMiddleware",
    "crm.tenancy.middleware.TenantMiddleware",
    "crm.users.middleware.PersonMiddleware",
    "crm.ui.middleware.DateFormatMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "crm.users.viewing.ViewedOnlyMiddleware",
    "crm.users.middleware.SecondFactorMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "crm.ui.middleware.FragmentMiddleware",
    "crm.ui.middleware.NotAllowedMiddleware",
    "crm.ui.middleware.ReadableMiddleware",
]

ROOT_URLCONF = "crm.config.urls"
WSGI_APPLICATION = "crm.config.wsgi.application"
FORM_RENDERER = "crm.ui.form_renderer.FormRenderer"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "crm.ui.context_processors.shell",
            ],
            "builtins": ["template_partials.templatetags.partials", "django.templatetags.static", "django.templatetags.i18n"],
        },
    }
]

DATABASE_URL = env.required(
    "DATABASE_URL", "`manage.py` sets it when it starts the embedded PostgreSQL; elsewhere give the app role's address."
)
DATABASES = {
    "default": env.database(DATABASE_URL),
    "owner": {**env.database(env.text("MIGRATION_DATABASE_URL") or DATABASE_URL), "TEST": {"MIRROR": "default"}},
}
DATABASE_ROUTERS: list[str] = []
EVENT_ATTEMPTS = 12  # how often what follows a change is tried, over two hours and a half
# Tables with an organization outside of the tenant policy: read before a tenant is known. `doctor` knows them from here.
OUTSIDE_TENANT_POLICIES = [
    "users.user",
    "search.searchdocument",
    "search.searchword",
    "events.pendingevent",
    "jobs.joblease",
    "notifications.dueitem",
    "mail.heldmail",
    "api.apitoken",
]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

REDIS_URL = env.required("REDIS_URL", "`manage.py` sets it when it starts the embedded server; elsewhere write redis://host:6379/0.")
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": REDIS_URL,
        "KEY_PREFIX": "tern",
        "OPTIONS": {"socket_timeout": 3, "socket_connect_timeout": 3},
    }
}
SESSION_ENGINE = "django.contrib.sessions.backends.cached_db"
SESSION_COOKIE_AGE = 14 * 24 * 3600
SESSION_IDLE_SECONDS = env.number("SESSION_IDLE_MINUTES", 12 * 60) * 60
VIEWING_LASTS = timedelta(minutes=env.number("VIEW_AS_MINUTES", 30))
SIGN_IN_LOG_DAYS = env.number("SIGN_IN_LOG_DAYS", 400)
RECYCLE_BIN_DAYS = env.number("RECYCLE_BIN_DAYS", 180)  # 0, as in the next two: for ever
CHANGE_LOG_DAYS = env.number("CHANGE_LOG_DAYS", 0)
JOB_DAYS = env.number("JOB_DAYS", 180)
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

CELERY_BROKER_URL = REDIS_URL
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TASK_DEFAULT_QUEUE = "default"
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {"visibility_timeout": 3600, "socket_timeout": 10, "socket_connect_timeout": 5}
CELERY_TASK_PUBLISH_RETRY_POLICY = {"max_retries": 2, "interval_start": 0, "interval_step": 0.2, "interval_max": 0.5}
CELERY_TASK_ALWAYS_EAGER = env.flag("CELERY_TASK_ALWAYS_EAGER")
CELERY_TIMEZONE = "UTC"

AUTH_USER_MODEL = "users.User"
SILENCED_SYSTEM_CHECKS = ["auth.W004"]  # the e-mail address is unique without case, by a constraint that the check does not know
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend", "guardian.backends.ObjectPermissionBackend"]
ANONYMOUS_USER_NAME = None
AUDITLOG_LOGENTRY_MODEL = "audit.LogEntry"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.ScryptPasswordHasher", "django.contrib.auth.hashers.PBKDF2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator", "OPTIONS": {"user_attributes": ["email", "name"]}},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": env.number("PASSWORD_MIN_LENGTH", 10)},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "crm.users.adapters.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_FORMS = {"signup": "crm.setup.forms.beginning.SignUpForm"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_RATE_LIMITS = {"first_run": "5/m/ip,30/h/ip", "invitation": "20/m/ip", "calendar": "120/m/ip"}
MFA_ADAPTER = "crm.users.adapters.MFAAdapter"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes", "webauthn"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_TOTP_ISSUER = "Tern"
MFA_TOTP_TOLERANCE = 1
MFA_FORMS = {"authenticate": "crm.users.forms.AuthenticateOnceForm", "reauthenticate": "crm.users.forms.ReauthenticateOnceForm"}
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = urlsplit(BASE_URL).hostname == "localhost"
USERSESSIONS_TRACK_ACTIVITY = True

globals().update(env.mail(env.text("EMAIL_URL")))
DEFAULT_FROM_EMAIL = env.text("DEFAULT_FROM_EMAIL", "Tern <tern@localhost>")
SERVER_EMAIL = DEFAULT_FROM_EMAIL

LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("de", _("German"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_TZ = True
TIME_ZONE = "UTC"

STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = Path(env.text("STATIC_ROOT", str(BASE_DIR / "staticfiles")))
STATIC_STORAGE = env.text("STATIC_STORAGE", "crm.ui.storage.StaticStorage")
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": STATIC_STORAGE},
}
WHITENOISE_USE_FINDERS = DEBUG
MEDIA_ROOT = Path(env.text("MEDIA_ROOT", str(DATA_DIR / "files")))
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 3000
API_REQUESTS_PER_MINUTE = env.number("API_REQUESTS_PER_MINUTE", 600)
IMPORT_BATCH = env.number("IMPORT_BATCH", 5000)
BULK_BATCH = env.number("BULK_BATCH", 2000)
EXPORT_CHUNK = env.number("EXPORT_CHUNK", 20_000)  # rows in one transaction
IMPORT_MAX_BYTES = env.number("IMPORT_MAX_MEGABYTES", 1024) * 1024 * 1024

SECURE = BASE_URL.startswith("https://")
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SECURE_SSL_REDIRECT = SECURE and env.flag("SECURE_SSL_REDIRECT", default=True)
SECURE_REDIRECT_EXEMPT = [r"^healthz$"]
SECURE_HSTS_SECONDS = env.number("SECURE_HSTS_SECONDS", 31_536_000) if SECURE else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = SECURE
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if TRUSTED_PROXIES else None
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CSRF_FAILURE_VIEW = "crm.ui.errors.form_expired"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "manifest-src": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}

LOGGING = logging_settings(env.text("LOG_FORMAT", "plain"), env.text("LOG_LEVEL", "INFO"))
