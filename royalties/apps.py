from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class RoyaltiesConfig(AppConfig):
    name = "royalties"
    verbose_name = _("Royalties")

    def ready(self) -> None:
        """Register the system checks, and fill the slot for money on the pages of projects."""
        # These want the models, which are there from now on.
        from projects import parts  # noqa: PLC0415
        from royalties import system_checks  # noqa: F401, PLC0415  # they register themselves
        from royalties.parts import production_money  # noqa: PLC0415

        parts.register("money", production_money)
