"""The templates of the page, with the texts of a language."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

from jinja2 import Environment, PackageLoader, StrictUndefined, Template, select_autoescape
from markupsafe import Markup

from microopt.rendering.language.language import find_language
from microopt.rendering.sanitize import plain_text


def find_template(name: str, language: str) -> Template:
    """Return a template whose texts, marked by `_` and `ngettext`, are in the language of this code."""
    return _environment(language).get_template(name)


@cache
def template_text(name: str) -> str:
    """Return a file of the folder of templates as it is."""
    return files("microopt.rendering.html").joinpath("templates", name).read_text(encoding="utf-8")


@cache
def _environment(code: str) -> Environment:
    environment = Environment(
        loader=PackageLoader("microopt.rendering.html"),
        autoescape=select_autoescape(default=True),
        finalize=_finalize,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    language = find_language(code)
    environment.globals |= {"_": language.text, "ngettext": language.plural, "language": language, "plain": plain_text}
    return environment


def _finalize(value: object) -> object:
    """Return what a template places, plain if it is text: what is trusted is `Markup`."""
    return plain_text(value) if isinstance(value, str) and not isinstance(value, Markup) else value
