#!/usr/bin/env python3
"""Makes data/fonts/ from Debian's fonts-noto-cjk and fonts-noto-core: subset-fonts.py FOLDER_WITH_FONTS data/fonts

Of Noto Sans CJK SC, Hangul, hinting and layout tables are removed; every Han character, Latin, Greek, Cyrillic, kana,
Zhuyin, punctuation and signs remain. Needs fonttools.
"""

import sys
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTCollection, TTFont

LEFT_OUT = [(0x1100, 0x1200), (0x3131, 0x3190), (0xA960, 0xA980), (0xAC00, 0xD800), (0x1F000, 0x1FB00)]


def options():
    it = subset.Options()
    it.hinting = False
    it.desubroutinize = True  # the program subsets these fonts again for each board
    it.layout_features = []
    it.notdef_outline = True
    it.name_IDs = [0, 1, 2, 3, 4, 5, 6, 13, 14, 16, 17]
    it.drop_tables += ["VORG", "vhea", "vmtx", "BASE", "GPOS", "GSUB"]
    return it


def main(source, target):
    for weight in ["Regular", "Bold"]:
        fonts = TTCollection(next(source.rglob(f"NotoSansCJK-{weight}.ttc")), lazy=True).fonts
        font = next(it for it in fonts if it["name"].getDebugName(1) == "Noto Sans CJK SC")
        characters = [it for it in font.getBestCmap() if not any(a <= it < b for a, b in LEFT_OUT)]
        subsetter = subset.Subsetter(options())
        subsetter.populate(unicodes=characters)
        subsetter.subset(font)
        font["head"].modified = font["head"].created
        font.recalcTimestamp = False
        font.save(target / f"NotoSansCJKsc-{weight}.otf")
    mongolian = TTFont(next(source.rglob("NotoSansMongolian-Regular.ttf")), recalcTimestamp=False)
    mongolian.save(target / "NotoSansMongolian-Regular.ttf")


main(Path(sys.argv[1]), Path(sys.argv[2]))
