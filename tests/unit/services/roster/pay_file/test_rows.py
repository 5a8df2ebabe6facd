"""The bank file: rows in order, amounts as they stand, nothing that a spreadsheet would compute."""

from decimal import Decimal

from services.roster.pay_file.rules import Payment, written


def test_a_file_holds_its_rows_and_no_formula() -> None:
    payments = [
        Payment("李测试", "某银行", "6222000000000000001", Decimal("3540.04")),
        Payment("=1+1", "某银行", "6222000000000000002", Decimal("0.10")),
    ]
    text = written(payments, "2025-06 薪酬").decode("utf-8-sig")
    rows = text.split("\r\n")
    assert rows[0] == "序号,姓名,开户银行,账号,金额,备注"
    assert rows[1] == "1,李测试,某银行,6222000000000000001,3540.04,2025-06 薪酬"
    assert rows[2].startswith("2,'=1+1,")
    assert written(payments, "2025-06 薪酬") == written(payments, "2025-06 薪酬")
    assert "6222" not in repr(payments[0])
    assert "李测试" not in repr(payments[0])
