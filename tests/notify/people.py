"""Invented people, and the events that tell notify about them."""

import json
from datetime import UTC, datetime

from harbour.contracts.concerns import Urgency
from harbour.contracts.enrolment import ContactGiven, CourseScheduled, Enrolled, Role, SessionPlan, StaffAdded
from harbour.contracts.safeguard import AlertOverdue
from harbour.runtime.sealing import Seal

KEY = bytes(range(32))
EMAIL = "robin.marked@example.org"
PHONE = "+447700900123"
DUTY = "duty.marked@example.org"
CODE = "493817"
NICKNAME = "Robin-marked"
FIRST_EVENING = datetime(2099, 12, 1, 19, 0, tzinfo=UTC)
SECRETS = (EMAIL, PHONE, DUTY, CODE, NICKNAME)


def contact_given(seal: Seal, member_id: str = "m1", email: str = EMAIL, phone: str = "") -> ContactGiven:
    sealed = seal.close(json.dumps({"email": email, "phone": phone}), member_id)
    return ContactGiven(member_id=member_id, sealed=sealed)


def staff_added(seal: Seal, staff_id: str, email: str = DUTY) -> StaffAdded:
    sealed = seal.close(json.dumps({"email": email}), staff_id)
    return StaffAdded(staff_id=staff_id, name="Sam", roles=(Role.OFFICER,), sealed=sealed)


def course_scheduled() -> CourseScheduled:
    evening = SessionPlan(session_id="s1", week=1, topic="Marked", starts_at=FIRST_EVENING, minutes=90)
    return CourseScheduled(course_id="c1", programme="p", title="Marked", seats=8, sessions=(evening,), staff=())


def enrolled(member_id: str = "m1") -> Enrolled:
    return Enrolled(course_id="c1", member_id=member_id, nickname=NICKNAME, badge="leaf-teal")


def overdue(*people: str, step: int = 0) -> AlertOverdue:
    return AlertOverdue(alert_id="a1", urgency=Urgency.IMMEDIATE, step=step, page=people)
