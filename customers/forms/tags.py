"""Setup: what an administrator types about tags."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from crm.users.models import User
from customers.choices import Hue
from customers.forms.once import OnceForm
from customers.models import Tag


class TagForm(OnceForm):
    """A tag's name and colour."""

    name = forms.CharField(label=_("Name"), max_length=60)
    hue = forms.ChoiceField(label=_("Colour"), choices=Hue)


class MergeForm(forms.Form):
    """The tag that takes another one's place."""

    into = forms.ModelChoiceField(Tag.objects.none(), label=_("Becomes"), empty_label=_("Choose a tag"))

    def __init__(self, *args: Any, user: User, tag: Tag, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        into: Any = self.fields["into"]
        into.queryset = Tag.objects.filter(organization_id=user.own_organization_id).exclude(pk=tag.pk)
