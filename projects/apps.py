from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ProjectsConfig(AppConfig):
    name = "projects"
    verbose_name = _("Projects")

    def ready(self) -> None:
        """Tell the floors below what keeps a withdrawn work, and what is known of somebody who leaves."""
        from contributions import holds  # noqa: PLC0415  models are there only now
        from profiles import leaving  # noqa: PLC0415  as above
        from projects.actions.crediting import forget_artist  # noqa: PLC0415  as above
        from projects.holds import locked_cuts  # noqa: PLC0415  as above

        holds.register(locked_cuts)
        leaving.register(forget=forget_artist)
