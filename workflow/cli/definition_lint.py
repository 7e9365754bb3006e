"""`summit definitions lint`: everything that is wrong with definitions, with file and line."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import click

from workflow.cli.definition_files import SOURCE, edition_of, is_file
from workflow.cli.exits import REFUSED
from workflow.cli.frame import Command, granted, leave, ready_runtime, show

if TYPE_CHECKING:
    from workflow.domain.definition import Definition
    from workflow.domain.findings import Finding
    from workflow.queries.feasibility import Asked

    Words = Mapping[str, frozenset[str]]


@dataclass(frozen=True)
class Judged:
    """A definition as far as it could be read, and what was found, each finding with its line."""

    source: str
    definition: "Definition | None"
    findings: tuple[dict[str, Any], ...]

    @property
    def is_publishable(self) -> bool:
        """Say whether nothing found keeps it from being published."""
        return all(each["level"] != "error" for each in self.findings)

    @property
    def document(self) -> dict[str, Any]:
        """Give what `--json` prints of it; what is only worth knowing is no fault."""
        ok = all(each["level"] == "note" for each in self.findings)
        return {"file": self.source, "ok": ok, "findings": list(self.findings)}


@click.command(
    "lint", cls=Command, example="summit definitions lint my-fund.yaml --people --parties UZ:lead"
)
@click.argument("sources", metavar=f"{SOURCE}...", nargs=-1, required=True)
@click.option("--people", is_flag=True, help="Ask the database who could satisfy the rules.")
@click.option("--summit", help="With --people: the proposals of this summit alone.")
@click.option("--parties", metavar="UZ:lead,JP:member", help="With --people: as if of these.")
def lint_command(
    sources: tuple[str, ...],
    people: bool,  # noqa: FBT001 - click's flag
    summit: str | None,
    parties: str | None,
) -> None:
    """Say everything that is wrong with definitions, with file and line; publishes nothing."""
    if not people and (summit or parties):
        raise click.UsageError("--summit and --parties belong to --people.")
    asked = asked_of(summit, parties) if people else None
    judged = [judge(source, asked) for source in sources]
    show([each.document for each in judged], [line for each in judged for line in told(each)])
    if not all(each.document["ok"] for each in judged):
        leave(REFUSED)


def judge(source: str, asked: "Asked | None" = None) -> Judged:
    """Read and lint a file, or a kind's newest edition; with `asked`, against the people too."""
    known = known_here() if asked else {}
    judged = judge_file(Path(source), known) if is_file(source) else _judge_kind(source)
    if asked is None or judged.definition is None:
        return judged
    found = (_written(each, None) for each in against_people(judged.definition, asked))
    return Judged(source, judged.definition, (*judged.findings, *found))


def known_here() -> "Words":
    """Give the words that the database knows: its parties, and the states of its kinds."""
    from workflow.queries.feasibility import known_words  # noqa: PLC0415 - nothing loads for --help

    with ready_runtime().uow.read() as tx:
        return known_words(tx)


def judge_file(file: Path, known: "Words" = MappingProxyType({})) -> Judged:
    """Read and lint a definition file; `known` are words of a database."""
    from config.definitions import (  # noqa: PLC0415 - nothing loads for --help
        DefinitionFileError,
        load,
        load_vocabulary,
    )
    from workflow.domain.lint import read_and_lint  # noqa: PLC0415 - as above
    from workflow.domain.vocabulary import Vocabulary  # noqa: PLC0415 - as above

    try:
        loaded = load(file)
    except DefinitionFileError as error:
        return Judged(str(file), None, (_unread(error),))
    vocabulary = Vocabulary.from_mapping(load_vocabulary())
    definition, findings = read_and_lint(loaded.mapping, vocabulary, **known)
    written = (_written(each, loaded.origins.of(each.place)) for each in findings)
    return Judged(str(file), definition, tuple(written))


def against_people(definition: "Definition", asked: "Asked") -> tuple["Finding", ...]:
    """Find what nobody in the database could satisfy; leave where parties asked of are unknown."""
    from workflow.domain.identity import OPERATOR  # noqa: PLC0415 - nothing loads for --help
    from workflow.queries.feasibility import feasibility  # noqa: PLC0415 - as above

    with ready_runtime().uow.read() as tx:
        found = feasibility(tx, OPERATOR, definition, asked)
    return granted(found)


def asked_of(summit: str | None, parties: str | None) -> "Asked":
    """Read what `--summit` and `--parties` say."""
    from workflow.queries.feasibility import Asked  # noqa: PLC0415 - nothing loads for --help

    given: dict[str, frozenset[str]] = {}
    for each in parties.split(",") if parties else ():
        code, colon, capacity = each.strip().partition(":")
        if not (code and colon and capacity):
            raise click.UsageError(f"{each!r} is no party: write them as UZ:lead,JP:member.")
        given[code] = given.get(code, frozenset()) | {capacity}
    return Asked(summit, given)


def told(judged: Judged) -> Iterator[str]:
    """Say a judgement in lines for a person."""
    if not judged.findings:
        yield f"{judged.source}: nothing is wrong with it."
    for each in judged.findings:
        inherited = each["file"] not in (None, judged.source)
        file = f"{judged.source}: {each['file']}" if inherited else judged.source
        line = f", line {each['line']}" if each["line"] else ""
        place = f"{each['place']}: " if each["place"] else ""
        level = "" if each["level"] == "error" else f"{each['level']}: "
        said = f"{each['problem'].removesuffix('.')}. {each['suggestion']}".strip()
        yield f"{file}{line}: {level}{place}{said}"


def written(findings: "Iterable[Finding]") -> list[dict[str, Any]]:
    """Write findings that are of no file as JSON has them."""
    return [_written(each, None) for each in findings]


def _judge_kind(kind: str) -> Judged:
    from workflow.domain.lint import lint  # noqa: PLC0415 - nothing loads for --help

    definition = edition_of(kind)
    findings = lint(definition, ready_runtime().vocabulary, **known_here())
    return Judged(kind, definition, tuple(written(findings)))


def _unread(error: Any) -> dict[str, Any]:  # noqa: ANN401 - a class that must not load for --help
    return {
        "code": "malformed", "level": "error", "file": str(error.path), "line": error.line,
        "place": None, "problem": error.problem, "suggestion": error.suggestion,
    }  # fmt: skip


def _written(finding: "Finding", origin: tuple[Path, int] | None) -> dict[str, Any]:
    file, line = origin or (None, None)
    return {
        "code": finding.code.value, "level": finding.level.value,
        "file": None if file is None else str(file), "line": line, "place": finding.place,
        "problem": finding.problem, "suggestion": finding.suggestion,
    }  # fmt: skip
