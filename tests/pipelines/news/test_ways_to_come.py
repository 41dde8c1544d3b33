"""The many ways in which pages say that a firm comes to Putuo."""

from __future__ import annotations

import pytest

from tests.pipelines.news.telling import told


@pytest.mark.parametrize(
    ("text", "events"),
    [
        (
            "现场，砚桦医疗、砚屿医药、利桦生物等多家企业代表进行意向进驻签约。",
            {"砚桦医疗": ["arrival_announced"], "砚屿医药": ["arrival_announced"], "利桦生物": ["arrival_announced"]},
        ),
        ("砚桦医疗正式进驻普陀区未来岛高新技术产业园。", {"砚桦医疗": ["arrival_announced"]}),
        (
            "砚桦医疗科技（上海）有限公司很荣幸地于2026年10月正式进驻上海市普陀区未来岛高新技术产业园。",
            {"砚桦医疗科技（上海）有限公司": ["arrival_announced"]},
        ),
        ("砚桦医疗与普陀区签约。", {"砚桦医疗": ["arrival_announced"]}),
        ("桃浦镇与砚桦医疗签署入驻协议。", {"砚桦医疗": ["arrival_announced"]}),
        ("砚桦医疗与桃浦智创城签署投资协议。", {"砚桦医疗": ["arrival_announced"]}),
        ("砚桦医疗与普陀区人民政府签署投资合作协议，华东总部落户长风。", {"砚桦医疗": ["arrival_announced"]}),
        ("总部位于杭州的砚桦医疗在普陀设立上海分公司。", {"砚桦医疗": ["branch_opened"]}),
        ("砚桦医疗在普陀区成立全资子公司。", {"砚桦医疗": ["branch_opened"]}),
        ("样本康复医院正式开业。", {"样本康复医院": ["arrival_announced"]}),
        ("样本康复医院昨日在普陀区正式开业。", {"样本康复医院": ["arrival_announced"]}),
        ("普陀区首家国际医院——样本康复医院开业。", {"样本康复医院": ["arrival_announced"]}),
        ("砚桦医疗整体搬迁至桃浦智创城。", {"砚桦医疗": ["arrival_announced"]}),
        ("砚桦医疗迁入海纳小镇新址。", {"砚桦医疗": ["arrival_announced"]}),
        ("砚桦医疗乔迁新址，正式入驻天地软件园。", {"砚桦医疗": ["arrival_announced"]}),
        (
            "桃浦智创城迎来砚桦医疗、砚屿医药等企业入驻。",
            {"砚桦医疗": ["arrival_announced"], "砚屿医药": ["arrival_announced"]},
        ),
        (
            "吸引砚桦医疗、砚屿医药等10家企业落户桃浦。",
            {"砚桦医疗": ["arrival_announced"], "砚屿医药": ["arrival_announced"]},
        ),
        (
            "普陀区成功引进砚桦医疗、砚屿医药等项目。",
            {"砚桦医疗": ["arrival_announced"], "砚屿医药": ["arrival_announced"]},
        ),
        (
            "今年以来，桃浦镇引进了砚桦医疗、砚屿医药等一批重点企业。",
            {"砚桦医疗": ["arrival_announced"], "砚屿医药": ["arrival_announced"]},
        ),
        (
            "砚桦医疗、砚屿医药、利桦生物等12家企业签约入驻桃浦智创城。",
            {"砚桦医疗": ["arrival_announced"], "砚屿医药": ["arrival_announced"], "利桦生物": ["arrival_announced"]},
        ),
        (
            "签约仪式在桃浦智创城举行，砚桦医疗、砚屿医药等12家企业集中签约入驻。",
            {"砚桦医疗": ["arrival_announced"], "砚屿医药": ["arrival_announced"]},
        ),
        (
            "首批入驻的砚桦医疗、砚屿医药与园区签约。",
            {"砚桦医疗": ["arrival_announced"], "砚屿医药": ["arrival_announced"]},
        ),
        ("砚桦医疗项目签约落户普陀。", {"砚桦医疗": ["arrival_announced"]}),
        ("投资10亿元的砚桦医疗中药产业化项目签约落户普陀。", {"砚桦医疗": ["arrival_announced"]}),
        (
            "桃浦工业园区与上海砚桦药业有限公司举行签约仪式，宣布一系列工业项目落户园区。",
            {"上海砚桦药业有限公司": ["arrival_announced"]},
        ),
        ("砚桦医疗扎根桃浦。", {"砚桦医疗": ["arrival_announced"]}),
        ("砚桦医疗花落普陀。", {"砚桦医疗": ["arrival_announced"]}),
        ("砚桦医疗、砚屿医药双双落户普陀", {"砚桦医疗": ["arrival_announced"], "砚屿医药": ["arrival_announced"]}),
        ("砚桦医疗（上海）有限公司在普陀区揭牌成立。", {"砚桦医疗（上海）有限公司": ["arrival_announced"]}),
        ("砚桦医疗（上海）有限公司在桃浦揭牌。", {"砚桦医疗（上海）有限公司": ["arrival_announced"]}),
        ("砚桦生物研究院在中以（上海）创新园揭牌。", {"砚桦生物研究院": ["arrival_announced"]}),
        ("副区长为砚桦医疗颁发营业执照。", {"砚桦医疗": ["registered"]}),
        ("砚桦医疗领到普陀区市场监管局颁发的营业执照。", {"砚桦医疗": ["registered"]}),
        (
            "Oakfen Bio signed an agreement with Changshou Road Subdistrict "
            "to build a research and development center in Putuo.",
            {"Oakfen Bio": ["arrival_announced"]},
        ),
        (
            "Taopu Smart City welcomed six new tenants, including Oakfen Bio, and Brightoak Pharma Co Ltd.",
            {"Oakfen Bio": ["arrival_announced"], "Brightoak Pharma Co Ltd": ["arrival_announced"]},
        ),
        ("Oakfen Bio has moved into Taopu Smart City.", {"Oakfen Bio": ["arrival_announced"]}),
        ("Oakfen Bio has established a subsidiary in Putuo District.", {"Oakfen Bio": ["branch_opened"]}),
        ("Oakfen Bio opened a branch in Putuo.", {"Oakfen Bio": ["branch_opened"]}),
        ("Oakfen Bio chose Putuo as the base of its China business.", {"Oakfen Bio": ["arrival_announced"]}),
        ("Oakfen Bio relocated to Haina Town in Putuo.", {"Oakfen Bio": ["arrival_announced"]}),
        (
            "Seven companies, including Oakfen Bio and Brightoak Pharma, signed "
            "agreements to set up operations in Taopu Smart City.",
            {"Oakfen Bio": ["arrival_announced"], "Brightoak Pharma": ["arrival_announced"]},
        ),
        (
            "Companies such as Oakfen Bio and Brightoak Pharma have settled in the China-Israel Innovation Hub.",
            {"Oakfen Bio": ["arrival_announced"], "Brightoak Pharma": ["arrival_announced"]},
        ),
        ("Oakfen Bio signed a contract with Putuo to settle in the district.", {"Oakfen Bio": ["arrival_announced"]}),
        ("砚桦医疗（以下简称“砚桦”）与上海市普陀区人民政府签署落户协议。", {"砚桦医疗": ["arrival_announced"]}),
        ("作为国内领先的内窥镜企业，砚桦医疗近日正式落户普陀。", {"砚桦医疗": ["arrival_announced"]}),
        ("砚桦医疗，一家专注于内窥镜研发的企业，近日正式入驻桃浦智创城。", {"砚桦医疗": ["arrival_announced"]}),
        (
            "11月18日，普陀区举行集中签约仪式，砚桦医疗、砚屿医药等8个项目签约落地。",
            {"砚桦医疗": ["arrival_announced"], "砚屿医药": ["arrival_announced"]},
        ),
        (
            "包括砚桦医疗、砚屿医药在内的8家企业签约入驻桃浦智创城。",
            {"砚桦医疗": ["arrival_announced"], "砚屿医药": ["arrival_announced"]},
        ),
        (
            "砚桦医疗、砚屿医药成为首批签约入驻桃浦智创城的企业。",
            {"砚桦医疗": ["arrival_announced"], "砚屿医药": ["arrival_announced"]},
        ),
        ("砚桦医疗成为首家入驻桃浦智创城的医疗器械企业。", {"砚桦医疗": ["arrival_announced"]}),
        ("砚桦医疗由浦东迁至普陀。", {"砚桦医疗": ["arrival_announced"]}),
        ("砚桦医疗从张江搬迁至桃浦智创城。", {"砚桦医疗": ["arrival_announced"]}),
        ("砚桦医疗上海研发中心落户桃浦智创城", {"砚桦医疗": ["arrival_announced"]}),
        ("签约！砚桦医疗落户桃浦", {"砚桦医疗": ["arrival_announced"]}),
        ("Oakfen Bio has officially settled in Taopu Smart City.", {"Oakfen Bio": ["arrival_announced"]}),
        ("Oakfen Bio recently moved its office to Taopu.", {"Oakfen Bio": ["arrival_announced"]}),
        (
            "Oakfen Bio and Brightoak Pharma signed contracts on Friday to settle in Taopu Smart City.",
            {"Oakfen Bio": ["arrival_announced"], "Brightoak Pharma": ["arrival_announced"]},
        ),
        (
            "Taopu Smart City has introduced new tenants such as Oakfen Bio and Brightoak Pharma.",
            {"Oakfen Bio": ["arrival_announced"], "Brightoak Pharma": ["arrival_announced"]},
        ),
        ("Oakfen Bio inks deal to settle in Putuo", {"Oakfen Bio": ["arrival_announced"]}),
        ("Oakfen Bio settles in Putuo", {"Oakfen Bio": ["arrival_announced"]}),
        (
            "大会现场，砚桦医疗、砚屿医药等企业代表分享经验；随后，利桦生物、屿桦医疗等10家企业与桃浦镇签约。",
            {"利桦生物": ["arrival_announced"], "屿桦医疗": ["arrival_announced"]},
        ),
        (
            "普陀区在深圳举办推介会，现场砚桦医疗、砚屿医药等企业签约落户普陀。",
            {"砚桦医疗": ["arrival_announced"], "砚屿医药": ["arrival_announced"]},
        ),
        ("砚桦医疗搬离桃浦，迁入张江。", {"砚桦医疗": ["moved_out"]}),
        (
            "Oakfen Bio reported revenue. The company has settled in Taopu Smart City.",
            {"Oakfen Bio": ["arrival_announced"]},
        ),
    ],
)
def test_whoever_comes_by_a_sentence_is_told_and_nobody_else(text: str, events: dict[str, list[str]]) -> None:
    assert told(text) == events
