"""Clinical trials of firms from Shanghai or at places in Shanghai: a trial that starts is a firm that grows."""

from __future__ import annotations

from crawler.platforms.trial_records import TrialSpider
from crawler.source import CaptureMode, Source


class ClinicalTrialsSpider(TrialSpider):
    """clinicaltrials.gov. Asked for both at once, firms whose trials run elsewhere, or bear no Shanghai, would lack."""

    source = Source(
        id="clinical_trials",
        title_zh="临床试验登记",
        title_en="Clinical trials register",
        publisher_zh="美国国家医学图书馆",
        publisher_en="US National Library of Medicine, ClinicalTrials.gov",
        proves=("trial_started",),
        cadence="0 3 * * sun",
        capture=CaptureMode.REDACTED,
        may_be_empty=True,  # a week without a new trial of a firm is one; a list without any study is not
        parser="clinical_trials/1",
        max_requests=150,
        confirmed="address, parameters query.locn, query.spons, fields, pageSize, pageToken, countTotal, nextPageToken",
        from_memory="the parameter sort, names of fields, where a study holds them, words of status, sponsors' classes",
        address="https://clinicaltrials.gov",
        terms="no key; the terms of use were not read",
        must_fill={"holder": 0.9, "title": 0.9, "published_on": 0.9},
    )
    name = source.id
    lists = ("query.spons", "query.locn")
    place = "Shanghai"
    list_may_be_empty = False
    first_days = 30
