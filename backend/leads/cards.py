"""From rows to what goes over HTTP and into live events."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from backend.core.schemas import named
from backend.customers.rules import customer_number
from backend.identity.deps import Actor
from backend.leads import queries, rules
from backend.leads.rules import LeadState, Standing
from backend.leads.schemas import LeadCard, LeadOut, ScriptOut
from backend.leads.scripts import Script, best_script, render


def card_fields(row: Any) -> dict[str, Any]:
    """A row of `queries.cards`, of SQLAlchemy or of the driver, as the fields of a card."""
    fields = dict(getattr(row, "_mapping", None) or vars(row))
    fields["number"] = rules.lead_number(fields["number"])
    fields["owner"] = named(fields["owner_id"], fields["owner_name"])
    fields["region"] = named(fields["region_id"], fields["region_name"])
    return fields


def card(row: Any) -> LeadCard:
    return LeadCard.model_validate(card_fields(row))


def standing(row: Any, actor: Actor) -> Standing:
    """How the actor stands to the lead of this row (`queries.standing_of`)."""
    return Standing(
        permissions=actor.permissions,
        is_owner=row.is_owner,
        is_backup=row.is_backup,
        is_escalated_to=row.is_escalated_to,
        supervises_owner=row.supervises_owner,
        manages_region=row.manages_region,
        sees_company="company" in actor.reaches,
        claims_here=row.claims_here,
    )


async def load_scripts(session: AsyncSession) -> list[Script]:
    return [Script(**vars(row)) for row in await queries.SCRIPTS.rows(session)]


def script_for(scripts: Sequence[Script], row: Any, rep: str | None) -> ScriptOut | None:
    """The best script filled in for a lead; None when none fits."""
    script = best_script(scripts, source=row.source, product_line=row.product_line)
    if script is None:
        return None
    return ScriptOut(id=script.id, title=script.title, body=render(script.body, script_values(row, rep)))


def script_values(row: Any, rep: str | None) -> dict[str, str | None]:
    """`scripts.VARIABLES` of a lead."""
    return {
        "company": row.company,
        "contact": row.contact_name,
        "rep": rep,
        "product": row.product_line,
        "need": row.need,
        "city": row.city or row.province,
        "source": row.source,
        "campaign": row.campaign,
    }


def lead_out(row: Any, actor: Actor, scripts: Sequence[Script]) -> LeadOut:
    """A row of `queries.detail` as the actor may see and use it."""
    fields = card_fields(row)
    assignment = {"reason": row.reason, "latency_ms": row.latency_ms, "assigned_at": row.decided_at} if row.reason else None
    return LeadOut.model_validate(
        {
            **fields,
            "backup_owner": named(row.backup_owner_id, row.backup_name),
            "escalated_to": named(row.escalated_to_id, row.superior_name),
            "created_by": named(row.created_by, row.creator_name),
            "form": named(row.form_id, row.form_name),
            "assignment": assignment,
            "script": script_for(scripts, row, row.owner_name or actor.name),
            "customer": _customer(row),
            "actions": rules.actions_for(standing(row, actor), LeadState(row.state)),
        }
    )


def _customer(row: Any) -> dict[str, Any] | None:
    """None also where the customer is out of sight."""
    if row.customer_name is None:
        return None
    return {"id": row.customer_id, "number": customer_number(row.customer_number), "name": row.customer_name}


def snapshot(row: Any) -> dict[str, Any]:
    """What a notification says about a lead, as it was at that moment; no phone number, since groups read along."""
    names = ("company", "contact_name", "province", "city", "source", "product_line", "is_test")
    return {"number": rules.lead_number(row.number), **{name: getattr(row, name) for name in names}}
