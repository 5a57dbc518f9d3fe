from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ContributionsConfig(AppConfig):
    name = "contributions"
    verbose_name = _("Works")

    def ready(self) -> None:
        """Tell the floor of people what this one knows of somebody who leaves."""
        from contributions.actions import forget_artist  # noqa: PLC0415  models are there only now
        from profiles import leaving  # noqa: PLC0415  as above

        leaving.register(forget=forget_artist)
