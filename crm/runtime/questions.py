"""What the runtime asks the application, through commands whose answer may be missing."""

import subprocess
import sys
from ipaddress import ip_address

from crm.runtime.errors import CannotStart
from crm.runtime.places import PROJECT


def knows_command(name: str) -> bool:
    """Whether some app of the project brings this command."""
    return any(any(PROJECT.glob(f"{depth}/management/commands/{name}.py")) for depth in ("*", "*/*"))


def demo_log_ins(environment: dict[str, str]) -> list[str] | None:
    """Lines "e-mail  password" of the demo organization; None where there is none."""
    if not knows_command("demo"):
        return None
    answer = _ask(["demo", "--exists", "--skip-checks"], environment)
    return answer.stdout.strip().splitlines() if answer.returncode == 0 else None


def first_run_code(environment: dict[str, str]) -> str:
    """The code that opens the page for the first organization; empty where there is one already."""
    if not knows_command("first_run_code"):
        return ""
    answer = _ask(["first_run_code", "--skip-checks"], environment)
    return answer.stdout.strip() if answer.returncode == 0 else ""


def refuse_public_demo(host: str, environment: dict[str, str]) -> None:
    """Raises CannotStart where people elsewhere could sign in with the demo's well-known passwords."""
    if not is_loopback(host) and demo_log_ins(environment) is not None:
        raise CannotStart(
            f"The demo organization is here, whose passwords everybody knows, so Tern does not listen on {host}. "
            "Start with --host 127.0.0.1, or with a new --data-dir and --no-demo."
        )


def is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def _ask(command: list[str], environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, str(PROJECT / "manage.py"), *command], env=environment, cwd=PROJECT, capture_output=True, text=True, check=False
    )
