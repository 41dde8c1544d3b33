"""What news tells of a firm, kind by kind; beside each sentence its twin that tells nothing."""

from __future__ import annotations

from datetime import date

import pytest

from pipelines.event_kinds import CATEGORY
from pipelines.news.page_reader import read_page
from tests.pipelines.news.telling import NOBODY, TITLE_EN, told


@pytest.mark.parametrize(
    ("text", "twin", "kind"),
    [
        ("砚桦医疗取得第三类医疗器械经营许可证。", "砚桦医疗正在申请医疗器械经营许可证。", "licence_granted"),
        (
            "砚桦医疗获得医疗机构执业许可证。",
            "园区办公空间符合医疗器械经营许可证审批要求，砚桦医疗入驻。",
            "licence_granted",
        ),
        ("砚桦医疗的产品获得三类医疗器械注册证。", "砚桦医疗发布了一款新产品。", "product_approved"),
        ("砚桦医疗成功中标市级医疗设备采购项目。", "砚桦医疗入围中标候选名单。", "contract_won"),
        ("砚桦生物获批开展临床试验。", "砚桦生物将进入临床试验阶段。", "trial_started"),
        ("砚桦生物注册资本增至5000万元。", "砚桦生物注册资本5000万元。", "capital_raised"),
        ("砚桦生物首次公开发行股票并在科创板上市。", "砚桦生物股票交易异常波动。", "listing_step"),
        ("砚桦生物完成B轮融资2亿元。", "砚桦生物累计完成融资2亿元。", "financing_raised"),
        ("砚桦医疗与利桦砚医院签署战略合作协议。", "砚桦医疗与利桦砚医院同台亮相。", "partnership"),
        (
            "活动现场举行了砚桦医疗与利桦砚医院战略合作签约。",
            "活动现场，砚桦医疗与利桦砚医院洽谈战略合作意向。",
            "partnership",
        ),
        (
            "会上签署《砚桦生物与砚屿医药战略合作框架协议》。",
            "会上解读《砚桦生物与砚屿医药战略合作框架协议》。",
            "partnership",
        ),
        ("砚桦生物完成工商注册，落在普陀区。", "砚桦生物在张江注册成立。", "registered"),
        ("砚桦生物将搬离普陀区。", "砚桦生物未搬离普陀区。", "moved_out"),
        ("砚桦生物将搬迁至青浦区。", "砚桦生物将搬迁至桃浦镇。", "moved_out"),
        ("Oakfen Bio will be relocated to Qingpu District.", "Oakfen Bio will be relocated to Taopu.", "moved_out"),
        ("The district signed agreements with Oakfen Bio.", "Qingpu signed agreements with Oakfen Bio.", "partnership"),
        ("砚桦生物已迁出桃浦镇。", "砚桦生物曾迁出桃浦镇。", "moved_out"),
        ("现场为砚桦生物、砚屿医药等企业颁发奖牌。", "砚桦生物位居行业百强榜首。", "recognised"),
        ("砚桦生物中国总部落户普陀区长风生态商务区。", "砚桦生物中国总部落户浦东新区。", "headquarters_set_up"),
        ("砚桦生物签约落户桃浦智创城。", "桃浦智创城集聚了砚桦生物等企业。", "arrival_announced"),
        (
            "签约仪式在普陀区桃浦智创城举行。砚桦生物等10家首批入驻企业代表签约。",
            "砚桦生物等10家首批入驻企业代表座谈。",
            "arrival_announced",
        ),
        ("Oakfen Bio signed an agreement with Brightoak Pharma.", "Oakfen Bio met Brightoak Pharma.", "partnership"),
        (
            "Oakfen Bio went public on the STAR market, it was listed on the STAR Market.",
            "Oakfen Bio is in the market.",
            "listing_step",
        ),
        ("Oakfen Bio won the bid for the project.", "Oakfen Bio will bid for the project.", "contract_won"),
    ],
)
def test_a_sentence_tells_its_kind_and_its_twin_does_not(text: str, twin: str, kind: str) -> None:
    assert kind in {kind for kinds in told(text).values() for kind in kinds}
    assert kind not in {kind for kinds in told(twin).values() for kind in kinds}


def test_both_parties_of_a_partnership_have_it() -> None:
    both = {"砚桦生物": ["partnership"], "砚屿医药": ["partnership"]}
    assert told("会上签署了《砚桦生物与砚屿医药战略合作框架协议》。") == both
    assert told("活动现场举行了砚桦生物与砚屿医药战略合作签约。") == both
    assert told("活动中签署了《普陀区工作专班与砚桦生物合作协议》，《砚石医院与砚屿医药战略合作框架协议》。") == {
        **both,
        "砚石医院": ["partnership"],
    }
    assert told("近日，砚桦生物与砚屿医药（上海市砚屿药房）签署战略合作协议。") == both


def test_a_name_in_brackets_behind_a_name_is_no_second_firm_that_acts() -> None:
    assert told("Oakfen Bio (Brightoak) won the Innovation Award.") == {"Oakfen Bio": ["recognised"]}


def test_who_is_spoken_for_by_an_officer_acts() -> None:
    text = "砚桦医疗相关负责人介绍，企业通过平台与利桦砚医院达成合作。"
    assert told(text)["砚桦医疗"] == ["partnership"]
    assert "砚桦医疗" not in told("砚桦医疗相关负责人介绍，砚屿医药与利桦砚医院达成合作。")


def test_a_purpose_that_leads_a_sentence_takes_nothing_from_it() -> None:
    assert told("为了更好地服务企业，砚桦生物与砚屿医药签署战略合作协议。") == {
        "砚桦生物": ["partnership"],
        "砚屿医药": ["partnership"],
    }


@pytest.mark.parametrize(
    "text",
    [
        "普陀区拥有砚桦生物、砚屿医药等企业，集聚了砚石医疗等机构。",
        "砚桦生物、砚屿医药负责人出席大会并致辞。",
        "砚桦生物起诉砚屿医药，一审判决。",
        "砚桦生物亮相进博会，展出手术机器人。",
        "砚桦生物落户宝山区，砚屿医药落户张江。",
        "The hub is home to Oakfen Bio and Brightoak Pharma.",
        "Firms like Oakfen Bio and Brightoak Pharma attended the contest at the hub in Putuo District.",
    ],
)
def test_who_is_there_visits_exhibits_or_is_sued_arrives_nowhere(text: str) -> None:
    assert [kind for kinds in told(text).values() for kind in kinds if CATEGORY[kind] == "arrival"] == []


@pytest.mark.parametrize(
    ("text", "twin", "kind"),
    [
        (
            "总部位于杭州的砚桦科技有限公司在普陀区中海中心设立上海分公司。",
            "总部位于普陀区的砚桦科技有限公司在杭州设立分公司。",
            "branch_opened",
        ),
        (
            "砚桦生物因发展需要，办公地址由上海市徐汇区变更为上海市普陀区桃浦路200号。",
            "砚桦生物因发展需要，办公地址由上海市普陀区变更为上海市徐汇区。",
            "arrival_announced",
        ),
        (
            "产业园在石泉路街道开园。砚桦生物、桦屿医疗等首批11家企业集中入驻。",
            "产业园在张江开园。砚桦生物、桦屿医疗等首批11家企业集中入驻。",
            "arrival_announced",
        ),
        (
            "产业园在桃浦镇开工。砚桦生物、桦屿医疗等多家企业代表进行意向进驻签约。",
            "产业园在桃浦镇开工。砚桦生物、桦屿医疗等多家企业有意进驻。",
            "arrival_announced",
        ),
        ("砚桦门诊部6月1日在普陀区开业。", "砚桦门诊部6月1日举行开业仪式。", "arrival_announced"),
        ("上海砚桦康复医院6月1日在普陀区投用。", "上海砚桦康复医院将于12月在普陀区投用。", "premises_added"),
        (
            "上海砚屿神州药业有限公司位于普陀区的生产基地正式启用。",
            "上海砚屿药业有限公司位于神州市的生产基地正式启用。",
            "premises_added",
        ),
        ("砚桦生物和桦屿医疗强强联手。", "砚桦生物和桦屿医疗同场竞技。", "partnership"),
        (
            "Oakfen, a medical device maker, signed an agreement with Putuo District on Monday to set up its China "
            "headquarters in Changfeng Business Area.",
            "Oakfen, a medical device maker, signed an agreement with Putuo District on Monday.",
            "headquarters_set_up",
        ),
        (
            "Oakfen Bio moved its headquarters from Minhang District to Taopu.",
            "Oakfen Bio moved its headquarters from Taopu to Minhang District.",
            "headquarters_set_up",
        ),
        (
            "Oakfen Bio was certified as a research center.",
            "Oakfen Bio hopes to be certified as a research center.",
            "recognised",
        ),
    ],
)
def test_more_ways_to_come_and_to_grow(text: str, twin: str, kind: str) -> None:
    assert any(kind in kinds for kinds in told(text).values())
    assert not any(kind in kinds for kinds in told(twin).values())


def test_an_event_has_the_day_that_stands_within_its_words() -> None:
    text = "Oakfen Bio signed an agreement with Putuo on Wednesday to set up its China headquarters in Taopu."
    said = read_page(TITLE_EN, text, language="en", kind="news", published_on=date(2026, 11, 20), known=NOBODY)
    assert [event.happened_on for firm in said.firms for event in firm.events] == [date(2026, 11, 18)]


@pytest.mark.parametrize(
    ("text", "twin"),
    [
        ("砚桦生物在桃浦镇。公司完成B轮融资2亿元。", "砚桦生物与桦屿医疗在桃浦镇。公司完成B轮融资2亿元。"),
        (
            "砚桦生物在桃浦镇。该公司近日完成B轮融资2亿元。",
            "砚桦生物在桃浦镇。区里有楼。镇里有路。公司完成B轮融资2亿元。",
        ),
        (
            "Oakfen Bio is based in Putuo. The company raised 200 million yuan in a series B round.",
            "Oakfen Bio is based in Putuo. The company's rival raised 200 million yuan in a series B round.",
        ),
    ],
)
def test_the_company_that_begins_a_sentence_is_the_one_firm_named_just_before(text: str, twin: str) -> None:
    assert list(told(text).values()) == [["financing_raised"]]
    assert told(twin) == {}


def test_what_is_approved_of_a_firms_own_is_its_event_in_english() -> None:
    text = "Oakfen Bio said on Monday that its heart valve was approved by the NMPA."
    assert told(text) == {"Oakfen Bio": ["product_approved"]}
    assert told(text.replace("its heart valve", "a rival's heart valve")) == {}
