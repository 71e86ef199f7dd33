"""Provinces and cities as the region table writes them: 广东省 and 广东 are one, 苏州 and 苏州市 are one (pure)."""

from collections.abc import Iterable
from functools import lru_cache
from uuid import UUID

from backend.core.texts import half_width

MUNICIPALITIES = ("北京", "上海", "天津", "重庆")
PROVINCES = (
    *MUNICIPALITIES,
    "河北", "山西", "内蒙古", "辽宁", "吉林", "黑龙江", "江苏", "浙江", "安徽", "福建", "江西", "山东", "河南", "湖北", "湖南",
    "广东", "广西", "海南", "四川", "贵州", "云南", "西藏", "陕西", "甘肃", "青海", "宁夏", "新疆", "台湾", "香港", "澳门",
)  # fmt: skip
PROVINCE_ENDINGS = ("维吾尔自治区", "壮族自治区", "回族自治区", "特别行政区", "自治区", "省", "市")
CITY_ENDINGS = ("自治州", "地区", "盟", "市")
PROVINCE_CITIES = {
    "江苏": ("南京", "无锡", "徐州", "常州", "苏州", "南通", "连云港", "淮安", "盐城", "扬州", "镇江", "泰州", "宿迁", "昆山"),
    "浙江": ("杭州", "宁波", "温州", "嘉兴", "湖州", "绍兴", "金华", "衢州", "舟山", "台州", "丽水", "义乌"),
    "安徽": ("合肥", "芜湖", "蚌埠", "淮南", "马鞍山", "安庆", "滁州", "宣城"),
    "广东": ("广州", "深圳", "珠海", "汕头", "佛山", "江门", "惠州", "东莞", "中山", "肇庆", "清远"),
    "福建": ("福州", "厦门", "泉州", "漳州", "莆田", "宁德"),
    "山东": ("济南", "青岛", "淄博", "烟台", "潍坊", "威海", "临沂", "济宁"),
    "湖北": ("武汉", "宜昌", "襄阳", "十堰"),
    "湖南": ("长沙", "株洲", "湘潭", "衡阳"),
    "四川": ("成都", "绵阳", "德阳", "宜宾"),
    "河南": ("郑州", "洛阳", "新乡", "许昌"),
    "河北": ("石家庄", "唐山", "保定", "沧州", "廊坊"),
    "辽宁": ("沈阳", "大连", "鞍山"),
    "陕西": ("西安", "宝鸡", "咸阳"),
    "江西": ("南昌", "赣州", "九江"),
    "吉林": ("长春",), "黑龙江": ("哈尔滨",), "山西": ("太原",), "广西": ("南宁", "柳州"), "云南": ("昆明",), "贵州": ("贵阳",),
    "海南": ("海口", "三亚"), "甘肃": ("兰州",), "新疆": ("乌鲁木齐",), "内蒙古": ("呼和浩特", "包头"), "宁夏": ("银川",), "青海": ("西宁",),
    "西藏": ("拉萨",),
}  # fmt: skip
SEEN_LATELY = 1000
"""A file names the same few places again and again."""
PROVINCE_OF_CITY = {city: province for province, cities in PROVINCE_CITIES.items() for city in cities}


def province_name(text: str | None) -> str | None:
    """`广东省` -> `广东`; a name that is no province comes back trimmed, nothing as None."""
    plain = _squeeze(text)
    for ending in PROVINCE_ENDINGS:
        if plain.endswith(ending) and plain.removesuffix(ending) in PROVINCES:
            return plain.removesuffix(ending)
    return plain or None


def city_name(text: str | None) -> str | None:
    """`苏州市` -> `苏州`; two-character names such as 沙市 keep their last character."""
    plain = _squeeze(text)
    for ending in CITY_ENDINGS:
        if plain.endswith(ending) and len(plain) - len(ending) >= 2:
            return plain.removesuffix(ending)
    return plain or None


@lru_cache(SEEN_LATELY)
def place(province: str | None, city: str | None) -> tuple[str | None, str | None]:
    """Both names normalised; the province is added when only a well-known city is given, and a municipality is its own city."""
    province, city = province_name(province), city_name(city)
    if province is None and city in PROVINCE_OF_CITY:
        province = PROVINCE_OF_CITY[city]
    if province is None and city in MUNICIPALITIES:
        province = city
    if city is None and province in MUNICIPALITIES:
        city = province
    return province, city


@lru_cache(SEEN_LATELY)
def split_location(text: str | None) -> tuple[str | None, str | None]:
    """`江苏省苏州市`, `江苏+苏州`, `广东 深圳 南山区` or `苏州市` as (province, city)."""
    plain = half_width(text or "").strip()
    for separator in ("+", "/", "-", ",", "|", "·"):
        plain = plain.replace(separator, " ")
    words = plain.split()
    if not words:
        return None, None
    if len(words) > 1:
        return place(words[0], words[1])
    return _split_joined(words[0])


def _split_joined(plain: str) -> tuple[str | None, str | None]:
    """A province at the start is cut off with its ending; the rest, up to 市, is the city."""
    province = next((name for name in PROVINCES if plain.startswith(name)), None)
    if province is None:
        return place(None, plain)
    rest = plain.removeprefix(province)
    rest = rest.removeprefix(next((ending for ending in PROVINCE_ENDINGS if rest.startswith(ending)), ""))
    head, found, _ = rest.partition("市")
    return place(province, head + found if head else None)


def _squeeze(text: str | None) -> str:
    return "".join(half_width(text or "").split())


def region_of(areas: Iterable[tuple[str, str | None, UUID | None]], province: str | None, city: str | None) -> UUID | None:
    """The region of a place: the row of the city wins over the row of the whole province."""
    served = [area for area in areas if area[2] is not None]
    for wanted in (city, None):
        for area_province, area_city, region_id in served:
            fits_province = area_province == province or (province is None and wanted is not None)
            if fits_province and area_city == wanted:
                return region_id
    return None
