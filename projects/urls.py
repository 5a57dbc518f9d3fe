"""Addresses of pitches, rounds, projects, episodes, credits and releases."""

from __future__ import annotations

from django.urls import path

from projects.views import making, pitches, releases, rounds

app_name = "projects"
urlpatterns = [
    path("pitches/", pitches.pitches, name="pitches"),
    path("pitches/propose/", pitches.propose, name="propose"),
    path("pitches/<int:pk>/", pitches.pitch, name="pitch"),
    path("pitches/<int:pk>/edit/", pitches.edit_pitch, name="edit_pitch"),
    path("pitches/<int:pk>/join/", pitches.join, name="join"),
    path("rounds/", rounds.rounds, name="rounds"),
    path("rounds/<int:pk>/", rounds.voting_round, name="round"),
    path("rounds/<int:pk>/candidates/<int:candidate>/approve/", rounds.approve, name="approve"),
    path("rounds/<int:pk>/candidates/<int:candidate>/withdraw/", rounds.withdraw, name="withdraw"),
    path("rounds/<int:pk>/ballots.<str:form>", rounds.published_ballots, name="ballots"),
    path("projects/", making.projects, name="projects"),
    path("projects/<slug:slug>/", making.project, name="project"),
    path("projects/<slug:slug>/credits/", making.production_credits, name="credits"),
    path("projects/<slug:slug>/updates/", making.updates, name="updates"),
    path("projects/<slug:slug>/s<int:season>/e<int:number>/", making.episode, name="episode"),
    path(
        "projects/<slug:slug>/s<int:season>/e<int:number>/credits/", making.production_credits, name="episode_credits"
    ),
    path("consents/<int:pk>/", making.consent, name="consent"),
    path("releases/", releases.releases, name="releases"),
    path("releases/<slug:slug>/", releases.release, name="release"),
]
