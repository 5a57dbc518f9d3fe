from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class RoyaltiesConfig(AppConfig):
    name = "royalties"
    verbose_name = _("Royalties")

    def ready(self) -> None:
        """Fill the slot for money on the pages of projects."""
        # Both want the models, which are there from now on.
        from projects import parts  # noqa: PLC0415
        from royalties.parts import production_money  # noqa: PLC0415

        parts.register("money", production_money)
