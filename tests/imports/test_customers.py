"""A file of customers from the upload to the undo, through the API and the runner, on committed data."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text

from backend.core.db import Lens, transaction
from backend.customers.credit_code import check_digit
from backend.imports import jobs, rules
from tests.conftest import NOW
from tests.imports import books
from tests.imports.conftest import Office
from tests.imports.test_runs import counts
from tests.relaying import drain

HEADER = ["公司名称", "统一社会信用代码", "负责人", "备份负责人", "联系人", "职务", "决策角色", "手机", "邮箱", "省份", "城市", "行业", "网址", "付款条件", "来源", "标签", "备注", "建档日期", "合同号"]  # fmt: skip


def code(place: int) -> str:
    start = f"9132050{place}MA1MQ4G7X"[:17]
    return start + check_digit(start)


def row(company: str, owner: str = "张磊", **cells: str) -> list[Any]:
    return [{"公司名称": company, "负责人": owner, **cells}.get(name, "") for name in HEADER]


def book(*rows: list[Any]) -> bytes:
    return books.workbook([HEADER, *rows])


async def reasons(office: Office, who: str, run: dict[str, Any], kind: str) -> dict[int, str]:
    return {one["number"]: one["reason"] for one in await office.file_rows(who, run["id"], kind)}


async def test_rows_of_one_firm_become_one_customer_with_its_people_and_all_evidence(office: Office) -> None:
    given = {"统一社会信用代码": code(1).lower(), "备份负责人": "lijing", "省份": "江苏省", "城市": "苏州市", "行业": "汽车零部件", "网址": "www.huawei.example", "付款条件": "月结 60 天", "来源": "展会", "标签": "老客户、华东；VIP", "备注": "第一行\n第二行", "建档日期": "2019年3月8日", "合同号": "HT-1"}  # fmt: skip
    run = await office.imported(
        "boss",
        book(
            row("苏州华维精工有限公司", 联系人="钱进", 职务="总经理", 手机="１３９-0000-0001", **given),
            row("苏州华维精工（有限公司）", 联系人="周全", 决策角色="技术", 邮箱="Zhou@Huawei.example"),
            row("苏州华维精工有限公司", 联系人="周全", 邮箱="zhou@huawei.example", 备注="又一次"),
            row("无锡恒力机械厂", "lijing", 手机="0510-85880001"),
        ),
        target="customers",
        assignment="keep",
    )
    assert run["state"] == "done"
    assert counts(run, "total", "created", "joined", "unchanged", "duplicates", "problems") == [4, 2, 1, 0, 1, 0]
    assert await reasons(office, "boss", run, "duplicate") == {4: "与第 3 行重复"}
    listed = (await office.ask("boss", "GET /customers?scope=region&sort=name")).json()["items"]
    assert [one["name"] for one in listed] == ["苏州华维精工有限公司", "无锡恒力机械厂"]
    first = (await office.ask("zhang", f"GET /customers/{listed[0]['id']}")).json()
    assert [first["owner"]["name"], first["backup_owner"]["name"], first["region"]["name"]] == ["张磊", "李静", "苏南"]
    told = {name: first[name] for name in ("credit_code", "province", "city", "industry", "website", "payment_terms", "source", "tags", "notes", "custom", "version")}  # fmt: skip
    assert told == {
        "credit_code": code(1), "province": "江苏", "city": "苏州", "industry": "汽车零部件", "website": "www.huawei.example",
        "payment_terms": "月结 60 天", "source": "exhibition", "tags": ["老客户", "华东", "VIP"], "notes": "第一行\n第二行", "custom": {"合同号": "HT-1"}, "version": 1,
    }  # fmt: skip
    assert first["created_at"] == "2019-03-07T16:00:00Z"
    assert [(one["name"], one["role"], one["phone"], one["email"], one["is_primary"]) for one in first["contacts"]] == [
        ("钱进", "decider", "139-0000-0001", None, True),
        ("周全", "technical", None, "Zhou@Huawei.example", False),
    ]
    second = (await office.ask("li", f"GET /customers/{listed[1]['id']}")).json()
    assert [(one["name"], one["phone"]) for one in second["contacts"]] == [("", "0510-85880001")], "a phone without a name is kept"
    evidence = await office.rows(
        "select (select string_agg(kind, ' ') from timeline_entry t where t.subject_id = c.id),"
        " (select string_agg(kind, ' ') from outbox o where o.subject_id = c.id),"
        " (select string_agg(actor, ' ') from audit_entry e where e.table_name = 'customer' and e.row_id = c.id::text),"
        " (select count(*) from identity_key k where k.subject_id = c.id), (select count(*) from identity_name k where k.subject_id = c.id)"
        " from customer c order by name"
    )
    by = str(office.people["boss"].id)
    assert [tuple(one) for one in evidence] == [
        ("customer.created", "customer.imported", by, 1, 1),
        ("customer.created", "customer.imported", by, 3, 1),
    ]
    for query in ("华维", "zhouq", "13900000001", code(1)[:9]):
        found = (await office.ask("zhang", f"GET /customers?scope=own&q={query}")).json()["items"]
        assert [one["id"] for one in found] == [first["id"]], query
    notices = await office.rows("select p.login, n.kind, n.params ->> 'count' from notification n join person p on p.id = n.person_id order by 1, 2")  # fmt: skip
    assert [tuple(one) for one in notices] == [
        ("boss", "import.finished", None), ("lijing", "import.backup_for_you", "1"), ("lijing", "import.customers_for_you", "1"),
        ("zhanglei", "import.customers_for_you", "1"),
    ]  # fmt: skip


async def test_what_is_wrong_with_a_row_is_said_in_chinese(office: Office) -> None:
    wrong = [
        row("甲厂", 统一社会信用代码="91320500MA1MQ4G7X0"), row("乙厂", "查无此人"), row("丙厂", ""), row("", 手机="13900000001"),
        row("丁厂", 决策角色="神秘人"), row("戊厂", 网址="不是网址", 建档日期="下周"), row("己厂", 备份负责人="张磊"), row("庚厂", "市场"), row("好厂", "ZHANGLEI"),
    ]  # fmt: skip
    run = await office.checked("boss", book(*wrong), target="customers", assignment="keep")
    assert counts(run, "total", "problems", "duplicates") == [9, 8, 0]
    assert await reasons(office, "boss", run, "problem") == {
        2: "信用代码“91320500MA1MQ4G7X0”不正确：应为 18 位，且校验位要对得上",
        3: "没有叫“查无此人”的在职同事",
        4: "没有填负责人",
        5: "没有填公司名称",
        6: "决策角色“神秘人”无法识别，可填：决策人、影响人、使用人、采购、技术、财务、把关人",
        7: "网站“不是网址”不是网址；建档日期“下周”不是日期",
        8: "备份负责人不能与负责人是同一人",
        9: "“市场”没有负责客户的权限",
    }
    targets = {who: [one["key"] for one in (await office.ask(who, "GET /import-targets")).json()["items"]] for who in ("boss", "market")}
    assert targets == {"boss": ["leads", "customers"], "market": ["leads"]}
    answer = await office.ask("market", "POST /imports?target=customers&name=x.xlsx", content=book(row("甲厂")))
    assert (answer.status_code, await office.value("select count(*) from import_run")) == (403, 1)
    for change, fault in (
        ({"assignment": "pool"}, "unfit_assignment"),
        ({"on_duplicate": "create"}, "no_doubles"),
        ({"columns": ["", *run["settings"]["columns"][1:]]}, "company_column_missing"),
        ({"mode": "update", "columns": ["", "", *run["settings"]["columns"][2:]]}, "which_missing"),
    ):
        answer = await office.ask("boss", f"PUT /imports/{run['id']}/settings", json=run["settings"] | change)
        assert (answer.status_code, [error["code"] for error in answer.json()["errors"]]) == (422, [fault])


async def test_what_exists_is_shown_before_the_start_and_a_firm_never_gets_a_second_owner(office: Office) -> None:
    await office.customer("zhang", "苏州精工有限公司", phone="13900000005", email="buyer@jinggong.example")
    await office.customer("huang", "东莞精密有限公司", phone="13900000006", email="buyer@jingmi.example")
    await office.lead("huang", company="别家", phone="13900000007")
    await office.lead("zhang", company="自家", phone="13900000008")
    run = await office.checked(
        "boss",
        book(
            row("苏州精工（有限公司）"), row("精工新名", 手机="139 0000 0005"), row("东莞精密"), row("又一家", 邮箱="BUYER@jingmi.example"),
            row("线索已有", 手机="13900000007"), row("张磊的线索", 手机="13900000008"), row("全新"),
        ),
        target="customers",
        assignment="keep",
    )  # fmt: skip
    assert counts(run, "total", "duplicates", "problems") == [7, 5, 0]
    found = await office.file_rows("boss", run["id"], "duplicate")
    assert [one["match"]["kind"] for one in found] == ["company", "phone", "company", "email", "phone"]
    assert found[0]["reason"].startswith("公司与现有客户重复：苏州精工有限公司（KH")
    assert [one["match"] for one in found[2:]] == [{"kind": kind, "owner": "黄海"} for kind in ("company", "email", "phone")]
    await office.customer("li", "全新", phone="13900000009", email="x@quanxin.example")
    await office.ask("boss", f"POST /imports/{run['id']}/start")
    await office.work()
    done = await office.run("boss", run["id"])
    assert counts(done, "created", "duplicates", "problems") == [1, 6, 0], "what appeared meanwhile is not made twice"
    again = await office.checked("boss", book(row("张磊的线索", 手机="13900000008")), target="customers", assignment="keep")
    assert counts(again, "total", "duplicates") == [1, 1]
    clash = book(
        row("同码甲", 统一社会信用代码=code(2)), row("同码甲", 统一社会信用代码=code(3), 联系人="乙"),
        row("共用电话一", 手机="13700000001"), row("共用电话二", 手机="13700000001"), row("共用电话三", "李静", 手机="13700000001"),
    )  # fmt: skip
    run = await office.imported("boss", clash, target="customers", assignment="keep")
    assert counts(run, "created", "problems") == [3, 2]
    assert await reasons(office, "boss", run, "problem") == {
        3: "同一公司在文件里有两个不同的信用代码",
        6: "电话或邮箱在文件里已属于另一位同事的客户",
    }


async def test_a_worker_that_dies_in_the_middle_doubles_nothing_and_the_same_file_again_brings_nothing(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rules, "BATCH", 4)
    monkeypatch.setattr(rules, "LEASE", timedelta(0))
    firms = [row(f"常州{n % 7}号机械厂", 联系人=f"王{n}", 手机=f"138{n:08d}", 统一社会信用代码=code(n % 7)) for n in range(14)]
    sheet = book(*firms)
    run = await office.checked("boss", sheet, target="customers", assignment="keep")
    await office.ask("boss", f"POST /imports/{run['id']}/start")
    batches: list[str] = []

    async def dies(point: str) -> None:
        if point == "imports.applied.before_commit":
            batches.append(point)
            if len(batches) in {2, 4}:
                raise RuntimeError("killed")

    monkeypatch.setattr(jobs, "pause", dies)
    for _ in range(2):
        with pytest.raises(RuntimeError, match="killed"):
            await office.work()
    await office.work()
    done = await office.run("boss", run["id"])
    assert (done["state"], counts(done, "created", "joined", "duplicates", "problems")) == ("done", [7, 7, 0, 0])
    assert await office.rows("select count(*), count(distinct name_key) from customer") == [(7, 7)]
    people = await office.rows("select count(*), count(distinct phone_key), count(*) filter (where is_primary) from contact")
    assert [tuple(one) for one in people] == [(14, 14, 7)]
    kinds = await office.rows("select kind, count(*) from timeline_entry group by 1 order by 1")
    assert [tuple(one) for one in kinds] == [("contact.added", 7), ("customer.created", 7)]
    keys = await office.rows("select count(*), count(distinct subject_id) from identity_key where kind = 'phone'")
    assert [tuple(one) for one in keys] == [(14, 7)]
    assert len((await office.ask("zhang", "GET /customers?scope=own&q=王13")).json()["items"]) == 1
    again = await office.checked("boss", sheet, target="customers", assignment="keep")
    assert counts(again, "total", "duplicates") == [14, 14]
    assert (await office.ask("boss", f"POST /imports/{again['id']}/start")).json()["code"] == "already_imported"
    office.clock[0] = NOW + timedelta(minutes=1)
    touched, followed = await office.rows("select id from customer order by name limit 2")
    await office.ask(
        "zhang", f"POST /customers/{touched.id}/follow-ups", json={"kind": "call", "outcome": "reached", "note": "聊过"}, headers={"Idempotency-Key": "a"}
    )  # fmt: skip
    body = {"name": "新人", "role": "user"}
    answer = await office.ask("zhang", f"POST /customers/{followed.id}/contacts", json=body, headers={"Idempotency-Key": "b"})
    assert answer.status_code == 201, answer.text
    await office.ask("boss", f"POST /imports/{run['id']}/undo", json={"reason": "传错文件"})
    await office.work()
    undone = await office.run("boss", run["id"])
    kept = await office.file_rows("boss", run["id"], "kept")
    assert {one["subject_id"] for one in kept} == {str(touched.id), str(followed.id)}
    assert {one["reason"] for one in kept} == {"导入后已有人处理，未撤销"}
    assert (undone["state"], counts(undone, "created", "undone")) == ("undone", [7, 5])
    gone = await office.rows("select archive_reason, count(*) from customer where state = 'archived' and archived_by = :by group by 1", by=office.people["boss"].id)  # fmt: skip
    assert [tuple(one) for one in gone] == [("传错文件", 5)]
    assert await office.value("select count(*) from outbox where kind = 'customer.import_undone'") == 5
    back = await office.imported("boss", sheet, target="customers", assignment="keep")
    assert counts(back, "created", "joined", "duplicates") == [5, 5, 4], "after an undo the file may come again"


async def test_who_is_no_administrator_changes_what_is_free_and_an_administrator_all(office: Office) -> None:
    first = row("苏州精工", 联系人="钱进", 手机="13900000001", 统一社会信用代码=code(1), 行业="模具", 备注="旧")
    others = [row("无锡恒力", 联系人="周全", 手机="13900000002"), row("东莞精密", "黄海", 手机="13900000003")]
    await office.imported("admin", book(first, *others), target="customers", assignment="keep")
    kept = {one.name: one for one in await office.rows("select name, id, number, version from customer")}
    number = f"KH{kept['无锡恒力'].number:08d}"
    far = f"KH{kept['东莞精密'].number:08d}"
    rows = [
        ["客户编号", "公司名称", "统一社会信用代码", "行业", "标签", "备注", "联系人", "手机", "负责人"],
        ["", "苏州精工", "", "", "重点", "新", "", "", ""],
        ["", "", code(1), "汽车", "不该写", "不该写", "新人", "13900000009", ""],
        [number, "", "", "", "", "", "孙新", "13900000008", ""],
        [number, "", "", "", "", "", "周全", "13900000007", ""],
        [far, "", "", "", "看不见", "", "", "", ""],
        ["KH99999999", "", "", "", "x", "", "", "", ""],
        ["", "苏州精工", "", "", "", "新", "", "", ""],
    ]
    sheet = books.workbook(rows)
    run = await office.imported("boss", sheet, target="customers", mode="update", overwrite="all", on_duplicate="skip", assignment="me")
    assert counts(run, "total", "updated", "unchanged", "duplicates", "problems") == [7, 2, 0, 2, 3]
    asks = "需主管审批：请在客户页提交变更"
    assert await reasons(office, "boss", run, "problem") == {3: asks, 5: asks, 7: "没有可更新的记录"}
    assert await reasons(office, "boss", run, "duplicate") == {
        6: "编号对应的记录不在你的可见范围，请联系 黄海",
        8: "与第 2 行更新同一条，以第 2 行为准",
    }
    facts = "select c.name, c.industry, c.tags, c.notes, c.version, p.login, (select string_agg(coalesce(n.name, '') || ' ' || n.phone, ',' order by n.id) from contact n where n.customer_id = c.id) as people from customer c join person p on p.id = c.owner_id order by c.number"  # fmt: skip
    assert [tuple(one) for one in await office.rows(facts)] == [
        ("苏州精工", "模具", ["重点"], "新", 2, "zhanglei", "钱进 13900000001"),
        ("无锡恒力", None, [], None, 1, "zhanglei", "周全 13900000002,孙新 13900000008"),
        ("东莞精密", None, [], None, 1, "huanghai", " 13900000003"),
    ]
    assert await office.value("select count(*) from change_request") == 0
    rows[2][8] = "lijing"
    run = await office.imported(
        "admin", books.workbook(rows), "全.xlsx", target="customers", mode="update", overwrite="all", assignment="me"
    )
    assert counts(run, "updated", "unchanged", "duplicates", "problems") == [3, 2, 1, 1]
    assert [tuple(one) for one in await office.rows(facts)] == [
        ("苏州精工", "汽车", ["不该写"], "不该写", 3, "lijing", "钱进 13900000001,新人 13900000009"),
        ("无锡恒力", None, [], None, 1, "zhanglei", "周全 13900000007,孙新 13900000008"),
        ("东莞精密", None, ["看不见"], None, 2, "huanghai", " 13900000003"),
    ]
    changes = await office.value("select body -> 'changes' from timeline_entry where kind = 'customer.changed' and subject_id = :id order by id desc limit 1", id=kept["苏州精工"].id)  # fmt: skip
    assert changes["industry"] == {"old": "模具", "new": "汽车"}
    assert {name: changes["owner_id"][name] for name in ("old_name", "new_name")} == {"old_name": "张磊", "new_name": "李静"}
    previous = await office.rows("select payload ->> 'previous_owner_id' from outbox where kind = 'customer.changed' and payload ->> 'previous_owner_id' is not null")  # fmt: skip
    assert [one[0] for one in previous] == [str(office.people["zhang"].id)]
    by = await office.rows("select distinct actor from audit_entry where table_name in ('customer', 'contact') and action = 'update'")
    assert {one[0] for one in by} == {str(office.people["boss"].id), str(office.people["admin"].id)}
    taken = [rows[0], [number, "", code(1), "", "", "", "", "", ""], [number, "", "", "", "", "", "周全", "", "zhanglei"]]
    run = await office.imported("admin", books.workbook(taken), target="customers", mode="update", overwrite="all", assignment="me")
    assert await reasons(office, "admin", run, "problem") == {2: "信用代码属于另一家客户"}
    assert counts(run, "updated", "unchanged") == [0, 1]
    fills = [rows[0], ["", "无锡恒力", "", "机械", "", "", "周全", "13911111111", ""], ["", "没有过", "", "", "", "", "", "", "张磊"]]
    run = await office.imported(
        "admin", books.workbook(fills), target="customers", mode="update", overwrite="empty", create_missing=True, assignment="keep"
    )
    assert counts(run, "updated", "created", "problems") == [1, 1, 0]
    assert await office.rows("select industry, version from customer where name = '无锡恒力'") == [("机械", 2)]
    assert await office.value("select count(*) from contact where phone = '13911111111'") == 0, "what is there is kept"


async def test_a_file_that_passes_customers_on_tells_each_of_its_people_once(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rules, "BATCH", 3)
    firms = [f"宁波{place}号机械厂" for place in range(6)]
    await office.imported("admin", book(*(row(firm) for firm in firms)), target="customers", assignment="keep")
    async with office.committed.owner() as session:
        await session.execute(text("delete from notification"))
    header = ["公司名称", "负责人", "备份负责人", "联系人"]
    passed = [
        [firms[0], "黄海", "", "甲"], [firms[1], "李静", "黄海", ""], [firms[2], "张磊", "李静", ""],
        [firms[3], "黄海", "", "甲"], [firms[0], "李静", "", "乙"], ["新来的厂", "李静", "", ""], [firms[3], "张磊", "", "乙"],
    ]  # fmt: skip
    settings = {"mode": "update", "overwrite": "all", "create_missing": True, "assignment": "keep"}
    run = await office.imported("admin", books.workbook([header, *passed]), "转移.xlsx", target="customers", **settings)
    assert counts(run, "updated", "created", "duplicates", "problems") == [6, 1, 0, 0]
    async with transaction(Lens.SYSTEM, "relay") as session:
        assert await drain(session, NOW) > 0
    told = await office.rows("select p.login, n.kind, n.params ->> 'count' from notification n join person p on p.id = n.person_id order by 1, 2")  # fmt: skip
    assert [tuple(one) for one in told] == [
        ("admin", "import.finished", None),
        ("huanghai", "import.backup_for_you", "1"),
        ("lijing", "import.backup_for_you", "1"),
        ("lijing", "import.customers_for_you", "3"),
        ("zhanglei", "import.customers_taken", "2"),
    ], "one that came back to its owner, or passed through somebody's hands, is nobody's news"
    seen = await office.value(
        "select count(*) from live_event where kind = 'customer.changed' and person_id = :id", id=office.people["li"].id
    )
    assert seen == 6, "open screens follow each customer all the same"
