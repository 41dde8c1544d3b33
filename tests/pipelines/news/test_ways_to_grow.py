"""The many ways in which pages tell of approvals, trials, licences, money, exchanges and titles."""

from __future__ import annotations

import pytest

from tests.pipelines.news.telling import told


@pytest.mark.parametrize(
    ("text", "events"),
    [
        ("诊序科技则完成了B轮融资。", {"诊序科技": ["financing_raised"]}),
        ("砚桦生物已完成上市辅导备案。", {"砚桦生物": ["listing_step"]}),
        ("砚桦生物正加快推进科创板上市。", {"砚桦生物": ["listing_step"]}),
        ("普陀区企业砚桦生物向港交所递交招股书。", {"砚桦生物": ["listing_step"]}),
        ("砚桦生物IPO申请获上交所受理。", {"砚桦生物": ["listing_step"]}),
        ("砚桦生物科创板IPO成功过会。", {"砚桦生物": ["listing_step"]}),
        ("砚桦生物顺利通过港交所聆讯。", {"砚桦生物": ["listing_step"]}),
        ("砚桦生物今日在港交所主板挂牌上市。", {"砚桦生物": ["listing_step"]}),
        ("砚桦生物正式登陆科创板。", {"砚桦生物": ["listing_step"]}),
        ("砚桦生物启动上市辅导。", {"砚桦生物": ["listing_step"]}),
        ("砚桦生物正式在新三板挂牌。", {"砚桦生物": ["listing_step"]}),
        ("砚桦医疗获批三类医疗器械注册证。", {"砚桦医疗": ["product_approved"]}),
        ("砚桦医疗手术机器人获国家药监局批准上市。", {"砚桦医疗": ["product_approved"]}),
        ("砚桦医疗自主研发的血管支架获批上市。", {"砚桦医疗": ["product_approved"]}),
        ("砚桦生物1类新药获NMPA批准上市。", {"砚桦生物": ["product_approved"]}),
        ("砚桦医疗产品获FDA 510(k)许可。", {"砚桦医疗": ["product_approved"]}),
        ("砚桦医疗胶囊内镜取得欧盟CE认证。", {"砚桦医疗": ["product_approved"]}),
        ("砚桦生物新药临床试验申请获得国家药监局批准。", {"砚桦生物": ["trial_started"]}),
        ("砚桦生物自主研发的YH01注射液获批临床。", {"砚桦生物": ["trial_started"]}),
        ("砚桦生物宣布YH01片II期临床试验完成首例患者入组。", {"砚桦生物": ["trial_started"]}),
        ("砚桦生物YH01完成首例受试者给药。", {"砚桦生物": ["trial_started"]}),
        ("砚桦生物YH01的IND申请获FDA批准。", {"砚桦生物": ["trial_started"]}),
        ("砚桦生物宣布完成近亿元A轮融资。", {"砚桦生物": ["financing_raised"]}),
        ("砚桦生物日前宣布获得数千万元Pre-A轮融资，由某基金领投。", {"砚桦生物": ["financing_raised"]}),
        ("砚桦生物获超3亿元C轮融资", {"砚桦生物": ["financing_raised"]}),
        ("砚桦生物宣布连续完成两轮融资。", {"砚桦生物": ["financing_raised"]}),
        ("砚桦生物完成新一轮融资。", {"砚桦生物": ["financing_raised"]}),
        ("砚桦生物于近日完成由样本资本领投的B轮融资。", {"砚桦生物": ["financing_raised"]}),
        ("砚桦生物获样本资本独家投资。", {"砚桦生物": ["financing_raised"]}),
        ("砚桦生物入选国家级专精特新“小巨人”企业。", {"砚桦生物": ["recognised"]}),
        ("砚桦生物获评上海市专精特新中小企业。", {"砚桦生物": ["recognised"]}),
        ("砚桦生物被认定为跨国公司地区总部。", {"砚桦生物": ["recognised"]}),
        ("砚桦生物获颁跨国公司研发中心证书。", {"砚桦生物": ["recognised"]}),
        ("市长为砚桦生物等20家跨国公司地区总部颁发证书。", {"砚桦生物": ["recognised"]}),
        ("砚桦生物通过高新技术企业认定。", {"砚桦生物": ["recognised"]}),
        ("砚桦生物荣获上海市科技进步奖一等奖。", {"砚桦生物": ["recognised"]}),
        ("砚桦生物入选2026年上海市独角兽企业榜单。", {"砚桦生物": ["recognised"]}),
        ("砚桦生物取得药品生产许可证。", {"砚桦生物": ["licence_granted"]}),
        ("样本康复医院获得医疗机构执业许可证。", {"样本康复医院": ["licence_granted"]}),
        ("砚桦医疗中标市级采购项目。", {"砚桦医疗": ["contract_won"]}),
        ("砚桦生物增资1亿元。", {"砚桦生物": ["capital_raised"]}),
        ("砚桦生物注册资本由1000万元增加至5000万元。", {"砚桦生物": ["capital_raised"]}),
        ("砚桦医疗获批设立博士后科研工作站。", {"砚桦医疗": ["recognised"]}),
        ("Oakfen Bio was certified as a Multinational Corporation R&D Center.", {"Oakfen Bio": ["recognised"]}),
        ("Oakfen Bio was recognized as a high-tech enterprise.", {"Oakfen Bio": ["recognised"]}),
        ("Oakfen Bio secured 200 million yuan in Series B financing.", {"Oakfen Bio": ["financing_raised"]}),
        (
            "Oakfen Bio raised $30 million in a Series A round led by Sample Capital.",
            {"Oakfen Bio": ["financing_raised"]},
        ),
        ("Oakfen Bio filed for an IPO in Hong Kong.", {"Oakfen Bio": ["listing_step"]}),
        (
            "Oakfen Bio won approval from the National Medical Products Administration for its stent.",
            {"Oakfen Bio": ["product_approved"]},
        ),
        ("The stent of Oakfen Bio was approved by the NMPA.", {"Oakfen Bio": ["product_approved"]}),
        ("Oakfen Bio dosed the first patient in its Phase I trial.", {"Oakfen Bio": ["trial_started"]}),
        (
            "The mayor issued certificates to regional headquarters of multinational "
            "companies. Oakfen Bio and Brightoak Pharma were among them.",
            {"Oakfen Bio": ["recognised"], "Brightoak Pharma": ["recognised"]},
        ),
        ("入驻企业砚桦医疗完成A轮融资。", {"砚桦医疗": ["financing_raised"]}),
        (
            "Oakfen Bio invested in Brightoak Pharma, which raised 200 million yuan in Series B financing.",
            {"Brightoak Pharma": ["financing_raised"]},
        ),
        ("喜报！砚桦医疗荣获国家级专精特新“小巨人”称号", {"砚桦医疗": ["recognised"]}),
        ("砚桦生物：完成2亿元C轮融资", {"砚桦生物": ["financing_raised"]}),
        ("普陀企业砚桦生物完成2亿元C轮融资", {"砚桦生物": ["financing_raised"]}),
        ("砚桦生物再获亿元融资", {"砚桦生物": ["financing_raised"]}),
        ("砚桦生物递表港交所", {"砚桦生物": ["listing_step"]}),
        ("砚桦生物港股IPO获受理", {"砚桦生物": ["listing_step"]}),
        ("砚桦医疗三类证获批", {"砚桦医疗": ["product_approved"]}),
        ("砚桦医疗一次性内窥镜获批三类证", {"砚桦医疗": ["product_approved"]}),
        ("砚桦生物新药获批临床", {"砚桦生物": ["trial_started"]}),
        (
            "位于普陀区的砚桦生物宣布，其自主研发的YH02注射液获得药物临床试验批准通知书。",
            {"砚桦生物": ["trial_started"]},
        ),
        ("据悉，位于桃浦智创城的砚桦生物近日获得高新技术企业认定。", {"砚桦生物": ["recognised"]}),
        (
            "区长为砚桦医疗、砚屿医药等10家企业颁发“跨国公司地区总部”证书。",
            {"砚桦医疗": ["recognised"], "砚屿医药": ["recognised"]},
        ),
        (
            "会上，砚桦医疗、砚屿医药等企业获颁外资研发中心证书。",
            {"砚桦医疗": ["recognised"], "砚屿医药": ["recognised"]},
        ),
        ("会上为砚桦医疗等10家企业授牌。", {"砚桦医疗": ["recognised"]}),
        (
            "Medical device maker Oakfen Bio, founded in 2015, raised 100 million yuan in a Series B round.",
            {"Oakfen Bio": ["financing_raised"]},
        ),
        (
            "Oakfen Bio has been recognized as a regional headquarters of a multinational company.",
            {"Oakfen Bio": ["recognised"]},
        ),
        ("Oakfen Bio received a certificate as a foreign-funded R&D center.", {"Oakfen Bio": ["recognised"]}),
        ("砚桦医疗宁波工厂获得药品生产许可证。", {"砚桦医疗": ["licence_granted"]}),
        ("砚桦医疗获大赛一等奖，项目有望落户普陀。", {"砚桦医疗": ["recognised"]}),
        ("区领导为砚桦医疗、砚屿医药等获奖企业颁奖。", {"砚桦医疗": ["recognised"], "砚屿医药": ["recognised"]}),
    ],
)
def test_what_a_firm_is_granted_is_its_own(text: str, events: dict[str, list[str]]) -> None:
    assert told(text) == events
