"""Garments of every category, as outlines."""

from .bottoms import skirt, trousers
from .small import hat, shoes
from .tops import top

DRAW = {
    "dress": top,
    "longsleeve": top,
    "outwear": top,
    "shirt": top,
    "t-shirt": top,
    "pants": trousers,
    "shorts": trousers,
    "skirt": skirt,
    "hat": hat,
    "shoes": shoes,
}


def draw(rng, category):
    """A garment of the category, drawn with `rng` (numpy Generator)."""
    return DRAW[category](rng, category)
