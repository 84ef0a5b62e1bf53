"""The lists that the models' outputs follow. `docs`, cards and the crate that reads the outputs repeat them in this order."""

CATEGORIES = ["dress", "hat", "longsleeve", "outwear", "pants", "shirt", "shoes", "shorts", "skirt", "t-shirt"]

# A group's first value says that it does not apply (hats have no sleeves); pattern always applies.
ATTRIBUTES = {
    "sleeve": ["none-applies", "sleeveless", "short", "long"],
    "length": ["none-applies", "short", "medium", "long"],
    "neckline": ["none-applies", "round", "v", "collar", "boat", "hood"],
    "fit": ["none-applies", "slim", "regular", "loose"],
    "pattern": ["plain", "stripes", "checks", "dots", "floral", "print"],
}

# Left and right are the picture's.
LANDMARKS = [
    "collar-left",
    "collar-right",
    "shoulder-left",
    "shoulder-right",
    "cuff-left",
    "cuff-right",
    "hem-left",
    "hem-right",
    "waist-left",
    "waist-right",
]

_TOP, _LEGS = set(LANDMARKS), set(LANDMARKS[4:])
# What a garment of a category has of them, seen or covered.
HAS = {
    "dress": _TOP,
    "longsleeve": _TOP,
    "outwear": _TOP,
    "shirt": _TOP,
    "t-shirt": _TOP,
    "pants": _LEGS,
    "shorts": _LEGS,
    "skirt": set(LANDMARKS[6:]),
    "hat": set(),
    "shoes": set(),
}
_NEITHER = {"sleeve": "none-applies", "neckline": "none-applies"}
_NONE = {**_NEITHER, "length": "none-applies", "fit": "none-applies"}
# What a category says of a garment's attributes, of photos too, which have no other labels.
FACTS = {
    "dress": {},
    "longsleeve": {"sleeve": "long"},
    "outwear": {},
    "shirt": {"neckline": "collar"},
    "t-shirt": {"sleeve": "short"},
    "pants": _NEITHER,
    "shorts": _NEITHER,
    "skirt": _NEITHER,
    "hat": _NONE,
    "shoes": _NONE,
}

REGIONS = ["person", "hair", "arms"]
KEY_POINTS = ["nose", "neck", "shoulder-left", "shoulder-right", "elbow-left", "elbow-right", "wrist-left", "wrist-right", "hip-left", "hip-right"]

# What a mirrored picture makes of each point.
MIRRORED_LANDMARKS = [1, 0, 3, 2, 5, 4, 7, 6, 9, 8]
MIRRORED_KEY_POINTS = [0, 1, 3, 2, 5, 4, 7, 6, 9, 8]
