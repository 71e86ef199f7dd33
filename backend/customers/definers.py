"""The function over customers that looks past row security, because no policy can let it use its indexes."""

from backend.core.finding import Finder, any_of, compared, flag, shares

LACKS_BACKUP = "(l.is_key and l.backup_owner_id is null and l.state = ''active'')"
"""`rules.lacks_backup`."""

CUSTOMERS = Finder(
    table="customer",
    holders=("owner_id", "backup_owner_id"),
    sorts={
        "activity": "l.last_activity_at",
        "name": "l.name_sort",
        "created": "l.created_at",
        "next_step": "coalesce(l.next_step_at, ''9999-12-31 00:00:00+00''::timestamptz)",
    },
    filters=(
        any_of("states", "state"),
        any_of("owners", "owner_id", "uuid"),
        any_of("regions", "region_id", "uuid"),
        any_of("industries", "industry"),
        any_of("sources", "source"),
        shares("tags", "tags"),
        compared("created_from", "l.created_at >= %L"),
        compared("created_before", "l.created_at < %L"),
        compared("active_since", "l.last_activity_at >= %L"),
        compared("quiet_since", "l.last_activity_at < %L"),
        flag("is_key", "l.is_key", "not l.is_key"),
        flag("has_backup", "l.backup_owner_id is not null", "l.backup_owner_id is null"),
        flag("lacks_backup", LACKS_BACKUP, f"not {LACKS_BACKUP}"),
    ),
)
