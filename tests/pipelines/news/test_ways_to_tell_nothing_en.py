"""What English pages say of firms without telling an event of them."""

from __future__ import annotations

import pytest

from tests.pipelines.news.telling import told


@pytest.mark.parametrize(
    "text",
    [
        "Oakfen Bio visited Taopu Smart City.",
        "Oakfen Bio will build a plant in Suzhou.",
        "Oakfen Bio opened a plant in Pudong.",
        "Oakfen Bio may settle in Putuo.",
        "Founded in 2001, Oakfen Bio is based in Putuo.",
        "Oakfen Bio established its first joint venture in Putuo in 1994.",
        "Oakfen Bio denied it would file for an IPO.",
        "Oakfen Bio hopes to build a center in Putuo.",
        "Executives of Oakfen Bio attended the opening of the innovation center in Putuo.",
        "Oakfen Bio was not certified as a high-tech enterprise.",
        "Oakfen Bio signed an agreement with Pudong to build a plant in Lingang.",
        "Oakfen Bio opened a plant in Suzhou, and visited Putuo.",
        "Oakfen Bio opened its first store in Beijing.",
        "Oakfen Bio welcomed visitors from Putuo District.",
        "The district welcomed guests from Oakfen Bio and Brightoak Pharma.",
        "The park attracted visitors including Oakfen Bio and Brightoak Pharma.",
        "The event attracted companies such as Oakfen Bio and Brightoak Pharma.",
        "The expo drew companies including Oakfen Bio to Putuo.",
        "Putuo will build an innovation center with the help of Oakfen Bio.",
        "Oakfen Bio will open a booth at the innovation center in Putuo.",
        "Oakfen Bio will not build a plant in Putuo.",
        "Oakfen Bio was named in a lawsuit filed by Brightoak Pharma.",
        "Oakfen Bio was listed among companies fined by the regulator.",
        "Oakfen Bio was awarded a contract.",
        "Oakfen Bio plans to file for an IPO.",
        "Oakfen Bio was founded in Putuo in 1998.",
        "Oakfen Bio, which has settled in Pudong, attended the forum in Putuo.",
        "Oakfen Bio, based in Putuo District, makes stents.",
        "Oakfen Bio's products are used in hospitals in Putuo.",
        "Oakfen Bio donated masks to hospitals in Putuo.",
        "The government completed the construction of a park where Oakfen Bio is a tenant.",
        "The mayor visited the R&D center of Oakfen Bio in Putuo.",
        "Oakfen Bio expanded its cooperation with Putuo.",
        "Oakfen Bio launched its new product in Putuo.",
        "Oakfen Bio launched a campaign at its plant in Putuo.",
        "Investors in Oakfen Bio raised $5 million in funding.",
        "Executives from Oakfen Bio and Brightoak Pharma visited the "
        "China-Israel Innovation Hub, which opened in Putuo in 2019.",
        "The China-Israel Innovation Hub opened in Putuo. Oakfen Bio sent a delegation.",
        "Oakfen Bio said it hopes to open an office in Putuo.",
        "Oakfen Bio has an office in Putuo and was founded in 2010.",
        "Officials issued certificates to students at Oakfen Bio.",
        "The hospital was certified as a training base by Oakfen Bio.",
        "The award recipients visited Oakfen Bio. Brightoak Pharma was among them.",
        "Oakfen Bio was listed as a defendant.",
        "Oakfen Bio was selected as a supplier by Putuo Central Hospital.",
        "Oakfen Bio opened its annual conference at its R&D center in Putuo.",
        "Oakfen Bio launched its new stent, made at its plant in Putuo.",
        "Oakfen Bio will invest in education and a research center in Suzhou.",
        "Oakfen Bio chose Pudong over Putuo as the base of its business.",
        "Oakfen Bio moved its office to Pudong from Putuo.",
        "Oakfen Bio met Brightoak Pharma. The company has settled in Taopu Smart City.",
        "Taopu Smart City welcomed a delegation, including Oakfen Bio and Brightoak Pharma, to the hub.",
        "Putuo attracted Oakfen Bio and Brightoak Pharma to the forum.",
        "Construction of a hospital began in Putuo with equipment of Oakfen Bio.",
        "Oakfen Bio completed the construction of a plant in Jiading.",
    ],
)
def test_an_english_sentence_that_tells_no_event_makes_none(text: str) -> None:
    assert told(text) == {}
