"""Sent twice is done once: a double press, the back button, and the same form open in two tabs."""

from __future__ import annotations

import re
from uuid import UUID

import pytest
from django.test import Client

from commonground.record import store
from commonground.usecases import clock
from commonground.web.forms.acts import FORMS
from tests.pages.filling import Filled, filled
from tests.pages.lives import where_open
from tests.pages.reading import be, text_of
from tests.partnership import Small
from tools.lint_templates import TEMPLATES

pytestmark = pytest.mark.django_db(transaction=True)

AS_OFTEN_AS_YOU_LIKE = {
    # What these do is the same however often it is done: somebody is signed in or out, a thing is set or taken away.
    "account/login.html",
    "account/logout.html",
    "account/password_change.html",
    "account/password_reset.html",
    "account/password_reset_from_key.html",
    "account/reauthenticate.html",
    "accounts/invited.html",
    "accounts/seats.html",
    "base.html",
    "choose.html",
    "mfa/authenticate.html",
    "mfa/reauthenticate.html",
    "mfa/totp/activate_form.html",
    "mfa/totp/deactivate_form.html",
    "mfa/webauthn/add_form.html",
    "mfa/webauthn/authenticator_confirm_delete.html",
    "mfa/webauthn/edit_form.html",
    "components/account_forms.html",
    "usersessions/usersession_list.html",
    # New codes take the place of the old: only the last set that was shown counts.
    "mfa/recovery_codes/generate.html",
    # An answer of raising is kept in a draft; the page to check them all carries the command.
    "raise_question.html",
    # A question with its own address: the answer is kept or looked up. The look that is open is not opened again.
    "layouts/question.html",
    # A change to a directory is foreseen, then confirmed, and told apart from what the directory says already.
    "administration/file.html",
    "administration/invite.html",
    "administration/preview.html",
    "administration/review.html",
    # A number is confirmed for a day, and somebody is back from leave once.
    "managing/contacts.html",
    "managing/leave.html",
    # A list takes the place of the one before it: twice the same is the same list.
    "administration/tick_list_check.html",
    # The same file twice beside a form is there once, and goes with one act.
    "files.html",
    # A list is looked through: nothing is changed, and what is looked for stays out of the address.
    "my_list.html",
    "search.html",
    # A link is for somebody by name, is shown once, and stands in the list below with a button that ends it.
    "guests/links.html",
}


def test_every_form_that_adds_to_a_record_carries_its_command() -> None:
    without = set()
    for path in TEMPLATES.rglob("*.html"):
        source = path.read_text("utf-8")
        for form in re.findall(r"<form[^>]*method=\"post\".*?</form>", source, re.DOTALL):
            if 'name="command"' not in form:
                without.add(path.relative_to(TEMPLATES).as_posix())
    assert without == AS_OFTEN_AS_YOU_LIKE


def acts(disagreement: UUID) -> int:
    return len(store.read(disagreement))


@pytest.mark.parametrize("slug", sorted(FORMS))
def test_a_form_sent_twice_gone_back_to_or_open_in_two_tabs_is_one_act(
    client: Client, demonstration: None, slug: str
) -> None:
    found = where_open(slug)
    address = f"/d/{found.reference}/{slug}"
    be(client, found.partnership, found.post)
    here, tab = (filled(client.get(address).content) for _ in range(2))
    before = acts(found.disagreement)
    assert "sheet" in here, "what is typed there is saved as it is typed"

    sent = client.post(address, here)
    assert sent.status_code == 302, text_of(sent.content)
    assert acts(found.disagreement) == before + 1

    again = client.post(address, here)
    assert again.headers["Location"] == sent.headers["Location"], "pressed twice"
    back = client.post(address, _other_words(here))
    assert back.headers["Location"] == sent.headers["Location"], "gone back to, and changed"
    assert acts(found.disagreement) == before + 1

    other = client.post(address, _other_words(tab))
    assert other.status_code == 200, "the other tab is told what happened meanwhile, and sends nothing by itself"
    assert "This happened while you were writing" in text_of(other.content)
    if _words(tab):
        assert "Other words." in text_of(other.content) or "Other words." in other.content.decode()
    assert acts(found.disagreement) == before + 1


def _words(form: Filled) -> list[str]:
    return [name for name, value in form.items() if value == "Written in a test."]


def _other_words(form: Filled) -> Filled:
    return {**form, **dict.fromkeys(_words(form), "Other words.")}


def test_raising_twice_is_one_disagreement(client: Client, riverside: Small) -> None:
    be(client, riverside, riverside.post("school"))
    digest = riverside.digest[:12]
    client.post("/raise/matter", {"matter": f"{digest}-0"})
    check = filled(client.get("/raise/check").content)

    first = client.post("/raise/check", check)
    again = client.post("/raise/check", check)

    assert first.status_code == again.status_code == 302
    assert first.headers["Location"] == again.headers["Location"]


def test_one_raised_at_once_is_linked_once_however_often_it_is_pressed(client: Client, riverside: Small) -> None:
    school = riverside.post("school")
    disagreement, reference = riverside.raised(clock.now())
    _, other = riverside.raised(clock.now())
    be(client, riverside, school)
    page = client.get(f"/d/{reference}/sent/{store.read(disagreement)[0].id}")
    form = filled(page.content)
    assert form["reference"] == other
    assert filled(client.get(f"/d/{reference}/sent/{store.read(disagreement)[0].id}").content) == form

    for _ in range(2):
        assert client.post(f"/d/{reference}/link", form).status_code == 302

    assert acts(disagreement) == 2
    assert str(store.read(disagreement)[1].id) == form["command"]
