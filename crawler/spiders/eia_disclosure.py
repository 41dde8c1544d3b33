"""What builders in Putuo disclose themselves of their projects' environmental impact, from assessment to acceptance."""

from __future__ import annotations

from crawler.platforms.eia_register import EiaRegisterSpider
from crawler.source import EVERY_NIGHT, CaptureMode, Source


class EiaDisclosureSpider(EiaRegisterSpider):
    """e2.sthj.sh.gov.cn, Putuo's projects. Attachments stand behind a captcha: they are never asked for."""

    source = Source(
        id="eia_disclosure",
        title_zh="建设项目环境保护信息公开（建设单位自行公开）",
        title_en="Environmental self-disclosure of construction projects",
        publisher_zh="上海市生态环境局",
        publisher_en="Shanghai Municipal Bureau of Ecology and Environment",
        proves=("project_approved",),
        cadence=EVERY_NIGHT,
        capture=CaptureMode.REDACTED,
        may_be_empty=True,  # a night without a new project is one; a year's list without any is, in January
        parser="eia_disclosure/1",
        max_requests=400,
        confirmed="address, GET then POST, fields of the form, openInfo with the id, a project's page; not tried live",
        from_memory=(
            "Putuo's value 310107 of districts and districtAll; nd as the year; words of headings; ten rows or more on"
            " a page; how many pages; a project's labels (as an older host of the same register had them); that 竣工"
            " or 验收 in a row, or a day of completion on its page, says that it is complete"
        ),
        address="https://e2.sthj.sh.gov.cn/qygkweb/jsp/view/hjxxgk/jsxmzhq_list.jsp",
        terms="not seen; robots.txt is asked before every run",
        must_fill={"holder": 0.9, "title": 0.9, "address": 0.5},
    )
    name = source.id
    home = "https://e2.sthj.sh.gov.cn"
    district = "普陀"
    district_code = "310107"
    size = 10
    first_days = 400
