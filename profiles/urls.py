from django.urls import path

from profiles import views

app_name = "profiles"
urlpatterns = [
    path("inbox/read/", views.read_inbox, name="read_inbox"),
    path("settings/", views.profile_settings, name="settings"),
    path("settings/preferences/", views.preferences, name="preferences"),
    path("settings/close/", views.close, name="close"),
    path("follows/", views.follow, name="follow"),
    path("unsubscribe/<str:token>/", views.unsubscribe, name="unsubscribe"),
]
