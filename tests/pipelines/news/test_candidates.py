"""Firms that no register knows are named wherever a page about life-health in Putuo names them; other things never."""

from __future__ import annotations

from datetime import date

import pytest

from pipelines.news import NameIndex
from pipelines.news.cut import brand_before
from pipelines.news.page_reader import KnownNames, read_page

NOBODY = KnownNames(NameIndex([]))
TITLE = "普陀区生命健康产业新闻：医疗器械"
TITLE_EN = "Putuo District's life health industry: medical devices"


def names(text: str, title: str = "") -> list[str]:
    """The names of the firms that a page gives, in its order."""
    title = title or (TITLE_EN if text.isascii() else TITLE)
    said = read_page(title, text, language="", kind="news", published_on=date(2026, 11, 20), known=NOBODY)
    return [firm.name for firm in said.firms]


# --------------------------------------------------------------------------------------------- brands among words


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("记者走进砚桦医疗，看到一条新的生产线。", "砚桦医疗"),
        ("该技术由砚桦生物自主研发。", "砚桦生物"),
        ("园区企业龙砚医药负责人告诉记者，产品已经上市。", "龙砚医药"),
        ("在普陀，上海砚桦智能医疗的机器人已经走进社区。", "上海砚桦智能医疗"),
        ("得砚康医疗器械的展台前人头攒动。", "得砚康医疗器械"),
        ("“砚桦数科”带来了一套系统。", "砚桦数科"),
        ("砚桦医疗展示了康复设备。", "砚桦医疗"),
        ("砚桦生物周一宣布消息。", "砚桦生物"),
        ("砚桦康创始人介绍，公司将扩大规模。", "砚桦康"),
        ("普陀區砚桦醫療的產品亮相。", "砚桦醫療"),
        ("HUAXU医疗的产品亮相。", "HUAXU医疗"),
        ("致力于新材料的以色列Yanhua亮相。", "Yanhua"),
    ],
)
def test_a_brand_that_is_no_word_names_a_firm_wherever_it_stands(text: str, name: str) -> None:
    assert names(text) == [name]


@pytest.mark.parametrize(
    "text",
    [
        "普陀区聚焦高端医疗、精准医疗、数智医疗，发展合成生物与基层医疗。",
        "全区推动智慧医疗赋能，打造一流医疗环境，提升医药流通能级。",
        "AI医疗、IVD诊断、5G医疗成为新赛道。",
        "医疗器械公司董事长、医药企业总经理、上市公司创始人出席会议。",
        "对本公司而言，医疗器械是重点。",
        "产品采用ETO技术，参股公司ETO项目运行平稳。",
        "砚桦医疗展上午开幕，砚桦生物周在沪举办。",
        "会议由副区长、区商务委主任主持，区卫健委、市药监局参加。",
        "为促进医疗、医药、医保联动，区内养老机构开展健康管理。",
        "全区紧抓生物医药机遇，抢抓医疗器械风口，锚定医药创新，发展高精尖医药产业。",
        "位于普陀区桃浦镇的医药冷链物流中心启用，首席执行官致辞。",
    ],
)
def test_words_of_the_industry_are_no_brands(text: str) -> None:
    assert names(text) == []


@pytest.mark.parametrize(
    ("text", "brand"),
    [
        ("走进砚桦", "砚桦"),
        ("与砚桦", "砚桦"),
        ("和黄", "和黄"),
        ("数字", None),
        ("打造一流", None),
        ("", None),
        ("为", None),
    ],
)
def test_a_run_of_characters_is_cut_into_words_and_a_brand(text: str, brand: str | None) -> None:
    begin = brand_before(text, 0, len(text))
    assert (None if begin is None else text[begin:]) == brand


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("区内有默沙东、罗氏诊断等企业。", ["默沙东", "罗氏诊断"]),
        ("记者从九州通医药了解到，医疗器械配送提速。", ["九州通医药"]),
        ("Roche and Pfizer have come to the hub.", ["Roche", "Pfizer"]),
    ],
)
def test_houses_that_everybody_knows_need_nothing_beside_them(text: str, found: list[str]) -> None:
    assert names(text) == found


@pytest.mark.parametrize("text", ["他沉默克制，身体坚强生活健康。", "The merck of old and a roche are words."])
def test_their_names_are_not_found_within_other_words(text: str) -> None:
    assert names(text) == []


# --------------------------------------------------------------------------------------------------- institutions


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("普陀汇集了同济大学医学院等创新资源。", ["同济大学医学院"]),
        ("活动在同济大学国家大学科技园普陀园举行。", ["同济大学国家大学科技园普陀园"]),
        ("走进上海砚桦化工研究院，碳13项目进展顺利。", ["上海砚桦化工研究院"]),
        ("上海市医疗器械产品注册指导服务工作站普陀站为企业服务。", ["上海市医疗器械产品注册指导服务工作站普陀站"]),
        ("上海砚桦医药物流配送中心投入使用。", ["上海砚桦医药物流配送中心"]),
        ("项目来自国家技术转移东部中心。", ["国家技术转移东部中心"]),
        ("依托Huaxu孵化器，项目落地。", ["Huaxu孵化器"]),
        ("Wei Huaxu, Director of the East China Yanhua Bank, came.", []),
        (
            "The East China Stem Cell Bank works with the National Eastern Transfer Center.",
            ["East China Stem Cell Bank", "National Eastern Transfer Center"],
        ),
        (
            "It was built by the Shanghai Research Institute of Yanhua Industry.",
            ["Shanghai Research Institute of Yanhua Industry"],
        ),
    ],
)
def test_institutions_are_named_as_a_whole(text: str, found: list[str]) -> None:
    assert names(text) == found


@pytest.mark.parametrize(
    "text",
    [
        "普陀区打造高端医学创新中心、医药资源配置中心和数字医疗服务中心。",
        "上海加快建设具有全球影响力的科技创新中心，发展医疗器械。",
        "区城市运行管理中心、党群服务中心、会议中心举办医疗器械展。",
        "三级甲等医院、社区卫生服务中心、公立医院引入医疗器械。",
        "企业实验室、市级工作站、院士工作站服务医疗器械企业。",
        "The district aims to develop a medical innovation center and a research institute.",
    ],
)
def test_what_a_place_shall_have_and_any_institution_is_none(text: str) -> None:
    assert names(text) == []


def test_a_hospital_or_university_counts_as_one_who_acts_or_in_the_title() -> None:
    assert names("医疗器械专家来自复旦大学与利桦砚医院。") == []
    assert names("砚桦生物与利桦砚医院签署战略合作协议。") == ["砚桦生物", "利桦砚医院"]
    assert names("医疗器械进展。", "利桦砚医院：普陀区医疗器械") == ["利桦砚医院"]


# --------------------------------------------------------------------------------------------- lists and double names


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (
            "法国砚奈德、日本佐桦急便、美国艾砚达及上海砚桦医药物流配送中心等知名企业入驻。",
            ["砚奈德", "佐桦急便", "艾砚达", "上海砚桦医药物流配送中心"],
        ),
        ("延砚智能、先桦条码、昂砚科技和盛桦集团等企业落户。", ["延砚智能", "先桦条码", "昂砚科技", "盛桦集团"]),
        ("为砚华售电（上海）有限公司等13家企业代表颁发“共同成长10年奖”。", ["砚华售电（上海）有限公司"]),
        (
            "Incubators such as Oakfen, 360 Vision and Brightoak as well as Dunnfen work there.",
            ["Oakfen", "360 Vision", "Brightoak", "Dunnfen"],
        ),
        (
            "Well-known companies such as Shanghai Yanshi Pharmaceutical Group, Brightoak Pharmaceuticals and MSD.",
            ["Shanghai Yanshi Pharmaceutical Group", "Brightoak Pharmaceuticals", "MSD"],
        ),
        ("Brightoak, a pioneer in the industry, aspires to grow.", ["Brightoak"]),
        ("Said Wei Huaxu, founder of Oakfen Agricultural Tech in Shanghai.", ["Oakfen Agricultural Tech"]),
        ("Brightoak Bio, a wholly-owned subsidiary of Oakfen, came.", ["Brightoak Bio", "Oakfen"]),
    ],
)
def test_every_firm_of_a_list_and_who_stands_beside_its_office_is_named(text: str, found: list[str]) -> None:
    assert names(text) == found


@pytest.mark.parametrize(
    "text",
    [
        "Wei Huaxu, chairman of the Innovation Authority, and Li Dahua, director of Putuo District, spoke.",
        "It is a Vice-chairman Company of the Life Health Association.",
        "Said Wei Huaxu, president of the Life Health Association.",
        "The general manager of the hub, Wei Huaxu, came.",
    ],
)
def test_authorities_and_societies_are_no_firms(text: str) -> None:
    assert names(text) == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("产品已在砚桦医院、公立医院和近百家医院使用，肿瘤等十多个医生集团参与。", []),
        ("跨国集团、骨干企业集团与设计研究院参与医疗器械研发。", []),
        ("现场，光明集团展出医疗器械。", ["光明集团"]),
        ("园区位于生命蓝湾生命科技产业区，聚焦医疗器械。", []),
        ("上海医药集团股份有限公司与会，九州通医药集团也到场。", ["上海医药集团股份有限公司", "九州通医药集团"]),
        ("随着砚桦药业集团入驻，产业加速。", ["砚桦药业集团"]),
    ],
)
def test_a_name_begins_behind_the_words_that_lead_to_it(text: str, found: list[str]) -> None:
    assert names(text) == found


# ------------------------------------------------------------------------------------------- what is called like one


@pytest.mark.parametrize(
    "text",
    [
        "诺贝尔奖得主陈思样医疗团队到访。",
        "志愿者刘晓样医疗队长到场。",
        "陈博腾医疗专家到场。",
        "国医大师王样国传承工作站揭牌。",
        "陈样英养老院、李晓样药房与王样兰诊所服务居民。",
        "王样国集团在列。",
        "The startup Li Ming came.",
        "Many companies such as Wang Jianguo came.",
        "It spoke with the founder of Li Xiaoyan in Shanghai.",
        "Guests saw the Dr. Chen Mingyuan Laboratory there.",
        "Guests saw the Chen Mingyuan Laboratory there.",
    ],
)
def test_a_persons_name_is_no_firms(text: str) -> None:
    assert names(text) == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("砚桦医疗团队展示了设备。", ["砚桦医疗"]),
        ("砚桦诊所服务居民。", ["砚桦诊所"]),
        ("王样国集团签约落户普陀区桃浦智创城。", ["王样国集团"]),
        ("Many companies such as Wang Jianguo and Brightoak came.", ["Brightoak"]),
        ("Guests saw the Chen Mingyuan Brightoak Laboratory there.", ["Chen Mingyuan Brightoak Laboratory"]),
        ("Zhang Wei's Brightoak Medical came.", ["Brightoak Medical"]),
        ("Israel's Brightoak Medical came.", ["Brightoak Medical"]),
        ("Haifa-based Brightoak Medical came.", ["Brightoak Medical"]),
        ("Brightoak's Oakfen Medical came.", ["Brightoak's Oakfen Medical"]),
        ("居民诉砚桦医疗侵权。", ["砚桦医疗"]),
        ("居民状告砚桦医疗侵权。", ["砚桦医疗"]),
        ("网传砚桦医疗破产。", ["砚桦医疗"]),
        ("据传砚桦医疗破产。", ["砚桦医疗"]),
        ("他到砚桦医疗参观。", ["砚桦医疗"]),
    ],
)
def test_a_firm_beside_a_person_or_behind_what_is_said_of_it_is_named(text: str, found: list[str]) -> None:
    assert names(text) == found


@pytest.mark.parametrize(
    "text",
    [
        "贝朗读活动举行。",
        "武田路的商户。",
        "复星级酒店开业。",
        "爱尔康复中心开业。",
        "强生出租在路上。",
        "百度地图上线。",
        "医院引进达芬奇机器人。",
        "医院引进达芬奇手术机器人。",
        "It was told to Shanghai Daily Health and Lancet Health, in Nature Medical too.",
        "普陀区引进企业58家、26户。",
    ],
)
def test_a_word_a_product_and_a_paper_are_no_firms(text: str) -> None:
    assert names(text) == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("武田在华设厂，爱尔康与贝朗同来。", ["武田", "爱尔康", "贝朗"]),
        ("复星医药到场。", ["复星医药"]),
        ("砚桦机器人亮相。", ["砚桦机器人"]),
        ("The Signature Medical team came.", ["Signature Medical"]),
        ("日本砚川急便、芬兰砚尼起重机、罗氏等知名企业入驻。", ["砚川急便", "砚尼起重机", "罗氏"]),
    ],
)
def test_what_is_called_nearly_so_is_a_firm(text: str, found: list[str]) -> None:
    assert names(text) == found


# ------------------------------------------------------------------------------- houses, lists and what is beside them


@pytest.mark.parametrize(
    "text",
    [
        "砚桦大学的教授是中国工程院院士，他在中国科学院工作。",
        "项目由器官发育国家重点实验室承担。",
        "这家康复医院投用，首例机器人手术完成。",
        "希望各集团支持普陀。",
        "该院是普陀区西部地区区域医疗中心。",
        "梅川路门诊部启用。",
        "课题组聚焦沪港生物医药合作。",
        "上海医药医疗资源密集。",
        "展品有透皮给药、抗肿瘤免疫、聚焦眼健康等技术。",
    ],
)
def test_academies_descriptions_and_what_a_trade_does_name_nobody(text: str) -> None:
    assert names(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "The CEO of the OIA came. The Oakfen Industry Agency is of the state.",
        "He is a member of the Chinese Academy of Engineering. The Key Laboratory of Oak Embryos opened.",
        "Wang Ming, general manager of CMC production, spoke.",
        "He is of the Ministry of Industry and Information Technology, she of the Bureau of Oak Health Technology.",
    ],
)
def test_authorities_their_initials_and_academies_name_nobody_in_english(text: str) -> None:
    assert names(text) == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("桦砚药业、砚屿医药、大冢、康德弘翼等CRO、SMO组织在普陀。", ["桦砚药业", "砚屿医药", "大冢", "康德弘翼"]),
        ("现场，砚桦医药、桦屿医疗、新镁生物等企业签约。", ["砚桦医药", "桦屿医疗", "新镁生物"]),
        ("桦序微针、砚禾核药、屿禾免疫获得一等奖。", ["桦序微针", "砚禾核药", "屿禾免疫"]),
        ("普陀区卫生局和上海砚钺实业有限公司签约。", ["上海砚钺实业有限公司"]),
        ("Brightoak Bio (Samplewood) came. Samplewood is glad.", ["Brightoak Bio"]),
        ("Oakfen Pharmaceutical's new plant stands in Putuo.", ["Oakfen Pharmaceutical"]),
    ],
)
def test_names_are_told_apart_from_what_stands_beside_them(text: str, found: list[str]) -> None:
    assert names(text) == found


def test_a_hospital_that_is_named_again_and_again_is_a_candidate() -> None:
    assert names("砚桦医院来了。砚桦医院的医生来了。") == []
    assert names("砚桦医院来了。砚桦医院的医生来了。砚桦医院有三个院区。") == ["砚桦医院"]


def test_how_characters_are_spoken_is_no_part_of_a_name_with_tones_or_without() -> None:
    text = "上海砚(yan)桦医(yi)疗器(qi)械有限公(gong)司的产(chan)品亮(liang)相。"
    assert names(text) == ["上海砚(yan)桦医(yi)疗器(qi)械有限公(gong)司"]
    assert names("砚桦医疗的人工智能（ai）产品亮相。") == ["砚桦医疗"]


def test_a_blank_in_a_headline_and_an_article_in_english_part_no_name_from_its_sentence() -> None:
    assert names("区金融办表示支持。", "普陀：业绩亮眼 医药企业领跑 医疗器械增长") == []
    assert names("Putuo will build a High-end Medical Innovation Center.") == []
    assert names("Putuo has the Oakfen Medical Innovation Center.") == ["Oakfen Medical Innovation Center"]


def test_a_universitys_hospital_is_named_whole() -> None:
    text = "上海交通大学医学院附属砚桦医院与砚屿医疗达成合作。"
    assert names(text) == ["上海交通大学医学院附属砚桦医院", "砚屿医疗"]
