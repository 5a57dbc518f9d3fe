from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ChallengesConfig(AppConfig):
    name = "challenges"
    verbose_name = _("Challenges")

    def ready(self) -> None:
        """Fill the slot for steps on the pages of projects."""
        # Both want the models, which are there from now on.
        from challenges.parts import open_for_steps  # noqa: PLC0415
        from projects import parts  # noqa: PLC0415

        parts.register("steps", open_for_steps)
