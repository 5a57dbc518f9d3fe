from django.urls import path

from challenges import views

app_name = "challenges"
urlpatterns = [
    path("challenges/", views.challenges, name="challenges"),
    path("challenges/propose/", views.propose, name="propose"),
    path("challenges/<slug:slug>/", views.challenge, name="challenge"),
    path("challenges/<slug:slug>/enter/", views.enter, name="enter"),
    path("challenges/<slug:slug>/results/", views.results, name="results"),
    path("challenges/<slug:slug>/decide/", views.decide, name="decide"),
    path("entries/<int:pk>/withdrawal/", views.withdraw, name="withdraw"),
]
