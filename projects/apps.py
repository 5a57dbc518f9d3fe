from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ProjectsConfig(AppConfig):
    name = "projects"
    verbose_name = _("Projects")

    def ready(self) -> None:
        """Tell the floor of works what keeps a work that is withdrawn."""
        from contributions import holds  # noqa: PLC0415  models are there only now
        from projects.holds import locked_cuts  # noqa: PLC0415  as above

        holds.register(locked_cuts)
