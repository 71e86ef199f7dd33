"""What people enter about customers and contacts, checked and as it is stored."""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.core.errors import Invalid, field_error
from backend.customers.credit_code import is_credit_code, plain_code
from backend.customers.models import Customer
from backend.customers.rules import CustomerState
from backend.duplicates.keys import company_key, email_key, phone_key
from backend.identity.models import Region
from backend.identity.places import place
from backend.identity.queries import active_with, region_serving

WEBSITE = re.compile(r"(https?://)?[^\s/:@]+\.[^\s/:@]+(:[0-9]+)?(/\S*)?", re.IGNORECASE)
EMPTY_IS_NONE = (
    "address", "industry", "website", "payment_terms", "notes", "title", "phone", "email", "wechat",
)  # fmt: skip
IDS = ("parent_id", "region_id", "owner_id", "backup_owner_id")
NEW_CUSTOMER: dict[str, Any] = {"province": None, "city": None}


def _refuse(errors: list[dict[str, str]]) -> None:
    if errors:
        raise Invalid("invalid_input", "Some fields are not valid; each is named in `errors`.", errors=errors)


def _plain(entered: Mapping[str, Any]) -> dict[str, Any]:
    """Identifiers as text, as JSON holds them; an empty text is no value."""
    texts = {field: str(value) if isinstance(value, UUID) else value for field, value in entered.items()}
    return {field: value or None if field in EMPTY_IS_NONE else value for field, value in texts.items()}


def customer_facts(entered: Mapping[str, Any], current: Mapping[str, Any] = NEW_CUSTOMER) -> dict[str, Any]:
    """The entered fields in their stored form; the place is read together with what is known of it. 422 names what is wrong."""
    facts, errors = _plain(entered), []
    if "credit_code" in facts:
        facts["credit_code"] = plain_code(facts["credit_code"])
        if facts["credit_code"] and not is_credit_code(facts["credit_code"]):
            errors.append(field_error("#/credit_code", "This is no unified social credit code: its check digit does not fit.", "bad_code"))
    if facts.get("website") and not WEBSITE.fullmatch(facts["website"]):
        errors.append(field_error("#/website", "This is no web address.", "not_a_website"))
    if {"province", "city"} & facts.keys():
        known = {**current, **facts}
        facts["province"], facts["city"] = place(known["province"], known["city"])
    if "tags" in facts:
        facts["tags"] = list(dict.fromkeys(facts["tags"]))
    _refuse(errors)
    return facts


def contact_facts(entered: Mapping[str, Any]) -> dict[str, Any]:
    facts, errors = _plain(entered), []
    if facts.get("phone") and phone_key(facts["phone"]) is None:
        errors.append(field_error("#/phone", "This is no phone number.", "not_a_phone"))
    if facts.get("email") and email_key(facts["email"]) is None:
        errors.append(field_error("#/email", "This is no e-mail address.", "not_an_email"))
    _refuse(errors)
    return facts


def contact_columns(facts: Mapping[str, Any]) -> dict[str, Any]:
    """Facts with the keys that are made from them, ready to be written."""
    return {**facts} | ({"phone_key": phone_key(facts["phone"])} if "phone" in facts else {})


def customer_columns(facts: Mapping[str, Any]) -> dict[str, Any]:
    """The same for a customer; identifiers become what they were."""
    ids = {field: UUID(facts[field]) for field in IDS if facts.get(field)}
    return {**facts, **ids} | ({"name_key": company_key(facts["name"])} if "name" in facts else {})


async def region_for(session: AsyncSession, facts: Mapping[str, Any], fallback: UUID | None) -> str | None:
    """The region that was chosen, else the one that serves the place, else the fallback."""
    if facts.get("region_id"):
        return str(facts["region_id"])
    served = await session.scalar(region_serving(facts["province"], facts["city"]))
    found = served or fallback
    return str(found) if found else None


async def check_references(
    session: AsyncSession, facts: Mapping[str, Any], customer_id: UUID | None, people: Mapping[str, Any], now: datetime
) -> None:
    """What the facts point at exists and fits: region, parent without a circle, owner and backup who are two people that follow up."""
    errors = []
    if facts.get("region_id") and await session.get(Region, UUID(facts["region_id"])) is None:
        errors.append(field_error("#/region_id", "There is no such region.", "unknown"))
    if facts.get("parent_id"):
        errors += await _wrong_parent(session, UUID(facts["parent_id"]), customer_id)
    chosen = {field: UUID(facts[field]) for field in ("owner_id", "backup_owner_id") if facts.get(field)}
    able = {row.id for row in await session.execute(active_with("customer.follow_up", list(chosen.values()), now))} if chosen else set()
    errors += [
        field_error(f"#/{field}", "Choose an active person who looks after customers.", "cannot_own_customers")
        for field, person_id in chosen.items()
        if person_id not in able
    ]
    both = {**people, **facts}
    if chosen and both["owner_id"] == both["backup_owner_id"]:
        errors.append(field_error("#/backup_owner_id", "The backup must be somebody else than the owner.", "same_person"))
    _refuse(errors)


async def _wrong_parent(session: AsyncSession, parent_id: UUID, customer_id: UUID | None) -> list[dict[str, str]]:
    stands = (Customer.id == parent_id, Customer.state == CustomerState.ACTIVE, Customer.merged_into_id.is_(None))
    if await session.scalar(select(Customer.id).where(*stands)) is None:
        return [field_error("#/parent_id", "There is no such customer, or you may not see it.", "unknown")]
    if customer_id and await session.scalar(select(func.customer_makes_circle(customer_id, parent_id))):
        return [field_error("#/parent_id", "A company cannot belong to itself, not even by way of others.", "circle")]
    return []
