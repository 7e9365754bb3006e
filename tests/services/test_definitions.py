"""Publishing definitions: each edition once, whatever was published after it."""

from tests import make
from workflow.bootstrap import Runtime
from workflow.domain.definition import Definition
from workflow.services.definitions import newest_editions, publish, publish_shipped


def test_a_shipped_definition_does_not_come_back_over_ones_own(runtime: Runtime) -> None:
    shipped = make.rules("charter")
    own = make.rules("charter", agree={"by": ["secretariat"]})
    publish_shipped(runtime, [shipped])
    publish(runtime, make.secretary(runtime), [Definition.from_mapping(own)])
    assert publish_shipped(runtime, [shipped]) == ()
    number, newest = newest_editions(runtime)["charter"]
    assert (number, newest.steps["agree"].by) == (2, ("secretariat",))


def test_a_published_edition_keeps_the_order_it_was_written_in(runtime: Runtime) -> None:
    shipped = make.rules("charter")
    publish_shipped(runtime, [shipped])
    backwards = dict(reversed(list(shipped.items())))
    assert publish_shipped(runtime, [backwards]) == ()
    _, newest = newest_editions(runtime)["charter"]
    assert newest.document.startswith('{"language":1,"kind":"charter"')
