#!/usr/bin/env python3
"""Rechecks an audit sheet from the raw map, without any of the project's code or data.

    circle audit city.osm.pbf --sample 60 --seed 17 -o audit.csv
    scripts/audit-oracle.py city.osm.pbf audit.csv [--speed 1.25] [--row 3,8] > recheck.txt

It needs Python 3.9 or later and pyosmium (`pip install osmium`, Debian: python3-pyosmium). For every row it prints:

  * whether the objects that the row names exist in the extract, with their tags;
  * every object within 1.2 times the limit, in straight-line distance, whose tags could meet the line. The table of tags below
    was written from the OpenStreetMap wiki (Map features), not from the project's catalogue;
  * the walking time from the gate over all streets and paths of the extract with every gate, wall and compound open,
    no waits and free access legs. No true walk is much shorter, so a stated time below it is suspicious;
  * flags: what a person should check by hand. A flag is a question, not a verdict.
"""

import argparse
import csv
import heapq
import math
import sys
from collections import defaultdict

try:
    import osmium
except ImportError:
    sys.exit("audit-oracle: pyosmium is missing: pip install osmium, or Debian's python3-pyosmium")

# Tags that could meet a category, from the wiki's Map features. All tags of an entry must hold; `*` is any value. The
# table is wider than a catalogue: it lists what a person has to check.
COULD_BE = {
    "fresh_supermarket": ["shop=supermarket", "shop=greengrocer", "shop=convenience", "shop=frozen_food", "shop=butcher",
                          "shop=seafood", "shop=food", "shop=mall", "shop=department_store"],
    "fresh_market": ["amenity=marketplace", "shop=greengrocer", "shop=farm", "shop=butcher", "shop=seafood"],
    "supermarket": ["shop=supermarket", "shop=mall", "shop=department_store", "shop=wholesale"],
    "convenience": ["shop=convenience", "shop=kiosk", "shop=general"],
    "breakfast": ["amenity=fast_food", "amenity=restaurant", "amenity=cafe", "shop=bakery"],
    "community_canteen": ["amenity=canteen", "amenity=restaurant", "amenity=food_court", "amenity=fast_food"],
    "restaurant": ["amenity=restaurant", "amenity=fast_food", "amenity=food_court"],
    "cafe": ["amenity=cafe", "shop=tea", "shop=coffee", "shop=bubble_tea"],
    "health_center": ["amenity=clinic", "amenity=doctors", "amenity=hospital", "healthcare=*"],
    "health_station": ["amenity=clinic", "amenity=doctors", "healthcare=*", "office=physician"],
    "clinic": ["amenity=clinic", "amenity=doctors", "amenity=dentist", "healthcare=*", "office=physician"],
    "hospital": ["amenity=hospital", "healthcare=hospital", "building=hospital"],
    "pharmacy": ["amenity=pharmacy", "healthcare=pharmacy", "shop=chemist"],
    "elderly_daycare": ["amenity=social_facility", "amenity=social_centre", "social_facility=*"],
    "nursing_home": ["amenity=nursing_home", "amenity=social_facility", "social_facility=*"],
    "nursery": ["amenity=childcare", "amenity=kindergarten"],
    "kindergarten": ["amenity=kindergarten", "building=kindergarten", "amenity=childcare"],
    "primary_school": ["amenity=school", "building=school", "landuse=education"],
    "middle_school": ["amenity=school", "building=school", "landuse=education"],
    "high_school": ["amenity=school", "building=school", "landuse=education"],
    "school": ["amenity=school", "building=school", "landuse=education"],
    "party_service_center": ["office=government", "office=political_party", "amenity=community_centre",
                             "amenity=townhall", "amenity=public_building"],
    "community_office": ["office=government", "amenity=community_centre", "amenity=townhall", "amenity=public_building"],
    "subdistrict_office": ["office=government", "amenity=townhall", "amenity=public_building"],
    "police_station": ["amenity=police"],
    "worker_station": ["amenity=shelter", "amenity=social_facility", "amenity=lounge"],
    "mediation": ["amenity=courthouse", "office=lawyer", "office=government"],
    "culture_center": ["amenity=arts_centre", "amenity=community_centre", "amenity=theatre", "tourism=museum"],
    "library": ["amenity=library", "amenity=public_bookcase"],
    "bookstore": ["shop=books"],
    "park": ["leisure=park", "leisure=garden", "leisure=nature_reserve", "landuse=recreation_ground",
             "boundary=national_park", "landuse=forest,access=yes"],
    "pocket_park": ["leisure=park", "leisure=garden"],
    "greenway": ["leisure=park", "leisure=garden"],
    "square": ["place=square", "highway=pedestrian,area=yes", "leisure=park"],
    "playground": ["leisure=playground", "playground=*"],
    "fitness_outdoor": ["leisure=fitness_station", "leisure=pitch", "leisure=track", "leisure=sports_centre"],
    "sports_hall": ["leisure=sports_centre", "leisure=sports_hall", "leisure=stadium", "leisure=swimming_pool"],
    "gym": ["leisure=fitness_centre", "leisure=sports_centre", "amenity=gym"],
    "bus_stop": ["highway=bus_stop", "public_transport=platform", "public_transport=stop_position",
                 "amenity=bus_station"],
    "metro": ["railway=station", "railway=subway_entrance", "station=subway", "public_transport=station"],
    "parking": ["amenity=parking", "amenity=parking_entrance"],
    "charging": ["amenity=charging_station"],
    "parcel": ["amenity=parcel_locker", "amenity=vending_machine", "office=courier", "amenity=post_office",
               "post_office=*"],
    "post_office": ["amenity=post_office"],
    "bank": ["amenity=bank"],
    "atm": ["amenity=atm", "amenity=bank"],
    "telecom": ["shop=mobile_phone", "office=telecommunication", "shop=telecommunication"],
    "laundry": ["shop=laundry", "shop=dry_cleaning"],
    "hairdresser": ["shop=hairdresser", "shop=beauty"],
    "repair": ["craft=*", "shop=repair", "shop=car_repair", "shop=bicycle", "shop=electronics_repair", "shop=locksmith"],
    "housekeeping": ["office=employment_agency", "craft=cleaning", "shop=cleaning"],
    "photo_print": ["shop=copyshop", "shop=photo", "craft=photographer"],
    "recycling": ["amenity=recycling", "shop=scrap", "amenity=waste_transfer_station"],
    "car_wash": ["amenity=car_wash"],
    "mall": ["shop=mall", "shop=department_store"],
    "public_toilet": ["amenity=toilets"],
}

# Names for which an object is checked whatever its tags are.
NAMES = {
    "kindergarten": ["幼儿园"], "primary_school": ["小学", "学校"], "middle_school": ["中学", "学校"],
    "school": ["学校", "小学", "中学"], "high_school": ["高中", "中学"], "clinic": ["诊所", "门诊", "卫生"],
    "health_station": ["卫生"], "health_center": ["卫生"], "hospital": ["医院"], "park": ["公园"],
    "fresh_market": ["菜市", "农贸", "市场"], "fresh_supermarket": ["生鲜", "果蔬", "菜"], "supermarket": ["超市"],
    "party_service_center": ["党群"], "community_office": ["社区", "居委会"], "subdistrict_office": ["街道办"],
    "library": ["图书馆"], "nursing_home": ["养老", "敬老", "老年公寓"], "pharmacy": ["药店", "药房"],
}

NOT_WALKED = {"motorway", "motorway_link", "construction", "proposed", "raceway", "bus_guideway", "razed",
              "abandoned", "no", "escape", "rest_area", "services"}
STEP = 20.0  # longest piece of the graph, metres
LEG = 120.0  # from a place to the graph, metres
RADIUS = 6_371_008.8


def metres(a, b):
    """Haversine."""
    lon1, lat1, lon2, lat2 = map(math.radians, (*a, *b))
    h = math.sin((lat2 - lat1) / 2) ** 2 + math.cos(lat1) * math.cos(lat2) * math.sin((lon2 - lon1) / 2) ** 2
    return 2 * RADIUS * math.asin(min(1.0, math.sqrt(h)))


def to_segment(p, a, b):
    """Distance in metres from a place to a segment, on a plane around the place."""
    x = math.cos(math.radians(p[1])) * math.radians(1) * RADIUS
    y = math.radians(1) * RADIUS
    ax, ay, bx, by = (a[0] - p[0]) * x, (a[1] - p[1]) * y, (b[0] - p[0]) * x, (b[1] - p[1]) * y
    dx, dy = bx - ax, by - ay
    square = dx * dx + dy * dy
    share = 0.0 if square == 0 else max(0.0, min(1.0, -(ax * dx + ay * dy) / square))
    return math.hypot(ax + share * dx, ay + share * dy)


def to_line(p, line):
    if len(line) == 1:
        return metres(p, line[0])
    return min(to_segment(p, a, b) for a, b in zip(line, line[1:]))


def inside(p, ring):
    odd = False
    for (ax, ay), (bx, by) in zip(ring, ring[1:]):
        if (ay > p[1]) != (by > p[1]) and p[0] < ax + (p[1] - ay) / (by - ay) * (bx - ax):
            odd = not odd
    return odd


class Raw(osmium.SimpleHandler):
    """Reads every object with tags, and every walkable way."""

    def __init__(self):
        super().__init__()
        self.tags = {}
        self.lines = {}
        self.highways = []
        self.members = {}

    def node(self, node):
        tags = {tag.k: tag.v for tag in node.tags}
        if tags and node.location.valid():
            self.tags[f"n{node.id}"] = tags
            self.lines[f"n{node.id}"] = [(node.location.lon, node.location.lat)]

    def way(self, way):
        known = [node for node in way.nodes if node.location.valid()]
        line = [(node.location.lon, node.location.lat) for node in known]
        tags = {tag.k: tag.v for tag in way.tags}
        if not line:
            return
        self.lines[f"w{way.id}"] = line
        if tags:
            self.tags[f"w{way.id}"] = tags
        walked = tags.get("highway") not in NOT_WALKED and "highway" in tags
        if walked or "platform" in (tags.get("railway"), tags.get("public_transport")) or tags.get("man_made") == "pier":
            self.highways.append(([node.ref for node in known], line, tags))

    def relation(self, relation):
        tags = {tag.k: tag.v for tag in relation.tags}
        if tags:
            self.tags[f"r{relation.id}"] = tags
            self.members[f"r{relation.id}"] = [f"{member.type}{member.ref}" for member in relation.members]

    def parts(self, key):
        """Lines of an object."""
        if key in self.members:
            return [self.lines[member] for member in self.members[key] if member in self.lines]
        return [self.lines[key]] if key in self.lines else []

    def away(self, key, places):
        """Distance in metres to the nearest of some places; 0 inside."""
        best = math.inf
        for line in self.parts(key):
            for place in places:
                if len(line) > 3 and line[0] == line[-1] and inside(place, line):
                    return 0.0
                best = min(best, to_line(place, line))
        return best


class Graph:
    """Splits all ways into pieces of at most STEP metres; nothing is closed."""

    def __init__(self, raw):
        self.places = []
        self.arcs = []
        self.cells = defaultdict(list)
        numbers = {}
        for refs, line, tags in raw.highways:
            nodes = []
            for ref, place in zip(refs, line):
                if ref not in numbers:
                    numbers[ref] = self.add(place)
                nodes.append(numbers[ref])
            for a, b in zip(nodes, nodes[1:]):
                self.join(a, b)
            closed = nodes[0] == nodes[-1] and len(nodes) > 3
            if closed and tags.get("area") == "yes" and len(nodes) <= 200:
                for at, a in enumerate(nodes):
                    for b in nodes[at + 2:]:
                        self.arc(a, b, metres(self.places[a], self.places[b]))

    def add(self, place):
        self.places.append(place)
        self.arcs.append([])
        number = len(self.places) - 1
        self.cells[self.cell(place)].append(number)
        return number

    @staticmethod
    def cell(place):
        return math.floor(place[0] * 500), math.floor(place[1] * 500)

    def arc(self, a, b, length):
        self.arcs[a].append((b, length))
        self.arcs[b].append((a, length))

    def join(self, a, b):
        start, end = self.places[a], self.places[b]
        length = metres(start, end)
        pieces = max(1, math.ceil(length / STEP))
        last = a
        for piece in range(1, pieces):
            share = piece / pieces
            middle = (start[0] + share * (end[0] - start[0]), start[1] + share * (end[1] - start[1]))
            node = self.add(middle)
            self.arc(last, node, length / pieces)
            last = node
        self.arc(last, b, length / pieces)

    def near(self, place):
        """Nodes within LEG metres with their distances; only the nearest one if none is that near."""
        x, y = self.cell(place)
        found = []
        for wide in (1, 4, 12):
            for cx in range(x - wide, x + wide + 1):
                for cy in range(y - wide, y + wide + 1):
                    found += [(metres(place, self.places[node]), node) for node in self.cells.get((cx, cy), ())]
            if found:
                break
        found.sort()
        return [it for it in found if it[0] <= LEG] or found[:1]

    def from_place(self, place, most):
        """Walking distance in metres to every node within `most` metres."""
        best = {}
        queue = [(length, node) for length, node in self.near(place)]
        heapq.heapify(queue)
        while queue:
            length, node = heapq.heappop(queue)
            if node in best or length > most:
                continue
            best[node] = length
            for other, step in self.arcs[node]:
                if other not in best:
                    heapq.heappush(queue, (length + step, other))
        return best

    def walk(self, best, start, place):
        """Walking distance in metres to a place, across open ground too."""
        legs = [best[node] + length for length, node in self.near(place) if node in best]
        straight = metres(start, place)
        return min(legs + ([straight] if straight <= LEG else []), default=None)


def fits(tags, rule):
    pairs = (pair.split("=", 1) for pair in rule.split(","))
    return all(key in tags and (value == "*" or value in tags[key].split(";")) for key, value in pairs)


def could_be(tags, categories):
    if any(key.startswith(("disused:", "abandoned:", "demolished:")) for key in tags) and len(tags) < 3:
        return None
    for category in categories:
        for rule in COULD_BE.get(category, []):
            if fits(tags, rule):
                return f"{category}: {rule}"
    is_place = not tags.keys() & {"highway", "boundary", "route", "railway", "waterway"}
    named = [tags[key] for key in ("name", "alt_name", "official_name", "old_name", "short_name") if key in tags]
    for category in categories:
        for word in NAMES.get(category, []):
            if is_place and any(word in name for name in named):
                return f"{category}: name has {word}"
    return None


def in_short(tags):
    return ", ".join(f"{key}={value}" for key, value in sorted(tags.items()))


def number(row, key):
    text = (row.get(key) or "").strip()
    return float(text) if text else None


def place(row, lon, lat):
    lon, lat = number(row, lon), number(row, lat)
    return None if lon is None or lat is None else (lon, lat)


def gates_of(row):
    """Parses the places of all gates from `ID … LON,LAT; …`."""
    gates = []
    for gate in (row.get("gates") or "").split(";"):
        words = gate.split()
        if words and "," in words[-1]:
            gates.append(tuple(float(part) for part in words[-1].split(",")))
    return gates


def check(raw, graph, row, speed, tolerance):
    out, flags = [], []
    gate = place(row, "gate_lon", "gate_lat")
    gates = gates_of(row) or [it for it in [gate, place(row, "compound_lon", "compound_lat")] if it][:1]
    verdict, categories = row["verdict"], (row.get("categories") or "").split()
    minutes, radius = number(row, "asks_minutes"), number(row, "asks_metres")
    limit = radius if radius is not None else (minutes or 15.0) * 60.0 * speed
    stated = number(row, "walk_seconds")
    out.append(f"== {row['number']} {row['compound_name']} | {row['line']} | {verdict} {row.get('reason') or ''}")

    for what in ("compound_osm", "gate_osm", "facility_osm"):
        key = (row.get(what) or "").strip()
        if not key:
            continue
        if key in raw.tags:
            out.append(f"   {what} {key}: {in_short(raw.tags[key])}")
        elif key in raw.lines:
            out.append(f"   {what} {key}: exists, without tags")
        else:
            out.append(f"   {what} {key}: NOT IN THE EXTRACT")
            flags.append(f"{what} {key} is not in the extract")
    facility = (row.get("facility_osm") or "").strip()
    if facility in raw.tags:
        reason = could_be(raw.tags[facility], categories)
        out.append(f"   facility could be: {reason}")
        if reason is None:
            flags.append("the tags of the facility do not say that it meets the line")
    elif row.get("facility_id") and not facility:
        flags.append("the facility is from an own file: check it there")
    unknown = [category for category in categories if category not in COULD_BE]
    if unknown:
        flags.append(f"no tags are known for {' '.join(unknown)}")

    # Walks from every gate through the open city.
    most = max(1.5 * limit, (stated or 0.0) * speed * 1.2 + 2 * LEG)
    walks = [(start, graph.from_place(start, most)) for start in gates]

    def walked(ends):
        found = [graph.walk(best, start, end) for start, best in walks for end in ends]
        return min((it for it in found if it is not None), default=None)

    end = place(row, "entered_lon", "entered_lat") or place(row, "facility_lon", "facility_lat")
    if end and stated is not None:
        least = walked([end])
        if least is None:
            out.append(f"   stated {stated:.0f} s; no walk in the open city")
            flags.append("a walk is stated, and the open city has none")
        else:
            out.append(f"   stated {stated:.0f} s; open city {least / speed:.0f} s ({least:.0f} m)")
            if least / speed > stated + tolerance:
                flags.append(f"the stated walk is {least / speed - stated:.0f} s shorter than the open city's")
            if stated > 1.6 * least / speed + 120.0:
                flags.append("the stated walk is much longer than the open city's: what bars it?")
        out.append(f"   straight line {min(metres(start, end) for start in gates):.0f} m")

    found = []
    for key, tags in raw.tags.items():
        reason = could_be(tags, categories)
        if reason is None:
            continue
        away = raw.away(key, gates)
        if away <= 1.2 * limit:
            found.append((away, key, reason, tags))
    found.sort(key=lambda it: (it[0], it[1]))
    out.append(f"   {len(found)} objects within {1.2 * limit:.0f} m whose tags could meet the line")
    reach = []
    for away, key, reason, tags in found[:40]:
        ends = [point for line in raw.parts(key) for point in line]
        ends = ends[:: max(1, len(ends) // 24)]
        least = walked(ends)
        within = least is not None and (least <= radius if radius is not None else least <= limit)
        if within:
            reach.append(key)
        walk = "no walk" if least is None else f"open city {least:.0f} m {least / speed:.0f} s"
        mark = "*" if within else " "
        out.append(f"   {mark} {away:6.0f} m  {key:<13} {walk}  [{reason}] {in_short(tags)[:160]}")
    if len(found) > 40:
        out.append(f"     and {len(found) - 40} more")
    if verdict in ("gap", "unknown") and reach:
        flags.append(f"{verdict}, and {len(reach)} objects could meet it within the limit: {' '.join(reach[:5])}")
    if verdict == "covered" and facility and not any(key == facility for _, key, _, _ in found):
        flags.append("covered by an object that is not among those the tags suggest")
    if verdict == "covered" and not reach:
        flags.append("covered, and nothing on the map seems to meet it within the limit")
    out += [f"   FLAG {flag}" for flag in flags]
    return out, flags


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("extract", help="the .osm.pbf that the city was built from")
    parser.add_argument("audit", help="the sheet, as CSV")
    parser.add_argument("--speed", type=float, default=1.25, help="metres per second: 1.25 is the profile adult, 1.1111 is planning")
    parser.add_argument("--tolerance", type=float, default=30.0, help="seconds that a stated walk may be shorter")
    parser.add_argument("--row", default="", help="numbers of rows, such as 3,8; all without it")
    asked = parser.parse_args()
    with open(asked.audit, encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    selected = {it.strip() for it in asked.row.split(",") if it.strip()}
    rows = [row for row in rows if not selected or row["number"] in selected]
    raw = Raw()
    raw.apply_file(asked.extract, locations=True)
    graph = Graph(raw)
    flagged = []
    for row in rows:
        out, flags = check(raw, graph, row, asked.speed, asked.tolerance)
        print("\n".join(out), end="\n\n", flush=True)
        if flags:
            flagged.append((row["number"], flags))
    print(f"{len(rows)} rows, {len(flagged)} to look at:")
    for name, flags in flagged:
        print(f"  {name}: {'; '.join(flags)}")


if __name__ == "__main__":
    main()
