"""A file of products from the upload to the undo, through the API and the runner, on committed data."""

from typing import Any

from tests.factories import make_family
from tests.imports import books
from tests.imports.conftest import Office
from tests.imports.test_runs import counts

HEADER = ["产品编码", "产品名称", "产品族", "规格", "单位", "标准交期", "最低价", "图号", "图纸版本"]


def book(*rows: list[Any]) -> bytes:
    return books.workbook([HEADER, *(row + [""] * (len(HEADER) - len(row)) for row in rows)])


async def reasons(office: Office, run: dict[str, Any], kind: str) -> dict[int, str]:
    return {one["number"]: one["reason"] for one in await office.file_rows("admin", run["id"], kind)}


async def test_a_file_makes_products_and_another_changes_them(office: Office) -> None:
    async with office.committed.owner() as session:
        await make_family(session, code="CY")
    first = book(
        ["ZJ-100", "电机支架", "CY", "SPCC 2.0", "件", "8 天", "¥4.80", "HY-1", "A"],
        ["ZJ-200", "空调支架", "CY"],
        ["ZJ-300", "没有族", ""],
        ["ZJ-400", "族不对", "XX"],
        ["ZJ-100", "又一行", "CY"],
        ["", "没有编码", "CY"],
        ["ZJ-500", "交期不对", "CY", "", "", "很快"],
        ["ZJ-600", "缺图号", "CY", "", "", "", "", "", "B"],
    )
    run = await office.imported("admin", first, target="products", assignment="me")
    assert counts(run, "total", "created", "duplicates", "problems") == [8, 2, 1, 5]
    assert await reasons(office, run, "problem") == {
        4: "新产品要填产品族编码",
        5: "产品目录里没有这个产品族",
        7: "没有填产品编码",
        8: "标准交期（工作日）“很快”不是 0 到 1000 的整数",
        9: "有图纸版本，但没有图号",
    }
    made = {one["code"]: one for one in (await office.ask("admin", "GET /catalogue/products")).json()["items"]}
    assert sorted(made) == ["ZJ-100", "ZJ-200"]
    told = {name: made["ZJ-100"][name] for name in ("specification", "unit", "lead_days", "price_floor", "drawing_no", "drawing_revision")}
    assert told == {
        "specification": "SPCC 2.0", "unit": "件", "lead_days": 8, "price_floor": {"amount": "4.80", "currency": "CNY"},
        "drawing_no": "HY-1", "drawing_revision": "A",
    }  # fmt: skip
    by = await office.rows("select distinct actor from audit_entry where table_name in ('product', 'product_floor')")
    assert [tuple(one) for one in by] == [(str(office.people["admin"].id),)]
    again = await office.checked("admin", book(["ZJ-200", "空调支架", "CY", "SGCC"]), name="又.xlsx", target="products", assignment="me")
    assert await reasons(office, again, "duplicate") == {2: "目录里已有这个编码：空调支架（ZJ-200）"}
    second = book(["ZJ-100", "加强支架", "", "", "", "", "5.20"], ["ZJ-200", "空调支架", "CY", "SGCC 1.5"], ["ZJ-900", "新的", "CY"])
    how = {"target": "products", "assignment": "me", "mode": "update", "create_missing": True}
    filled = await office.imported("admin", second, name="补.xlsx", overwrite="empty", **how)
    assert counts(filled, "created", "updated", "unchanged") == [1, 1, 1]
    changed = await office.imported("admin", second, name="改.xlsx", overwrite="all", **how)
    assert counts(changed, "created", "updated", "unchanged") == [0, 1, 2]
    made = {one["code"]: one for one in (await office.ask("admin", "GET /catalogue/products")).json()["items"]}
    shown = {code: (one["name"], one["specification"], one["version"]) for code, one in made.items()}
    assert shown == {"ZJ-100": ("加强支架", "SPCC 2.0", 2), "ZJ-200": ("空调支架", "SGCC 1.5", 2), "ZJ-900": ("新的", None, 1)}
    assert made["ZJ-100"]["price_floor"]["amount"] == "5.20"
    undone = await office.ask("admin", f"POST /imports/{run['id']}/undo", json={"reason": "选错了文件"})
    assert undone.status_code == 200, undone.text
    await office.work()
    assert await reasons(office, run, "kept") == {2: "导入后已有人处理，未撤销", 3: "导入后已有人处理，未撤销"}
    await office.ask("admin", f"POST /imports/{filled['id']}/undo", json={"reason": "选错了文件"})
    await office.work()
    (gone,) = (await office.ask("admin", "GET /catalogue/products?is_archived=true")).json()["items"]
    assert (gone["code"], gone["archive_reason"], gone["archived_by"]["name"]) == ("ZJ-900", "选错了文件", "管理员")


async def test_only_who_keeps_the_catalogue_fills_it(office: Office) -> None:
    targets = {who: [one["key"] for one in (await office.ask(who, "GET /import-targets")).json()["items"]] for who in ("boss", "admin")}
    assert targets == {"boss": ["leads", "customers"], "admin": ["leads", "customers", "products"]}
    assert (await office.ask("boss", "POST /imports?target=products&name=x.xlsx", content=book())).status_code == 403
