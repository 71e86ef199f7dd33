"""VIEW-6: opportunities are found by every name that their customer goes by."""

from tests.factories import make_customer, make_opportunity
from tests.opportunities.conftest import OPPORTUNITIES, Sales


async def found(sales: Sales, q: str) -> set[str]:
    items = (await (await sales.of(sales.house.zhang)).get(OPPORTUNITIES, q=q)).json()["items"]
    return {one["name"] for one in items}


async def test_deals_of_merged_customers_are_found_by_both_names_until_they_are_two_again(sales: Sales) -> None:
    house, session = sales.house, sales.house.session
    old = await make_customer(session, owner=house.zhang, name="宁波海达五金厂")
    new = await make_customer(session, owner=house.zhang, name="浙江远航精密科技")
    await make_opportunity(session, old, name="支架")
    await make_opportunity(session, new, name="冲压件")
    desk = await sales.of(house.manager)
    path = f"/api/v1/customers/{new.id}/merges"
    merged = await desk.post(path, {"loser_id": str(old.id), "reason": "改了名"})
    assert merged.status_code == 201, merged.text
    await house.relay()
    assert await found(sales, "海达五金") == await found(sales, "nbhdwjc") == await found(sales, "远航精密") == {"支架", "冲压件"}
    created = await desk.post(OPPORTUNITIES, {"name": "模具", "customer_id": str(new.id)})
    assert created.status_code == 201, created.text
    assert await found(sales, "海达五金") == {"支架", "冲压件", "模具"}, "a new deal of the firm as well"
    (merge,) = (await desk.get(path)).json()["items"]
    assert (await desk.post(f"{path}/{merge['id']}/undo", {})).status_code == 200
    await house.relay()
    assert (await found(sales, "海达五金"), await found(sales, "远航精密")) == ({"支架"}, {"冲压件", "模具"})
