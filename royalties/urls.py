from django.urls import URLPattern

app_name = "royalties"
urlpatterns: list[URLPattern] = []
