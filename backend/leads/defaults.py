"""The pool's rule and 首次联系话术 as shipped: general, by source and by product line; a company rewrites them in its own voice."""

from dataclasses import asdict
from uuid import UUID, uuid5

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from backend.core.ids import new_id
from backend.leads.models import PoolRuleRow, ScriptTemplate
from backend.leads.pool_rules import DEFAULT_RULE

SHIPPED = UUID("6f2b8f0e-5d1c-5c5e-9d0c-0c6a3e1f7a21")

GENERAL = """{contact}您好，我是成单五金的客户经理{rep}。看到贵司{company}留下的需求：{need}。
想先跟您核对三件事：
1. 用在什么设备或工况上，有没有图纸或样件？
2. 首批数量和年用量大概多少？
3. 希望什么时候到货，最担心的是价格、交期还是质量？
了解清楚后，我今天之内给您一个初步方案。方便加个微信，把图纸发给我吗？"""

WEBSITE = """{contact}您好，我是成单五金的{rep}。您刚刚在我们官网提交了咨询（{product}），我第一时间跟您联系。
您在{city}，我就是负责这一片的，后面都由我对接。
先请教：贵司{company}目前是在选型、打样，还是已有供应商想比较？
图纸、材质、表面处理和年用量有的话，您发我，技术部两个工作日内给初步方案。"""

EXHIBITION = """{contact}您好，我是成单五金的{rep}，{campaign}展位上跟您聊过{product}。
您当时拿的样品用下来怎么样？答应您的资料我已整理好，电子版现在就发。
贵司{company}这个项目大概什么时候定供应商？我想约个时间带技术一起去{city}拜访，您看这周四还是下周二方便？"""

SEARCH_ADS = """{contact}您好，我是成单五金的{rep}，您在网上咨询过{product}。
为了报得准，只问您两个问题：规格（或图号）是什么，数量多少？
我们是工厂直供，常规规格有库存，非标件先评审再报交期，说到做到。方便发张图或照片到我微信吗？"""

REFERRAL = """{contact}您好，我是成单五金的{rep}，是老客户向您推荐的我们。
听说贵司{company}在找{product}的供应商。我先不推销，想听听现在的供应商哪里让您不满意：交期、质量还是配合？
我们同行业的案例和检测报告可以发您参考，您看微信还是邮箱方便？"""

FASTENERS = """{contact}您好，我是成单五金的{rep}，负责紧固件。
请您确认：标准号（GB/DIN/ISO）、规格、强度等级、表面处理（镀锌、达克罗、发黑），以及是否要出材质和盐雾报告。
常规规格三天内发货；{company}的年用量给我，我按阶梯价给您报。"""

STAMPING = """{contact}您好，我是成单五金的{rep}，负责冲压件。
想先看图纸：材料牌号、料厚、关键尺寸和毛刺要求，模具是新开还是转模？
模具费、打样周期和批量交期我会分开写清楚，技术评审两个工作日内答复{company}。"""

SPRINGS = """{contact}您好，我是成单五金的{rep}，负责弹簧。
请给我线径、外径、自由长、圈数，或者工作高度下的力值；疲劳寿命和环境（高温、腐蚀）有要求也请告诉我。
样件七天，{company}如果着急，我去排加急。"""

TEMPLATES: tuple[tuple[str, str | None, str | None, str], ...] = (
    ("通用首次联系", None, None, GENERAL),
    ("官网询盘首次联系", "website", None, WEBSITE),
    ("展会回访", "exhibition", None, EXHIBITION),
    ("搜索广告留资首次联系", "search_ads", None, SEARCH_ADS),
    ("老客户转介绍首次联系", "referral", None, REFERRAL),
    ("紧固件首次联系", None, "紧固件", FASTENERS),
    ("冲压件首次联系", None, "冲压件", STAMPING),
    ("弹簧首次联系", None, "弹簧", SPRINGS),
)


async def install(session: AsyncSession) -> None:
    """Idempotent; what the company has changed is left alone."""
    rows = [
        {"id": uuid5(SHIPPED, title), "title": title, "source": source, "product_line": line, "body": body, "is_active": True, "sort": sort}
        for sort, (title, source, line, body) in enumerate(TEMPLATES)
    ]
    await session.execute(insert(ScriptTemplate).values(rows).on_conflict_do_nothing())
    await session.execute(insert(PoolRuleRow).values(id=new_id(), region_id=None, **asdict(DEFAULT_RULE)).on_conflict_do_nothing())
