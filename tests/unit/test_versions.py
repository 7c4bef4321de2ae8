"""The tables of versions are those of the last run, which left out nothing and in which nothing failed."""

import json

import core
import environments
import pytest
import readme
import run

RESULTS = json.loads(readme.RESULTS.read_text("utf-8"))


def test_the_tables_are_up_to_date():
    assert readme.between(readme.WHOLE.read_text("utf-8")) == readme.whole(RESULTS)
    assert readme.between(readme.SHORT.read_text("utf-8")) == f"\n{readme.short(RESULTS)}\n"


def test_nothing_failed_and_nothing_was_replaced():
    assert {name: run.problems(result) for name, result in RESULTS.items() if run.problems(result)} == {}


@pytest.mark.parametrize("name", RESULTS)
def test_the_result_is_of_the_environment_as_it_is_now(name):
    environment = environments.environments()[name]
    assert list(RESULTS[name]["stacks"]) == list(environment.stacks)
    assert RESULTS[name]["packages"] == list(environment.packages)


def test_the_known_failures_are_those_that_were_met():
    met = {
        reason
        for result in RESULTS.values()
        for outcome in result["stacks"].values()
        for reason in outcome["known"].values()
    }
    marks = [mark for check in vars(core).values() for mark in getattr(check, "pytestmark", ())]
    reasons = {mark.kwargs["reason"] for mark in marks if mark.name == "fails_on"}
    assert met <= reasons
    assert met == reasons or set(RESULTS) < set(environments.environments()), "met by none"


def test_the_sample_is_of_environments_that_there_are():
    assert set(environments.SAMPLE) <= set(environments.environments())


def result(**parts):
    outcome = {"passed": 2, "failed": {}, "known": {"test_bare[ours]": "why", "test_bare[own]": "why"}, **parts}
    return {"python": "3.11", "stacks": {"keras2": outcome}}


def test_a_cell_counts_our_checks():
    assert readme.cell(result(), "keras2") == "2 of 3"
    assert readme.cell(result(failed={"test_fit[ours]": "wrong"}), "keras2") == "2 of 4"
    assert readme.cell(result(), "keras2-graph") == ""


def test_versions_in_words():
    assert readme.spans({"2.0.4", "2.1.4", "2.2.3", "2.10.1", "1.15.5"}) == "1.15, 2.0 to 2.2, 2.10"
    assert readme.spans({"2.21.0", "2.22.0rc0"}) == "2.21, 2.22.0rc0"
    assert readme.spans(set()) == ""


def test_a_release_on_which_something_failed_is_not_in_the_short_table():
    versions = {"versions": {"tensorflow": "2.9.3"}}
    good, bad = ({**result(**failed), **versions} for failed in ({}, {"failed": {"test_fit[ours]": "wrong"}}))
    assert "| 2.9 |" in readme.short({"tensorflow-2.9": good})
    assert "2.9" not in readme.short({"tensorflow-2.9": bad})
    assert "2.9" not in readme.short({"tensorflow-1.14": good})


def test_what_is_no_success():
    assert run.problems(result()) == []
    assert run.problems(result(failed={"test_fit": "wrong"})) == ["keras2: test_fit: wrong"]
    assert run.problems({"changed": {"numpy": ["1.24", "2.4"]}}) == ["installing changed numpy: ['1.24', '2.4']"]
    assert run.problems({"error": "no such release"}) == ["error: no such release"]
