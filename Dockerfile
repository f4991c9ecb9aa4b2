# Tern for production: one image; web, worker, scheduler and migrate are commands of it. All settings come from the environment.
FROM python:3.13-slim

ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 STATIC_ROOT=/tern/staticfiles TERN_DATA_DIR=/data
WORKDIR /tern

# The libraries first, so that a change of Tern's own code does not install them again.
COPY manage.py requirements.lock ./
COPY crm/__init__.py crm/__init__.py
COPY crm/runtime crm/runtime
RUN UV_LINK_MODE=copy UV_COMPILE_BYTECODE=1 python manage.py bootstrap && rm -rf /root/.cache .tools

COPY . .
RUN .venv/bin/python manage.py collectstatic --no-input --ignore=django_htmx \
    && .venv/bin/python -m compileall -q crm customers sales marketing support reporting \
    && useradd --uid 10001 --no-create-home --shell /usr/sbin/nologin tern && mkdir /data && chown tern /data

USER tern
VOLUME /data
EXPOSE 8000
CMD [".venv/bin/python", "manage.py", "web", "--host", "0.0.0.0"]
