"""The steps on an issue: the page offers what may be sent, and nothing else."""

import inspect
from collections import Counter

import pytest
from pydantic.fields import FieldInfo

from tests.actions.test_resolve import LATER, resolved
from tests.issue_makers import ask_stayed_fixed, doer, make_issue
from tests.site import Site
from tracker.actions import escalate, resolve
from tracker.pages.issues.steps import ASKED, STEPS, WRITTEN, IssueStep
from tracker.pages.web.page import environment
from tracker.rules.lifecycle import FAST_TRACK, Cause, Outcome
from tracker.rules.refusals import Stale
from tracker.rules.resolution import PROPOSABLE
from tracker.rules.rings import MAY, Relation, Ring, Step, note_rings

ADDRESS = "/issues/RIV-1/escalation"
LINE = 200  # letters of what is chosen or named, rather than written
FORM = {"cause": Cause.RISK.value, "tier": "3", "reason": "A fall is likely."}


def test_every_step_has_one_row_and_a_policy() -> None:
    apart = [Step.REWORD, Step.REDACT]  # a part of amending; a page of its own
    asks = [Step.ASK, Step.ANSWER_ASK, Step.TAKE_ASK_BACK]  # a row a kind; two buttons beside what is asked
    policies = [step.policy for name, step in STEPS.items() if name not in ASKED]
    assert Counter([*policies, *apart, *asks]) == Counter(Step)
    assert {STEPS[name].policy for name in ASKED} == {Step.ASK}
    assert set(MAY) == set(Step)


def test_every_step_has_its_part_of_the_template_and_every_part_its_step() -> None:
    assert list(vars(environment().get_template("issues/_steps.html").module)["parts"]) == list(STEPS)


@pytest.mark.parametrize("step", STEPS.values(), ids=STEPS)
def test_an_action_takes_what_its_form_gives(step: IssueStep) -> None:
    nothing_typed = step.form.model_construct(None, **dict.fromkeys(step.form.model_fields, ""))
    inspect.signature(step.do).bind("session", "RIV-1", "doer", **nothing_typed.given())


def test_what_people_write_in_their_own_words_is_known_for_every_step() -> None:
    longest = {name: _longest(each) for step in STEPS.values() for name, each in step.form.model_fields.items()}
    assert {name for name, length in longest.items() if length > LINE} <= set(WRITTEN) <= longest.keys()


ONLY_ADD = {"notes", "occurrences", "paper", "quotation", "quotation-withdrawal"}


def test_which_steps_only_add_to_what_others_did_meanwhile() -> None:
    assert {name for name, step in STEPS.items() if step.stale_ok} == ONLY_ADD


@pytest.mark.parametrize("name", sorted(STEPS.keys() - ONLY_ADD))
def test_every_other_step_is_refused_without_the_version_that_was_read(site: Site, name: str) -> None:
    step = STEPS[name]
    who = "jo" if Relation.MANAGER in MAY[step.policy] else "sam"
    given = step.form.model_construct(None, **dict.fromkeys(step.form.model_fields, "")).given()
    with site.db.write() as session:
        if "same_as" in given:
            given["same_as"] = make_issue(session, site.cast).ref
        issue = make_issue(session, site.cast) if step.policy is not Step.STAYED_FIXED else resolved(session, site.cast)
        if step.policy is Step.STAYED_FIXED:  # for nobody but whoever was asked
            ask_stayed_fixed(session, site.cast, issue)
        with pytest.raises(Stale):
            step.do(session, issue.ref, doer(site.cast, who, LATER, version=0), **given)


@pytest.mark.parametrize("version", ["", "0", "1", "many"])
def test_a_stale_escalation_is_refused_and_what_was_typed_stands(site: Site, version: str) -> None:
    with site.db.write() as session:
        issue = make_issue(session, site.cast)
        escalate.by_holder(session, issue.ref, doer(site.cast, "kim"), cause=Cause.RISK)
    jo = site.guest("jo")
    answer = jo.post(ADDRESS, {**FORM, "version": version})
    assert (answer.status_code, "A fall is likely." in answer.text) == (409, True)
    assert jo.post(ADDRESS, FORM).status_code == 303


NOT_OFFERED = [
    *(("notes", {"text": "Rang Kim.", "ring": ring}) for ring in Ring if ring not in note_rings(crossed=True, tier=1)),
    *(("escalation", {**FORM, "cause": cause}) for cause in Cause if cause not in FAST_TRACK),
    *(("proposal", {"outcome": each, "done": "Mended."}) for each in Outcome if each not in PROPOSABLE),
]


@pytest.mark.parametrize("step, fields", NOT_OFFERED, ids=[" ".join(fields.values()) for _, fields in NOT_OFFERED])
def test_what_the_page_does_not_offer_is_refused_when_it_is_sent_by_hand(
    site: Site, step: str, fields: dict[str, str]
) -> None:
    with site.db.write() as session:
        make_issue(session, site.cast)
    jo = site.guest("jo")
    before = jo.get("/issues/RIV-1").text.count("<li")
    assert jo.post(f"/issues/RIV-1/{step}", fields).status_code == 422
    assert jo.get("/issues/RIV-1").text.count("<li") == before


@pytest.mark.parametrize("ring", [ring for ring in Ring if ring not in note_rings(crossed=False, tier=1)])
def test_before_it_crosses_a_note_is_for_nobody_else(site: Site, ring: Ring) -> None:
    with site.db.write() as session:
        ref = make_issue(session, site.cast, ring=Ring.ORGANISATION).ref
    sam = site.guest("sam")
    assert sam.post(f"/issues/{ref}/notes", {"text": "Rang Kim.", "ring": ring}).status_code == 422
    assert sam.post(f"/issues/{ref}/notes", {"text": "Rang Kim."}).status_code == 303


@pytest.mark.parametrize("skip, offered, status", [("anyone", True, 303), ("", False, 403)])
def test_front_line_staff_are_offered_to_take_it_up_where_the_ladder_lets_anyone_do_so(
    site: Site, skip: str, offered: bool, status: int
) -> None:
    with site.db.write() as session:
        cast = site.cast
        session.merge(cast.ladder).skip = skip  # the cast itself is for all tests
        session.merge(cast.partnership).changed()
        issue = make_issue(session, cast)
        escalate.by_holder(session, issue.ref, doer(cast, "kim"), cause=Cause.RISK)
    sam = site.guest("sam")
    assert (f'action="{ADDRESS}"' in sam.get("/issues/RIV-1").text) is offered
    assert sam.post(ADDRESS, FORM).status_code == status


def test_whoever_raised_it_is_asked_first_of_all_whether_it_stayed_fixed_a_second_time_too(site: Site) -> None:
    with site.db.write() as session:
        issue = resolved(session, site.cast)
        ask_stayed_fixed(session, site.cast, issue)
        resolve.say_stayed_fixed(session, issue.ref, doer(site.cast, "sam", LATER), fixed=False)
        resolve.reopen(session, issue.ref, doer(site.cast, "jo", LATER), reason="It came back.")
        resolve.propose(session, issue.ref, doer(site.cast, "jo", LATER), outcome="solved", done="Mended.")
        resolve.agree(session, issue.ref, doer(site.cast, "lee", LATER))
        ask_stayed_fixed(session, site.cast, issue)
    assert '<div class="best" aria-label="Your next step" role="group">\n    <h2>Did it stay fixed?</h2>' in (
        site.guest("sam").get("/issues/RIV-1").text
    )


def _longest(field: FieldInfo) -> int:
    return max((each.max_length for each in field.metadata if hasattr(each, "max_length")), default=0)
