r"""Bycatch: find what a scraper brought up besides the article.

>>> from bycatch import Article, inspect, load_catalog
>>> article = Article("a", "The council met on Monday.\n\n[ad_1]\n\nIt voted to keep the ferry.", lang="en")
>>> [(f.check, f.text) for f in inspect(article, load_catalog())]
[('ad-marker', '[ad_1]')]
"""

from bycatch.article import Article, Failure, Finding, Fix, Mark, Paragraph, Span
from bycatch.catalog import Catalog, CatalogError, Check, load_catalog
from bycatch.inspection import InspectionError, inspect
from bycatch.reading import Fields, ReadingError, read

__version__ = "0.1.0"
__all__ = [
    "Article",
    "Catalog",
    "CatalogError",
    "Check",
    "Failure",
    "Fields",
    "Finding",
    "Fix",
    "InspectionError",
    "Mark",
    "Paragraph",
    "ReadingError",
    "Span",
    "inspect",
    "load_catalog",
    "read",
]
