"""Words for contract states in the languages that headers are read in, besides English."""

from __future__ import annotations

import unicodedata

from microopt.campaign.progress import ContractState
from microopt.quantities.keys import header_key

# By language. `o/a` at the end of a word stands for both endings. A word is here only if it has no other meaning for
# an agreement: German `abgeschlossen` is said of a contract that was signed and of a job that is done.
FOREIGN_STATE_WORDS = {
    "ar": {
        ContractState.PROPOSED: "مقترح",
        ContractState.OFFERED: "تم التواصل, قيد التفاوض",
        ContractState.SIGNED: "تم التوقيع, مؤكد, تم التأكيد",
        ContractState.LIVE: "تم النشر, منشور",
        ContractState.DONE: "مكتمل, اكتمل",
        ContractState.DECLINED: "مرفوض, رفض, تم الرفض, ملغي, ملغى, تم الإلغاء, اعتذر",
    },
    "cs": {
        ContractState.PROPOSED: "plánováno, navrženo",
        ContractState.OFFERED: "osloveno, kontaktováno, v jednání",
        ContractState.SIGNED: "podepsáno, potvrzeno, domluveno",
        ContractState.LIVE: "zveřejněno, publikováno",
        ContractState.DONE: "dokončeno, hotovo",
        ContractState.DECLINED: "odmítnuto, zrušeno",
    },
    "de": {
        ContractState.PROPOSED: "vorgeschlagen, geplant, vorgesehen",
        ContractState.OFFERED: "angefragt, kontaktiert, eingeladen, in Verhandlung",
        ContractState.SIGNED: "unterschrieben, unterzeichnet, zugesagt, Zusage, bestätigt, gebucht, beauftragt, "
        "vereinbart",
        ContractState.LIVE: "veröffentlicht, gepostet, online",
        ContractState.DONE: "erledigt, fertig, beendet",
        ContractState.DECLINED: "abgesagt, Absage, abgelehnt, storniert, zurückgezogen, ausgestiegen, nein",
    },
    "es": {
        ContractState.PROPOSED: "propuesto/a, planificado/a, por contactar",
        ContractState.OFFERED: "contactado/a, invitado/a, en negociación, negociando",
        ContractState.SIGNED: "firmado/a, confirmado/a, aceptado/a, acordado/a, contratado/a, reservado/a",
        ContractState.LIVE: "publicado/a",
        ContractState.DONE: "completado/a, terminado/a, finalizado/a",
        ContractState.DECLINED: "rechazado/a, cancelado/a",
    },
    "fr": {
        ContractState.PROPOSED: "proposé, proposée, planifié, planifiée, prévu, prévue, à contacter",
        ContractState.OFFERED: "contacté, contactée, invité, invitée, en négociation",
        ContractState.SIGNED: "signé, signée, confirmé, confirmée, accepté, acceptée, réservé, réservée",
        ContractState.LIVE: "publié, publiée, en ligne",
        ContractState.DONE: "terminé, terminée",
        ContractState.DECLINED: "refusé, refusée, décliné, déclinée, annulé, annulée",
    },
    "hi": {
        ContractState.SIGNED: "हस्ताक्षरित",
        ContractState.LIVE: "प्रकाशित",
        ContractState.DECLINED: "अस्वीकृत, रद्द",
    },
    "id": {
        ContractState.PROPOSED: "direncanakan",
        ContractState.OFFERED: "dihubungi, diundang, negosiasi",
        ContractState.SIGNED: "ditandatangani, dikonfirmasi, disetujui, setuju",
        ContractState.LIVE: "tayang, diposting, dipublikasikan",
        ContractState.DONE: "selesai",
        ContractState.DECLINED: "ditolak, menolak, dibatalkan, batal",
    },
    "it": {
        ContractState.PROPOSED: "proposto/a, pianificato/a, da contattare",
        ContractState.OFFERED: "contattato/a, invitato/a, in trattativa",
        ContractState.SIGNED: "firmato/a, confermato/a, accettato/a, prenotato/a",
        ContractState.LIVE: "pubblicato/a",
        ContractState.DONE: "completato/a, terminato/a",
        ContractState.DECLINED: "rifiutato/a, annullato/a",
    },
    "ja": {
        ContractState.PROPOSED: "候補, 予定",
        ContractState.OFFERED: "連絡済み, 連絡済, 打診中, 交渉中, 返信待ち",
        ContractState.SIGNED: "契約済み, 契約済, 締結済み, 承諾, 確定",
        ContractState.LIVE: "投稿済み, 投稿済, 公開済み, 掲載中",
        ContractState.DONE: "完了, 終了",
        ContractState.DECLINED: "辞退, お断り, 却下, キャンセル",
    },
    "ko": {
        ContractState.PROPOSED: "예정, 후보",
        ContractState.OFFERED: "연락 완료, 협의 중, 협상 중",
        ContractState.SIGNED: "계약 완료, 계약됨, 확정, 수락",
        ContractState.LIVE: "게시됨, 게시 완료, 업로드 완료",
        ContractState.DONE: "완료, 종료",
        ContractState.DECLINED: "거절, 거절됨, 취소, 취소됨",
    },
    "nl": {
        ContractState.PROPOSED: "voorgesteld, gepland",
        ContractState.OFFERED: "benaderd, gecontacteerd, uitgenodigd, in onderhandeling",
        ContractState.SIGNED: "ondertekend, getekend, bevestigd, geboekt, akkoord",
        ContractState.LIVE: "gepubliceerd, geplaatst",
        ContractState.DONE: "afgerond, voltooid",
        ContractState.DECLINED: "afgewezen, geweigerd, geannuleerd, nee",
    },
    "pl": {
        ContractState.PROPOSED: "zaproponowany, zaproponowana, zaplanowany, zaplanowana, planowany, planowana",
        ContractState.OFFERED: "zaproszony, zaproszona, w negocjacjach, negocjacje",
        ContractState.SIGNED: "podpisany, podpisana, podpisane, podpisano, potwierdzony, potwierdzona, potwierdzone",
        ContractState.LIVE: "opublikowany, opublikowana, opublikowane, opublikowano",
        ContractState.DONE: "zakończony, zakończona, zakończone, zakończono",
        ContractState.DECLINED: "odrzucony, odrzucona, odrzucone, odmówił, odmówiła, odmowa, anulowany, anulowana, "
        "anulowane, nie",
    },
    "pt": {
        ContractState.PROPOSED: "proposto/a, planejado/a, planeado/a",
        ContractState.OFFERED: "contatado/a, contactado/a, convidado/a, em negociação",
        ContractState.SIGNED: "assinado/a, confirmado/a, aceito/a, contratado/a, reservado/a",
        ContractState.LIVE: "publicado/a, no ar",
        ContractState.DONE: "concluído/a, finalizado/a",
        ContractState.DECLINED: "recusado/a, rejeitado/a, cancelado/a, não",
    },
    "ru": {
        ContractState.PROPOSED: "запланирован, запланирована, запланировано",
        ContractState.OFFERED: "переговоры, в переговорах, ждём ответа, приглашён, приглашена",
        ContractState.SIGNED: "подписан, подписана, подписано, договор подписан, подтверждён, подтверждена, "
        "подтверждено, согласован, согласована, согласовано",
        ContractState.LIVE: "опубликован, опубликована, опубликовано",
        ContractState.DONE: "завершён, завершена, завершено, выполнено",
        ContractState.DECLINED: "отказ, отказался, отказалась, отклонён, отклонена, отклонено, отменён, отменена, "
        "отменено, нет",
    },
    "sv": {
        ContractState.PROPOSED: "föreslagen, planerad",
        ContractState.OFFERED: "kontaktad, inbjuden",
        ContractState.SIGNED: "signerad, signerat, undertecknad, undertecknat, bekräftad, bekräftat, bokad, bokat",
        ContractState.LIVE: "publicerad, publicerat",
        ContractState.DONE: "slutförd, slutfört, avslutad, avslutat",
        ContractState.DECLINED: "avböjd, nekad, tackade nej, avbokad, avbokat, nej",
    },
    "tr": {
        ContractState.PROPOSED: "planlandı, önerildi",
        ContractState.OFFERED: "iletişime geçildi, davet edildi, görüşülüyor",
        ContractState.SIGNED: "imzalandı, onaylandı, kabul edildi, kabul etti, anlaşıldı",
        ContractState.LIVE: "yayınlandı, yayında",
        ContractState.DONE: "tamamlandı",
        ContractState.DECLINED: "reddedildi, reddetti, iptal, iptal edildi, hayır",
    },
    "uk": {
        ContractState.PROPOSED: "заплановано",
        ContractState.OFFERED: "переговори, у переговорах, запрошено",
        ContractState.SIGNED: "підписано, підписаний, підписана, договір підписано, підтверджено, погоджено",
        ContractState.LIVE: "опубліковано",
        ContractState.DONE: "завершено, виконано",
        ContractState.DECLINED: "відмова, відмовився, відмовилася, відмовилась, відхилено, скасовано, ні",
    },
    "vi": {
        ContractState.PROPOSED: "dự kiến",
        ContractState.OFFERED: "đã liên hệ, đang đàm phán, đang thương lượng",
        ContractState.SIGNED: "đã ký, đã xác nhận, đã đồng ý",
        ContractState.LIVE: "đã đăng",
        ContractState.DONE: "hoàn thành, đã hoàn thành",
        ContractState.DECLINED: "từ chối, đã từ chối, đã hủy, đã huỷ",
    },
    "zh": {
        ContractState.PROPOSED: "待联系, 待聯繫, 计划中, 計劃中",
        ContractState.OFFERED: "已联系, 已聯繫, 洽谈中, 洽談中, 谈判中, 待回复, 待回覆",
        ContractState.SIGNED: "已签约, 已簽約, 已签, 已签合同, 已确认, 已確認, 已接受",
        ContractState.LIVE: "已发布, 已發布, 已上线, 已上線",
        ContractState.DONE: "已完成, 完成, 已结束, 已結束",
        ContractState.DECLINED: "已拒绝, 已拒絕, 拒绝, 拒絕, 婉拒, 已取消, 取消",
    },
}
LIST_STATES = (ContractState.SIGNED, ContractState.DECLINED)  # whose words a roster's status has for nothing else
_SHORT_WORDS = frozenset({"nein", "nee", "nie", "nej", "não", "нет", "ні", "hayır"})  # `no`: certain only among states


def spellings(words: str) -> list[str]:
    """Return each of the words, with every ending that it is given."""
    found = []
    for word in words.split(","):
        stem = word.strip().removesuffix("o/a")
        found += [stem] if stem == word.strip() else [f"{stem}o", f"{stem}a"]
    return found


def bare_key(word: str) -> str:
    """Return the key of a word without accents, since many write `bestatigt` or `SIGNE`; dotless i is i."""
    bare = (letter for letter in unicodedata.normalize("NFKD", word.casefold()) if not unicodedata.combining(letter))
    return header_key("".join(bare).replace("ı", "i"))


_STATES = {
    bare_key(word): (state, word not in _SHORT_WORDS)
    for words_by_state in FOREIGN_STATE_WORDS.values()
    for state, words in words_by_state.items()
    for word in spellings(words)
}


def state_word(state: ContractState, language: str) -> str:
    """Return the word for a state in a language such as `de-AT`, in English where there are no words for it."""
    words = FOREIGN_STATE_WORDS.get(language.partition("-")[0], {})
    return spellings(words.get(state, state.value))[0]


def state_in_other_languages(word: str, *, in_roster: bool = False) -> ContractState | None:
    """Return the state that a word stands for in any of the languages; in a roster, only of words that are certain."""
    state, certain = _STATES.get(bare_key(word), (None, False))
    return state if not in_roster or (certain and state in LIST_STATES) else None
