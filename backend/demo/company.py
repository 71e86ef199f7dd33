"""The demo company 衡屿精工: its territories, its people and who stands in for whom (invented, like every number and address in it)."""

from typing import NamedTuple

NAME = "衡屿精工（昆山）有限公司"
SHORT_NAME = "衡屿精工"
PASSWORD = "chengdan2026"  # noqa: S105 - the published password of the demo
STAMPING, MOULDS, FASTENERS, MACHINING = "冲压件", "注塑模具", "汽车紧固件", "CNC 精密加工"
PRODUCT_LINES = (STAMPING, MOULDS, FASTENERS, MACHINING)


class Territory(NamedTuple):
    """A region and the places it serves: (province, None) is all of it, (province, city) one city, which wins."""

    code: str
    name: str
    areas: tuple[tuple[str, str | None], ...]


NATION = Territory("cn", "全国", ())
EAST = Territory("east", "华东", (("上海", None), ("江苏", None), ("浙江", None), ("安徽", None), ("福建", "宁德")))
SOUTH = Territory("south", "华南", (("广东", None), ("广西", None), ("福建", None), ("海南", None), ("江西", None), ("湖南", None)))
NORTH = Territory(
    "north",
    "华北",
    (("北京", None), ("天津", None), ("河北", None), ("山东", None), ("山西", None), ("河南", None), ("辽宁", None), ("内蒙古", None)),
)
SOUTHWEST = Territory("southwest", "西南", (("四川", None), ("重庆", None), ("云南", None), ("贵州", None), ("湖北", None), ("陕西", None)))
TERRITORIES = (EAST, SOUTH, NORTH, SOUTHWEST)


class Colleague(NamedTuple):
    """Somebody of the demo company; the login is the key that the others refer to."""

    login: str
    name: str
    roles: tuple[str, ...]
    region: str | None = None
    supervisor: str | None = None
    product_lines: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()


PEOPLE = (
    Colleague("zhengguodong", "郑国栋", ("operations_director",)),
    Colleague("admin", "周敏", ("administrator",), supervisor="zhengguodong"),
    Colleague("liuweimin", "刘伟民", ("area_director",), "cn", "zhengguodong", languages=("en",)),
    Colleague("wanghaiyan", "王海燕", ("regional_manager",), "east", "liuweimin"),
    Colleague("zhanglei", "张磊", ("sales_rep",), "east", "wanghaiyan", (STAMPING, FASTENERS)),
    Colleague("liting", "李婷", ("sales_rep",), "east", "wanghaiyan", (MACHINING,), ("en",)),
    Colleague("sunxiaodong", "孙晓东", ("senior_consultant",), "east", "wanghaiyan", (MOULDS, FASTENERS), ("ja",)),
    Colleague("chenzhiqiang", "陈志强", ("regional_manager",), "south", "liuweimin"),
    Colleague("huanglihua", "黄丽华", ("sales_rep",), "south", "chenzhiqiang", (MOULDS, MACHINING), ("en",)),
    Colleague("hejunjie", "何俊杰", ("sales_rep",), "south", "chenzhiqiang", (STAMPING, FASTENERS)),
    Colleague("zhaoming", "赵明", ("regional_manager", "sales_rep"), "north", "liuweimin"),
    Colleague("yangfan", "杨帆", ("sales_rep",), "southwest", "liuweimin", (FASTENERS, STAMPING)),
    Colleague("linyue", "林悦", ("marketing",), supervisor="zhengguodong"),
    Colleague("wujianhua", "吴建华", ("engineer",), supervisor="zhengguodong", product_lines=(MOULDS, MACHINING)),
    Colleague("xuhongmei", "徐红梅", ("production_head",), supervisor="zhengguodong"),
    Colleague("tangna", "唐娜", ("hr",), supervisor="zhengguodong"),
)
BY_LOGIN = {colleague.login: colleague for colleague in PEOPLE}
SELLERS = tuple(one for one in PEOPLE if set(one.roles) & {"sales_rep", "senior_consultant"})

ON_LEAVE = "hejunjie"
DEPUTIES = (
    ("hejunjie", "sales_rep", "huanglihua"),
    ("wanghaiyan", "regional_manager", "chenzhiqiang"),
    ("chenzhiqiang", "regional_manager", "wanghaiyan"),
    ("liuweimin", "area_director", "wanghaiyan"),
    ("zhaoming", "regional_manager", "liuweimin"),
)

SHOWN_ACCOUNTS = (
    ("zhanglei", "华东销售员 sales rep"),
    ("wanghaiyan", "华东区域经理 regional manager"),
    ("liuweimin", "大区总监 area director"),
    ("linyue", "市场部 marketing"),
    ("admin", "管理员 administrator"),
)


def mobile(number: int) -> str:
    """A well-formed number that rings nowhere: no operator was given the block 154."""
    return f"154{number:08d}"
