"""The columns of a file of posts, one row for each post, and their headers in real exports."""

from __future__ import annotations

from functools import cache

from microopt.readers.words.vocabulary import (
    OFFER_ALIASES,
    POST_COUNTS,
    POST_TEXTS,
    ColumnKind,
    Vocabulary,
    make_vocabulary,
    split_headers,
)


@cache
def post_vocabulary() -> Vocabulary:
    """Return the columns of a file of posts with their headers."""
    return make_vocabulary(
        {
            ColumnKind.TEXT: " ".join(POST_TEXTS),
            ColumnKind.COUNT: " ".join(POST_COUNTS),
        },
        {
            **{name: OFFER_ALIASES[name] for name in ("creator", "platform")},
            "format": split_headers(
                "post type,post format,media type,media format,content type,content format,media product type,"
                "placement,"
                "type,kind,offer,format type,beitragsart,medientyp,art,typ,formato,tipo,type de contenu,type de post"
            ),
            "video": split_headers("is video,is a video,video post,has video,ist video"),
            "date": split_headers(
                "day,when,posted,posted on,posted at,date posted,publish date,published,published on,published at,"
                "publish time,"
                "post date,posting date,upload date,uploaded,uploaded at,created,created at,created time,create time,"
                "creation date,taken at,timestamp,time,datetime,date published,publication date,datum,veröffentlicht,"
                "veröffentlicht am,fecha,data,date de publication"
            ),
            "post": split_headers(
                "url,post url,post link,permalink,post id,link,media url,media id,video url,video id,shortcode,"
                "content url,"
                "content link,content id,id"
            ),
            "paid": split_headers(
                "sponsored,is sponsored,sponsored post,is paid,paid post,paid or organic,organic or paid,paid/organic,"
                "organic/paid,paid partnership,is paid partnership,partnership,is partnership,partnership ad,branded,"
                "is branded,branded content,is branded content,ad,is ad,is an ad,advertisement,promoted,is promoted,"
                "commercial,sponsorship,sponsored or organic,sponsored content,brand partnership,gesponsert,anzeige,"
                "werbung,bezahlt,patrocinado,sponsorizzato,sponsorisé,publicité,gesponsord,publi"
            ),
            "impressions": split_headers(
                "views,plays,view count,play count,views count,plays count,total impressions,total views,video views,"
                "total plays,reel plays,reels plays,video plays,aufrufe,impressionen,visualizaciones,vistas,vues,"
                "visualizações,visualizzazioni"
            ),
            "engagements": split_headers(
                "total engagements,engagement,total engagement,interactions,total interactions"
            ),
            "likes": split_headers(
                "total likes,like count,likes count,number of likes,hearts,reactions,digg count,favorite count,"
                "gefällt mir,"
                "me gusta,j'aime,mentions j'aime,curtidas,mi piace"
            ),
            "comments": split_headers(
                "total comments,comment count,comments count,number of comments,replies,kommentare,comentarios,"
                "commentaires,comentários,commenti"
            ),
            "shares": split_headers(
                "total shares,share count,shares count,number of shares,reposts,retweets,geteilt,compartidos,partages,"
                "compartilhamentos,condivisioni"
            ),
            "saves": split_headers(
                "total saves,save count,saved,bookmarks,bookmark count,collects,collect count,favorites,gespeichert,"
                "guardados,enregistrements,salvamentos,salvataggi"
            ),
            "clicks": split_headers(
                "link clicks,total clicks,url clicks,swipe ups,website clicks,klicks,clics,cliques,clic"
            ),
            "conversions": split_headers(
                "orders,sales,purchases,total conversions,total orders,total sales,total purchases,bestellungen,"
                "verkäufe,"
                "ventas,ventes,vendas,vendite"
            ),
        },
        example="creator, date, likes, comments",
        whole_numbers=POST_COUNTS,
    )
