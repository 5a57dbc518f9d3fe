from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class RoyaltiesConfig(AppConfig):
    name = "royalties"
    verbose_name = _("Royalties")

    def ready(self) -> None:
        """Register the system checks, fill the slot for money on project pages, and say what somebody who leaves takes along."""
        # These want the models, which are there from now on.
        from profiles import leaving  # noqa: PLC0415
        from projects import parts  # noqa: PLC0415
        from royalties import system_checks  # noqa: F401, PLC0415  # they register themselves
        from royalties.actions import forget_artist, told_before_leaving  # noqa: PLC0415
        from royalties.parts import production_money  # noqa: PLC0415

        parts.register("money", production_money)
        leaving.register(forget=forget_artist, tell=told_before_leaving)
