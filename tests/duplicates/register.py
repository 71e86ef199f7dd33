"""A register of believable Chinese manufacturers and the ways in which people write their names anew; one seed, one register."""

import random
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, replace

import opencc
from pypinyin import lazy_pinyin

from backend.duplicates.name_words import LOOKALIKE_GROUPS
from backend.identity.places import PROVINCE_CITIES, PROVINCE_OF_CITY

BRAND_CHARS = (
    "恒力宏达鑫源华泰永兴金诚瑞丰盛德隆昌亿佳腾飞远航天顺安康博众联创立信东方新世纪海纳百川精功工科锐凯利民正大中亚美伦诺威士特尔迈普菲斯捷通万里长城宝钢龙腾"
    "虎跃凤翔云起志成和谐光明辉煌卓越超群俊杰雅致格林木森林淼晶磊品汇聚融合旭日升阳春晖朗晨星辰宇宙浩瀚洋波涛润泽沃土丰收禾嘉年余庆祥瑞福禄寿喜乐康宁静远思睿智慧"
)
TRADE_WORDS = (
    "机械", "精密机械", "机电", "机电设备", "模具", "精密模具", "五金", "五金制品", "弹簧", "紧固件", "标准件", "冲压件", "电子", "电子科技", "电气", "电器", "自动化", "自动化设备",
    "数控机床", "轴承", "齿轮", "阀门", "泵业", "液压", "气动", "密封件", "橡胶", "橡塑", "塑料", "塑胶制品", "包装材料", "化工", "新材料", "金属制品", "不锈钢制品", "铝业", "铸造",
    "压铸", "钣金", "仪器仪表", "光电科技", "激光", "半导体", "传感器", "线缆", "照明", "汽车零部件", "汽车配件", "重工", "智能装备", "机器人", "工具", "刀具", "输送设备", "环保设备",
    "新能源", "电源", "变压器", "家具", "陶瓷", "玻璃", "建材", "食品机械", "包装机械", "医疗器械", "压缩机", "减速机", "风机", "管业", "机械制造", "精密制造", "工业设备",
)  # fmt: skip
FORMS = ("有限公司", "有限公司", "有限公司", "有限公司", "股份有限公司", "有限责任公司", "集团有限公司", "厂")
CITIES = [city for cities in PROVINCE_CITIES.values() for city in cities]
BRANCHES = ("上海分公司", "苏州分公司", "深圳办事处", "第一分公司", "第二分厂", "华东销售部", "杭州营业部", "东莞分厂")
TO_TRADITIONAL = opencc.OpenCC("s2t")


@dataclass(frozen=True)
class Firm:
    city: str
    brand: str
    trade: str
    form: str

    @property
    def name(self) -> str:
        return f"{self.city}{self.brand}{self.trade}{self.form}"


def _homophones() -> dict[str, list[str]]:
    """Everyday characters by their syllable: what an input method offers beside the right one."""
    common = "".join(chr(code) for code in range(0x4E00, 0x9FA6) if _is_everyday(chr(code)))
    groups = defaultdict(list)
    for char in common:
        groups[lazy_pinyin(char)[0]].append(char)
    return {char: [other for other in group if other != char] for group in groups.values() for char in group if len(group) > 1}


def _is_everyday(char: str) -> bool:
    """GB2312's first level: the 3,755 most used."""
    try:
        return 0xB0 <= char.encode("gb2312")[0] <= 0xD7
    except UnicodeEncodeError:
        return False


HOMOPHONES = _homophones()


def make_register(dice: random.Random, count: int) -> list[Firm]:
    """Different firms; a third has a neighbour in name, as in life."""
    firms: dict[str, Firm] = {}
    while len(firms) < count:
        firm = Firm(dice.choice(CITIES), _brand(dice), dice.choice(TRADE_WORDS), dice.choice(FORMS))
        firms.setdefault(firm.name, firm)
        if dice.random() < 0.3:
            neighbour = _neighbour(dice, firm)
            firms.setdefault(neighbour.name, neighbour)
    return list(firms.values())[:count]


def _brand(dice: random.Random) -> str:
    return "".join(dice.sample(BRAND_CHARS, dice.choices((2, 3, 4), (80, 15, 5))[0]))


def _neighbour(dice: random.Random, firm: Firm) -> Firm:
    """Another firm: one character of the brand differs or is added, or it is the same brand in another city or trade."""
    brand = firm.brand
    return dice.choice((
        replace(firm, brand=brand[:-1] + dice.choice(BRAND_CHARS)), replace(firm, brand=dice.choice(BRAND_CHARS) + brand[1:]),
        replace(firm, brand=brand + dice.choice(BRAND_CHARS)), replace(firm, brand=f"新{brand}"), replace(firm, city=dice.choice(CITIES)),
        replace(firm, trade=dice.choice(TRADE_WORDS)), replace(firm, city=dice.choice(CITIES), trade=dice.choice(TRADE_WORDS)),
    ))  # fmt: skip


# --- how a name is written anew -----------------------------------------------------------------------------------------------------


def other_form(dice: random.Random, firm: Firm) -> str:
    return (
        firm.city
        + firm.brand
        + firm.trade
        + dice.choice(("公司", "有限公司", "有限责任公司", "股份有限公司", "", "厂" if firm.form == "厂" else ""))
    )


def full_width(dice: random.Random, firm: Firm) -> str:
    spaced = f"　{firm.city} {firm.brand}{firm.trade}{firm.form} "
    return spaced.replace("", " ") if dice.random() < 0.2 else spaced.replace("有限公司", "（有限）公司") if dice.random() < 0.2 else spaced


def brackets(dice: random.Random, firm: Firm) -> str:
    left, right = dice.choice(("（）", "()", "【】", "〔〕"))
    return dice.choice((
        f"{left}{firm.city}{right}{firm.brand}{firm.trade}{firm.form}", f"{firm.brand}{left}{firm.city}{right}{firm.trade}{firm.form}",
        f"{firm.brand}{firm.trade}{left}{firm.city}{right}{firm.form}",
    ))  # fmt: skip


def traditional(dice: random.Random, firm: Firm) -> str:
    return TO_TRADITIONAL.convert(firm.name)


def region(dice: random.Random, firm: Firm) -> str:
    """The place left out, with its province, or with its ending."""
    province = PROVINCE_OF_CITY[firm.city]
    place = dice.choice(("", f"{province}省{firm.city}市", f"{firm.city}市", f"{province}{firm.city}", f"{firm.city}市工业园区"))
    return place + firm.brand + firm.trade + firm.form


def branch(dice: random.Random, firm: Firm) -> str:
    return firm.name + dice.choice(BRANCHES)


def same_sound(dice: random.Random, firm: Firm) -> str:
    """精功 for 精工: what an input method offers."""
    return _with_slip(
        dice, firm, lambda text, at: text[:at] + dice.choice(HOMOPHONES[text[at]]) + text[at + 1 :] if text[at] in HOMOPHONES else text
    )


def look_alike(dice: random.Random, firm: Firm) -> str:
    return _with_slip(dice, firm, lambda text, at: text[:at] + _alike(dice, text[at]) + text[at + 1 :])


def _alike(dice: random.Random, char: str) -> str:
    others = [other for other in LOOKALIKE_GROUPS.get(char, "") if other != char]
    return dice.choice(others) if others else dice.choice(HOMOPHONES.get(char, [char]))


def doubled(dice: random.Random, firm: Firm) -> str:
    return _with_slip(dice, firm, lambda text, at: text[:at] + text[at] + text[at:])


def dropped(dice: random.Random, firm: Firm) -> str:
    return _with_slip(dice, firm, lambda text, at: text[:at] + text[at + 1 :])


def swapped(dice: random.Random, firm: Firm) -> str:
    return _with_slip(dice, firm, lambda text, at: text[: at - 1] + text[at] + text[at - 1] + text[at + 1 :] if at else text)


def _with_slip(dice: random.Random, firm: Firm, slip: Callable[[str, int], str]) -> str:
    core = firm.brand + firm.trade
    return firm.city + slip(core, dice.randrange(len(core))) + firm.form


def short_trade(dice: random.Random, firm: Firm) -> str:
    """恒力机械 for 恒力机械制造, or the other way round."""
    for word in ("制造", "设备", "制品", "科技"):
        if firm.trade.endswith(word) and len(firm.trade) > 2:
            return firm.city + firm.brand + firm.trade.removesuffix(word) + firm.form
    return firm.city + firm.brand + firm.trade + dice.choice(("科技", "制造")) + firm.form


def two_at_once(dice: random.Random, firm: Firm) -> str:
    """A slip, written in traditional characters, spaced or as a branch."""
    slipped = same_sound(dice, firm)
    return dice.choice(
        (
            TO_TRADITIONAL.convert(slipped),
            slipped + "上海分公司",
            f" {slipped.removesuffix('有限公司')}公司",
            slipped.removeprefix(firm.city),
        )
    )


KINDS: dict[Callable[[random.Random, Firm], str], int] = {
    other_form: 16, full_width: 8, brackets: 10, traditional: 8, region: 14, branch: 10, same_sound: 14, look_alike: 3, doubled: 2,
    dropped: 2, swapped: 2, short_trade: 5, two_at_once: 6,
}  # fmt: skip


def plant(dice: random.Random, firms: list[Firm], count: int) -> list[tuple[str, str, Firm]]:
    """(kind, name written anew, the firm that it is)."""
    planted = []
    while len(planted) < count:
        firm = dice.choice(firms)
        kind = dice.choices(list(KINDS), list(KINDS.values()))[0]
        name = kind(dice, firm)
        if name != firm.name:
            planted.append((kind.__name__, name, firm))
    return planted
