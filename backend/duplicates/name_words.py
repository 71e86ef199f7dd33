"""Words of Chinese firm names: 苏州(place) 恒力(brand) 精密机械(trade) 有限公司(legal form) (pure)."""

from backend.identity.places import MUNICIPALITIES, PROVINCE_CITIES, PROVINCE_OF_CITY, PROVINCES

MANUFACTURING_COUNTIES = {
    "苏州": ("昆山", "张家港", "常熟", "太仓", "吴江"), "无锡": ("江阴", "宜兴"), "常州": ("武进", "溧阳"), "镇江": ("丹阳", "扬中"),
    "泰州": ("靖江", "泰兴", "兴化"), "南通": ("海门", "启东", "如皋", "海安"), "宁波": ("慈溪", "余姚", "北仑", "奉化"),
    "温州": ("乐清", "瑞安", "永嘉"), "台州": ("玉环", "温岭", "临海", "黄岩"), "金华": ("义乌", "永康", "东阳"), "绍兴": ("诸暨", "嵊州", "上虞"),
    "嘉兴": ("海宁", "桐乡", "海盐", "平湖", "嘉善"), "杭州": ("萧山", "余杭", "富阳"), "佛山": ("顺德", "南海"), "泉州": ("晋江", "南安"),
    "沧州": ("泊头", "任丘"), "上海": ("嘉定", "松江", "青浦", "奉贤", "浦东"), "济宁": ("曲阜",), "烟台": ("龙口",),
}  # fmt: skip
COUNTY_SEATS = {county: city for city, counties in MANUFACTURING_COUNTIES.items() for county in counties}


def place_chain(name: str) -> tuple[str, ...]:
    """A place with those above it: 昆山 -> (昆山, 苏州, 江苏)."""
    city = COUNTY_SEATS.get(name)
    province = PROVINCE_OF_CITY.get(city or name)
    return tuple(dict.fromkeys(one for one in (name, city, province) if one))


PLACES = {*PROVINCES, *MUNICIPALITIES, *(city for cities in PROVINCE_CITIES.values() for city in cities), *COUNTY_SEATS}
ZONES = ("经济技术开发区", "高新技术开发区", "工业园区", "高新区", "开发区", "保税区", "自贸区", "工业区")

LEGAL_FORMS = (
    "集团股份有限公司", "股份有限公司", "有限责任公司", "集团有限公司", "有限公司", "股份公司", "集团公司", "总公司", "集团", "公司", "工厂", "总厂",
    "coltd", "companylimited", "company", "limited", "corporation", "corp", "ltd", "inc", "llc", "gmbh", "co",
)  # fmt: skip
BRANCHES = ("分公司", "办事处", "分厂", "营业部", "经营部", "门市部", "销售部", "代表处", "事业部", "分部")
NUMERALS = "一二三四五六七八九十0123456789"

FILLERS = frozenset((
    "科技", "技术", "工业", "实业", "制造", "制品", "设备", "产品", "发展", "股份", "国际", "控股", "贸易", "商贸", "工贸", "进出口", "工程", "厂", "有限", "企业",
    "生产", "加工", "销售", "及", "与", "和",
))  # fmt: skip
"""They tell little: 恒力机械 and 恒力机械制造 may be one firm."""

TRADES = frozenset((
    "机械", "机电", "模具", "五金", "弹簧", "紧固件", "标准件", "冲压", "冲压件", "冲件", "精密", "电子", "电气", "电器", "电机", "电力", "自动化", "智能", "数控", "机床",
    "轴承", "齿轮", "阀门", "泵业", "水泵", "液压", "气动", "密封件", "橡胶", "塑料", "橡塑", "塑胶", "包装", "印刷", "纺织", "化工", "化学", "涂料", "材料", "新材料",
    "金属", "钢结构", "钢铁", "不锈钢", "铝业", "铝材", "铜业", "铸造", "锻造", "压铸", "钣金", "焊接", "热处理", "表面处理", "仪器", "仪表", "光电", "光学", "激光",
    "半导体", "传感器", "连接器", "线缆", "电缆", "电线", "照明", "灯具", "汽车", "汽配", "零部件", "配件", "车辆", "航空", "航天", "船舶", "重工", "重科", "装备",
    "机器人", "工具", "量具", "刀具", "磨具", "磨料", "起重机", "起重", "输送", "物流设备", "环保", "环境", "节能", "新能源", "能源", "电池", "电源", "变压器", "开关", "家具", "家电",
    "厨具", "卫浴", "陶瓷", "玻璃", "建材", "食品", "制药", "医药", "医疗器械", "医疗", "器械", "生物", "服装", "鞋业", "皮革", "玩具", "文具", "纸业", "木业", "压缩机", "减速机", "风机",
    "锅炉", "制冷", "空调", "管业", "管道", "管件", "法兰", "丝网", "粉末冶金", "冶金", "矿山机械", "农机", "工程机械", "通讯", "通信", "软件", "网络", "信息",
))  # fmt: skip
"""They tell firms apart: 恒力机械 is not 恒力模具."""

LOOKALIKES = (
    "己已巳",
    "未末",
    "土士",
    "干千于",
    "人入",
    "大太犬",
    "王玉",
    "力刀",
    "田由甲申",
    "日曰目",
    "天夭无",
    "牛午",
    "金全",
    "圆园",
    "拔拨",
    "析折",
    "侯候",
    "冶治",
    "晴睛",
)
"""Taken for each other by eyes and by scanners."""

LOOKALIKE_GROUPS = {char: group for group in LOOKALIKES for char in group}
