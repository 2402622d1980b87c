from itertools import product

import pytest

from tests.workflows.processes.driving import HOST, definitions

CONTEXTS = ("neighbourhood", "school")
CONSTELLATIONS = ("two", "several", "groups", "person_institution", "unknown")
TYPES = ("noise", "boundary_plants", "discrimination", "bullying", "cyberbullying", "other")
BOOLEANS = (True, False)


def decide(decision, **inputs):
    return definitions().decisions[decision].evaluate(inputs, HOST)


def routed(**inputs):
    usual = {
        "context": "neighbourhood",
        "glasl_stage": 3,
        "constellation": "two",
        "power_gap": False,
        "repeats_12m": 0,
        "conflict_type": "noise",
        "hate_crime_suspected": False,
    }
    return decide("route", **{**usual, **inputs}).value


def test_every_situation_gets_a_route_and_every_row_of_the_table_is_used():
    used = set()
    for context, stage, constellation, gap, repeats, kind, hate in product(
        CONTEXTS, (1, 4, 7, 9), CONSTELLATIONS, BOOLEANS, (0, 3), TYPES, BOOLEANS
    ):
        outcome = decide(
            "route",
            context=context,
            glasl_stage=stage,
            constellation=constellation,
            power_gap=gap,
            repeats_12m=repeats,
            conflict_type=kind,
            hate_crime_suspected=hate,
        )
        assert outcome.value["route"]
        used |= {rule.number for rule in outcome.rules}

    assert used == set(range(1, 14))


@pytest.mark.parametrize(
    ("inputs", "route", "priority"),
    [
        ({}, "clarification", "normal"),
        ({"glasl_stage": 7}, "escalation", "urgent"),
        ({"conflict_type": "discrimination"}, "anti_discrimination_advice", "urgent"),
        ({"hate_crime_suspected": True, "glasl_stage": 6}, "anti_discrimination_advice", "urgent"),
        ({"context": "school", "conflict_type": "bullying"}, "no_blame", "urgent"),
        ({"constellation": "unknown"}, "observe", "plannable"),
        ({"conflict_type": "boundary_plants"}, "arbitration_hint", "plannable"),
        ({"constellation": "groups"}, "round_table", "normal"),
        ({"constellation": "person_institution"}, "clarification_with_institution", "normal"),
        ({"repeats_12m": 3}, "escalation", "normal"),
        ({"glasl_stage": 5, "power_gap": True}, "shuttle", "urgent"),
        ({"glasl_stage": 5}, "mediation", "normal"),
        ({"power_gap": True}, "shuttle", "normal"),
        ({"context": "school", "constellation": "groups"}, "manual", "normal"),
    ],
)
def test_a_situation_gets_its_route(inputs, route, priority):
    answer = routed(**inputs)

    assert (answer["route"], answer["priority"]) == (route, priority)


def test_stage_seven_with_discrimination_also_offers_advice():
    assert routed(glasl_stage=8, conflict_type="discrimination")["offer_advice"] is True
    assert routed(glasl_stage=8)["offer_advice"] is False


@pytest.mark.parametrize(("priority", "days"), [("urgent", 1), ("normal", 2), ("plannable", 5)])
def test_the_priority_sets_the_days_until_the_first_contact(priority, days):
    assert decide("deadlines", priority=priority).value == days


def test_every_answer_to_the_safety_questions_gets_exactly_one_result():
    used = set()
    for danger, weapon, child, violence, threat, harm in product(
        BOOLEANS, BOOLEANS, ("no", "unclear", "serious"), BOOLEANS, BOOLEANS, BOOLEANS
    ):
        outcome = decide(
            "safety",
            acute_danger=danger,
            weapon=weapon,
            child_welfare=child,
            domestic_violence=violence,
            specific_threat=threat,
            self_harm_risk=harm,
        )
        harmless = child == "no" and not any((danger, weapon, violence, threat, harm))
        assert (outcome.value["safety_result"] == "none") is harmless
        assert outcome.value["mediation_locked"] is not harmless
        used |= {rule.number for rule in outcome.rules}

    assert used == set(range(1, 7))
