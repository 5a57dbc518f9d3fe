from django.urls import path

from reviews import views

app_name = "reviews"
urlpatterns = [
    path("contributions/<int:pk>/heart/", views.heart, name="heart"),
    path("contributions/<int:pk>/recommendations/", views.recommend, name="recommend"),
    path("contributions/<int:pk>/reviews/", views.review, name="review"),
    path("contributions/<int:pk>/report/", views.report, name="report"),
    path("comments/<int:pk>/report/", views.report_comment, name="report_comment"),
    path("challenges/<slug:slug>/review/", views.queue, name="queue"),
]
