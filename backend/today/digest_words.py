"""What the morning digest says, in the reader's language (the screens have words of their own). Pure."""

from collections import defaultdict
from datetime import date

from backend.notifications import mails
from backend.notifications.mails import Cell, Heading, Link, Paragraph, Part, Said, Table
from backend.notifications.wording import Wording, register
from backend.today.rules import TodayKind
from backend.today.schemas import Today, TodayItem

MOST_ITEMS = 10
register("today.digest", Wording("今日待办", "{count} 项 · 先做 {first}", "/today"))

KINDS = {
    TodayKind.ESCALATION: ("待接管", "To take over"),
    TodayKind.TO_ASSIGN: ("待分配", "To give out"),
    TodayKind.OVERDUE: ("已超时", "Overdue"),
    TodayKind.DUE_SOON: ("即将超时", "Due soon"),
    TodayKind.NEW_LEAD: ("新线索", "New leads"),
    TodayKind.APPROVAL: ("待审批", "To approve"),
    TodayKind.SUPPORT: ("技术支持", "Technical support"),
    TodayKind.STALLED: ("停滞商机", "Stalled deals"),
    TodayKind.DELIVERY: ("交付节点", "Deliveries"),
    TodayKind.TO_FOLLOW: ("待跟进", "To follow"),
    TodayKind.NO_BACKUP: ("缺备份", "No backup"),
}
WHY = {
    "escalated_to_you": ("{owner} 没有按时首次联系，已上报给你", "{owner} made no first contact in time, so it came to you"),
    "owner_is_away": ("老客户的新线索，负责人 {owner} 不在岗", "New lead of a customer whose owner {owner} is away"),
    "waits_for_owner": ("没人负责，等你指定负责人", "Nobody is responsible; it waits for you to name an owner"),
    "first_contact_overdue": ("首次联系已超时，还没有记录", "First contact overdue, nothing logged"),
    "first_contact_due_soon": ("首次联系快到期", "The first contact is due soon"),
    "new_lead_waits": ("新线索，等你首次联系", "New lead, waiting for your first contact"),
    "change_waits_for_you": ("{by} 申请变更：{reason}", "{by} asks for a change: {reason}"),
    "proposal_waits_for_you": ("{by} 需要：{need}", "{by} needs: {need}"),
    "deal_without_update": ("已 {days} 天没有更新", "No update for {days} days"),
    "milestone_due_soon": ("{milestone} 还有 {days} 天到期", "{milestone} is due in {days} days"),
    "milestone_late": ("{milestone} 已延期 {days} 天", "{milestone} is {days} days late"),
    "next_step_due": ("约定的下一步：{next_step}", "Agreed next step: {next_step}"),
    "key_customer_without_backup": ("重点客户还没有备份负责人", "This key customer has no backup owner yet"),
}
TITLE = ("今日待办", "Your day")
SUBJECT = ("今日待办 {day}：{count} 项，先做 {first}", "Your day {day}: {count} to do, {first} first")
INTRO = ("今天有 {count} 项：{kinds}。", "{count} to do today: {kinds}.")
MORE = ("下面是最先要做的 {shown} 项。", "The {shown} to do first are below.")
COLUMNS = (("做什么", "为什么"), ("What", "Why"))
OPEN = ("打开今日待办", "Open Today")
BETWEEN = ("、", ", ")


def name_of(item: TodayItem) -> str:
    """The firm, as everybody calls a thing to do."""
    if item.lead is not None:
        return item.lead.company or item.lead.contact_name or item.lead.number
    if item.opportunity is not None:
        return item.opportunity.customer.name if item.opportunity.customer else item.opportunity.name
    if item.contract is not None:
        return item.contract.customer.name if item.contract.customer else item.contract.title
    if item.customer is not None:
        return item.customer.name
    if item.support_request is not None:
        return item.support_request.customer.name if item.support_request.customer else item.support_request.number
    return item.change_request.customer.name if item.change_request and item.change_request.customer else ""


def path_of(item: TodayItem) -> str:
    places = (
        ("/leads", item.lead),
        ("/opportunities", item.opportunity),
        ("/contracts", item.contract),
        ("/customers", item.customer),
        ("/change-requests", item.change_request),
        ("/support", item.support_request),
    )
    return next((f"{place}/{record.id}" for place, record in places if record is not None), "/today")


def why(item: TodayItem, *, is_english: bool) -> str:
    said = WHY[item.why.code][is_english]
    plain = {name: value for name, value in item.why.params.items() if value is not None}
    return said.format_map(defaultdict(str, plain)).strip(" ：:")


def letter(today: Today, day: date, public_url: str, *, is_english: bool) -> Said:
    items, count = today.items[:MOST_ITEMS], sum(today.counts.values())
    kinds = BETWEEN[is_english].join(f"{KINDS[kind][is_english]} {many}" for kind, many in today.counts.items() if many)
    intro = [INTRO[is_english].format(count=count, kinds=kinds)]
    intro += [MORE[is_english].format(shown=len(items))] if len(items) < count else []
    rows = [
        [
            Cell(name_of(item), mails.address(public_url, path_of(item)), below=KINDS[item.kind][is_english]),
            Cell(why(item, is_english=is_english)),
        ]
        for item in items
    ]
    parts: list[Part] = [
        Heading(TITLE[is_english]),
        Paragraph("\n".join(intro)),
        Table(COLUMNS[is_english], rows),
        Link(OPEN[is_english], mails.address(public_url, "/today")),
    ]
    subject = SUBJECT[is_english].format(day=day.isoformat(), count=count, first=name_of(items[0]))
    return mails.render(subject, parts, is_english=is_english)
