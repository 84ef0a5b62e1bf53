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
LANDMARKS = ["collar-left", "collar-right", "shoulder-left", "shoulder-right", "cuff-left", "cuff-right",
             "hem-left", "hem-right", "waist-left", "waist-right"]

REGIONS = ["person", "hair", "arms"]
KEY_POINTS = ["nose", "neck", "shoulder-left", "shoulder-right", "elbow-left", "elbow-right",
              "wrist-left", "wrist-right", "hip-left", "hip-right"]

# What a mirrored picture makes of each point.
MIRRORED_LANDMARKS = [1, 0, 3, 2, 5, 4, 7, 6, 9, 8]
MIRRORED_KEY_POINTS = [0, 1, 3, 2, 5, 4, 7, 6, 9, 8]
