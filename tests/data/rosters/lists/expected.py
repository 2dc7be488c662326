"""Lists in cells: divided where the column shows that it holds them, kept whole elsewhere."""

CASES = [
    (
        "niches-comma.csv",
        {},
        {
            "niches": [("beauty", "travel"), ("travel",), ("food", "travel")],
            "notes": ["2 cells are lists, such as 'beauty, travel'"],
        },
    ),
    ("niches-comma-once.csv", {}, {"niches": [("Actors, actresses",), ("Music",), ("Lifestyle & Home",)]}),
    ("niches-shared-part.csv", {}, {"niches": [("Beauty", "Skincare"), ("skincare", "Wellness")]}),
    ("tags-header.csv", {"columns": {"Tags": "niche"}}, {"niches": [("vegan", "running"), ("yoga", "books", "cats")]}),
    ("niches-and.csv", {}, {"niches": [("Food", "Travel"), ("Food",), ("Travel",), ("Health & Fitness",)]}),
    ("niches-set-whole.csv", {"lists": {"niche": ""}}, {"niches": [("Food, Drink",), ("Food",)]}),
    ("niches-set-whole.csv", {}, {"niches": [("Food", "Drink"), ("Food",)]}),
    (
        "brands-comma.csv",
        {},
        {
            "values": {
                "brands": [("Acme, Inc.", "Bolt"), ("Bolt",), ("",)],
                "conflicts": [("@ben", "@cam"), ("",), ("",)],
            }
        },
    ),
    ("niches-literal.csv", {}, {"niches": [("beauty", "travel"), ("food",)]}),
    ("niches-hashtags.csv", {}, {"niches": [("beauty", "travel"), ("travel",)]}),
    (
        "niches-german.csv",
        {},
        {"niches": [("Essen", "Reisen"), ("Essen",), ("Reisen",), ("Haus und Garten",)], "currency": "EUR"},
    ),
    ("niches-japanese.csv", {}, {"niches": [("美容", "旅行"), ("旅行",)], "columns": {"ジャンル": "niche"}}),
    ("niches-portuguese.csv", {}, {"niches": [("Beleza", "Viagem"), ("Viagem", "Culinária")]}),
    ("niches-arabic.csv", {}, {"niches": [("جمال", "سفر"), ("سفر",)]}),
    ("languages-set.csv", {"lists": {"language": "/"}}, {"values": {"language": [("en", "de"), ("en",)]}}),
]
