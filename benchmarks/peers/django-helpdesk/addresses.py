"""The pages of django-helpdesk: its letters link to them."""

from django.urls import include, path

urlpatterns = [path("helpdesk/", include("helpdesk.urls"))]
