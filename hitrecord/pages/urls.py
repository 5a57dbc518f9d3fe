"""Addresses of the pages that join apps."""

from django.urls import path

from profiles.views import inbox

urlpatterns = [
    path("inbox/", inbox, name="inbox"),
]
