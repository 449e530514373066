"""The addresses of administration. They carry keys of agencies, posts and people, and never a name."""

from django.urls import path

from commonground.web.views.administration import changing, files, inviting, reading, reviewing, tick_lists

AGENCY = "administration/agency/<slug:agency>"
PARTNERSHIP = "administration/partnership/<slug:partnership>"

urlpatterns = [
    path("administration", reading.home, name="administration"),
    path("administration/service/<slug:change>", changing.of_service, name="administration-service"),
    path("administration/administrator/<int:administrator>/end", changing.end, name="administration-ends"),
    path(
        "administration/administrator/<int:administrator>/invite",
        inviting.invite_administrator,
        name="administration-invite-administrator",
    ),
    path(PARTNERSHIP, reading.partnership, name="administration-partnership"),
    path(f"{PARTNERSHIP}/review", reviewing.of_partnership, name="administration-partnership-review"),
    path(f"{PARTNERSHIP}/review.csv", reviewing.partnership_csv, name="administration-partnership-review-csv"),
    path(f"{PARTNERSHIP}/file", files.of_partnership, name="administration-partnership-file"),
    path(f"{PARTNERSHIP}/file.<slug:kind>", files.partnership_out, name="administration-partnership-file-out"),
    path(f"{PARTNERSHIP}/file/check", files.check_partnership, name="administration-partnership-file-check"),
    path(f"{PARTNERSHIP}/lists", tick_lists.every, name="administration-lists"),
    path(f"{PARTNERSHIP}/lists/<slug:ask>", tick_lists.load_one, name="administration-list"),
    path(f"{PARTNERSHIP}/lists/<slug:ask>/take-away", tick_lists.take_one_away, name="administration-list-away"),
    path(f"{PARTNERSHIP}/<slug:change>", changing.of_partnership, name="administration-partnership-change"),
    path(AGENCY, reading.agency, name="administration-agency"),
    path(f"{AGENCY}/review", reviewing.of_agency, name="administration-agency-review"),
    path(f"{AGENCY}/review.csv", reviewing.agency_csv, name="administration-agency-review-csv"),
    path(f"{AGENCY}/file", files.of_agency, name="administration-agency-file"),
    path(f"{AGENCY}/file.<slug:kind>", files.agency_out, name="administration-agency-file-out"),
    path(f"{AGENCY}/file/check", files.check_agency, name="administration-agency-file-check"),
    path(f"{AGENCY}/post/<slug:post>", reading.post, name="administration-post"),
    path(f"{AGENCY}/post/<slug:post>/<slug:change>", changing.of_post, name="administration-post-change"),
    path(f"{AGENCY}/person/<slug:whom>", reading.somebody, name="administration-person"),
    path(f"{AGENCY}/person/<slug:whom>/invite", inviting.invite, name="administration-invite"),
    path(f"{AGENCY}/person/<slug:whom>/<slug:change>", changing.of_person, name="administration-person-change"),
    path(
        f"{AGENCY}/person/<slug:whom>/away/<int:absence>/<slug:change>",
        changing.of_absence,
        name="administration-absence",
    ),
    path(f"{AGENCY}/seat/<int:holding>/<slug:change>", changing.of_seat, name="administration-seat"),
    path(f"{AGENCY}/<slug:change>", changing.of_agency, name="administration-agency-change"),
]
