"""Who the creators are: links, platforms in any spelling, and figures by platform."""

CASES = [
    (
        "links-as-creators.csv",
        {},
        {
            "texts": {
                "creator": ["@anna.lind", "@ben_ray", "@CleoCooks", "@dan_news"],
                "platform": ["instagram", "tiktok", "youtube", "x"],
            },
            "notes": ["4 creators are given as links"],
            "fee": [40000, 90000, 120000, 25000],
        },
    ),
    (
        "link-beside-name.csv",
        {},
        {
            "texts": {"creator": ["Ann Lee", "Ben Orr", "Cem Kaya"], "platform": ["youtube"] * 3},
            "notes": ["the platform of 3 rows is taken from the link"],
            "columns": {"Channel URL": "url"},
        },
    ),
    (
        "links-fill-platform.csv",
        {},
        {"texts": {"platform": ["instagram", "tiktok", "twitch", ""]}, "notes": ["the platform of 2 rows"]},
    ),
    (
        "handles-and-links-mixed.csv",
        {},
        {"texts": {"creator": ["anna", "Anna", "ben"], "platform": ["", "instagram", ""]}, "creators": 2},
    ),
    (
        "links-chinese.csv",
        {},
        {
            "texts": {
                "creator": ["5ff0e6410000000001000aa1", "MS4wLjABAAAA", "1234567890", "9876"],
                "platform": ["xiaohongshu", "douyin", "weibo", "bilibili"],
            },
            "numbers": {"followers": [82000, 510000, 120000, 45000]},
        },
    ),
    (
        "links-russian.csv",
        {},
        {
            "texts": {
                "creator": ["@durova_anna", "@kuhnya_oli", "@petya.tech"],
                "platform": ["vk", "telegram", "youtube"],
            },
            "fee": [1200000, 600000, 3000000],
        },
    ),
    (
        "platform-spellings.csv",
        {},
        {
            "texts": {
                "platform": [
                    *("tiktok", "tiktok", "instagram", "youtube", "x", "x", "xiaohongshu", "xiaohongshu", "facebook")
                ]
            }
        },
    ),
    (
        "platform-formats.csv",
        {},
        {
            "texts": {
                "platform": ["youtube", "youtube", "instagram", "instagram"],
                "offer": ["", "shorts", "reels", "story"],
            },
            "creators": 2,
        },
    ),
    (
        "platforms-in-one-cell.csv",
        {},
        {"texts": {"platform": ["instagram, tiktok", "instagram, youtube", "tiktok"]}},
    ),
    (
        "wide-followers.csv",
        {},
        {
            "texts": {"platform": ["instagram", "tiktok", "instagram", "tiktok"]},
            "numbers": {"followers": [20000, 500000, 400000, 3000]},
            "fee": [30000, 90000, 150000, 5000],
            "row": [2, 2, 3, 3],
            "columns": {"TikTok Followers": "followers"},
            "readings": {"TikTok Followers": "of tiktok"},
        },
    ),
    (
        "wide-followers-spanish.csv",
        {},
        {
            "texts": {
                "creator": ["Lucía Gómez", "Lucía Gómez", "Íñigo Ruiz"],
                "platform": ["instagram", "tiktok", "instagram"],
            },
            "numbers": {"followers": [20000, 500000, 400000]},
            "fee": [30000, 90000, 150000],
        },
    ),
    (
        "wide-followers-korean.csv",
        {},
        {
            "texts": {"creator": ["김민준", "이서연"], "platform": ["youtube", "instagram"]},
            "numbers": {"followers": [500000, 400000]},
            "notes": ["2 offers name no platform"],
        },
    ),
    (
        "wide-followers-one-fee.csv",
        {},
        {
            "texts": {"platform": ["youtube", "tiktok"]},
            "numbers": {"followers": [50000, 80000]},
            "notes": ["1 offer names no platform"],
        },
    ),
    ("wide-followers-missing.csv", {}, {"faults": [("followers-missing", 2, "YT subscribers")]}),
    (
        "wide-rates.csv",
        {},
        {"numbers": {"followers": [50000, 90000, 20000, 80000], "engagement_rate": [0.021, 0.065, 0.033, 0.051]}},
    ),
    (
        "ig-followers-only.csv",
        {},
        {"texts": {"platform": ["instagram", "instagram"]}, "notes": ["every offer is taken to be on instagram"]},
    ),
    ("na-regions.csv", {}, {"texts": {"region": ["NA", "EMEA", ""]}, "notes": ["read as North America"]}),
    (
        "abonnes-par-plateforme-fr.csv",
        {},
        {
            "texts": {"platform": ["instagram", "instagram", "instagram", "tiktok"] * 2},
            "numbers": {"followers": [45000, 45000, 45000, 120000, 30000, 30000, 30000, 12000]},
        },
    ),
    (
        "two-of-one-name-german.csv",
        {},
        {"creators": 2, "notes": ["Lisa Meyer is the name in 2 rows with different niches (rows 2, 3)"]},
    ),
]
