"""The HTML report: a page per article and an index, written as files that open from disk."""

from bycatch.output.html.listing import file_name
from bycatch.output.html.site import write_site
from bycatch.output.html.verdict import Judged

__all__ = ["Judged", "file_name", "write_site"]
