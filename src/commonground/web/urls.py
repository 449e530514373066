"""Every address of the service, and the view that answers it. Addresses carry a reference and never a name."""

from django.urls import path

from commonground.web.views import disagreement, my_list, start

urlpatterns = [
    path("", start.start, name="start"),
    path("choose/<slug:partnership>", start.choose, name="choose"),
    path("list", my_list.my_list, name="my-list"),
    path("raise", my_list.my_list, name="raise"),
    path("procedures", my_list.my_list, name="procedures"),
    path("procedures/<slug:key>", my_list.my_list, name="procedure"),
    path("procedures/<slug:key>/<slug:route>", my_list.my_list, name="route"),
    path("d/<slug:reference>", disagreement.disagreement, name="disagreement"),
    path("d/<slug:reference>/looked", disagreement.disagreement, name="looked"),
    path("d/<slug:reference>/print", disagreement.disagreement, name="print"),
    path("d/<slug:reference>/export", disagreement.disagreement, name="export"),
    path("d/<slug:reference>/<slug:act>", disagreement.disagreement, name="act"),
]

handler400 = "commonground.web.views.errors.bad_request"
handler403 = "commonground.web.views.errors.not_sent"
handler404 = "commonground.web.views.errors.not_there"
handler500 = "commonground.web.views.errors.broken"
