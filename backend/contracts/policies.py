"""Who sees and writes contracts (SAFE-1): whoever sees the opportunity; amounts only with `contract.amount`. Nobody deletes (HAND-2)."""

from backend.core.db import Lens
from backend.core.rowsecurity import OWNED_SCOPES, TableSecurity, for_lenses

SCOPES = (*OWNED_SCOPES, Lens.PERSON)
DEAL_VISIBLE = "exists (select 1 from opportunity parent where parent.id = opportunity_id)"
CONTRACT_VISIBLE = "exists (select 1 from contract parent where parent.id = contract_id)"
MAY_CHANGE = "(select app_may('contract.change'))"
SEES_AMOUNTS = "(select app_may('contract.amount'))"

TABLES = [
    TableSecurity("contract", select=for_lenses(SCOPES, DEAL_VISIBLE), update={Lens.PERSON: f"{DEAL_VISIBLE} and {MAY_CHANGE}"}),
    TableSecurity(
        "contract_amount",
        select=for_lenses(SCOPES, f"{CONTRACT_VISIBLE} and {SEES_AMOUNTS}"),
        insert={Lens.PERSON: f"{CONTRACT_VISIBLE} and {SEES_AMOUNTS} and {MAY_CHANGE}"},
        update={Lens.PERSON: f"{CONTRACT_VISIBLE} and {SEES_AMOUNTS} and {MAY_CHANGE}"},
        audit_key="contract_id",
    ),
    TableSecurity(
        "delivery_milestone",
        select=for_lenses(SCOPES, CONTRACT_VISIBLE),
        insert={Lens.PERSON: f"{CONTRACT_VISIBLE} and {MAY_CHANGE}"},
        update={Lens.PERSON: f"{CONTRACT_VISIBLE} and {MAY_CHANGE}"},
    ),
]
