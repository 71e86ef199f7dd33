"""Search text, sort key and the indexes of the list of customers."""

import sqlalchemy as sa
from alembic import op

from backend.core.search import search_text, sort_key

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

BATCH = 2000
NEWEST = (sa.text("last_activity_at desc"), sa.text("id desc"))
ROWS = sa.text("""
select c.id, c.name, c.credit_code, array_remove(array_agg(p.name order by p.id), null) as people, array_remove(array_agg(p.phone order by p.id), null) as phones
from customer c left join contact p on p.customer_id = c.id group by c.id
""")


def upgrade() -> None:
    op.add_column("customer", sa.Column("search_text", sa.String(), server_default="", nullable=False))
    op.add_column("customer", sa.Column("name_sort", sa.String(), server_default="", nullable=False))
    _fill_search()
    op.create_index("ix_customer_search", "customer", [sa.text("search_grams(search_text)")], postgresql_using="gin")
    op.create_index("ix_customer_name_sort", "customer", ["name_sort", "id"])
    op.create_index("ix_customer_created", "customer", ["created_at", "id"])
    op.create_index("ix_customer_next_step", "customer", [sa.text("coalesce(next_step_at, '9999-12-31 00:00:00+00'::timestamptz)"), "id"])
    op.create_index(
        "ix_customer_industry_newest", "customer", ["industry", *NEWEST], postgresql_where=sa.text("industry is not null")
    )  # fmt: skip
    op.create_index("ix_customer_tags", "customer", [sa.text("(tags::text[])")], postgresql_using="gin")


def _fill_search() -> None:
    """The search text of the customers that are there; it repeats other columns, so the audit does not speak of it."""
    connection = op.get_bind()
    op.execute("alter table customer disable trigger user")
    rows = connection.execute(ROWS).all()
    fill = sa.text("update customer set search_text = :text, name_sort = :sort where id = :id")
    for start in range(0, len(rows), BATCH):
        found = [
            {"id": row.id, "text": search_text([row.name, *row.people], row.phones, [row.credit_code]), "sort": sort_key(row.name)}
            for row in rows[start : start + BATCH]
        ]
        connection.execute(fill, found)
    op.execute("alter table customer enable trigger user")


def downgrade() -> None:
    raise NotImplementedError("restore a backup instead")
