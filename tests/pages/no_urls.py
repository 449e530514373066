"""A service without a single page: what an error page must be able to do without."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
