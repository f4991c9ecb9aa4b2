"""A year of believable sales for the demonstration organization, the same ones at every start."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from random import Random

from crm.access.derived import add_access
from crm.audit.log import CREATE, Change, log_changes
from crm.fields.record_types import record_types
from crm.search.rebuild import rebuild_documents
from crm.tenancy.models import Organization
from crm.users.models import User
from customers.choices import Source
from customers.models import Customer
from sales.choices import LossReason, StageKind
from sales.models import Opportunity, Stage

CLOSED, OPEN = 170, 74
SUBJECTS = [
    "Flow meter retrofit", "Level sensors", "Dosing pumps", "Calibration contract", "Pressure monitoring", "Valve actuators",
    "Telemetry, 6 sites", "Spare parts frame contract", "Gas metering", "Cold-room monitoring", "Panel upgrade", "Leak detection",
    "Commissioning", "Pilot line", "Service plan", "Replacement controllers",
]  # fmt: skip
STEPS = [
    "Discovery call", "Send sizing questionnaire", "Site visit", "Revised quote", "Demo for the plant team", "Talk to purchasing",
    "Signature requested", "Reference call", "Budget confirmation",
]  # fmt: skip
COMPETITORS = ["Hydronix", "Sensa Systems", "Volmetric", ""]


@dataclass
class Course:
    """How one sale goes: when it enters which stage."""

    opportunity: Opportunity
    entries: list[tuple[Stage, datetime]]


def make_demo(organization: Organization, people: list[User], now: datetime) -> None:
    """Fill the organization, in its tenant: sales won and lost in the last year, and a pipeline for the next quarter."""
    random = Random(20260303)
    stages = list(Stage.objects.filter(organization=organization, pipeline__is_default=True))
    customers = list(Customer.objects.filter(organization=organization, deleted_at=None).select_related("owner__team").order_by("pk")[:260])
    courses = [_course(random, stages, random.choice(customers), people, now, open_=number >= CLOSED) for number in range(CLOSED + OPEN)]
    _save([course.opportunity for course in courses])
    for step in range(1, max(len(course.entries) for course in courses)):
        _enter([(course.opportunity, *course.entries[step]) for course in courses if len(course.entries) > step])


def _course(random: Random, stages: list[Stage], customer: Customer, people: list[User], now: datetime, *, open_: bool) -> Course:
    way = [stage for stage in stages if stage.is_open]
    won, lost = (next(stage for stage in stages if stage.kind == kind) for kind in (StageKind.WON, StageKind.LOST))
    reached = random.randint(1, len(way))
    begun = now - timedelta(days=random.randint(3, 75) if open_ else random.randint(40, 400), minutes=random.randint(0, 1400))
    moments = [begun]
    for _stage in way[1:reached] if open_ else way[1:]:
        moments.append(moments[-1] + timedelta(days=random.randint(1, 22), minutes=random.randint(0, 900)))
    entries = list(zip(way, moments, strict=False))
    if not open_:
        ends = won if random.random() < 0.44 else lost
        entries = entries if ends is won else entries[: random.randint(1, len(entries))]
        entries.append((ends, entries[-1][1] + timedelta(days=random.randint(1, 20))))
    entries = [(stage, at) for stage, at in entries if at < now] or [(way[0], begun)]
    owner = customer.owner if customer.owner in people else random.choice(people)
    last, closed = entries[-1], not entries[-1][0].is_open
    amount = Decimal(random.choice([4, 9, 14, 18, 22, 31, 44, 58, 76, 88, 120, 186])) * 1000 + random.randint(0, 9) * 50
    opportunity = Opportunity(
        organization_id=customer.organization_id, name=random.choice(SUBJECTS), customer=customer, stage=entries[0][0],
        amount=amount if reached > 1 or closed or random.random() < 0.7 else None,
        recurring_amount=Decimal(random.choice([90, 180, 240])) if random.random() < 0.15 else None,
        close_date=(last[1] if closed else now + timedelta(days=random.randint(-9, 110))).date(),
        next_step="" if closed or random.random() < 0.15 else random.choice(STEPS),
        source=random.choice([Source.TRADE_SHOW, Source.REFERRAL, Source.WEBSITE, Source.PARTNER, Source.CAMPAIGN]),
        competitors=random.choice(COMPETITORS), loss_reason=random.choice(list(LossReason)) if last[0] is lost else "",
        owner=owner, team=owner.team, created_by=owner, updated_by=owner, created_at=begun, updated_at=max(last[1], begun),
    )  # fmt: skip
    return Course(opportunity, entries)


def _save(opportunities: list[Opportunity]) -> None:
    for opportunity in opportunities:
        opportunity.derive(opportunity.organization)
    Opportunity._base_manager.bulk_create(opportunities, batch_size=500)
    add_access(Opportunity, [opportunity.pk for opportunity in opportunities])
    rebuild_documents(record_types.of(Opportunity), opportunities[0].organization_id)
    for owner in dict.fromkeys(opportunity.owner for opportunity in opportunities):
        log_changes([_made(one) for one in opportunities if one.owner == owner], by=owner)


def _made(opportunity: Opportunity) -> Change:
    return Change(opportunity, CREATE, "opportunity.created", {"name": (None, opportunity.name)}, at=opportunity.created_at)


def _enter(entered: list[tuple[Opportunity, Stage, datetime]]) -> None:
    """The next step of these; the database keeps each of them."""
    for opportunity, stage, at in entered:
        opportunity.stage = stage
        opportunity.derive(opportunity.organization)
        opportunity.stage_since = at
        opportunity.closed_at = None if stage.is_open else at
    Opportunity._base_manager.bulk_update([one for one, _stage, _at in entered], ["stage", *Opportunity.derived], batch_size=500)
