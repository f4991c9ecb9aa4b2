import os
import sys

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "crm.config.settings")

# A page asks a dozen statements, and each answer waits until another thread lets go: five milliseconds by default, of which the small
# pages of fifty people at once paid sixty. See docs/performance.md.
sys.setswitchinterval(0.0005)

application = get_wsgi_application()
