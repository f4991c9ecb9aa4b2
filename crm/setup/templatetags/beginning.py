"""What the sign-in page knows of an installation that has not begun."""

from django import template

from crm.tenancy.models import Organization

register = template.Library()


@register.simple_tag
def has_not_begun() -> bool:
    """{% has_not_begun as empty %}: whether nobody can sign in, because there is no organization yet."""
    return not Organization.objects.exists()
