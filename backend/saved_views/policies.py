"""A view is seen by its owner and by those it is shared with, and changed by its owner alone."""

from backend.core.db import Lens
from backend.core.rowsecurity import PEOPLE, TableSecurity, for_lenses

MINE = "owner_id = (select app_actor())"
MY_REGION = "region_id = (select p.region_id from person p where p.id = (select app_actor()))"
SHARED = f"(sharing = 'company' or (sharing = 'region' and ({MY_REGION} or region_id = any((select app_regions())::uuid[]))))"
MAY_SHARE = "(sharing = 'own' or (select app_may('view.share')))"

TABLES = [
    TableSecurity(
        "saved_view",
        select=for_lenses(PEOPLE, f"{MINE} or (removed_at is null and {SHARED})"),
        insert={Lens.PERSON: f"{MINE} and {MAY_SHARE}"},
        update={Lens.PERSON: MINE},
    )
]
