"""How every Django form of the site is drawn: label, hint, error, then the control."""

from __future__ import annotations

from typing import Any

from django.forms.renderers import BaseRenderer, DjangoTemplates
from django.template import TemplateDoesNotExist
from django.template.loader import get_template


class HouseRenderer(BaseRenderer):
    """Templates of the site first, Django's own for the widgets that the site leaves alone."""

    form_template_name = "parts/_form.html"
    field_template_name = "parts/_field.html"

    def get_template(self, template_name: str) -> Any:
        try:
            return get_template(template_name)
        except TemplateDoesNotExist:
            return DjangoTemplates().get_template(template_name)
