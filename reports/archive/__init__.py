"""The archive beside the issues: a list of them, and the page that holds the district's figures against our count."""

from reports.archive.write import Archive, write_archive

__all__ = ["Archive", "write_archive"]
