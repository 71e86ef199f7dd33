"""The demo's catalogue: what the house makes to its own standard, how long that takes, and what it does not go below. All of it is invented."""

from decimal import Decimal
from typing import Any

from sqlalchemy import insert
from sqlalchemy.ext.asyncio import AsyncSession

from backend.catalogue.models import Product, ProductFamily, ProductFloor, RoutingOperation
from backend.catalogue.writing import search_columns
from backend.core.db import Base
from backend.demo.world import key

PRESSED = (("PRESS-01", "落料冲孔", "1.50", "0.0012", False), ("PRESS-01", "折弯成形", "1.00", "0.0020", True))
DRAWN = (
    ("PRESS-01", "拉伸", "3.00", "0.0035", False),
    ("PRESS-01", "切边冲孔", "1.50", "0.0015", True),
    ("FIT-01", "去毛刺", "0.20", "0.0020", True),
)
TURNED = (("CNC-01", "车铣复合", "1.20", "0.0500", False), ("MG-01", "外圆磨", "0.50", "0.0200", True))
MILLED = (
    ("CNC-01", "粗铣", "1.50", "0.2500", False),
    ("CNC-01", "精铣", "1.00", "0.3500", False),
    ("FIT-01", "去毛刺检验", "0.25", "0.0500", True),
)
FORGED = (("PRESS-01", "冷镦", "2.00", "0.0008", False), ("CNC-01", "搓丝", "0.80", "0.0010", True))
MOULD = (
    ("CNC-01", "模板粗加工", "2.00", "36", False),
    ("WEDM-01", "线切割镶件", "1.00", "28", True),
    ("EDM-01", "电火花型腔", "1.50", "32", False),
    ("MG-01", "镶件磨配", "1.00", "18", True),
    ("FIT-01", "合模与试模", "2.00", "40", False),
)
FAMILIES: tuple[tuple[str, str, int, tuple[Any, ...]], ...] = (
    ("CY", "冲压结构件", 15, PRESSED),
    ("LS", "拉伸壳体", 20, DRAWN),
    ("JG", "机加工件", 12, MILLED),
    ("JJ", "紧固件", 10, FORGED),
    ("QP", "汽车底盘件", 25, FORGED),
    ("MJ", "注塑模具", 35, MOULD),
)
"""Code, name, standard lead time in working days, how most of them are made."""
PRODUCTS: tuple[tuple[str, str, str, str, str, int | None, str, str | None], ...] = (
    ("CY", "CY-2101", "电机安装支架", "SPCC 2.0，镀锌", "件", None, "4.80", "HY-2101"),
    ("CY", "CY-2102", "空调外机支架", "SGCC 1.5，喷粉", "件", None, "9.60", "HY-2102"),
    ("CY", "CY-2115", "不锈钢垫片 28", "SUS304 0.8，外径 28", "百件", 8, "16.00", "HY-2115"),
    ("CY", "CY-2130", "电池包连接铜排", "T2 3.0，镀镍", "件", None, "12.50", "HY-2130"),
    ("CY", "CY-2144", "充电桩门板", "DC01 1.2，喷粉", "件", 18, "68.00", "HY-2144"),
    ("LS", "LS-3001", "电机外壳 Φ86", "SPCC 1.2，拉伸深 62", "件", None, "7.20", "HY-3001"),
    ("LS", "LS-3004", "过滤器壳体", "SUS304 1.0", "件", 22, "15.80", "HY-3004"),
    ("LS", "LS-3010", "传感器护套", "AL5052 0.8", "件", None, "2.35", "HY-3010"),
    ("JG", "JG-4001", "机器人关节座", "6061-T6，阳极氧化", "件", None, "185.00", "HY-4001"),
    ("JG", "JG-4006", "液压阀块 4 通", "45 钢，位置度 0.03", "件", 15, "240.00", "HY-4006"),
    ("JG", "JG-4012", "光学支架", "6061，发黑", "件", 8, "96.00", "HY-4012"),
    ("JG", "JG-4020", "定位销 Φ8×30", "GCr15，HRC58", "百件", None, "150.00", "HY-4020"),
    ("JJ", "JJ-5001", "法兰面螺栓 M10×35", "10.9 级，达克罗", "千件", None, "620.00", None),
    ("JJ", "JJ-5003", "六角法兰螺母 M10", "10 级，达克罗", "千件", None, "380.00", None),
    ("JJ", "JJ-5010", "焊接螺柱 M6×16", "盐雾 720 小时", "千件", 12, "210.00", None),
    ("JJ", "JJ-5022", "座椅滑轨铆钉", "SWRCH22A，镀锌", "千件", None, "165.00", "HY-5022"),
    ("QP", "QP-6001", "轮毂螺栓 M22×1.5", "42CrMo，12.9 级", "百件", None, "980.00", "HY-6001"),
    ("QP", "QP-6004", "稳定杆连接件", "40Cr，电泳", "件", None, "18.60", "HY-6004"),
    ("QP", "QP-6009", "副车架衬套套管", "20 钢，磷化", "件", 20, "6.90", "HY-6009"),
    ("MJ", "MJ-7001", "连接器外壳模具", "1 出 4，热流道", "套", None, "128000.00", "HY-7001"),
    ("MJ", "MJ-7003", "水箱透明件模具", "1 出 2，镜面抛光", "套", 40, "176000.00", "HY-7003"),
    ("MJ", "MJ-7008", "标准试样模具", "1 出 2，冷流道", "套", 25, "46000.00", "HY-7008"),
)
"""Family, code, name, specification, unit, own lead time, price floor in yuan, drawing."""
OWN_ROUTINGS = {"JG-4020": TURNED, "QP-6009": TURNED}


async def add_catalogue(session: AsyncSession) -> None:
    floors = [{"product_id": key("product", code), "amount": Decimal(floor), "currency": "CNY"} for _, code, *_, floor, _ in PRODUCTS]
    steps = [step for code, *_, made in FAMILIES for step in _steps("family_id", "product-family", code, made)]
    steps += [step for code, made in OWN_ROUTINGS.items() for step in _steps("product_id", "product", code, made)]
    tables: tuple[tuple[type[Base], list[dict[str, Any]]], ...] = (
        (ProductFamily, [_family(*family[:3]) for family in FAMILIES]),
        (Product, [_product(*product) for product in PRODUCTS]),
        (ProductFloor, floors),
        (RoutingOperation, steps),
    )
    for table, rows in tables:
        await session.execute(insert(table), rows, execution_options={"render_nulls": True})


def _family(code: str, name: str, days: int) -> dict[str, Any]:
    return {"id": key("product-family", code), "code": code, "name": name, "standard_lead_days": days, **search_columns(name, code)}


def _product(
    family: str, code: str, name: str, specification: str, unit: str, days: int | None, _floor: str, drawing: str | None
) -> dict[str, Any]:
    return {
        "id": key("product", code),
        "family_id": key("product-family", family),
        "code": code,
        "name": name,
        "specification": specification,
        "unit": unit,
        "standard_lead_days": days,
        "drawing_no": drawing,
        "drawing_revision": drawing and "A",
        **search_columns(name, code, specification, drawing),
    }


def _steps(column: str, kind: str, code: str, steps: tuple[Any, ...]) -> list[dict[str, Any]]:
    return [
        {
            "id": key("routing-operation", f"{code}/{place}"),
            "product_id": None,
            "family_id": None,
            column: key(kind, code),
            "sequence": 10 * place,
            "work_centre_code": centre,
            "name": name,
            "set_up_hours": Decimal(set_up),
            "run_hours_per_unit": Decimal(run),
            "overlaps_previous": overlaps,
        }
        for place, (centre, name, set_up, run, overlaps) in enumerate(steps, 1)
    ]
