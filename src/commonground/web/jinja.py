"""The template environment: our templates, the GOV.UK macros, and the few things every template may call."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.templatetags.static import static
from django.urls import reverse
from jinja2 import BaseLoader, ChoiceLoader, Environment, FileSystemLoader, PackageLoader, PrefixLoader, Undefined

from commonground.web import formfields, moments
from commonground.web.looking_after import looks_after

TEMPLATES = Path(__file__).resolve().parent / "templates"


def environment(**options: Any) -> Environment:
    """Build the environment for Django's Jinja2 backend, whose OPTIONS name this function.

    `options` are the backend's own. Three are settled here whatever it says:

    - `autoescape` is on, so text people typed can't become markup;
    - `undefined` is Jinja's own class. With DEBUG on, Django puts in one that prints "{{ no such element ... }}" inside
      the GOV.UK fields, because those macros ask for parameters nobody gave;
    - `loader` also finds our templates and, under `govuk_frontend_jinja/`, the GOV.UK macros.
    """
    given: BaseLoader | None = options.pop("loader", None)
    loaders = [
        *([given] if given else []),
        FileSystemLoader(TEMPLATES),
        PrefixLoader({"govuk_frontend_jinja": PackageLoader("govuk_frontend_jinja")}),
    ]
    ours = {"undefined": Undefined, "loader": ChoiceLoader(loaders)}
    built = Environment(**{**options, **ours, "autoescape": True})  # noqa: S701 - it is on, whatever the options say
    built.globals.update(
        static=static,
        url=url,
        is_demonstration=is_demonstration,
        looks_after=looks_after,
        due_label=moments.due_label,
        field_kind=formfields.kind,
        field_params=formfields.params,
    )
    built.filters.update(
        day=moments.day,
        weekday_and_day=moments.weekday_and_day,
        clock_time=moments.clock_time,
        moment=moments.moment,
        when=moments.when,
    )
    return built


def is_demonstration() -> bool:
    """Say whether this installation only demonstrates, so that every page says so too."""
    return bool(getattr(settings, "DEMONSTRATION", False))


def url(name: str, *args: object, **kwargs: object) -> str:
    """Return the path of the page called `name`; raises NoReverseMatch when there is none."""
    return reverse(name, args=args, kwargs=kwargs)
