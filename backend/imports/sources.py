"""Where leads and customers come from: the known sources as files write them, in both languages (pure)."""

WORDS = {
    "website": ("官网表单", "Website form"),
    "manual": ("手工录入", "Entered by hand"),
    "import": ("批量导入", "Import"),
    "partner": ("合作伙伴", "Partner"),
    "exhibition": ("展会", "Exhibition"),
    "search_ads": ("搜索广告", "Search ads"),
    "phone": ("来电", "Incoming call"),
    "referral": ("老客户介绍", "Referral"),
    "wechat": ("微信", "WeChat"),
    "other": ("其他", "Other"),
}
CALLED = {word.casefold(): code for code, words in WORDS.items() for word in words}


def words(code: str) -> tuple[str, str] | str:
    """In Chinese and in English; a source of the company's own as it is."""
    return WORDS.get(code, code)


def code(written: str | None) -> str | None:
    """The source that is meant, so that a list which went out comes back with the same ones."""
    return CALLED.get(written.casefold(), written) if written else written
