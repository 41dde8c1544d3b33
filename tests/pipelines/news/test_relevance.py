"""A page counts when it speaks of Putuo and of life-health; other Putuos and false friends of health do not."""

from __future__ import annotations

from datetime import date

import pytest

from pipelines.news import NEWS_VERSION, Reading, read


def reading(title: str, text: str = "", kind: str = "news") -> Reading:
    return read(title, text, language="zh", kind=kind, published_on=date(2026, 11, 20))


@pytest.mark.parametrize(
    ("title", "text"),
    [
        ("普陀区生物医药产业政策发布", ""),
        ("桃浦智创城再迎医疗器械企业", "园区集聚多家医疗器械企业。"),
        ("Medical device makers find a home in Putuo", "Putuo District supports medical devices."),
        ("普陀區舉辦數智健康產業大會", "普陀區聚焦醫療器械與生物醫藥。"),
        ("真如镇街道举办生命健康企业沙龙", "街道服务辖区医药企业。"),
    ],
)
def test_life_health_in_putuo_is_relevant(title: str, text: str) -> None:
    found = reading(title, text)
    assert found.in_putuo
    assert found.life_health
    assert found.relevant
    assert found.reasons


@pytest.mark.parametrize(
    ("title", "text"),
    [
        ("舟山市普陀区大健康产业园开园", "普陀区东港的医疗器械企业入驻。"),
        ("普陀山旅游与医疗健康产业", "普陀山景区引入医疗健康企业。"),
        ("贵阳普陀路街道医药企业座谈会", "云岩区普陀路街道召开医药企业座谈会。"),
        ("浦东普陀路生物医药企业", "川沙新镇普陀路的生物医药企业扩产。"),
        ("承德普陀宗乘之庙旁的医药展会", "医药企业参展。"),
        ("Zhoushan's Putuo opens health industry park", "Medical device firms moved to Zhoushan."),
        ("Mount Putuo hosts biotech forum", "Biotech experts met on Mount Putuo."),
        (
            "张江生物医药产业再提速",
            "浦东新区生物医药产业规模扩大，普陀区企业代表参会。张江、临港、闵行、徐汇同步推进。",
        ),
    ],
)
def test_another_place_is_not_relevant(title: str, text: str) -> None:
    assert not reading(title, text).relevant


@pytest.mark.parametrize(
    "words",
    [
        "兽药", "农药", "卫生洁具", "牙膏", "市容环境卫生", "动物保健品", "宠物医院", "生物新材料",
        "经济健康发展", "青少年身心健康",
        "应用软件服务（不含医用软件）", "pesticide and veterinary drugs", "sanitary ware",
    ],
)  # fmt: skip
def test_false_friends_of_health_do_not_count(words: str) -> None:
    found = reading(f"普陀区企业经营{words}", f"普陀区一家企业的{words}。")
    assert not found.life_health
    assert not found.relevant


def test_a_passing_word_of_health_does_not_make_a_page_of_putuo_relevant() -> None:
    text = "普陀区召开会议，部署老旧小区加装电梯。居民说，去医院更方便了。"
    assert not reading("普陀区推进加装电梯", text).relevant


@pytest.mark.parametrize(
    ("title", "text"),
    [
        ("中以（上海）创新园开园", "12月5日，创新园开园，首批20家企业将入驻。"),
        ("Guests tour the China-Israel Innovation Hub", "Expatriates were invited to Putuo on Saturday."),
        ("两国共推创新", "中以（上海）创新园昨日启动。中以（上海）创新园由两国共建，位于普陀区。"),
        ("Shanghai Children's Hospital", "The hospital has campuses in Jing'an District and Putuo District."),
    ],
)
def test_a_page_about_a_place_made_for_life_health_is_relevant(title: str, text: str) -> None:
    assert reading(title, text).relevant


@pytest.mark.parametrize(
    ("title", "text"),
    [
        ("普陀区科技节开幕", "科技节在中以（上海）创新园举行，中以（上海）创新园内举办了百场活动。"),
        ("Putuo's science festival", "It was held at the China-Israel Innovation Hub, a park of Putuo District."),
        ("海纳小镇添新景", "普陀区海纳小镇的数字场景上新，海纳小镇居民点赞。"),
        ("普陀43个项目签约", "普陀区昨日办了签约仪式。25个项目涵盖生命健康、数字营销、人工智能等领域。"),
        ("上海普陀43個重點項目簽約", "普陀區昨日辦了簽約儀式。25個項目涵蓋生命健康、數字營銷、人工智能等領域。"),
        (
            "Putuo signs 20 projects",
            "Putuo signed deals. They cover life health, fintech, new energy and more.",
        ),
        ("普陀区物流园提能级", "桃浦镇的物流园吸引超市、医药等59家企业。"),
    ],
)
def test_a_venue_a_list_of_industries_or_one_word_in_passing_makes_no_page_relevant(title: str, text: str) -> None:
    assert not reading(title, text).relevant


@pytest.mark.parametrize(
    ("title", "text"),
    [
        ("普陀25个项目签约", "普陀区25个项目昨日签约，涵盖生命健康、数字营销、人工智能等领域。"),
        (
            "Putuo signs deals",
            "Putuo signs deals\nFirms in life health, fintech and new materials come to Putuo.",
        ),
    ],
)
def test_an_industry_that_a_page_begins_with_is_what_it_is_about(title: str, text: str) -> None:
    assert reading(title, text).relevant


def test_a_policy_counts_when_both_hold_and_its_own_words_name_the_district() -> None:
    assert reading("关于支持生物医药产业的若干措施", "我区对医疗器械、生物医药企业给予支持。", "document").relevant
    assert not reading("关于支持生物医药产业的若干措施", "我区对医疗器械、生物医药企业给予支持。").relevant
    assert not reading("关于支持新能源产业的若干措施", "我区对新能源企业给予支持。", "document").relevant


def test_a_filing_is_the_districts_own() -> None:
    assert reading("上海宽屿医疗器械有限公司检测实验室项目", kind="filing").relevant
    assert not reading("上海庭石餐饮管理有限公司门店项目", kind="filing").relevant


def test_reasons_are_words_of_the_page_and_bounded() -> None:
    title, text = (
        "普陀区生命健康产业",
        "中以（上海）创新园、天地软件园、桃浦镇、真如镇、长寿路街道、海纳小镇的医药、药品、疫苗、新药、药物、制药、医疗器械。",
    )
    found = reading(title, text)
    assert len(found.reasons) <= 12
    assert all(reason in title + text for reason in found.reasons)
    assert "中以（上海）创新园" in found.reasons


def test_the_version_names_the_data() -> None:
    version, digest = NEWS_VERSION.split("+")
    assert version.startswith("2026.")
    assert len(digest) == 8


# ------------------------------------------------------------------------------------------- firms and parks of ours


def test_a_page_about_a_firm_of_ours_is_about_putuo_wherever_else_it_leads() -> None:
    found = reading("康鹏科技：关于子公司诉讼进展的公告", "子公司被起诉至甘肃省兰州市中级人民法院。")
    assert (found.relevant, found.in_putuo, found.life_health) == (True, True, True)
    assert found.reasons == ("康鹏科技",)


def test_a_firm_of_ours_that_is_named_in_passing_decides_nothing() -> None:
    assert not reading("浦东新区生物医药企业座谈", "康鹏科技等企业参加，张江的生物医药企业发言。").relevant


def test_the_industry_called_by_its_name_says_more_than_its_word_in_passing() -> None:
    text = "普陀区发展智能软件和数智健康产业，普陀区出台举措。"
    assert reading("普陀区构建产业体系", text).relevant
    assert not reading("普陀区构建产业体系", text.replace("数智健康产业", "数智健康")).relevant


def test_a_park_partly_for_life_health_needs_a_word_of_it() -> None:
    title = "Taopu Smart City evolves"
    assert reading(title, "The International Wellness Center in Putuo District will open.").relevant
    assert not reading(title, "The International Sports Center in Putuo District will open.").relevant


@pytest.mark.parametrize(
    ("url", "relevant"),
    [
        ("https://www.shpt.gov.cn/sww/1.html", True),
        ("https://english.shpt.gov.cn/1.shtml", True),
        ("https://www.notshpt.gov.cn/1.html", False),
        ("https://news.example/shpt.gov.cn", False),
        ("no address", False),
    ],
)
def test_what_stands_on_the_districts_own_site_needs_not_name_it(url: str, relevant: bool) -> None:
    title, text = "生命健康产业联盟活动", "我区聚焦医疗器械与生物医药。"
    assert read(title, text, language="zh", kind="news", published_on=None, url=url).relevant is relevant
    text = "新闻：区委召开党建会议。"
    assert not read(title[:0], text, language="zh", kind="news", published_on=None, url=url).relevant


# ------------------------------------------------------------------------------------ lists, and places of the industry


@pytest.mark.parametrize(
    ("title", "text"),
    [
        (
            "Putuo's exhibitors at the fair",
            "Firms of Putuo went to the fair. Putuo brought food, cars, toys, consumer goods, medical devices, "
            "pharmaceuticals and healthcare. Water of Putuo was shown.",
        ),
        (
            "普陀企业参加展会",
            "普陀区企业昨日参加展会。普陀展品包括食品、汽车、家电、服装、医疗器械、药品。普陀还介绍了苏州河。",
        ),
    ],
)
def test_goods_of_health_among_many_others_say_little_however_many_they_are(title: str, text: str) -> None:
    assert not reading(title, text).relevant


@pytest.mark.parametrize(
    ("title", "text"),
    [
        (
            "Old works become a smart city",
            "Taopu Town was a place of chimneys. Its smart city, Taopu Smart City, has drawn firms to Taopu, mainly "
            "in life health, robots and digital supply chains. Taopu Town grows.",
        ),
        (
            "桃浦老工业区转型",
            "桃浦曾是工业区。桃浦修路，桃浦植树。桃浦建公园。全镇聚焦生命健康、智能制造、数字供应链等产业。沿路有中以（上海）创新园、未来岛高新技术产业园。",
        ),
    ],
)
def test_an_industry_that_a_list_begins_with_counts_where_its_parks_are_named_too(title: str, text: str) -> None:
    assert reading(title, text).relevant
    for health, other in (("life health", "new materials"), ("生命健康", "新材料")):
        text = text.replace(health, other)
    assert not reading(title, text).relevant


def test_a_page_that_begins_with_a_place_made_for_life_health_needs_no_word_of_it() -> None:
    text = (
        "Guests saw the China- Israel Innovation Hub. In the China–Israel Innovation Hub they met officials of Putuo."
    )
    assert reading("A delegation comes", text).relevant
    by_the_way = (
        "桃浦镇发展物流。桃浦镇修路。桃浦镇植树。桃浦镇建仓库。中以（上海）创新园在路旁，桃浦镇居民常去。中以（上海）创新园有食堂。"
        "桃浦镇的货车多。"
    )
    assert not reading("桃浦镇的一年", by_the_way).relevant


# ------------------------------------------------------------------------------------------- who comes, and who leaves


@pytest.mark.parametrize(
    "text",
    [
        "样本诊断股份有限公司宣布，总部将由普陀区迁往嘉定区。",
        "样本诊断股份有限公司位于上海市怒江北路561弄，将整体搬迁至浦东新区。",
        "样本诊断股份有限公司近日正式入驻普陀区。公司从北京、苏州、无锡的客户处获得订单。",
    ],
)
def test_a_page_is_about_the_industry_here_if_one_of_it_comes_or_leaves(text: str) -> None:
    assert reading("样本公司换址", text).relevant


@pytest.mark.parametrize(
    "text",
    [
        "样本餐饮股份有限公司宣布，总部将由普陀区迁往嘉定区。诊断为经营困难。",
        "样本股份有限公司近日正式入驻普陀区，客户来自餐饮、旅游、诊断、零售等行业。",
        "样本诊断股份有限公司宣布，总部将由闵行区迁往嘉定区。普陀区的居民张望。",
    ],
)
def test_a_page_is_not_about_the_industry_here_if_somebody_else_moves_or_elsewhere(text: str) -> None:
    assert not reading("样本公司换址", text).relevant


def test_doctors_and_patients_alone_are_no_industry() -> None:
    civic = "普陀区的医院、疾控中心、卫生服务中心派出医生，在普陀为居民义诊，宣传健康。曹杨新村的门诊也来了。"
    assert not reading("普陀区启动健康宣传月", civic).relevant
    assert reading("普陀区启动健康宣传月", civic + "医疗器械企业带来产品。").relevant
    assert reading("普陀区利群医院启动健康宣传月", civic).relevant  # a place made for it


@pytest.mark.parametrize(
    ("title", "text"),
    [
        ("澍桦生物冲刺科创板", "澍桦生物递交招股书。公司总部位于上海市普陀区。"),
        ("企业消息", "澍桦生物递交招股书。澍桦生物的总部位于上海市普陀区。"),
        ("A firm", "Oakfen Medical is based in Putuo. Oakfen Medical won an approval."),
    ],
)
def test_a_firm_whose_name_is_of_the_industry_makes_a_page_about_it(title: str, text: str) -> None:
    assert reading(title, text).relevant
    for trade, other in (("生物", "餐饮"), ("Medical", "Catering")):
        title, text = title.replace(trade, other), text.replace(trade, other)
    assert not reading(title, text).relevant


def test_one_mention_of_putuo_counts_for_more_where_no_other_place_is_named() -> None:
    text = "一家医疗器械公司位于普陀区，产品用于康复。"
    assert reading("公司消息", text).relevant
    assert not reading("公司消息", text + "客户来自无锡、合肥、宁波。").relevant


def test_what_is_said_of_one_by_commas_is_no_list() -> None:
    text = (
        "Oakfen, a maker of medical devices and a dealer, told the papers of its masks in Putuo. Medical devices sell."
    )
    assert reading("Oakfen in Putuo", text).relevant


def test_a_list_of_shops_is_not_about_health_though_a_page_begins_with_it() -> None:
    assert not reading("商场开业", "普陀区的商场昨日开业，汇集餐饮、零售、健身、口腔、医美等品牌。").relevant
