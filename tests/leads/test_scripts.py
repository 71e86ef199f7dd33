"""首次联系话术: which one fits, and filling it in."""

from uuid import UUID

from backend.leads import scripts


def script(number: int, source: str | None = None, product_line: str | None = None, sort: int = 0) -> scripts.Script:
    return scripts.Script(UUID(int=number), "", "", source, product_line, sort)


def test_the_most_specific_script_fits() -> None:
    found = [
        script(1),
        script(2, source="官网"),
        script(3, product_line="紧固件"),
        script(4, "官网", "紧固件"),
        script(5, "展会", "紧固件"),
    ]
    wanted = {("官网", "紧固件"): 4, ("展会", "紧固件"): 5, ("电话", "紧固件"): 3, ("官网", "弹簧"): 2, (None, None): 1}
    for (source, line), number in wanted.items():
        best = scripts.best_script(found, source=source, product_line=line)
        assert best is not None
        assert best.id.int == number
    assert scripts.best_script([script(4, "官网", "紧固件")], source="展会", product_line=None) is None


def test_rendering_is_one_safe_pass() -> None:
    values = {"company": "{rep}", "contact": None, "rep": "张磊"}
    text = scripts.render("您好{contact}，我是{rep}。{company} {unknown} {0} {rep.__class__} {{rep}} {", values)
    assert text == "您好____，我是张磊。{rep} {unknown} {0} {rep.__class__} {张磊} {"
