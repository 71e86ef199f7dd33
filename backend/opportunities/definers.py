"""The function over opportunities that looks past row security, because no policy can let it use its indexes."""

from backend.core.finding import Finder, any_of, compared, flag

FLAGGED = (
    """(l.state = ''open'' and l.last_activity_at <= %L::timestamptz and coalesce(l.next_step_at, ''-infinity'') <= %L::timestamptz)"""
)
"""`rules.is_flagged`; the second moment is the present where a planned next step suspends the flag, else infinity."""
UNADVANCED = "(l.state = ''open'' and l.advanced_at <= %L::timestamptz)"
"""`rules.is_unadvanced`."""
LATE = "(l.state = ''open'' and coalesce(l.next_step_at < %L::timestamptz, false))"
"""`queries.late`."""

OPPORTUNITIES = Finder(
    table="opportunity",
    holders=("owner_id", "backup_owner_id"),
    sorts={
        "entered": "l.stage_entered_at",
        "activity": "l.last_activity_at",
        "close": "coalesce(l.expected_close_on, ''infinity''::date)",
        "amount": "coalesce(l.expected_amount, -1::numeric)",
        "name": "l.name_sort",
    },
    filters=(
        any_of("stages", "stage_id", "uuid"),
        any_of("pipelines", "pipeline_id", "uuid"),
        any_of("states", "state"),
        any_of("owners", "owner_id", "uuid"),
        any_of("regions", "region_id", "uuid"),
        any_of("sources", "source"),
        any_of("product_lines", "product_line"),
        any_of("customers", "customer_id", "uuid"),
        compared("created_from", "l.created_at >= %L"),
        compared("created_before", "l.created_at < %L"),
        compared("closes_from", "l.expected_close_on >= %L"),
        compared("closes_before", "l.expected_close_on < %L"),
        compared("amount_from", "l.expected_amount >= %L"),
        compared("amount_to", "l.expected_amount <= %L"),
        compared("entered_from", "l.stage_entered_at >= %L"),
        compared("entered_before", "l.stage_entered_at < %L"),
        compared("closed_from", "l.closed_at >= %L"),
        compared("closed_before", "l.closed_at < %L"),
        compared("lead_received_from", "l.lead_received_at >= %L"),
        compared("lead_received_before", "l.lead_received_at < %L"),
        compared("quiet_since", "l.last_activity_at < %L"),
        any_of("loss_reasons", "loss_reason"),
        flag("needs_review", "l.needs_review", "not l.needs_review"),
        flag("has_backup", "l.backup_owner_id is not null", "l.backup_owner_id is null"),
        flag("is_late", LATE, f"not {LATE}"),
        compared("shown_since", "(l.closed_at is null or l.closed_at >= %L)"),
        flag("is_flagged", FLAGGED, f"not {FLAGGED}", "stale_before", "planned_until"),
        flag("is_unadvanced", UNADVANCED, f"not {UNADVANCED}", "advance_before"),
    ),
    permission="opportunity.read",
    merges=False,
)
