"""A file from the upload to the last lead, through the API and the runner, on committed data."""

import io
from datetime import timedelta
from typing import Any

import pytest
from openpyxl import load_workbook
from python_calamine import CalamineWorkbook

from backend.core.db import Lens, transaction
from backend.imports import holding, preparing, rules
from backend.imports.targets.registry import TARGETS
from backend.leads import pool
from backend.leads.pool_rules import DEFAULT_RULE
from tests.conftest import NOW
from tests.imports import books
from tests.imports.conftest import Office


def counts(run: dict[str, Any], *names: str) -> list[int]:
    return [run["counts"][name] for name in names]


async def test_the_workbook_with_merged_headers(office: Office) -> None:
    run = await office.checked("market", books.merged_headers(), assignment="keep")
    assert run["state"] == "ready"
    assert counts(run, "total", "problems", "duplicates") == [4, 2, 0]
    good = await office.file_rows("market", run["id"], "ready")
    assert [(row["number"], row["fields"]["owner_name"], row["fields"]["province"], row["fields"]["city"]) for row in good] == [
        (4, "张磊", "江苏", "苏州"),
        (5, "张磊", "江苏", "无锡"),
    ]
    assert good[0]["fields"]["custom"] == {"序号": "1"}
    bad = await office.file_rows("market", run["id"], "problem")
    assert [(row["number"], row["reason"]) for row in bad] == [
        (6, "没有叫“查无此人”的在职同事；电话、邮箱、微信都没有填，无法联系"),
        (8, "电话、邮箱、微信都没有填，无法联系"),
    ]


async def test_dates_as_text_phones_as_floats_and_blank_rows(office: Office) -> None:
    run = await office.imported("market", books.dates_and_floats(), assignment="pool")
    assert run["state"] == "done"
    assert counts(run, "total", "created", "problems") == [6, 4, 2]
    made = await office.rows(
        "select company, phone, phone_key, expected_amount::text, received_at::date::text, need from lead order by company"
    )
    assert {row[0]: tuple(row[1:4]) for row in made} == {
        "甲厂有限公司": ("13812345678", "+8613812345678", "12000.00"),
        "乙厂有限公司": ("13812345679", "+8613812345679", "35000.00"),
        "丙厂有限公司": ("13812345680", "+8613812345680", "80000.00"),
        "丁厂有限公司": ("13812345681", "+8613812345681", None),
    }
    assert sorted(row[4] for row in made) == ["2026-02-28", "2026-03-01", "2026-03-02", "2026-03-04"]
    reasons = [row["reason"] for row in await office.file_rows("market", run["id"], "problem")]
    assert "科学计数" in reasons[0]
    assert reasons[1] == "预计金额“面议”不是金额；创建时间“下周三”不是日期"


async def test_a_text_file_in_gb18030_is_routed_by_the_rules(office: Office) -> None:
    run = await office.imported("market", books.gb18030_csv(), "名单.csv", assignment="route", needs_first_contact=True)
    assert counts(run, "total", "created", "problems") == [3, 3, 0]
    made = await office.rows(
        "select l.company, p.login, l.state, l.source, l.phone from lead l join person p on p.id = l.owner_id order by l.phone"
    )
    assert [tuple(row) for row in made] == [
        ("深圳㐂盛电子", "huanghai", "assigned", "转介绍", "+86 137 0001 0002"),
        ('佛山"金刚"机械;设备厂', "huanghai", "assigned", "exhibition", "0757-83330001"),
        ("东莞市智造科技有限公司", "huanghai", "assigned", "exhibition", "137-0001-0001"),
    ]
    assert await office.value("select count(*) from deadline where state = 'pending'") == 9


async def test_every_lead_has_its_whole_evidence_once(office: Office) -> None:
    run = await office.imported("market", books.plain(5), assignment="route", needs_first_contact=True)
    assert counts(run, "created", "done", "total") == [5, 5, 5]
    evidence = await office.rows(
        "select (select count(*) from lead_assignment a where a.lead_id = l.id),"
        " (select string_agg(kind, ' ' order by t.at, t.id) from timeline_entry t where t.subject_id = l.id),"
        " (select string_agg(kind, ' ') from outbox o where o.subject_id = l.id),"
        " (select string_agg(actor, ' ') from audit_entry e where e.table_name = 'lead' and e.row_id = l.id::text),"
        " (select count(*) from deadline d where d.subject_id = l.id) from lead l"
    )
    assert {tuple(row) for row in evidence} == {(1, "lead.received lead.assigned", "lead.imported", str(office.people["market"].id), 3)}
    shares = await office.rows("select p.login, count(*) from lead l join person p on p.id = l.owner_id group by 1 order by 1")
    assert [tuple(row) for row in shares] == [("lijing", 2), ("zhanglei", 3)], "the least loaded in turn"
    told = await office.rows(
        "select p.login, n.kind, n.params ->> 'count' from notification n join person p on p.id = n.person_id order by 1, 2"
    )
    assert [tuple(row) for row in told] == [
        ("lijing", "import.leads_for_you", "2"),
        ("market", "import.finished", None),
        ("zhanglei", "import.leads_for_you", "3"),
    ]


async def test_leads_that_are_in_work_keep_owner_and_dates_and_climb_no_ladder(office: Office) -> None:
    book = books.workbook([["公司", "手机", "负责人", "创建时间", "最近跟进"], ["甲厂", 13800000001, "lijing", "2025/5/1", "2025年6月2日"]])
    await office.imported("market", book, assignment="keep")
    (row,) = await office.rows(
        "select l.state, p.login, received_at, last_follow_up_at, first_follow_up_at from lead l join person p on p.id = owner_id"
    )
    assert (row[0], row[1]) == ("following", "lijing")
    assert row[2].isoformat() == "2025-04-30T16:00:00+00:00"
    assert row[3] == row[4]
    assert await office.value("select count(*) from deadline") == 0


async def test_the_pool_counts_from_the_import_however_old_the_lead_is(office: Office) -> None:
    """Owned and in work, or new: neither is taken away for what happened before it was here."""
    rows = [["公司", "手机", "负责人", "创建时间", "最近跟进"], ["甲厂", 13800000001, "lijing", "2023/5/1", "2023/6/2"]]
    await office.imported("market", books.workbook(rows), assignment="keep")
    await office.imported("market", books.plain(1), assignment="me", needs_first_contact=True)
    due = NOW + timedelta(days=DEFAULT_RULE.reclaim_after_days)
    taken = []
    for moment in (NOW + timedelta(minutes=1), due - timedelta(microseconds=1), due, due):
        async with transaction(Lens.SYSTEM, "system:leads") as session:
            taken.append(await pool.reclaim(session, moment, 10))
    assert taken == [0, 0, 2, 0]


async def test_a_run_is_in_one_pair_of_hands_until_its_lease_ends(office: Office) -> None:
    answer = await office.ask("market", "POST /imports?target=leads&name=x.xlsx", content=books.plain(1))
    taken = []
    for moment in (NOW, NOW + rules.LEASE - timedelta(microseconds=1), NOW + rules.LEASE):
        async with transaction(Lens.SYSTEM, "system:imports") as session:
            taken.append(await holding.claim(session, NOW, moment))
    first, between, heir = taken
    assert (between, [str(job.run_id) for job in taken if job]) == (None, [answer.json()["id"]] * 2)
    with pytest.raises(holding.LostLease):
        async with transaction(Lens.SYSTEM, "system:imports") as session:
            await preparing.stage(session, first, [(1, "[1]")], NOW, NOW + rules.LEASE)
    async with transaction(Lens.SYSTEM, "system:imports") as session:
        await preparing.stage(session, heir, [(1, "[1]")], NOW, NOW + rules.LEASE)
    assert await office.value("select count(*) from import_row") == 1


async def test_what_exists_is_shown_before_the_start_and_masked_where_it_is_out_of_sight(office: Office) -> None:
    await office.lead("zhang", company="苏州老客户有限公司", phone="13900000001")
    await office.lead("huang", company="东莞老客户有限公司", phone="13900000002")
    rows = [["公司", "手机"], ["别名", "139-0000-0001"], ["别名二", "13900000002"], ["苏州老客户", "13700000003"], ["新客户", "13700000004"], ["又是它", "137 0000 0004"]]  # fmt: skip
    run = await office.checked("boss", books.workbook(rows), assignment="route")
    assert counts(run, "total", "duplicates", "problems") == [5, 4, 0]
    found = await office.file_rows("boss", run["id"], "duplicate")
    assert [row["match"]["kind"] for row in found] == ["phone", "phone", "company", "file"]
    assert found[0]["match"]["company"] == "苏州老客户有限公司"
    assert found[1]["match"] == {"kind": "phone", "owner": "黄海"}, "whom to ask, nothing else"
    assert found[1]["reason"] == "已有同一电话、邮箱或公司的记录，请联系 黄海"
    assert found[3]["reason"] == "与第 5 行重复"
    done = await office.ask("boss", f"POST /imports/{run['id']}/start")
    assert done.status_code == 200
    await office.work()
    assert counts(await office.run("boss", run["id"]), "created") == [1]


async def test_a_record_that_nobody_has_says_so_and_one_out_of_sight_whom_to_ask(office: Office) -> None:
    ownerless = {"owner_id": None, "assigned_at": None, "state": "new"}
    lead = await office.lead("huang", company="苏州无主有限公司", phone="13900000021", **ownerless)
    book = books.workbook([["公司", "手机"], ["别名", "13900000021"]])
    number = f"XS{lead.number:08d}"
    said = {
        "market": f"电话与现有线索重复：苏州无主有限公司（{number}），暂无负责人",
        "boss": "已有同一电话、邮箱或公司的记录，请联系 管理员",
    }
    said["english"] = f"Phone of an existing lead: 苏州无主有限公司 ({number}), no owner yet"
    for who, reason in said.items():
        run = await office.checked(who, book, assignment="route")
        assert [row["reason"] for row in await office.file_rows(who, run["id"], "duplicate")] == [reason]


async def test_what_asks_for_a_customer_goes_to_its_owner_and_a_merged_lead_speaks_for_its_survivor(office: Office) -> None:
    customer = await office.customer("zhang", "苏州精工", phone="13900000005", email="buyer@jinggong.example")
    await office.customer("huang", "东莞精工", phone="13900000015", email="buyer@dongguan.example")
    await office.customer("li", "无锡精工", phone="13900000025", email="buyer@wuxi.example")
    await office.lead("li", company="无锡", phone="13900000025")
    survivor = await office.lead("zhang", company="合并后的公司", phone="13900000006")
    await office.merged(survivor, await office.lead("zhang", company="并入的公司", phone="13900000007"))
    rows = [["公司", "手机", "邮箱", "负责人"], ["甲", "13900000005", "", "李静"], ["乙", "", "Buyer@JingGong.example", ""], ["苏州精工有限公司", "13700000009", "", ""], ["东", "13900000015", "", ""]]  # fmt: skip
    rows += [["丙", "13900000007", "", ""], ["丁", "13900000025", "", ""], ["并入的公司", "13700000008", "", ""]]
    run = await office.checked("boss", books.workbook(rows), assignment="keep")
    assert counts(run, "total", "duplicates", "problems") == [7, 2, 0]
    found = await office.file_rows("boss", run["id"], "duplicate")
    assert [(row["match"]["kind"], row["match"]["subject_type"], row["match"]["company"]) for row in found] == [
        ("phone", "lead", "合并后的公司"),
        ("phone", "lead", "无锡"),
    ], "an open lead stays with who has it, the customer's or not"
    said = {row["number"]: row["reason"] for row in await office.file_rows("boss", run["id"], "ready")}
    number = await office.value("select number from customer where id = :id", id=customer)
    theirs = f"已是客户：苏州精工（KH{number:08d}），这条线索归其负责人 张磊"
    assert said == {2: theirs, 3: theirs, 4: theirs, 5: "已是 黄海 的客户，这条线索归 黄海", 8: ""}
    await office.ask("boss", f"POST /imports/{run['id']}/start")
    await office.work()
    done = await office.run("boss", run["id"])
    assert counts(done, "created", "duplicates", "problems") == [5, 2, 0]
    assert {row["number"]: row["reason"] for row in await office.file_rows("boss", run["id"], "created")} == said
    made = await office.rows(
        "select l.company, p.login, a.reason ->> 'code', a.reason -> 'params' ->> 'subject_id' from lead l join person p on p.id = l.owner_id"
        " join lead_assignment a on a.lead_id = l.id where l.source = 'import' and l.company <> '并入的公司' order by l.id"
    )
    duplicate = "duplicate_of_owned"
    assert {tuple(row[:3]) for row in made} == {
        ("甲", "zhanglei", duplicate), ("乙", "zhanglei", duplicate), ("苏州精工有限公司", "zhanglei", duplicate), ("东", "huanghai", duplicate),
    }  # fmt: skip
    assert [row[3] for row in made].count(str(customer)) == 3
    again = await office.checked("boss", books.workbook(rows[:2]), assignment="keep")
    assert counts(again, "total", "duplicates") == [1, 1], "the open lead is the same person again"
    await office.value("update person set is_active = false where login = 'huanghai' returning 1")
    gone = await office.checked("boss", books.workbook([rows[0], ["另", "", "buyer@dongguan.example", ""]]), assignment="route")
    assert counts(gone, "total", "duplicates") == [1, 1], "who works here no longer gets nothing"
    update = await office.checked(
        "boss", books.workbook([rows[0], ["戊", "", "buyer@wuxi.example", ""]]), mode="update", assignment="route"
    )
    assert counts(update, "total", "duplicates", "problems") == [1, 1, 0], "a file of leads changes no customer"


async def test_what_a_file_brought_is_found_by_two_characters_and_by_its_new_name(office: Office) -> None:
    rows = [["公司", "联系人", "手机"], ["苏州华维精工有限公司", "钱进", "13700000041"], ["无锡恒力", "周全", "13700000042"]]
    await office.imported("market", books.workbook(rows), assignment="route")

    async def found(q: str) -> list[str]:
        answer = await office.ask("market", f"GET /leads?scope=company&q={q}")
        return [lead["company"] for lead in answer.json()["items"]]

    assert await found("华维") == ["苏州华维精工有限公司"]
    assert await found("hlgs") == []
    rows[2][0] = "无锡恒力公司"
    await office.imported("admin", books.workbook([rows[0], rows[2]]), "new.xlsx", mode="update", overwrite="all", assignment="route")
    assert await found("hlgs") == ["无锡恒力公司"]


async def test_what_a_file_made_is_known_as_a_duplicate_from_then_on(office: Office) -> None:
    await office.imported("market", books.plain(3), assignment="route")
    assert await office.value("select count(*) from identity_key where subject_type = 'lead' and kind = 'phone'") == 3
    assert await office.value("select count(*) from identity_name where subject_type = 'lead'") == 3
    again = await office.checked("market", books.plain(3), assignment="route", needs_first_contact=True)
    assert counts(again, "total", "duplicates") == [3, 3]


async def test_what_appears_between_check_and_start_is_not_made_twice(office: Office) -> None:
    run = await office.checked("market", books.plain(3), assignment="route")
    assert counts(run, "duplicates") == [0]
    await office.lead("zhang", company="另一家", phone="13800000001")
    await office.ask("market", f"POST /imports/{run['id']}/start")
    await office.work()
    assert counts(await office.run("market", run["id"]), "created", "duplicates") == [2, 1]


async def test_the_same_file_again_imports_nothing(office: Office) -> None:
    book = books.plain(3)
    first = await office.imported("market", book, assignment="route")
    again = await office.checked("market", book, "copy.xlsx", assignment="route")
    assert again["earlier"] == {"id": first["id"], "at": first["created_at"], "created": 3}, "the person is told at once"
    answer = await office.ask("market", f"POST /imports/{again['id']}/start")
    assert (answer.status_code, answer.json()["code"]) == (409, "already_imported")
    other = await office.checked("boss", book, assignment="route")
    assert other["earlier"] is None, "the run of a colleague is out of sight"
    answer = await office.ask("boss", f"POST /imports/{other['id']}/start")
    assert (answer.status_code, answer.json()["code"]) == (409, "already_imported")
    assert await office.value("select count(*) from lead") == 3


async def test_update_fills_what_is_empty_or_overwrites(office: Office) -> None:
    lead = await office.lead("zhang", company="苏州老客户有限公司", phone="13900000001", need=None, contact_name="旧联系人")
    rows = [
        ["公司", "联系人", "手机", "需求"],
        ["苏州老客户有限公司", "新联系人", "13900000001", "新需求"],
        ["没有这家", "x", "13900000009", "y"],
    ]
    run = await office.imported("boss", books.workbook(rows), mode="update", assignment="route")
    assert counts(run, "updated", "created", "problems") == [1, 0, 1]
    assert await office.rows("select contact_name, need, version from lead where id = :id", id=lead.id) == [("旧联系人", "新需求", 2)]
    rows[1][1] = "更新的联系人"
    run = await office.imported("boss", books.workbook(rows), mode="update", overwrite="all", create_missing=True, assignment="route")
    assert counts(run, "updated", "created", "problems") == [1, 1, 0]
    (changed,) = await office.file_rows("boss", run["id"], "updated")
    assert changed["reason"] == f"对应现有线索：苏州老客户有限公司（XS{lead.number:08d}），负责人 张磊"
    assert await office.rows("select contact_name, version from lead where id = :id", id=lead.id) == [("更新的联系人", 3)]
    kinds = await office.rows("select kind, body -> 'changes' from timeline_entry where subject_id = :id order by at, id", id=lead.id)
    assert [kind for kind, _ in kinds] == ["lead.fields_changed", "lead.fields_changed"]
    assert kinds[1][1] == {"contact_name": {"old": "旧联系人", "new": "更新的联系人"}}


async def test_update_by_number_stays_within_ones_reach(office: Office) -> None:
    near, far = await office.lead("zhang"), await office.lead("huang")
    rows = [["线索编号", "需求"], [f"XS{near.number:08d}", "a"], [f"XS{far.number:08d}", "b"], ["XS99999999", "c"], ["abc", "d"]]
    run = await office.imported("boss", books.workbook(rows), mode="update", assignment="route")
    assert counts(run, "updated", "duplicates", "problems") == [1, 1, 2]
    assert await office.rows("select need from lead where id = :id", id=far.id) == [(None,)]
    (masked,) = await office.file_rows("boss", run["id"], "duplicate")
    assert masked["match"] == {"kind": "number", "owner": "黄海"}


async def test_marketing_sees_all_leads_and_changes_none(office: Office) -> None:
    lead = await office.lead("zhang")
    book = books.workbook([["线索编号", "需求"], [f"XS{lead.number:08d}", "a"]])
    run = await office.imported("market", book, mode="update", assignment="route")
    assert counts(run, "updated", "problems") == [0, 1]
    assert [row["reason"] for row in await office.file_rows("market", run["id"], "problem")] == ["你没有权限修改这条记录"]
    assert await office.rows("select need, version from lead where id = :id", id=lead.id) == [(None, 1)]


async def test_undo_takes_back_what_nobody_has_touched(office: Office) -> None:
    book = books.plain(3)
    run = await office.imported("market", book, assignment="route", needs_first_contact=True)
    touched = await office.value(
        "update lead set version = version + 1, need = 'x' where id = (select id from lead order by company limit 1) returning id"
    )
    answer = await office.ask("market", f"POST /imports/{run['id']}/undo", json={"reason": "传错文件"})
    assert answer.json().get("state") == "undoing"
    await office.work()
    undone = await office.run("market", run["id"])
    assert (undone["state"], counts(undone, "created", "undone")) == ("undone", [3, 2])
    kept = await office.file_rows("market", run["id"], "kept")
    assert [(row["subject_id"], row["reason"]) for row in kept] == [(str(touched), "导入后已有人处理，未撤销")]
    assert await office.rows("select state, count(*) from lead group by 1 order by 1") == [("assigned", 1), ("disqualified", 2)]
    assert await office.value("select count(*) from deadline where state = 'pending'") == 3
    assert (
        await office.value("select count(*) from timeline_entry where kind = 'lead.import_undone' and body ->> 'reason' = '传错文件'") == 2
    )
    again = await office.imported("market", book, assignment="route", needs_first_contact=True)
    assert counts(again, "created", "duplicates") == [2, 1], "after an undo the file may come again"


async def test_undo_ends_after_thirty_days_and_material_is_cleared_after(office: Office) -> None:
    from backend.imports.jobs import clear_material

    run = await office.imported("market", books.plain(2), assignment="route")
    office.clock[0] = NOW + rules.UNDO_WITHIN
    answer = await office.ask("market", f"POST /imports/{run['id']}/undo", json={"reason": "太晚"})
    assert answer.status_code == 409
    assert await clear_material({}) == 0
    office.clock[0] = NOW + rules.KEEP_MATERIAL + timedelta(seconds=1)
    assert await clear_material({}) == 1
    assert await office.value("select count(*) from import_row") == 0
    assert await office.value("select count(*) from file_part") == 0
    assert (await office.run("market", run["id"]))["steps"] == []
    assert await office.value("select count(*) from lead") == 2


async def test_the_left_out_rows_come_back_as_a_workbook_in_ones_language(office: Office) -> None:
    for who, heading, reason in (("market", "原因", "公司和联系人都没有填"), ("english", "Reason", "Neither company nor contact is given")):
        rows = [["公司", "手机"], [None, "13900000001"], ["=cmd|' /C calc'!A0", "13900000002" if who == "market" else "13900000003"]]
        run = await office.imported(who, books.workbook([*rows, [f"{who}厂", "x"]]), assignment="route")
        answer = await office.ask(who, f"GET /imports/{run['id']}/problems")
        assert answer.status_code == 200
        table = CalamineWorkbook.from_filelike(io.BytesIO(answer.content)).get_sheet_by_index(0).to_python()
        assert table[0][1:] == [heading, "公司", "手机"]
        assert table[1][:2] == [2, reason]
        assert all(str(cell)[:1] != "=" for row in table for cell in row)


async def test_nobody_sees_or_steers_the_run_of_another(office: Office) -> None:
    run = await office.checked("market", books.plain(2), assignment="route")
    before = await office.value("select count(*) from audit_entry")
    for call in (
        "GET /imports/{id}",
        "GET /imports/{id}/rows",
        "GET /imports/{id}/problems",
        "POST /imports/{id}/start",
        "POST /imports/{id}/discard",
    ):
        assert (await office.ask("boss", call.format(id=run["id"]))).status_code == 404, call
    assert (await office.ask("admin", f"GET /imports/{run['id']}")).json()["steps"] == [], "who reads the audit looks on"
    assert (await office.ask("admin", f"POST /imports/{run['id']}/start")).status_code == 404
    assert await office.value("select count(*) from audit_entry") == before
    assert await office.value("select count(*) from lead") == 0


async def test_a_run_whose_person_may_no_longer_import_stops(office: Office) -> None:
    run = await office.checked("market", books.plain(2), assignment="route")
    await office.ask("market", f"POST /imports/{run['id']}/start")
    await office.value("update person set is_active = false where login = 'market' returning 1")
    await office.work()
    assert await office.rows("select state, refusal from import_run") == [("stopped", "person_not_allowed")]
    assert await office.value("select count(*) from lead") == 0


async def test_stop_and_resume_in_the_middle(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    from backend.imports import jobs

    monkeypatch.setattr(rules, "BATCH", 4)
    monkeypatch.setattr(jobs, "BATCHES_IN_A_ROW", 1)
    run = await office.checked("market", books.plain(10), assignment="route")
    await office.ask("market", f"POST /imports/{run['id']}/start")
    assert await jobs.next_import()
    stopped = (await office.ask("market", f"POST /imports/{run['id']}/stop")).json()
    assert (stopped["state"], stopped["steps"], counts(stopped, "created", "done")) == ("stopped", ["resume", "undo"], [4, 4])
    await office.work()
    assert await office.value("select count(*) from lead") == 4
    await office.ask("market", f"POST /imports/{run['id']}/resume")
    await office.work()
    assert counts(await office.run("market", run["id"]), "created", "done") == [10, 10]
    assert await office.value("select count(distinct phone_key) from lead") == 10


@pytest.mark.parametrize(("book", "code"), [(books.macro_workbook, "macro_workbook"), (books.zip_bomb, "unpacks_too_large"), (lambda: b"%PDF", "unknown_format"), ("随便写的几句话，\n没有表格".encode, "disguised_file")])  # fmt: skip
async def test_a_refused_file_is_not_kept(office: Office, book: Any, code: str) -> None:
    answer = await office.ask("market", "POST /imports?target=leads&name=x.xlsx", content=book())
    assert (answer.status_code, answer.json()["code"]) == (422, code)
    assert await office.value("select count(*) from stored_file") == 0
    assert await office.value("select count(*) from import_run") == 0


async def test_a_table_of_text_that_is_called_a_workbook_is_read(office: Office) -> None:
    text = "公司\t手机\r\n苏州甲厂\t13800000001\r\n"
    run = await office.uploaded("market", text.encode("gb18030"), "客户.xls")
    assert (run["state"], run["labels"], run["counts"]["total"]) == ("mapping", ["公司", "手机"], 1)


@pytest.mark.parametrize(("target", "who"), [("leads", "market"), ("leads", "english"), ("customers", "boss"), ("products", "admin")])
async def test_a_template_that_is_filled_in_needs_no_mapping(office: Office, target: str, who: str) -> None:
    answer = await office.ask(who, f"GET /import-targets/{target}/template")
    assert answer.status_code == 200
    book = load_workbook(io.BytesIO(answer.content))
    sheet = book.worksheets[0]
    assert sheet.max_row == 1
    known = [field.key for field in TARGETS[target].fields if field.key not in {"number", "location"}]
    sheet.append(["x"] * len(known))
    run = await office.uploaded(who, books.saved(book), "模板.xlsx", target)
    assert (run["settings"]["columns"], run["counts"]["total"]) == (known, 1)


async def test_there_is_no_template_for_what_no_file_fills(office: Office) -> None:
    assert (await office.ask("admin", "GET /import-targets/invoices/template")).status_code == 404


async def test_a_bomb_with_a_false_directory_ends_its_own_process_only(office: Office) -> None:
    run = await office.uploaded("market", books.lying_bomb(), "x.xlsx")
    assert (run["state"], run["refusal"], run["steps"]) == ("unreadable", "unpacks_too_large", [])


async def test_only_uploads_may_be_large(office: Office) -> None:
    assert (await office.ask("market", "POST /imports?target=leads&name=x", content=b" " * (51 * 1024 * 1024))).status_code == 413
    assert (await office.ask("market", "POST /leads", content=b" " * (2 * 1024 * 1024))).status_code == 413


async def test_kept_settings_are_taken_for_the_next_file_with_the_same_columns(office: Office) -> None:
    run = await office.checked("market", books.plain(2), assignment="pool")
    body = {"target": "leads", "name": "展会名单", "run_id": run["id"], "is_shared": True}
    assert (await office.ask("market", "POST /import-mappings", json=body)).status_code == 201
    nxt = await office.uploaded("boss", books.plain(2, start=50))
    assert nxt["settings"]["assignment"] == "pool"
    (kept,) = (await office.ask("boss", "GET /import-mappings?target=leads")).json()["items"]
    assert (kept["name"], kept["is_own"]) == ("展会名单", False)
    assert (await office.ask("boss", f"POST /import-mappings/{kept['id']}/removal")).status_code == 404
    assert (await office.ask("market", f"POST /import-mappings/{kept['id']}/removal")).status_code == 204
    assert (await office.uploaded("boss", books.plain(2, start=60)))["settings"]["assignment"] == "route"


@pytest.mark.parametrize(
    ("change", "code"),
    [({"columns": ["company"]}, "wrong_length"), ({"columns": ["", "", "phone", "", "", ""]}, "who_missing"),
     ({"columns": ["company", "", "", "", "", ""]}, "reach_missing"), ({"columns": ["company", "company", "phone", "", "", ""]}, "named_twice"),
     ({"columns": ["company", "nonsense", "phone", "", "", ""]}, "unknown_field"), ({"assignment": "keep"}, "no_owner_column")],
)  # fmt: skip
async def test_settings_that_do_not_fit_name_each_mistake(office: Office, change: dict[str, Any], code: str) -> None:
    run = await office.uploaded("market", books.plain(2))
    answer = await office.ask("market", f"PUT /imports/{run['id']}/settings", json=run["settings"] | change)
    assert answer.status_code == 422
    assert code in {error["code"] for error in answer.json()["errors"]}
    assert (await office.run("market", run["id"]))["state"] == "mapping"
