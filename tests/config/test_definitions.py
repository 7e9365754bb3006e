"""Definition files: what is loaded, what is merged, and what is refused in one sentence."""

from collections.abc import Callable
from pathlib import Path
from textwrap import dedent

import pytest

from config.definitions import DefinitionFileError, load, load_file, load_vocabulary

Write = Callable[..., Path]

BASE = """\
language: 1
states: {proposed: {en: Proposed}, agreed: {en: Agreed}}
parts:
  ministries: {signoffs: {each: [lead], role: line_ministry}}
  everyone: {all: [{part: ministries}, {signoffs: {each: [lead], role: legal_service}}]}
steps:
  agree: {from: proposed, to: agreed, by: [secretariat], labels: {en: Agree},
    needs: {part: ministries}}
  decline: {from: proposed, to: declined, by: [secretariat], needs: {part: ministries}}
"""


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Return a function that writes a definition file beside a small base."""
    (tmp_path / "base.yaml").write_text(BASE, encoding="utf-8")

    def _write(text: str, name: str = "kind.yaml") -> Path:
        path = tmp_path / name
        path.write_text(dedent(text), encoding="utf-8")
        return path

    return _write


def refusal(path: Path) -> str:
    """Return the sentence that loading the file is refused with."""
    with pytest.raises(DefinitionFileError) as refused:
        load_file(path)
    return str(refused.value)


def test_a_kind_takes_from_its_base_what_it_does_not_say(write: Write) -> None:
    loaded = load_file(write("extends: base\nkind: fund\nsteps: {agree: {needs: {field: amount}}}"))
    assert loaded["steps"]["agree"] == {
        "from": "proposed", "to": "agreed", "by": ["secretariat"], "labels": {"en": "Agree"},
        "needs": {"field": "amount"},
    }  # fmt: skip
    assert "extends" not in loaded
    assert "parts" not in loaded


def test_a_step_that_fires_by_itself_is_not_also_taken_by_hand(write: Write) -> None:
    loaded = load_file(write("extends: base\nkind: fund\nsteps: {agree: {fires: by-itself}}"))
    assert "by" not in loaded["steps"]["agree"]


def test_a_kind_may_leave_a_step_out(write: Write) -> None:
    loaded = load_file(write("extends: base\nkind: fund\nsteps: {decline: null}"))
    assert set(loaded["steps"]) == {"agree"}


def test_a_part_is_written_out_with_its_stage_and_the_parts_inside_it(write: Write) -> None:
    kind = write(
        "extends: base\nkind: fund\nsteps: {agree: {needs: {stage: first, part: everyone}}}"
    )
    ministries = {"signoffs": {"each": ["lead"], "role": "line_ministry"}}
    legal = {"signoffs": {"each": ["lead"], "role": "legal_service"}}
    assert load_file(kind)["steps"]["agree"]["needs"] == {
        "stage": "first", "all": [ministries, legal],
    }  # fmt: skip


def test_the_shipped_base_serves_a_file_that_lies_elsewhere(tmp_path: Path) -> None:
    path = tmp_path / "own.yaml"
    path.write_text("extends: base\nkind: own\n", encoding="utf-8")
    assert "supersede" in load_file(path)["steps"]


def test_norway_is_a_party_and_not_a_truth_value(write: Write) -> None:
    path = write("kind: fund\nparty: NO\nswitch: on\nagreed: true\ncount: 3\nnothing: null")
    assert load_file(path) == {
        "kind": "fund", "party": "NO", "switch": "on", "agreed": True, "count": 3, "nothing": None,
    }  # fmt: skip


def test_text_is_normalised(write: Write) -> None:
    assert load_file(write("kind: e\u0301"))["kind"] == "\u00e9"


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("kind: a\nkind: b", "kind.yaml, line 2: it says 'kind' twice. Keep one of the two."),
        ("a: &x b", ("kind.yaml, line 1: it uses an anchor or an alias."
         " Name a part under `parts:` instead.")),
        ("a: *x", ("kind.yaml, line 1: it uses an anchor or an alias."
         " Name a part under `parts:` instead.")),
        ("a: !!python/object:os.system x", ("kind.yaml, line 1: it uses a tag."
         " Write the value without `!`.")),
        ("%YAML 1.1\n---\na: NO", ("kind.yaml, line 2: it uses a directive."
         " Leave out the line that begins with %.")),
        ("a: b\n---\nc: d", ("kind.yaml, line 2: it holds a second document."
         " Keep one definition in a file.")),
        ("<<: {a: b}", ("kind.yaml, line 1: it has a name that is not a word."
         " Put the name in quotes.")),
        ("1: a", "kind.yaml, line 1: it has a name that is not a word. Put the name in quotes."),
        ("a: 2025-12-20", ("kind.yaml, line 1: '2025-12-20' is a date."
         " Put it in quotes or write a whole number.")),
        ("a: 1.5", ("kind.yaml, line 1: '1.5' is a fraction."
         " Put it in quotes or write a whole number.")),
        ("a: 0o17", ("kind.yaml, line 1: '0o17' is a number in an unusual spelling."
         " Put it in quotes or write a whole number.")),
        ("- a", ("kind.yaml, line 1: it must be a mapping of names to values."
         " Begin with `language: 1`.")),
        ("", ("kind.yaml, line 1: it must be a mapping of names to values."
         " Begin with `language: 1`.")),
        ("extends: bass", ("kind.yaml, line 1: it extends 'bass', and there is no such file."
         " Did you mean 'base'?")),
        ("extends: ../base", ("kind.yaml, line 1: it extends something that is not a file's name."
         " Write the name alone, such as `extends: base`.")),
        ("extends: kind", ("kind.yaml, line 1: it extends 'kind', which extends it again."
         " Break the circle.")),
        ("extends: base\nsteps:\n  agre: null", ("kind.yaml, line 3: it leaves out 'agre',"
         " a step it does not inherit. Did you mean 'agree'?")),
        ("extends: base\nsteps:\n  agree:\n    needs: {part: ministrys}",
         ("kind.yaml, line 4: it uses the part 'ministrys', which nothing defines."
         " Did you mean 'ministries'?")),
        ("parts:\n  a: {all: [{part: b}]}\n  b: {part: a}\nsteps: {}",
         "kind.yaml, line 3: it uses the part 'a' inside itself. Break the circle."),
        ("extends: base\nsteps:\n  agree: {needs: {part: ministries, signoffs: {}}}",
         ("kind.yaml, line 3: it says beside the part 'ministries' what the part says too."
         " Say it in one of the two places.")),
    ],
)  # fmt: skip
def test_a_faulty_file_is_refused_with_its_line_and_what_to_do(
    write: Write, text: str, sentence: str
) -> None:
    assert refusal(write(text)) == sentence


@pytest.mark.parametrize(
    "text", ["a: [b", "a: b: c", "\t- a", "a: '", "a: {", "{[a]: b}", "!!", "a: \x07"]
)
def test_what_is_no_yaml_is_refused_in_a_sentence(write: Write, text: str) -> None:
    assert refusal(write(text)).startswith("kind.yaml")


def test_a_deep_file_is_refused_before_it_is_composed(write: Write) -> None:
    assert "nests deeper than 40 levels" in refusal(write("a: " + "[" * 20_000))


def test_parts_that_double_again_and_again_are_refused(write: Write) -> None:
    tripling = "".join(
        f"  p{n}: {{all: [{', '.join([f'{{part: p{n + 1}}}'] * 3)}]}}\n" for n in range(8)
    )
    text = f"parts:\n{tripling}  p8: {{field: a}}\nsteps: {{}}"
    assert "more than 2000 parts" in refusal(write(text))


def test_a_chain_of_parts_is_bounded(write: Write) -> None:
    chain = "".join(f"  p{n}: {{part: p{n + 1}}}\n" for n in range(40))
    assert "parts inside one another" in refusal(
        write(f"parts:\n{chain}  p40: {{field: a}}\nsteps: {{}}")
    )


def test_a_large_file_is_refused_unread(write: Write) -> None:
    assert "larger than 256 KiB" in refusal(write("a: " + "b" * 300_000))


def test_a_file_in_another_encoding_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "kind.yaml"
    path.write_bytes("kind: Фонд".encode("cp1251"))
    assert refusal(path) == "kind.yaml: it is not UTF-8. Save it as UTF-8."


def test_a_missing_file_and_a_folder_are_refused(tmp_path: Path) -> None:
    assert "cannot be read" in refusal(tmp_path / "none.yaml")
    assert "cannot be read" in refusal(tmp_path)


def test_a_byte_order_mark_is_no_fault(tmp_path: Path) -> None:
    path = tmp_path / "kind.yaml"
    path.write_bytes("\ufeffkind: fund".encode())
    assert load_file(path) == {"kind": "fund"}


def test_the_vocabulary_names_what_definitions_use() -> None:
    assert list(load_vocabulary()) == [
        "roles", "capacities", "sorts", "decisions", "stages", "claims", "evidence",
    ]  # fmt: skip


def located(path: Path, place: str) -> tuple[str, int]:
    """Return the file's name and the line of a place of a loaded definition."""
    file, line = load(path).origins.of(place)
    return file.name, line


def test_a_finding_is_located_on_its_line_or_on_what_holds_it(write: Write) -> None:
    path = write("kind: a\nsteps:\n  agree:\n    needs:\n      all:\n        - field: x\n")
    assert located(path, "steps.agree.needs.all[0].field") == ("kind.yaml", 6)
    assert located(path, "steps.agree.needs.all[3]") == ("kind.yaml", 6)
    assert located(path, "steps.agree.labels") == ("kind.yaml", 4)
    assert located(path, "labels") == ("kind.yaml", 1)


def test_a_finding_in_what_is_inherited_is_located_in_the_file_that_says_it(write: Write) -> None:
    path = write("extends: base\nkind: a\nsteps:\n  agree: {bars: [proposer]}\n")
    assert located(path, "steps.agree.bars[0]") == ("kind.yaml", 4)
    assert located(path, "steps.agree.to") == ("base.yaml", 7)
    assert located(path, "states.agreed.ja") == ("base.yaml", 2)
    assert located(path, "steps.decline.needs") == ("base.yaml", 9)


def test_a_finding_in_a_part_is_located_where_the_part_is_written(write: Write) -> None:
    path = write(
        """\
        extends: base
        parts: {papers: {all: [{field: a},
          {field: b}]}}
        steps:
          agree:
            needs:
              all:
                - {stage: first, part: everyone}
                - part: papers
        """
    )
    assert located(path, "steps.agree.needs.all[0].stage") == ("kind.yaml", 8)
    assert located(path, "steps.agree.needs.all[0].all[0].signoffs.role") == ("base.yaml", 4)
    assert located(path, "steps.agree.needs.all[0].all[1].signoffs") == ("base.yaml", 5)
    assert located(path, "steps.agree.needs.all[1].all[1].field") == ("kind.yaml", 3)


def test_a_fault_in_an_inherited_part_names_the_file_it_is_in(write: Write) -> None:
    write("parts:\n  papers:\n    all:\n      - part: paper\nsteps: {}", "middle.yaml")
    assert refusal(write("extends: middle")) == (
        "middle.yaml, line 4: it uses the part 'paper', which nothing defines."
        " Did you mean 'papers'?"
    )


@pytest.mark.parametrize("word", ["NO", "no", "on", "off", "yes", "y", "N", "On"])
def test_words_that_older_yaml_took_for_truth_values_stay_words(write: Write, word: str) -> None:
    loaded = load_file(write(f"a: {word}\nb: [{word}]\n{word}: 1\nc: {{party: {word}}}"))
    assert loaded == {"a": word, "b": [word], word: 1, "c": {"party": word}}


def test_true_and_false_alone_are_truth_values(write: Write) -> None:
    assert load_file(write("a: true\nb: False")) == {"a": True, "b": False}


def test_a_tab_is_refused_with_its_line(write: Write) -> None:
    assert refusal(write("a: 1\nb:\n\tc: 1")).startswith("kind.yaml, line 3: it is not YAML")


def test_a_state_field_or_part_written_as_null_is_left_out(write: Write) -> None:
    loaded = load_file(write("extends: base\nstates: {agreed: null, ended: {en: Ended}}"))
    assert loaded["states"] == {"proposed": {"en": "Proposed"}, "ended": {"en": "Ended"}}


def test_a_refusal_quotes_no_more_than_a_line(write: Write) -> None:
    assert len(refusal(write("a: 0." + "1" * 5000))) < 500
