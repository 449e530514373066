"""Every address of the service, and the view that answers it. Addresses carry a reference and never a name."""

from django.urls import include, path

from commonground.web.views import (
    acting,
    disagreement,
    drafts,
    guests,
    linked,
    looking,
    managing,
    meetings,
    my_list,
    opposite,
    papers,
    procedures,
    public,
    raising,
    reaching,
    start,
)

urlpatterns = [
    path("", start.start, name="start"),
    path("", include("commonground.web.views.accounts.urls")),
    path("", include("commonground.web.views.administration.urls")),
    path("choose/<slug:partnership>", start.choose, name="choose"),
    path("list", my_list.my_list, name="my-list"),
    path("search", my_list.search, name="search"),
    path("who", opposite.who, name="who"),
    path("who/<slug:agency>", opposite.who_at, name="who-at"),
    path("look", looking.look, name="look"),
    path("stuck", managing.stuck, name="stuck"),
    path("contacts", managing.contacts, name="contacts"),
    path("actions", managing.actions, name="actions"),
    path("raise", raising.question, name="raise"),
    path("raise/check", raising.check, name="raise-check"),
    path("raise/ring-first", raising.danger, name="raise-danger"),
    path("raise/anew", raising.again, name="raise-again"),
    path("raise/<slug:question>", raising.question, name="raise-question"),
    path("draft", drafts.save, name="draft"),
    path("procedures", procedures.procedures, name="procedures"),
    path("procedures/<slug:key>", procedures.procedure, name="procedure"),
    path("procedures/<slug:key>/<slug:route>", procedures.route, name="route"),
    path("partnerships/<slug:partnership>", procedures.of_partnership, name="partnership"),
    path("partnerships/<slug:partnership>/<slug:key>", procedures.procedure_in, name="partnership-procedure"),
    path("partnerships/<slug:partnership>/<slug:key>/<slug:route>", procedures.route_in, name="partnership-route"),
    path("now", public.now, name="now"),
    path("now/<slug:partnership>", public.now, name="now-in"),
    path("records", public.records, name="records"),
    path("accessibility", public.accessibility, name="accessibility"),
    path("check", papers.check_code, name="check-code"),
    path("forms", papers.blank_forms, name="blank-forms"),
    path("forms/<slug:partnership>/<slug:key>", papers.blank_forms_of, name="blank-forms-of"),
    path("forms/<slug:partnership>/<slug:key>/raise", papers.blank_raising, name="blank-raising"),
    path(
        "forms/<slug:partnership>/<slug:key>/raise.<slug:ending>", papers.blank_raising_file, name="blank-raising-file"
    ),
    path("forms/<slug:partnership>/<slug:key>/<slug:route>/<slug:stage>", papers.blank_forms_at, name="blank-forms-at"),
    path(
        "forms/<slug:partnership>/<slug:key>/<slug:route>/<slug:stage>/<slug:slug>",
        papers.blank_form,
        name="blank-form",
    ),
    path(
        "forms/<slug:partnership>/<slug:key>/<slug:route>/<slug:stage>/<slug:slug>.<slug:ending>",
        papers.blank_form_file,
        name="blank-form-file",
    ),
    path("d/<slug:reference>", disagreement.disagreement, name="disagreement"),
    path("d/<slug:reference>/looked", disagreement.looked, name="looked"),
    path("d/<slug:reference>/opposite", opposite.opposite, name="opposite"),
    path("d/<slug:reference>/brief", managing.brief, name="brief"),
    path("d/<slug:reference>/print", disagreement.on_paper, name="print"),
    path("d/<slug:reference>/papers", papers.papers, name="papers"),
    path("d/<slug:reference>/papers/<slug:document>.<slug:ending>", papers.paper, name="paper"),
    path("d/<slug:reference>/export", disagreement.as_file, name="export"),
    path("d/<slug:reference>/sent/<uuid:command>", acting.sent, name="sent"),
    path("d/<slug:reference>/reach", reaching.reach, name="reach"),
    path("d/<slug:reference>/reach/letter", reaching.letter, name="reach-letter"),
    path("d/<slug:reference>/link", linked.link, name="link"),
    path("d/<slug:reference>/guests", guests.links, name="guest-links"),
    path("d/<slug:reference>/guests/<int:link>/end", guests.end_link, name="guest-link-end"),
    path("guest/out", guests.leave, name="guest-out"),
    path("guest/over", guests.over, name="guest-over"),
    path("guest/<slug:token>", guests.guest, name="guest"),
    path("d/<slug:reference>/meetings", meetings.meetings, name="meetings"),
    path("d/<slug:reference>/meetings/<int:number>", meetings.meeting, name="meeting"),
    path("d/<slug:reference>/meetings/<int:number>.ics", meetings.calendar, name="meeting-calendar"),
    path("d/<slug:reference>/meetings/<int:number>/<slug:act>", meetings.act, name="meeting-act"),
    path("d/<slug:reference>/<slug:act>", acting.act, name="act"),
]

handler400 = "commonground.web.views.errors.bad_request"
handler403 = "commonground.web.views.errors.not_sent"
handler404 = "commonground.web.views.errors.not_there"
handler429 = "commonground.web.views.errors.too_many"
handler500 = "commonground.web.views.errors.broken"
