#!/bin/sh
# Ask every operation of a running server's API 200 examples and more, with all checks of schemathesis:
#   API_REQUESTS_PER_MINUTE=100000000 python3 manage.py up     (in another window)
#   bench/api_schemathesis.sh http://localhost:8000 "$(python3 manage.py token ada@demo.example --scopes '*:*')"
# It writes, deletes and shares: only beside a demonstration.
set -eu
cd "$(dirname "$0")/.."
export SCHEMATHESIS_HOOKS=tests.api.schemathesis_hooks PYTHONPATH=.
exec .venv/bin/schemathesis --config-file tests/api/schemathesis.toml run "$1/api/v1/openapi.json" \
    --header "Authorization: Bearer $2" --max-examples "${EXAMPLES:-200}" --workers "${WORKERS:-1}" ${3:+--include-path-regex "$3"}
