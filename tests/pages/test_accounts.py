"""Signing in, a second factor, passwords and sessions: what each page does, and what it refuses."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from django.contrib.sessions.models import Session
from django.core import mail as mailed
from django.http import HttpResponse
from django.test import Client
from pytest_django.fixtures import Settings

from commonground.accounts.invitations import invite, revoke
from commonground.accounts.models import Account, Invitation
from commonground.people.models import Administrator, Holding, Person, Post
from commonground.usecases import clock
from commonground.web import guests
from commonground.web.identity import administers
from tests.accounts.in_another_process import wrong_passwords
from tests.pages.reading import text_of
from tests.partnership import SINCE, Small, small
from tests.signing_in import PASSWORD, SECRET, account_of, code_now, signed_in_as

pytestmark = pytest.mark.django_db(transaction=True)

NEW = "copper meadow violin"


@pytest.fixture
def here(transactional_db: None) -> Small:
    """A partnership that is no demonstration."""
    return small()


@pytest.fixture
def teacher(here: Small) -> str:
    """Somebody with a post in a school, and an account."""
    person = here.person(here.post("school"))
    account_of(person)
    return person


@pytest.fixture
def office(here: Small) -> str:
    """Somebody with a post in the partnership's office, an account and an app."""
    person = here.person(here.post("partnership", "office"))
    account_of(person, second_factor=True)
    return person


def address_of(person: str) -> str:
    return f"{person}@{person}.example"


def sign_in(client: Client, person: str, password: str = PASSWORD, **more: str) -> Any:
    return client.post("/sign-in", {"login": address_of(person), "password": password, **more})


def where(answer: Any) -> str:
    return str(answer.headers.get("Location", ""))


# --- Address and password ---------------------------------------------------------------------------------------------


def test_somebody_signs_in_and_goes_where_they_wanted(client: Client, teacher: str) -> None:
    assert where(client.get("/list?reference=none")) == "/sign-in?next=%2Flist%3Freference%3Dnone"
    page = client.get("/sign-in?next=/list%3Freference%3Dnone").content.decode()
    assert '<input type="hidden" name="next" value="/list?reference=none">' in page
    assert where(sign_in(client, teacher, next="/list?reference=none")) == "/list?reference=none"
    assert "Elm Road School" in text_of(client.get("/list").content)


@pytest.mark.parametrize("elsewhere", ["https://evil.example/", "//evil.example", "javascript:alert(1)", "\\\\evil"])
def test_nobody_is_sent_elsewhere_after_signing_in(client: Client, teacher: str, elsewhere: str) -> None:
    assert "evil" not in where(sign_in(client, teacher, next=elsewhere))
    assert client.get("/list").status_code == 200


def test_an_address_in_capitals_is_the_same(client: Client, teacher: str) -> None:
    answer = client.post("/sign-in", {"login": f"  {address_of(teacher).upper()} ", "password": PASSWORD})
    assert where(answer) == "/list"


def test_an_address_that_nobody_has_is_answered_like_a_wrong_password(client: Client, teacher: str) -> None:
    wrong = sign_in(client, teacher, "not the password").content.decode()
    unknown = client.post("/sign-in", {"login": "no@body.example", "password": "not the password"}).content.decode()
    assert "The e-mail address or the password is not right" in wrong
    alike = [re.sub(r'csrfmiddlewaretoken" value="[^"]*"', "", one) for one in (wrong, unknown)]
    assert alike[0].replace(address_of(teacher), "@") == alike[1].replace("no@body.example", "@")


def test_the_password_is_never_sent_back(client: Client, teacher: str) -> None:
    for headers in ({}, {"HTTP_ACCEPT": "application/json", "HTTP_X_REQUESTED_WITH": "XMLHttpRequest"}):
        answer = client.post("/sign-in", {"login": "x", "password": "not the password"}, **headers)  # type: ignore[arg-type]
        assert "not the password" not in answer.content.decode()


def test_a_session_from_before_is_not_the_session_after(client: Client, teacher: str) -> None:
    client.get("/sign-in/passkey")  # begins a session
    before = client.session.session_key
    assert before
    sign_in(client, teacher)
    assert client.session.session_key != before
    assert not Session.objects.filter(session_key=before).exists()


def test_whoever_signs_in_is_no_guest_any_more(client: Client, teacher: str) -> None:
    client.get("/sign-in/passkey")
    session = client.session
    session[guests.SESSION] = 7
    session.save()
    sign_in(client, teacher)
    assert guests.SESSION not in client.session


def test_a_closed_account_does_not_sign_in_and_ends_at_once(client: Client, teacher: str) -> None:
    sign_in(client, teacher)
    Account.objects.update(is_active=False)
    assert where(client.get("/list")).startswith("/sign-in")
    assert where(sign_in(Client(), teacher)) == "/sign-in/closed"
    assert "This account is closed" in text_of(client.get("/sign-in/closed").content)


def test_nobody_signs_up(client: Client, here: Small) -> None:
    for path in ("/signup", "/signup/", "/sign-up", "/account/signup/", "/account/email/", "/sign-in/code/confirm/"):
        assert client.get(path).status_code == 404
        assert client.post(path, {"email": "new@body.example", "password1": PASSWORD}).status_code == 404
    assert not Account.objects.exists()


def test_signing_out_is_a_post(client: Client, teacher: str) -> None:
    sign_in(client, teacher)
    assert client.get("/sign-out").status_code == 200
    assert client.get("/list").status_code == 200
    assert where(client.post("/sign-out")) == "/"
    assert where(client.get("/list")).startswith("/sign-in")


def test_a_form_that_cannot_be_traced_to_us_signs_nobody_in_or_out(teacher: str) -> None:
    strict = Client(enforce_csrf_checks=True)
    assert sign_in(strict, teacher).status_code == 403
    signed_in_as(strict, teacher)
    assert strict.post("/sign-out").status_code == 403
    assert strict.get("/list").status_code == 200


# --- Too many tries ---------------------------------------------------------------------------------------------------


@pytest.mark.serial
def test_five_wrong_passwords_in_one_process_shut_the_address_in_another(client: Client, teacher: str) -> None:
    assert wrong_passwords(address_of(teacher), 5) == [200] * 5
    refused = sign_in(client, teacher)
    assert refused.status_code == 200
    text = text_of(refused.content)
    assert "Too many wrong tries. Wait 5 minutes, then try again" in text
    assert re.search(r"You can try again at \d{1,2}(:\d\d)?(am|pm)|midday|midnight", text)
    assert "ring 999 now" in text
    assert "01632 960199" in text  # children's social care, at night
    assert where(client.get("/list")).startswith("/sign-in")


def test_four_wrong_passwords_do_not_and_others_are_not_shut_out(client: Client, here: Small, teacher: str) -> None:
    for _ in range(4):
        sign_in(client, teacher, "not the password")
    assert where(sign_in(client, teacher)) == "/list"
    other = here.person(here.post("health"))
    account_of(other)
    for _ in range(6):
        sign_in(client, teacher, "not the password")
    assert where(sign_in(Client(), other)) == "/list"


def test_the_time_that_is_said_is_enough(client: Client, teacher: str, monkeypatch: pytest.MonkeyPatch) -> None:
    import time

    for _ in range(5):
        sign_in(client, teacher, "not the password")
    assert "Too many" in text_of(sign_in(client, teacher).content)
    now = time.time()
    monkeypatch.setattr("allauth.core.internal.ratelimit.time.time", lambda: now + 5 * 60 + 1)
    assert where(sign_in(client, teacher)) == "/list"


def test_too_many_requests_from_one_place_are_told_whom_to_ring(
    client: Client, teacher: str, settings: Settings
) -> None:
    settings.ACCOUNT_RATE_LIMITS = {"login": "2/m/ip"}
    for _ in range(2):
        sign_in(client, teacher, "not the password")
    answer = sign_in(client, teacher)
    assert answer.status_code == HTTPStatus.TOO_MANY_REQUESTS
    assert "ring 999 now" in text_of(answer.content)


@pytest.mark.parametrize("address", ["", "unix:", "nonsense"])
def test_a_place_that_is_not_known_turns_nobody_away(teacher: str, address: str) -> None:
    assert where(sign_in(Client(REMOTE_ADDR=address), teacher)) == "/list"


# --- The second factor ------------------------------------------------------------------------------------------------


def test_whoever_has_an_app_is_asked_for_its_code(client: Client, office: str) -> None:
    assert where(sign_in(client, office)) == "/sign-in/code"
    assert where(client.get("/list")).startswith("/sign-in")
    assert "Enter your code" in text_of(client.get("/sign-in/code").content)
    wrong = client.post("/sign-in/code", {"code": "000000"})
    assert "This code is not right" in text_of(wrong.content)
    assert where(client.post("/sign-in/code", {"code": code_now()})) == "/list"
    assert client.get("/list").status_code == 200


def test_a_code_works_once(client: Client, office: str) -> None:
    code = code_now()
    sign_in(client, office)
    assert where(client.post("/sign-in/code", {"code": code})) == "/list"
    other = Client()
    sign_in(other, office)
    assert "This code is not right" in text_of(other.post("/sign-in/code", {"code": code}).content)


def test_wrong_codes_are_limited_and_the_right_one_refused_for_a_while(client: Client, office: str) -> None:
    sign_in(client, office)
    for _ in range(5):
        client.post("/sign-in/code", {"code": "000000"})
    refused = client.post("/sign-in/code", {"code": code_now()})
    assert "Too many wrong tries" in text_of(refused.content)
    assert "ring 999 now" in text_of(refused.content)


def test_a_recovery_code_lets_somebody_in_once(client: Client, office: str) -> None:
    codes = RecoveryCodes.activate(Account.objects.get(person_id=office)).get_unused_codes()
    sign_in(client, office)
    assert where(client.post("/sign-in/code", {"code": codes[0]})) == "/list"
    other = Client()
    sign_in(other, office)
    assert "not right" in text_of(other.post("/sign-in/code", {"code": codes[0]}).content)
    assert where(other.post("/sign-in/code", {"code": codes[1]})) == "/list"


def test_the_office_reaches_nothing_but_setting_up_until_it_is_done(client: Client, here: Small) -> None:
    person = here.person(here.post("partnership", "office"))
    account_of(person)
    _, reference = here.raised(clock.now())
    sign_in(client, person)
    for path in ("/list", f"/d/{reference}", "/raise", f"/d/{reference}/talk", "/account/no-post"):
        assert where(client.get(path)) == "/account/second-factor/needed", path
    page = text_of(client.get("/account/second-factor/needed").content)
    assert "You hold a post in a partnership’s office." in page
    assert reference not in page
    shown = client.get("/account/second-factor/app").content.decode()
    found = re.search(r'id="key">([A-Z2-7 ]+)<', shown)
    assert found
    assert "<svg" in shown
    assert "style=" not in shown
    assert "data:" not in shown
    assert where(client.post("/account/second-factor/app", {"code": code_now(found[1])})).endswith("/codes")
    codes = re.findall(r"<li>(\d{8})</li>", client.get("/account/second-factor/codes").content.decode())
    assert len(set(codes)) == 10
    assert client.get("/list").status_code == 200
    assert client.get(f"/d/{reference}").status_code == 200


def test_somebody_in_an_office_and_a_school_raises_before_it_is_done(client: Client, here: Small) -> None:
    school, office = here.post("school"), here.post("partnership", "office")
    person = here.person(school)
    Holding.objects.create(
        post=Post.objects.get(agency_id=office.agency, post=office.post), person_id=person, from_on=SINCE
    )
    account_of(person)
    _, reference = here.raised(clock.now(), by=here.post("health"))
    sign_in(client, person)
    assert client.get("/raise").status_code in (200, 302)
    assert "second-factor" not in where(client.get("/raise"))
    assert client.get("/list").status_code == 200
    assert client.get(f"/d/{reference}").status_code == 404  # the office could, and it is shut


def test_setting_one_up_ends_sessions_that_never_showed_it(here: Small) -> None:
    person = here.person(here.post("partnership", "office"))
    account_of(person)
    elsewhere, client = Client(), Client()
    sign_in(elsewhere, person)
    sign_in(client, person)
    found = re.search(r'id="key">([A-Z2-7 ]+)<', client.get("/account/second-factor/app").content.decode())
    assert found
    client.post("/account/second-factor/app", {"code": code_now(found[1])})
    assert client.get("/list").status_code == 200
    assert where(elsewhere.get("/list")).startswith("/sign-in")


def test_changing_a_factor_after_a_while_asks_who_it_is(
    client: Client, office: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    sign_in(client, office)
    client.post("/sign-in/code", {"code": code_now()})
    assert client.get("/account/second-factor/app/remove").status_code == 200
    later = clock.now().timestamp() + 400
    monkeypatch.setattr(clock, "now", lambda: datetime.fromtimestamp(later, UTC))
    answer = client.get("/account/second-factor/app/remove")
    assert where(answer) == "/account/again?next=%2Faccount%2Fsecond-factor%2Fapp%2Fremove"
    assert "Show that it is you" in text_of(client.get(where(answer)).content)
    assert "This is not your password" in text_of(client.post(where(answer), {"password": "no"}).content)
    assert Authenticator.objects.exists()


def test_a_removed_app_shuts_what_needs_it(client: Client, office: str) -> None:
    sign_in(client, office)
    client.post("/sign-in/code", {"code": code_now()})
    assert where(client.post("/account/second-factor/app/remove")) == "/account/second-factor"
    assert where(client.get("/list")) == "/account/second-factor/needed"


# --- Invitations ------------------------------------------------------------------------------------------------------


@pytest.fixture
def invited(here: Small) -> str:
    """The secret of an invitation."""
    Person.objects.create(key="p-new", full_name="Pat New", email="new@school.example")
    return invite("p-new", "p-9", clock.now())


def test_opening_an_invitation_changes_nothing_however_often(client: Client, invited: str) -> None:
    before = list(Invitation.objects.values())
    for _ in range(50):
        assert client.get(f"/invited/{invited}").status_code == 200
        assert client.head(f"/invited/{invited}").status_code == 200
    assert list(Invitation.objects.values()) == before
    assert not Session.objects.exists()
    assert not Account.objects.exists()


def test_an_invitation_is_accepted_and_its_person_signs_in(client: Client, invited: str) -> None:
    page = client.get(f"/invited/{invited}")
    assert "new@school.example" not in page.content.decode()  # whoever finds the link learns nobody's address
    answer = client.post(f"/invited/{invited}", {"password1": NEW, "password2": NEW})
    assert where(answer) == "/sign-in?chosen"
    assert "Your password is saved" in text_of(client.get("/sign-in?chosen").content)
    assert client.get("/account").status_code == 302  # it does not sign in by itself
    client.post("/sign-in", {"login": "new@school.example", "password": NEW})
    assert where(client.get("/list")) == "/account/no-post"


@pytest.mark.parametrize(
    ("first", "second", "said"),
    [
        ("", "", "Choose a password"),
        ("short", "short", "at least 12 characters"),
        ("qwertyuiop123", "qwertyuiop123", "too common"),
        ("new@school.example", "new@school.example", "too similar"),
        (NEW, "copper meadow violim", "not the same"),
        (NEW, "", "Enter the same password again"),
        ("\x00" * 12, "\x00" * 12, "no keyboard sends"),
        ("x" * 10_000, "x" * 10_000, "at most 1,000 characters"),
    ],
)
def test_passwords_that_will_not_do(client: Client, invited: str, first: str, second: str, said: str) -> None:
    answer = client.post(f"/invited/{invited}", {"password1": first, "password2": second})
    assert answer.status_code == 200
    assert said in text_of(answer.content)
    assert "<title>Error: " in answer.content.decode()
    assert not Account.objects.exists()
    assert Invitation.objects.get().spent_at is None


@pytest.mark.parametrize(
    "password", ["aaaaaaaaaaaaaaaaaaab", "drawer stapler clouds", "пароль из трёх слов", "🦉🦉🦉🦉🦉🦉🦉🦉🦉🦉🦉🦉"]
)
def test_no_rule_says_what_a_password_is_made_of(client: Client, invited: str, password: str) -> None:
    assert (
        where(client.post(f"/invited/{invited}", {"password1": password, "password2": password})) == "/sign-in?chosen"
    )


def test_links_that_cannot_be_used_look_alike(client: Client, here: Small) -> None:
    answers = []
    for way in ("unknown", "spent", "revoked", "expired"):
        Person.objects.create(key=f"p-{way}", full_name="Pat New", email=f"{way}@school.example")
        secret = invite(f"p-{way}", "p-9", clock.now())
        match way:
            case "unknown":
                secret = secret[:-1] + ("A" if secret[-1] != "A" else "B")
            case "spent":
                client.post(f"/invited/{secret}", {"password1": NEW, "password2": NEW})
            case "revoked":
                revoke("p-revoked", clock.now())
            case _:
                Invitation.objects.filter(person="p-expired").update(expires_at=clock.now())
        for method in (client.get, client.post):
            answers.append(method(f"/invited/{secret}"))
    assert {answer.status_code for answer in answers} == {404}
    assert len({answer.content for answer in answers}) == 1
    assert "ask your agency’s administrator for a new one" in text_of(answers[0].content)


@pytest.mark.parametrize("secret", ["x", "%00", "é" * 500, "%ed%a0%80", "<script>", "..", "a" * 10_000])
def test_strange_links_are_no_links(client: Client, here: Small, secret: str) -> None:
    for method in (client.get, client.post):
        answer = method(f"/invited/{secret}")
        assert answer.status_code == 404


# --- Passwords --------------------------------------------------------------------------------------------------------


def test_a_changed_password_ends_every_other_session(client: Client, teacher: str) -> None:
    elsewhere = Client()
    sign_in(elsewhere, teacher)
    sign_in(client, teacher)
    wrong = client.post("/account/password", {"oldpassword": "no", "password1": NEW, "password2": NEW})
    assert "This is not your password now" in text_of(wrong.content)
    right = client.post("/account/password", {"oldpassword": PASSWORD, "password1": NEW, "password2": NEW})
    assert where(right) == "/account?done=password"
    assert "Your password is changed" in text_of(client.get(where(right)).content)
    assert where(elsewhere.get("/list")).startswith("/sign-in")
    assert client.get("/list").status_code == 200


def test_a_forgotten_password_is_chosen_anew_by_mail(client: Client, teacher: str, settings: Settings) -> None:
    settings.DEFAULT_FROM_EMAIL = "service@area.example"
    signed = Client()
    sign_in(signed, teacher)
    assert where(client.post("/password/forgotten", {"email": address_of(teacher)})) == "/password/mailed"
    (message,) = mailed.outbox
    assert message.to == [address_of(teacher)]
    found = re.search(r"http://testserver(/password/choose/\S+)", str(message.body))
    assert found
    link = found[1]
    for _ in range(3):  # scanners open it first
        assert Client().get(link, follow=True).status_code == 200
    form = where(client.get(link))
    assert link.rsplit("-", 1)[1] not in form
    assert "not the same" in text_of(client.post(form, {"password1": NEW, "password2": "x"}).content)
    assert where(client.post(form, {"password1": NEW, "password2": NEW})) == "/password/chosen"
    assert where(signed.get("/list")).startswith("/sign-in")
    assert where(sign_in(client, teacher, NEW)) == "/list"
    used = Client().get(link, follow=True)
    assert "This link does not work any more" in text_of(used.content)


def test_a_new_password_does_not_go_round_the_second_factor(client: Client, office: str, settings: Settings) -> None:
    settings.DEFAULT_FROM_EMAIL = "service@area.example"
    client.post("/password/forgotten", {"email": address_of(office)})
    found = re.search(r"http://testserver(/password/choose/\S+)", str(mailed.outbox[0].body))
    assert found
    form = where(client.get(found[1]))
    client.post(form, {"password1": NEW, "password2": NEW})
    assert where(client.get("/list")).startswith("/sign-in")
    assert where(sign_in(client, office, NEW)) == "/sign-in/code"


def test_nobody_learns_who_has_an_account(client: Client, teacher: str, settings: Settings) -> None:
    settings.DEFAULT_FROM_EMAIL = "service@area.example"
    known = client.post("/password/forgotten", {"email": address_of(teacher)}, follow=True)
    unknown = client.post("/password/forgotten", {"email": "no@body.example"}, follow=True)
    assert known.content == unknown.content
    assert len(mailed.outbox) == 1


def test_without_mail_the_administrator_gives_a_link(client: Client, teacher: str, settings: Settings) -> None:
    settings.DEFAULT_FROM_EMAIL = ""
    assert "Ask your agency’s administrator for a new link" in text_of(client.get("/password/forgotten").content)
    client.post("/password/forgotten", {"email": address_of(teacher)})
    assert mailed.outbox == []


@pytest.mark.parametrize("link", ["1-x", "zzzzzzzzzzzzz-set-password", "1-set-password", "0-%00", "1-" + "a" * 5_000])
def test_strange_links_for_a_password_are_answered(client: Client, teacher: str, link: str) -> None:
    for method in (client.get, client.post):
        answer = method(f"/password/choose/{link}", follow=True)
        assert answer.status_code == 200
        assert "This link does not work any more" in text_of(answer.content)


# --- Sessions and seats -----------------------------------------------------------------------------------------------


def test_sessions_are_listed_and_ended_everywhere(teacher: str) -> None:
    here, there = Client(HTTP_USER_AGENT="Mozilla/5.0 (Windows NT 10.0) Edg/120"), Client(HTTP_USER_AGENT="Firefox")
    sign_in(here, teacher)
    sign_in(there, teacher)
    page = text_of(here.get("/account/sessions").content)
    assert "Edge on Windows (this one)" in page
    assert "Firefox since" in page
    here.post("/account/sessions", {"where": "elsewhere"})
    assert where(there.get("/list")).startswith("/sign-in")
    assert here.get("/list").status_code == 200
    sign_in(there, teacher)
    assert where(here.post("/account/sessions", {"where": "everywhere"})) == "/"
    for one in (here, there):
        assert where(one.get("/list")).startswith("/sign-in")


def test_leaving_a_post_ends_access_on_the_next_request(client: Client, here: Small, teacher: str) -> None:
    _, reference = here.raised(clock.now())
    sign_in(client, teacher)
    assert client.get(f"/d/{reference}").status_code == 200
    Holding.objects.filter(person_id=teacher).delete()
    assert where(client.get(f"/d/{reference}")) == "/account/no-post"
    page = text_of(client.get("/account/no-post").content)
    assert "You hold no post here today" in page
    assert "Ask your agency’s administrator" in page
    assert reference not in page


def test_somebody_with_two_posts_chooses_and_nobody_chooses_anothers(client: Client, here: Small, teacher: str) -> None:
    school, police = here.post("school"), here.post("police")
    Holding.objects.create(
        post=Post.objects.get(agency_id=police.agency, post=police.post), person_id=teacher, deputy=1, from_on=SINCE
    )
    sign_in(client, teacher)
    assert "You are acting for: " in text_of(client.get("/list").content)
    assert "Elm Road School" in text_of(client.get("/list").content)
    assert "as deputy" in text_of(client.get("/account/posts").content)
    chosen = client.post("/account/posts", {"seat": f"{police.agency} {police.post} {here.key}"})
    assert where(chosen) == "/list"
    assert "Riverside Police" in text_of(client.get("/list").content)
    for seat in ("", "x", f"{here.post('health').agency} {here.post('health').post} {here.key}", "a b c d e", "\x00"):
        assert client.post("/account/posts", {"seat": seat}).status_code == 200
        assert "Riverside Police" in text_of(client.get("/list").content)
    assert school.agency != police.agency


def test_a_choice_that_ended_falls_back_to_a_post_that_is_there(client: Client, here: Small, teacher: str) -> None:
    police = here.post("police")
    held = Holding.objects.create(
        post=Post.objects.get(agency_id=police.agency, post=police.post), person_id=teacher, deputy=1, from_on=SINCE
    )
    sign_in(client, teacher)
    client.post("/account/posts", {"seat": f"{police.agency} {police.post} {here.key}"})
    held.delete()
    assert "Elm Road School" in text_of(client.get("/list").content)


def test_pages_of_an_account_are_kept_by_no_browser(client: Client, teacher: str) -> None:
    sign_in(client, teacher)
    for path in ("/account", "/account/second-factor", "/account/sessions", "/account/password", "/account/posts"):
        assert "no-store" in client.get(path).headers["Cache-Control"], path


def test_administration_is_for_those_who_look_after_something(client: Client, here: Small, teacher: str) -> None:
    asked: list[str] = []

    @administers
    def page(request: Any, person: str) -> HttpResponse:
        asked.append(person)
        return HttpResponse("here")

    def ask() -> HttpResponse:
        response = client.get("/account")
        try:
            return page(response.wsgi_request)
        except Exception as missing:  # noqa: BLE001 - told apart by its name
            return HttpResponse(type(missing).__name__)

    assert where(ask()) == "/sign-in?next=%2Faccount"
    sign_in(client, teacher)
    assert ask().content == b"Http404"
    Administrator.objects.create(person_id=teacher, agency_id=here.post("school").agency, from_on=SINCE)
    assert where(ask()) == "/account/second-factor/needed"
    account_of(teacher, second_factor=True)
    sign_in(client, teacher)
    client.post("/sign-in/code", {"code": code_now()})
    assert ask().content == b"here"
    assert asked == [teacher]
    assert "You look after a directory" not in text_of(client.get("/account/second-factor").content)


# --- The first page, and strange input --------------------------------------------------------------------------------


def test_the_first_page_says_what_this_is_and_where_to_sign_in(client: Client, here: Small, teacher: str) -> None:
    page = client.get("/")
    assert "ring 999 now" in text_of(page.content)
    for link in ('href="/sign-in"', 'href="/procedures"'):
        assert link in page.content.decode()
    sign_in(client, teacher)
    assert "Go to my list" in text_of(client.get("/").content)


STRANGE = (
    "",
    " ",
    "\x00",
    "x" * 10_000,
    "<script>alert(1)</script>",
    "' OR 1=1 --",
    "\ud83d\ude00".encode("utf-16", "surrogatepass").decode("utf-16"),
    "[]",
    "{}",
    '{"response": {}}',
    '{"id": 1, "response": {"userHandle": 7}}',
    "[" * 9_000,
)


@pytest.mark.parametrize("strange", STRANGE, ids=range(len(STRANGE)))
def test_strange_input_is_answered_with_a_page(client: Client, teacher: str, office: str, strange: str) -> None:
    everything = dict.fromkeys(
        ("login", "password", "email", "code", "credential", "name", "oldpassword", "password1", "password2", "next"),
        strange,
    )
    only_credential = {"credential": strange, "name": strange}
    for path in ("/sign-in", "/password/forgotten", "/sign-in/passkey"):
        assert client.post(path, everything).status_code in (200, 302, 303), path
    half = Client()
    sign_in(half, office)
    half.get("/sign-in/code")
    for sent in (everything, only_credential):
        assert half.post("/sign-in/code", sent).status_code == 200
    client.get("/sign-in/passkey")
    assert client.post("/sign-in/passkey", only_credential).status_code == 303
    signed_in_as(client, teacher)
    for path in (
        "/account/password",
        "/account/second-factor/app",
        "/account/second-factor/passkeys/new",
        "/account/again",
        "/account/posts",
        "/account/second-factor/passkeys/99/name",
    ):
        client.get(path)
        assert client.post(path, everything).status_code in (200, 302, 404), path
    assert not Authenticator.objects.filter(type=Authenticator.Type.WEBAUTHN).exists()


def test_nothing_of_anybody_is_logged(client: Client, office: str, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level("DEBUG"):
        sign_in(client, office, "not the password")
        sign_in(client, office)
        client.post("/sign-in/code", {"code": "000000"})
        client.post("/sign-in/code", {"code": code_now()})
        client.get("/account")
        client.post("/password/forgotten", {"email": address_of(office)})
        client.post("/sign-out")
    lines = [record.getMessage() for record in caplog.records if not record.name.startswith("django.db")]
    for private in (address_of(office), "Pat ", PASSWORD, SECRET, "@"):
        assert not [line for line in lines if private in line]
