"""What people call the roles."""

from collections.abc import Mapping

from bpmn.wording import Sentence, say
from workflows.access import Role

ROLES: Mapping[Role, Sentence] = {
    Role.QUARTER_MANAGEMENT: say("Quarter management"),
    Role.CULTURAL_MEDIATOR: say("Language and cultural mediator"),
    Role.EDUCATION_MEDIATOR: say("Education mediator"),
    Role.CASE_MANAGEMENT: say("Case management"),
    Role.COORDINATION: say("Coordination"),
    Role.PROCESS_MANAGEMENT: say("Process management"),
    Role.ADMINISTRATION: say("Administration"),
    Role.STEERING_GROUP: say("Steering group"),
    Role.DATA_PROTECTION: say("Data protection"),
}
