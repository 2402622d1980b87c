"""The people of the office: who they are, where they belong, how they come in, what they can."""

from workflows.people.accounts import (
    NewPerson,
    add_person,
    change_belonging,
    disable,
    enable,
    set_language,
    set_password,
)
from workflows.people.directory import organisations, places, quarters
from workflows.people.login import sign_in
from workflows.people.profiles import add_absence, remove_absence, set_capacity, set_languages
from workflows.people.queries import (
    absences_of,
    actor,
    addressee,
    addressees,
    mediators,
    names,
    people,
    person_id_of,
)
from workflows.people.registry import add_organisation, add_place, add_quarter
from workflows.people.sessions import close_all, close_session, note, resume, rotate
from workflows.people.tokens import add_token, recognise, revoke_token
from workflows.people.views import (
    Addressee,
    MediatorView,
    OrganisationView,
    PersonView,
    SignedIn,
    Skill,
    Visit,
    Visitor,
)

__all__ = [
    "Addressee",
    "MediatorView",
    "NewPerson",
    "OrganisationView",
    "PersonView",
    "SignedIn",
    "Skill",
    "Visit",
    "Visitor",
    "absences_of",
    "actor",
    "add_absence",
    "add_organisation",
    "add_person",
    "add_place",
    "add_quarter",
    "add_token",
    "addressee",
    "addressees",
    "change_belonging",
    "close_all",
    "close_session",
    "disable",
    "enable",
    "mediators",
    "names",
    "note",
    "organisations",
    "people",
    "person_id_of",
    "places",
    "quarters",
    "recognise",
    "remove_absence",
    "resume",
    "revoke_token",
    "rotate",
    "set_capacity",
    "set_language",
    "set_languages",
    "set_password",
    "sign_in",
]
