"""The forms of a meeting: it is called, and it was held."""

from __future__ import annotations

from commonground.core.acts import Ask, Meet
from commonground.core.procedure import Place
from commonground.web.formfields import ClockField, DayField
from commonground.web.forms.act_form import ActForm
from commonground.web.forms.fields import Several, Typed, moment_of, post_choices, posts_of, when_fields


class CallMeetingForm(ActForm):
    def build(self) -> None:
        self.fields["meets_on"] = DayField(label="Which day is the meeting?", required=False)
        self.fields["meets_at"] = ClockField(label="What time?", help_text="For example, 9:30am or 3pm", required=False)
        self.fields["posts"] = Several("Who is asked to come?", post_choices(self.here.names, self.here.parties()))
        self.fields["purpose"] = Typed("purpose", "What is it for?", rows=3)

    def ask(self) -> Ask:
        at = moment_of(self.cleaned_data.get("meets_on"), self.cleaned_data.get("meets_at"))
        return Meet(held=False, meets_at=at, invited=posts_of(self.cleaned_data["posts"]))


class MeetingHeldForm(ActForm):
    place = Place.MEET

    def build(self) -> None:
        self.fields |= when_fields("When was the meeting?")
        self.fields["posts"] = Several("Who was there?", post_choices(self.here.names, self.here.parties()))
        self.fields["said"] = Typed("said", "What was said and settled?")
        self.fields["differing"] = Typed("differing views", "Who saw it differently, and how?", rows=3)

    def ask(self) -> Ask:
        return Meet(held=True, meets_at=self.happened_at(), present=posts_of(self.cleaned_data["posts"]))
