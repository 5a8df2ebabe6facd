"""Made-up documents, and laying one beside a case (附件)."""

from deploy.cli.demo.account import Account
from deploy.cli.demo.client import Session
from deploy.cli.demo.people import must

PDF = "application/pdf"


def page_with(line: str) -> bytes:
    """A document of one page with one line (ISO 32000-2)."""
    shown = f"BT /F1 18 Tf 72 770 Td ({line}) Tj ET".encode("ascii")
    objects = (
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R"
        b" /Resources << /Font << /F1 << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(shown), shown),
    )
    made, places = b"%PDF-1.7\n", []
    for number, contents in enumerate(objects, 1):
        places.append(len(made))
        made += b"%d 0 obj\n%s\nendobj\n" % (number, contents)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    size = len(objects) + 1
    ending = b"xref\n0 %d\n0000000000 65535 f \n%strailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n"
    return made + ending % (size, table, size, len(made))


def beside(account: Account, step: str, official: Session, case: str, line: str) -> None:
    """Lay a document beside a case and read it there."""
    laid = must(official.upload(f"{case}/files", page_with(line), PDF, name="附件.pdf"), 201)
    read = official.get(f"{case}/files/{laid['id']}/contents")
    account.outcome(
        step, read.content == page_with(line), "what was laid there", f"{laid['size']} 字节", f"POST {case}/files"
    )
