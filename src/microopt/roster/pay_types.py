"""How a creator is paid: a flat fee, a gifted product, a commission, or a fee and a commission."""

from __future__ import annotations

from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

from microopt.quantities.keys import header_key
from microopt.roster.roster import TextColumn


class PayType(IntEnum):
    """The four pay types; without one, whatever the roster states counts."""

    UNSPECIFIED = 0
    FLAT = 1
    GIFTED = 2
    AFFILIATE = 3
    FLAT_PLUS_COMMISSION = 4


PAY_TYPE_NAMES = {
    PayType.FLAT: ("flat", "flat fee", "fee", "fixed", "fixed fee", "paid"),
    PayType.GIFTED: (
        *(
            "gifted",
            "gift",
            "gifts",
            "gifting",
            "gifted product",
            "gifted post",
            "product gift",
            "pr gift",
            "gift only",
        ),
        *("product", "products", "product only", "products only", "free product", "free products", "just product"),
        *("free", "free of charge", "for free", "no fee", "no charge", "no cost", "unpaid", "complimentary", "comp"),
        *("barter", "barter deal", "exchange", "in exchange", "in exchange for product", "product exchange"),
        *("for product", "for products", "contra", "contra deal", "trade", "in kind", "pr", "pr only", "pr package"),
        *("seeding", "product seeding", "press kit"),
        *("kostenlos", "gratis", "umsonst", "geschenk", "geschenkt", "produkt", "nur produkt", "gegen produkt"),
        *("im Tausch", "Tausch", "gratuit", "offert", "produit offert", "échange", "en échange", "cadeau", "dotation"),
        *("canje", "intercambio", "regalo", "solo producto", "producto", "gratuito", "grátis", "de graça", "permuta"),
        *("troca", "brinde", "só produto", "omaggio", "scambio", "in cambio", "prodotto", "regalato", "ruil", "byte"),
        *("za darmo", "darmowe", "prezent", "za produkt", "ücretsiz", "bedava", "hediye", "takas", "produk"),
        *("endorse gratis", "miễn phí", "бартер", "по бартеру", "бесплатно", "подарок", "безкоштовно", "бартером"),
        *(
            "免费",
            "免費",
            "置换",
            "置換",
            "互换",
            "赠送",
            "贈送",
            "無料",
            "無償",
            "無償提供",
            "商品提供のみ",
            "ギフティング",
            "商品提供",
            "製品提供",
        ),
        *("무료", "협찬", "무상", "제품 제공", "제품 협찬", "مجاني", "هدية", "मुफ्त"),
    ),
    PayType.AFFILIATE: ("affiliate", "commission", "affiliate commission", "commission only", "performance"),
    PayType.FLAT_PLUS_COMMISSION: ("flat plus commission", "flat + commission", "fee plus commission", "hybrid"),
}
_PAY_TYPE_BY_NAME = {header_key(name): pay for pay, names in PAY_TYPE_NAMES.items() for name in names}
UNKNOWN_PAY = -1
FEELESS_TYPES = (PayType.GIFTED, PayType.AFFILIATE)  # pay types for which no fee has to be stated


def parse_pay_type(word: str) -> PayType | None:
    """Return the pay type that a word stands for, or None."""
    return _PAY_TYPE_BY_NAME.get(header_key(word))


def parse_pay_types(column: TextColumn) -> NDArray[np.int8]:
    """Return each row's `PayType`, or `UNKNOWN_PAY` where the word is not one of them.

    Parameters
    ----------
    column
        The roster's column `pay`; an empty cell is `UNSPECIFIED`.
    """
    codes = [
        _PAY_TYPE_BY_NAME.get(header_key(label), UNKNOWN_PAY) if label.strip() else PayType.UNSPECIFIED
        for label in column.labels
    ]
    return np.asarray(codes, dtype=np.int8)[column.codes]
