from django.http import HttpRequest

from crm.ui.shell import Shell


def shell(request: HttpRequest) -> dict[str, Shell]:
    """`shell`: groups of the navigation, person, organization, theme. See crm/ui/shell.py."""
    return {"shell": Shell(request)}
