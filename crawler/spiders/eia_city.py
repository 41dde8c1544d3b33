"""Environmental impact assessments that the city decides: accepted, about to be approved, approved."""

from __future__ import annotations

from crawler.platforms.eia_notices import EiaNoticesSpider
from crawler.source import EVERY_NIGHT, CaptureMode, Source


class EiaCitySpider(EiaNoticesSpider):
    """link.sthj.sh.gov.cn. `-a since=YYYY-MM-DD`.

    A decision's id is its document's number, any other row's a hash of stage, builder and project.
    """

    source = Source(
        id="eia_city",
        title_zh="建设项目环评受理、拟审批与审批公示",
        title_en="Environmental impact assessments before the city",
        publisher_zh="上海市生态环境局",
        publisher_en="Shanghai Municipal Bureau of Ecology and Environment",
        proves=("project_approved",),
        cadence=EVERY_NIGHT,
        capture=CaptureMode.REDACTED,
        may_be_empty=True,  # a night without a new row is one; a list without any is not
        parser="eia_city/1",
        max_requests=120,
        confirmed=(
            "address of the notice and #iAgree on it; names of the three list pages; field pageNo; rows and their cells"
            " in order, the count of pages; never tried live"
        ),
        from_memory=(
            "that a list opens with the notice's own query and without a cookie; words of headings; ten rows or more on"
            " a page; newest rows first; that all Shanghai's projects which the city decides are shown"
        ),
        address="https://link.sthj.sh.gov.cn/shhj/fa/cms/shhj/hpgs_gz_login.jsp?applyItem=1&gongshiType=3&approvType=1",
        terms="a notice is to be agreed to before the lists; its words were not seen; robots.txt is asked each run",
        must_fill={"holder": 0.9, "title": 0.9},
    )
    name = source.id
    home = "https://link.sthj.sh.gov.cn/shhj/fa/cms/shhj/"
    size = 10
    first_days = 120
    overlap_days = 14
