"""Documents that officials print and sign: a Word template filled in, and its PDF where LibreOffice is installed.

Templates lie beside the feature that prints them and are edited in a word processor; a tenant may put its own in their
place. Fonts are named, not embedded, so that the reader's machine supplies them.
"""

from kernel.documents.kinds import DocumentKind
from kernel.documents.pdf import LibreOffice, PdfMaker
from kernel.documents.printing import DOCX, PDF, Printed, printed
from kernel.documents.template import fill

__all__ = ["DOCX", "PDF", "DocumentKind", "LibreOffice", "PdfMaker", "Printed", "fill", "printed"]
