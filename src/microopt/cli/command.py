"""A function with typed parameters -> a command of the app: its flags, its errors, its exit code.

The parameters of the function say what the command takes: a value with an `option`, or a group of options, which is a
struct whose fields have theirs. `Take` adapts a group to the command. The command's context is not a flag.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache, wraps
from inspect import Parameter, Signature, signature
from types import MappingProxyType
from typing import Annotated, Any, Literal, get_args, get_origin, get_type_hints

import typer
from msgspec import NODEFAULT, Meta, Struct, structs

from microopt.campaign.options import Option, Scope
from microopt.cli.error_boundary import boundary
from microopt.cli.exit_codes import Exit
from microopt.cli.resources import check_process
from microopt.errors import UsageError
from microopt.files.record import recorded_files

NOTHING: Mapping[str, Any] = MappingProxyType({})
# How values that are paths are named in the help.
PATHS = frozenset({"FILE", "ROSTER", "PLAN", "PLAN.json", "PLANS", "OTHER", "STORE", "[DIR]", "PATTERN", "PORTFOLIO"})


class Take(Struct, frozen=True, kw_only=True):
    """How a command takes a group of options.

    Attributes
    ----------
    scope
        The widest scope of options that it takes.
    without
        Options that it does not take: the group then has their defaults.
    hidden
        Options that it takes only to refuse them with a reason, and that its help does not show.
    choices, help
        By option: what is special to the command.
    """

    scope: Scope = Scope.PLAN
    without: Sequence[str] = ()
    hidden: Sequence[str] = ()
    choices: Mapping[str, Sequence[str]] = NOTHING
    help: Mapping[str, str] = NOTHING

    def takes(self, name: str, option: Option) -> bool:
        """Whether the command has the option."""
        return option.scope <= self.scope and name not in self.without

    def adapt(self, name: str, option: Option) -> Option:
        """Return an option as the command has it."""
        return structs.replace(
            option,
            hidden=name in self.hidden,
            choices=tuple(self.choices.get(name, option.choices)),
            help=self.help.get(name, option.help),
        )


class Value(Struct, frozen=True):
    """One option or argument of a command; its type may be wider than what a command line can give."""

    name: str
    type: Any
    default: Any
    option: Option

    @property
    def repeatable(self) -> bool:
        """Whether it is given as a list of texts."""
        return self.option.parse is not None or get_origin(self.type) is Sequence

    def parameters(self) -> Iterator[Parameter]:
        """Yield it as a parameter that Typer understands."""
        option = self.option
        settings: dict[str, Any] = {"help": option.help, "metavar": option.metavar, "hidden": option.hidden}
        if option.names:
            settings |= {"min": option.minimum, "max": option.maximum, "rich_help_panel": option.panel}
        info = typer.Option(*option.names, **settings) if option.names else typer.Argument(**settings)
        default = None if self.repeatable else False if option.negates else self.default
        annotation: Any = Annotated[self._typer_type(optional=default is None), info]
        default = Parameter.empty if default is NODEFAULT else default
        yield Parameter(self.name, Parameter.KEYWORD_ONLY, default=default, annotation=annotation)

    def build(self, arguments: Mapping[str, Any]) -> Any:
        """Return the value that was given on the command line.

        Raises
        ------
        UsageError
            If it names a file, and is empty.
        """
        value = arguments[self.name]
        if self.option.metavar in PATHS and ("" in value if isinstance(value, list) else value == ""):
            name = self.option.names[0] if self.option.names else self.option.metavar
            fix = "give a name such as plan.json; if it comes from a shell variable, check that the variable is set"
            raise UsageError(f"the file name for {name} is empty", fix=fix)
        if self.option.negates:
            return not value
        if not self.repeatable:
            return value
        if not value:
            return self.default
        return tuple(value) if self.option.parse is None else self.option.parse(value)

    def _typer_type(self, *, optional: bool) -> Any:
        """Return the type on the command line: a text unless it is a choice, a list, a flag or a number."""
        text_type: Any = Literal[self.option.choices] if self.option.choices else list[str] if self.repeatable else str
        kinds = () if self.option.parse else (bool, int, float)
        kind: Any = next((kind for kind in kinds if self.type in (kind, kind | None)), text_type)
        return kind | None if optional else kind


class Group(Struct, frozen=True):
    """A struct whose fields are options, or groups themselves."""

    name: str
    type: type[Struct]
    members: tuple[Value | Group, ...]

    def parameters(self) -> Iterator[Parameter]:
        """Yield all options in it as parameters that Typer understands."""
        for member in self.members:
            yield from member.parameters()

    def build(self, arguments: Mapping[str, Any]) -> Struct:
        """Return the struct of what was given on the command line."""
        return self.type(**{member.name: member.build(arguments) for member in self.members})


def command(body: Callable[..., Exit | None]) -> Callable[..., None]:
    """Return a function that Typer makes a command of; an exit code that the body returns is the command's.

    What the body raises becomes a message and an exit code; as JSON where `--format json` asks for it.
    """
    contexts, members = _parse_signature(body)

    @wraps(body)
    def run(**given: Any) -> None:
        as_json, verbose = given.get("format") == "json", given.get("verbose", False)
        with boundary(as_json=as_json, verbose=verbose), recorded_files():
            check_process()
            values = {member.name: member.build(given) for member in members}
            code = body(**values, **{name: given[name] for name in contexts})
        if code is not None and code is not Exit.OK:
            raise typer.Exit(code)

    flags = [parameter for member in members for parameter in member.parameters()]
    flags += [Parameter(name, Parameter.KEYWORD_ONLY, annotation=typer.Context) for name in contexts]
    run.__signature__ = Signature(flags)  # type: ignore[attr-defined]
    run.__annotations__ = {flag.name: flag.annotation for flag in flags}
    return run


def _parse_signature(body: Callable[..., Any]) -> tuple[list[str], list[Value | Group]]:
    """Return the parameters of a command that are its context, and those that are options."""
    hints = get_type_hints(body, include_extras=True)
    parameters = signature(body).parameters
    contexts = [name for name in parameters if hints[name] is typer.Context]
    members = (
        _member(name, hints[name], NODEFAULT if parameter.default is Parameter.empty else parameter.default, Take())
        for name, parameter in parameters.items()
        if name not in contexts
    )
    return contexts, [member for member in members if member is not None]


def options_by_field(group: type[Struct]) -> dict[str, Option]:
    """Return the options of a group by the field that each one sets."""
    members = [_member(*field, Take()) for field in _fields(group)]
    return {member.name: member.option for member in members if isinstance(member, Value)}


def command_line_flags(context: typer.Context, *, without: Sequence[str]) -> list[str]:
    """Return the flags that were written on the command line, in the order of the help, some of them left out."""
    return [
        parameter.opts[0]
        for parameter in context.command.params
        if parameter.name not in without and _is_on_command_line(context, parameter.name)
    ]


def _is_on_command_line(context: typer.Context, name: str | None) -> bool:
    source = None if name is None else context.get_parameter_source(name)
    return source is not None and source.name == "COMMANDLINE"


def _member(name: str, hint: Any, default: Any, take: Take) -> Value | Group | None:
    """Return what a parameter or a field is; None for a field that is not an option, or not one of this command."""
    kind, *marks = get_args(hint) if get_origin(hint) is Annotated else (hint,)
    take = next((mark for mark in marks if isinstance(mark, Take)), take)
    if isinstance(kind, type) and issubclass(kind, Struct):
        members = [_member(*field, take) for field in _fields(kind)]
        return Group(name, kind, tuple(member for member in members if member is not None))
    options = (mark.extra["option"] for mark in marks if isinstance(mark, Meta) and mark.extra)
    option = next(options, None)
    if option is None or not take.takes(name, option):
        return None
    return Value(name, kind, default, take.adapt(name, option))


@cache
def _fields(group: type[Struct]) -> tuple[tuple[str, Any, Any], ...]:
    """Return the name, the annotation and the default of each field."""
    return tuple(
        (field.name, field.type, field.default if field.default_factory is NODEFAULT else field.default_factory())
        for field in structs.fields(group)
    )
