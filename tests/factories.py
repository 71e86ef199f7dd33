"""Factories: believable rows with the fewest words."""

import itertools
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from backend.catalogue.models import Product, ProductFamily
from backend.contracts.models import Contract, ContractAmount, DeliveryMilestone
from backend.customers import finding, searching
from backend.customers.models import Contact, Customer
from backend.documents.models import Document, DocumentVersion
from backend.duplicates.keys import company_key, phone_key
from backend.identity.models import Person, PersonLeave, PersonRole, Region, RegionArea
from backend.identity.rules import name_key
from backend.leads.finding import search_columns
from backend.leads.models import Lead
from backend.opportunities.finding import search_columns as opportunity_search
from backend.opportunities.models import Opportunity, StageStay
from backend.pipelines.defaults import SHIPPED
from backend.pipelines.models import StageRow
from tests.conftest import NOW

numbers = itertools.count(1)


async def make_region(
    session: AsyncSession, name: str | None = None, areas: tuple[tuple[str, str | None], ...] = (), **fields: Any
) -> Region:
    number = next(numbers)
    region = Region(name=name or f"辖区{number}", code=f"R{number}", sort_key=f"{number:05}", **fields)
    session.add(region)
    await session.flush()
    session.add_all(RegionArea(region_id=region.id, province=province, city=city) for province, city in areas)
    await session.flush()
    return region


async def make_person(session: AsyncSession, *roles: str, name: str | None = None, region: Region | None = None, **fields: Any) -> Person:
    """A person with roles (a sales rep when none is named)."""
    number = next(numbers)
    name = name or f"员工{number}"
    person = Person(name=name, name_key=name_key(name), login=fields.pop("login", f"user{number}"), **fields)
    person.region_id = region.id if region else fields.get("region_id")
    session.add(person)
    await session.flush()
    session.add_all(PersonRole(person_id=person.id, role_code=role) for role in roles or ("sales_rep",))
    await session.flush()
    return person


async def make_leave(session: AsyncSession, person: Person, **fields: Any) -> PersonLeave:
    """On leave around NOW."""
    values = {"starts_at": NOW - timedelta(days=1), "ends_at": NOW + timedelta(days=1), "kind": "annual", "note": ""} | fields
    leave = PersonLeave(person_id=person.id, **values)
    session.add(leave)
    await session.flush()
    return leave


async def make_lead(session: AsyncSession, *, owner: Person | None = None, region: Region | None = None, **fields: Any) -> Lead:
    """A lead received at NOW; with an owner it was assigned at that moment."""
    number = next(numbers)
    values: dict[str, Any] = {
        "company": f"苏州精工{number}号有限公司",
        "contact_name": "王经理",
        "phone": f"138{number:08}",
        "source": "website",
        "currency": "CNY",
        "custom": {},
        "received_at": NOW,
    }
    if owner is not None:
        values |= {"owner_id": owner.id, "state": "assigned", "assigned_at": NOW, "first_assigned_at": NOW}
    values |= fields
    values.setdefault("last_activity_at", values["received_at"])
    values |= search_columns(values["company"], values["contact_name"], values["phone"], phone_key(values["phone"]))
    values |= {"company_key": company_key(values["company"]), "phone_key": phone_key(values["phone"])}
    lead = Lead(**values, region_id=region.id if region else (owner.region_id if owner else None))
    session.add(lead)
    await session.flush()
    await session.refresh(lead)
    return lead


async def make_customer(session: AsyncSession, *, owner: Person, region: Region | None = None, **fields: Any) -> Customer:
    """An active customer of its owner's region, made at NOW."""
    number = next(numbers)
    values: dict[str, Any] = {
        "name": f"苏州恒达{number}号机械有限公司",
        "source": "manual",
        "created_at": NOW,
        "last_activity_at": NOW,
    } | fields
    if values.get("state") == "archived":
        values = {"archived_at": NOW, "archive_reason": "重复录入"} | values
    customer = Customer(
        **values,
        **finding.search_columns([values["name"]], (), (), [values.get("credit_code")]),
        name_key=company_key(values["name"]),
        owner_id=owner.id,
        region_id=region.id if region else owner.region_id,
    )
    session.add(customer)
    await session.flush()
    await session.refresh(customer)
    return customer


async def make_contact(session: AsyncSession, customer: Customer, **fields: Any) -> Contact:
    number = next(numbers)
    values = {"name": f"联系人{number}", "role": "purchaser", "phone": f"139{number:08}", "created_at": NOW} | fields
    contact = Contact(**values, phone_key=phone_key(values["phone"]), customer_id=customer.id)
    session.add(contact)
    await session.flush()
    found = await searching.columns(session, customer.id)
    await session.execute(update(Customer).where(Customer.id == customer.id).values(found))
    return contact


async def make_opportunity(session: AsyncSession, customer: Customer, stage: str = "first_contact", **fields: Any) -> Opportunity:
    """Of its customer's owner, in that stage of the shipped pipeline since NOW."""
    number = next(numbers)
    found = (await session.execute(select(StageRow).where(StageRow.pipeline_id == SHIPPED, StageRow.key == stage))).scalar_one()
    moments = dict.fromkeys(("created_at", "last_activity_at", "stage_entered_at", "advanced_at"), NOW)
    people = {"owner_id": customer.owner_id, "backup_owner_id": customer.backup_owner_id, "region_id": customer.region_id}
    values: dict[str, Any] = {"name": f"支架项目{number}", "source": "manual", **people, **moments} | fields
    opportunity = Opportunity(
        **values, **opportunity_search(values["name"], [customer.name]), customer_id=customer.id, pipeline_id=SHIPPED, stage_id=found.id
    )
    session.add(opportunity)
    await session.flush()
    stay = {"move": "created", "pipeline_version": 1, "entered_at": values["stage_entered_at"]}
    session.add(StageStay(opportunity_id=opportunity.id, stage_id=found.id, **stay))
    await session.flush()
    await session.refresh(opportunity)
    return opportunity


async def make_document(session: AsyncSession, subject_type: str, record: Any, kind: str = "requirement", **fields: Any) -> Document:
    """With one version, whose bytes are nowhere."""
    number = next(numbers)
    values = {"title": f"文件{number}", "created_at": NOW, "created_by": record.owner_id} | fields
    document = Document(subject_type=subject_type, subject_id=record.id, kind=kind, **values)
    session.add(document)
    await session.flush()
    file = {"name": f"{values['title']}.pdf", "media_type": "application/pdf", "family": "pdf", "size": 1, "sha256": f"{number:064x}"}
    version = DocumentVersion(**file, document_id=document.id, number=1, note="", uploaded_by=values["created_by"], uploaded_at=NOW)
    session.add(version)
    await session.flush()
    return document


async def make_contract(session: AsyncSession, deal: Opportunity, *milestones: DeliveryMilestone, **fields: Any) -> Contract:
    """To be signed, of a deal that is won; signed where `signed_on` is given. It is worth 88,000."""
    state = "delivering" if fields.get("signed_on") else "signing"
    values = {"title": deal.name, "opened_at": NOW, "state": state} | fields
    contract = Contract(opportunity_id=deal.id, customer_id=deal.customer_id, **values)
    session.add(contract)
    await session.flush()
    session.add(ContractAmount(contract_id=contract.id, amount=Decimal(88000), currency="CNY"))
    for milestone in milestones:
        milestone.contract_id = contract.id
        session.add(milestone)
    await session.flush()
    await session.refresh(contract)
    return contract


async def make_family(session: AsyncSession, **fields: Any) -> ProductFamily:
    """A product family with a standard lead time of 15 working days."""
    family = ProductFamily(**{"code": f"F{next(numbers)}", "name": "冲压件", "standard_lead_days": 15} | fields)
    session.add(family)
    await session.flush()
    return family


async def make_product(session: AsyncSession, family: ProductFamily, **fields: Any) -> Product:
    """A product of that family, without a floor and a routing of its own."""
    product = Product(**{"code": f"P{next(numbers)}", "name": "电机支架", "family_id": family.id, "unit": "件"} | fields)
    session.add(product)
    await session.flush()
    return product


def milestone(due_on: date, **fields: Any) -> DeliveryMilestone:
    """A step of a delivery, promised for that day."""
    return DeliveryMilestone(**{"title": "首件确认", "promised_on": due_on, "due_on": due_on} | fields)
