"""`python -m crm.runtime.probe [PORT]`: exit code 0 when /healthz on this machine says that all is well. For container health checks."""

import os
import sys
from http.client import HTTPConnection, HTTPException
from urllib.parse import urlsplit


def main(arguments: list[str]) -> int:
    port = int(arguments[0]) if arguments else 8000
    host = urlsplit(os.environ.get("TERN_BASE_URL") or "http://localhost").netloc
    connection = HTTPConnection("127.0.0.1", port, timeout=4)
    try:
        connection.request("GET", "/healthz", headers={"Host": host})
        answer = connection.getresponse()
        print(answer.read(1000).decode(errors="replace"))
    except (OSError, HTTPException) as error:
        print(f"No answer from port {port}: {error}")
        return 1
    return 0 if answer.status == 200 else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
