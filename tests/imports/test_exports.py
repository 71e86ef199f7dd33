"""A list that leaves the house: what is in it, who must agree, who may take it and how long."""

import csv
import io
from datetime import timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from backend.core import workbooks
from backend.identity.models import Person
from backend.imports import rules
from backend.imports.jobs import clear_material
from tests.conftest import NOW
from tests.factories import make_contact, make_customer, make_opportunity
from tests.imports.conftest import Office


async def asked(office: Office, who: str, scope: str = "own", **more: Any) -> dict[str, Any]:
    answer = await office.ask(who, "POST /exports", json={"target": "leads", "scope": scope, **more})
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def taken(office: Office, who: str, export_id: str) -> list[list[str]]:
    answer = await office.ask(who, f"GET /exports/{export_id}/file")
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-length"] == str(len(answer.content))
    return list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))


async def test_each_sees_in_the_file_what_the_list_shows(office: Office) -> None:
    near = [await office.lead("zhang"), await office.lead("li", received_at=NOW - timedelta(hours=1))]
    far = await office.lead("huang")
    for who, scope, wanted in (
        ("zhang", "own", [near[0]]),
        ("boss", "region", near),
        ("market", "company", [*near, far]),
    ):
        export = await asked(office, who, scope, format="csv")
        assert (export["state"], export["rows"]) == ("ready", len(wanted))
        listed = (await office.ask(who, f"GET /leads?scope={scope}")).json()["items"]
        table = await taken(office, who, export["id"])
        assert [row[0] for row in table[1:]] == [lead["number"] for lead in listed]
        assert sorted(row[0] for row in table[1:]) == sorted(f"XS{lead.number:08d}" for lead in wanted)


async def test_filters_are_those_of_the_list(office: Office) -> None:
    await office.lead("zhang")
    following = await office.lead("zhang", state="following")
    export = await asked(office, "zhang", format="csv", filters={"state": ["following"]})
    assert [row[0] for row in (await taken(office, "zhang", export["id"]))[1:]] == [f"XS{following.number:08d}"]
    for filters in ({"state": ["nonsense"]}, {"owner": "x"}, {"state": "following"}):
        answer = await office.ask("zhang", "POST /exports", json={"target": "leads", "scope": "own", "filters": filters})
        assert (answer.status_code, answer.json()["code"]) == (422, "invalid_filters")


@pytest.mark.parametrize(
    ("who", "words"),
    [("market", ["老客户介绍", "跟进中", "展会现场", "待联系"]), ("english", ["Referral", "In progress", "展会现场", "To contact"])],
)
async def test_sources_and_states_leave_as_words_of_the_reader_and_come_back_as_they_were(
    office: Office, who: str, words: list[str]
) -> None:
    await office.lead("zhang", source="referral", state="following")
    await office.lead("zhang", source="展会现场", received_at=NOW - timedelta(hours=1))
    export = await asked(office, who, "company", format="csv")
    table = await taken(office, who, export["id"])
    places = [table[0].index(name) for name in (("来源", "状态") if who == "market" else ("Source", "State"))]
    assert [row[place] for row in table[1:] for place in places] == words
    sheet = "\n".join(["线索编号,来源", *(f"{row[0]},{row[places[0]]}" for row in table[1:])])
    back = await office.imported("admin", sheet.encode(), "回.csv", mode="update", overwrite="all", assignment="me")
    assert (back["counts"]["updated"], back["counts"]["unchanged"], back["counts"]["problems"]) == (0, 2, 0)


async def test_customers_leave_with_their_first_contact_as_the_viewer_sees_them(office: Office) -> None:
    async with office.committed.owner() as session:
        zhang, huang = [await session.get_one(Person, office.people[who].id) for who in ("zhang", "huang")]
        near = await make_customer(session, owner=zhang, name="宁波精铸有限公司", industry="压铸", is_key=True, tags=["年框", "出口"])
        await make_contact(session, near, name="王芳", phone="13812345678", is_primary=True)
        gone = await make_customer(session, owner=zhang, name="已注销公司", state="archived")
        await make_customer(session, owner=huang, name="广州远方公司")
    for filters, names in (
        ({}, ["宁波精铸有限公司"]),
        ({"state": ["archived"]}, [gone.name]),
        ({"q": "13812345"}, ["宁波精铸有限公司"]),
        ({"quiet_days": 30}, []),
    ):
        export = await asked(office, "boss", "region", format="csv", target="customers", filters=filters)
        header, *rows = await taken(office, "boss", export["id"])
        assert [row[header.index("公司名称")] for row in rows] == names, filters
    export = await asked(office, "boss", "region", format="csv", target="customers")
    header, row = await taken(office, "boss", export["id"])
    cells = dict(zip(header, row, strict=True))
    shown = {name: cells[name] for name in ("客户编号", "联系人", "手机", "行业", "重点客户", "标签", "负责人")}
    assert shown == {
        "客户编号": f"KH{near.number:08d}", "联系人": "王芳", "手机": "13812345678", "行业": "压铸", "重点客户": "是", "标签": "年框、出口",
        "负责人": office.people["zhang"].name,
    }  # fmt: skip
    for filters in ({"state": ["merged"]}, {"q": "王"}, {"is_overdue": True}):
        answer = await office.ask("boss", "POST /exports", json={"target": "customers", "scope": "region", "filters": filters})
        assert (answer.status_code, answer.json()["code"]) == (422, "invalid_filters"), filters
    await above(office, 0)
    waits = await asked(office, "boss", "region", target="customers")
    assert (waits["state"], waits["target"], waits["rows"]) == ("waiting", "customers", 1)


async def test_opportunities_leave_as_the_list_shows_them(office: Office) -> None:
    async with office.committed.owner() as session:
        zhang, huang = [await session.get_one(Person, office.people[who].id) for who in ("zhang", "huang")]
        customer = await make_customer(session, owner=zhang, name="宁波精铸有限公司")
        quiet = {"last_activity_at": NOW - timedelta(days=9), "stage_entered_at": NOW - timedelta(days=20)}
        still = await make_opportunity(session, customer, name="端盖年框", expected_amount=Decimal("120000.50"), **quiet)
        lost = await make_opportunity(session, customer, name="支架", state="lost", loss_reason="price", closed_at=NOW)
        await make_opportunity(session, await make_customer(session, owner=huang), name="远方")
    for filters, names in (
        ({}, {"端盖年框", "支架"}),
        ({"state": ["open"]}, {"端盖年框"}),
        ({"is_flagged": True}, {"端盖年框"}),
        ({"in_stage_days": 15}, {"端盖年框"}),
        ({"loss_reason": ["competitor"]}, set[str]()),
        ({"q": "精铸", "amount_from": "100000"}, {"端盖年框"}),
    ):
        export = await asked(office, "boss", "region", format="csv", target="opportunities", filters=filters)
        header, *rows = await taken(office, "boss", export["id"])
        assert {row[header.index("商机名称")] for row in rows} == names, filters
    export = await asked(office, "boss", "region", format="csv", target="opportunities", filters={"q": "精铸"})
    header, *rows = await taken(office, "boss", export["id"])
    cells = {row[0]: dict(zip(header, row, strict=True)) for row in rows}
    shown = cells[f"SJ{still.number:08d}"]
    assert {name: shown[name] for name in ("客户", "状态", "预计金额", "负责人", "最近更新")} == {
        "客户": "宁波精铸有限公司", "状态": "进行中", "预计金额": "120000.50", "负责人": zhang.name,
        "最近更新": f"{(NOW - timedelta(days=9)).astimezone(ZoneInfo('Asia/Shanghai')):%Y-%m-%d %H:%M:%S}",
    }  # fmt: skip
    assert cells[f"SJ{lost.number:08d}"]["丢单原因"] == "价格"
    for wrong in ({"state": ["merged"]}, {"q": "王"}, {"is_overdue": True}):
        answer = await office.ask("boss", "POST /exports", json={"target": "opportunities", "scope": "region", "filters": wrong})
        assert (answer.status_code, answer.json()["code"]) == (422, "invalid_filters"), wrong


@pytest.mark.parametrize("kind", ["xlsx", "csv"])
async def test_no_cell_of_a_file_is_a_formula(office: Office, kind: str) -> None:
    evil = '=HYPERLINK("http://x","y")'
    await office.lead("zhang", company=evil, contact_name="@SUM(A1)", need="\t=1+1", phone="+8613800000001")
    export = await asked(office, "zhang", format=kind)
    answer = await office.ask("zhang", f"GET /exports/{export['id']}/file")
    if kind == "csv":
        table: list[list[Any]] = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    else:
        table = CalamineWorkbook.from_filelike(io.BytesIO(answer.content)).get_sheet_by_index(0).to_python()
    assert table[1][1:4] == [f"'{evil}", "'@SUM(A1)", "'+8613800000001"]
    assert not [cell for row in table for cell in row if str(cell).startswith(workbooks.FORMULA)]


@given(st.text())
def test_safe_text_never_begins_a_formula(text: str) -> None:
    assert not str(workbooks.safe(text)).startswith(workbooks.FORMULA)
    assert not str(workbooks.safe(text)).lstrip().startswith(workbooks.FORMULA)


async def test_many_rows_are_made_in_the_background(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rules, "EXPORT_ROWS_AT_ONCE", 1)
    for _ in range(3):
        await office.lead("zhang")
    export = await asked(office, "zhang", format="csv")
    assert export["state"] == "making"
    assert (await office.ask("zhang", f"GET /exports/{export['id']}/file")).json()["code"] == "export_not_ready"
    await office.work()
    assert len(await taken(office, "zhang", export["id"])) == 4
    assert await office.rows("select kind from notification where person_id = :id", id=office.people["zhang"].id) == [("export.ready",)]


async def above(office: Office, rows: int) -> None:
    answer = await office.ask("admin", "PUT /export-policy", json={"approval_above": rows})
    assert answer.json() == {"approval_above": rows}


async def test_above_the_set_number_somebody_must_agree(office: Office) -> None:
    await above(office, 1)
    for _ in range(2):
        await office.lead("zhang")
    export = await asked(office, "zhang", format="csv", reason="季度汇报")
    assert export["state"] == "waiting"
    await office.work()
    assert (await office.ask("zhang", f"GET /exports/{export['id']}/file")).status_code == 409
    assert await office.rows("select kind from notification where person_id = :id", id=office.people["boss"].id) == [("export.waiting",)]
    for who, status in (("zhang", 403), ("li", 404), ("huang", 404), ("market", 404)):
        assert (await office.ask(who, f"POST /exports/{export['id']}/approval", json={})).status_code == status, who
    shown = (await office.ask("boss", "GET /exports")).json()["items"]
    assert [(item["may_decide"], item["reason"]) for item in shown] == [(True, "季度汇报")]
    assert (await office.ask("boss", f"POST /exports/{export['id']}/approval", json={})).json()["state"] == "making"
    assert (await office.ask("admin", f"POST /exports/{export['id']}/rejection", json={})).json()["code"] == "export_decided"
    await office.work()
    assert len(await taken(office, "zhang", export["id"])) == 3
    assert (await office.ask("boss", f"GET /exports/{export['id']}/file")).status_code == 404, "who agrees does not take"


async def test_a_rejected_export_is_never_made(office: Office) -> None:
    await above(office, 0)
    await office.lead("zhang")
    export = await asked(office, "zhang")
    answer = await office.ask("boss", f"POST /exports/{export['id']}/rejection", json={"comment": "不需要全部"})
    assert answer.json()["state"] == "rejected"
    await office.work()
    assert await office.value("select count(*) from stored_file") == 0
    assert await office.rows("select kind from notification where person_id = :id", id=office.people["zhang"].id) == [("export.rejected",)]


async def test_nobody_decides_on_their_own_export(office: Office) -> None:
    await above(office, 0)
    await office.lead("zhang")
    for who, scope in (("boss", "region"), ("admin", "company")):
        export = await asked(office, who, scope)
        answer = await office.ask(who, f"POST /exports/{export['id']}/approval", json={})
        assert (answer.status_code, answer.json()["code"]) == (403, "not_your_decision")
        assert await office.value("select state from export_run where id = :id", id=export["id"]) == "waiting"


async def test_who_lost_the_right_meanwhile_gets_nothing(office: Office) -> None:
    await above(office, 0)
    await office.lead("zhang")
    export = await asked(office, "zhang")
    await office.ask("boss", f"POST /exports/{export['id']}/approval", json={})
    await office.value("update person_role set is_active = false where person_id = :id returning 1", id=office.people["zhang"].id)
    await office.work()
    assert await office.value("select state from export_run") == "failed"
    assert await office.value("select count(*) from stored_file") == 0


async def test_the_file_shows_what_one_sees_when_it_is_made(office: Office) -> None:
    await above(office, 0)
    lead = await office.lead("zhang")
    await office.lead("zhang")
    export = await asked(office, "zhang", format="csv")
    await office.value("update lead set owner_id = :to where id = :id returning 1", to=office.people["huang"].id, id=lead.id)
    await office.ask("boss", f"POST /exports/{export['id']}/approval", json={})
    await office.work()
    assert len(await taken(office, "zhang", export["id"])) == 2


async def test_the_file_expires_and_every_download_is_written_down(office: Office) -> None:
    await office.lead("zhang")
    export = await asked(office, "zhang", format="csv")
    await taken(office, "zhang", export["id"])
    await taken(office, "zhang", export["id"])
    assert (await office.ask("admin", f"GET /exports/{export['id']}/file")).status_code == 404
    assert await office.value("select count(*) from export_download where person_id = :id", id=office.people["zhang"].id) == 2
    assert await office.value("select count(*) from audit_entry where table_name = 'export_download'") == 2
    office.clock[0] = NOW + rules.EXPORT_KEPT
    assert (await office.ask("zhang", f"GET /exports/{export['id']}/file")).json()["code"] == "export_expired"
    assert await clear_material({}) == 1
    assert await office.value("select count(*) from file_part") == 0
    assert (await office.ask("zhang", f"GET /exports/{export['id']}")).json()["state"] == "expired"


async def test_what_is_taken_out_can_be_read_in_again(office: Office) -> None:
    lead = await office.lead("zhang", company="-负号开头公司", phone="+86 138 0000 0001")
    export = await asked(office, "market", "company", format="xlsx")
    book = (await office.ask("market", f"GET /exports/{export['id']}/file")).content
    run = await office.uploaded("boss", book)
    assert run["settings"]["columns"][:4] == ["number", "company", "contact_name", "phone"]
    answer = await office.ask(
        "boss", f"PUT /imports/{run['id']}/settings", json=run["settings"] | {"mode": "update", "assignment": "route"}
    )
    assert answer.status_code == 200, answer.text
    await office.work()
    await office.ask("boss", f"POST /imports/{run['id']}/start")
    await office.work()
    assert (await office.run("boss", run["id"]))["counts"]["problems"] == 0
    assert await office.rows("select company, phone from lead where id = :id", id=lead.id) == [("-负号开头公司", "+86 138 0000 0001")]
