//! Tags that concern walking along a way and through a node (`walking.md`, "What can be walked").

use crate::tags::Tags;
use circle_model::city::{EdgeFlags, NodeFlags};

/// The properties of a walkable way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Walk {
    /// The flags of its edges.
    pub(crate) flags: EdgeFlags,
    /// If it lies inside a compound, it serves only that compound.
    pub(crate) interior: bool,
    /// A tunnel of class tertiary or above without tags for pedestrians: walked only up to 400 m.
    pub(crate) short_only: bool,
}

/// The reason why a street is not walkable.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum NotWalked {
    /// Motorways, construction sites and other classes that are never walked.
    Class,
    /// `foot`, `access` or `motorroad` forbids it.
    Forbidden,
    /// Not a street.
    NoStreet,
}

/// The walk along a way with these tags.
///
/// # Errors
/// The reason why it is not walkable.
pub(crate) fn walk(tags: Tags<'_>) -> Result<Walk, NotWalked> {
    let platform = tags.is("public_transport", &["platform"]) || tags.is("railway", &["platform"]);
    let class = match tags.value("highway") {
        Some(class) => class,
        None if platform => "platform",
        None => return Err(NotWalked::NoStreet),
    };
    let never = matches!(
        class,
        "motorway"
            | "motorway_link"
            | "raceway"
            | "busway"
            | "bus_guideway"
            | "escape"
            | "construction"
            | "proposed"
            | "abandoned"
            | "razed"
            | "planned"
            | "disused"
    );
    let (interior, major) = match class {
        "footway" | "path" | "pedestrian" | "steps" | "living_street" | "service" | "track" | "cycleway" => {
            (true, false)
        }
        "corridor" | "platform" | "road" | "bridleway" => (false, false),
        "residential" | "unclassified" => (!tags.has("name"), false),
        "tertiary" | "tertiary_link" | "secondary" | "secondary_link" | "primary" | "primary_link"
        | "trunk" | "trunk_link" => (false, true),
        // For example a bus stop drawn as a way.
        _ if platform && !never => (false, false),
        _ => return Err(NotWalked::Class),
    };
    let foot = tags.value("foot");
    let foot_allows = matches!(foot, Some("yes" | "designated" | "permissive" | "destination"));
    if matches!(foot, Some("no" | "use_sidepath")) {
        return Err(NotWalked::Forbidden);
    }
    let access = tags.value("access");
    let keeps_out = |value: Option<&str>| {
        matches!(value, Some("private" | "residents" | "permit" | "employees" | "customers" | "military"))
    };
    let foot_decides = foot_allows || keeps_out(foot);
    if (!foot_decides && access == Some("no")) || (!foot_allows && tags.is("motorroad", &["yes"])) {
        return Err(NotWalked::Forbidden);
    }
    let mut flags = EdgeFlags::empty();
    let mut set = |flag: EdgeFlags, on| flags |= flag.when(on);
    set(EdgeFlags::RESTRICTED, keeps_out(foot) || (!foot_allows && keeps_out(access)));
    set(EdgeFlags::STEPS, class == "steps");
    set(EdgeFlags::MAJOR, major);
    set(EdgeFlags::BRIDGE, tags.value("bridge").is_some_and(|value| value != "no"));
    let tunnel = is_tunnel(tags);
    set(EdgeFlags::TUNNEL, tunnel);
    set(EdgeFlags::NAMED, tags.has("name"));
    let road = matches!(class, "residential" | "unclassified" | "road" | "living_street");
    set(EdgeFlags::ROAD, major || road);
    let for_walkers = matches!(class, "footway" | "path" | "pedestrian" | "steps" | "corridor" | "cycleway");
    set(EdgeFlags::FOOTBRIDGE, for_walkers && tags.value("bridge").is_some_and(|value| value != "no"));
    let conveying = tags.value("conveying");
    let oneway = tags.value("oneway:foot");
    set(
        EdgeFlags::NOT_BACKWARD,
        oneway == Some("yes") || conveying == Some("forward") || tags.is("foot:backward", &["no"]),
    );
    set(
        EdgeFlags::NOT_FORWARD,
        oneway == Some("-1") || conveying == Some("backward") || tags.is("foot:forward", &["no"]),
    );
    let is_for_walkers = foot_allows
        || ["sidewalk", "sidewalk:both", "sidewalk:left", "sidewalk:right"]
            .iter()
            .any(|key| tags.value(key).is_some_and(|value| !matches!(value, "no" | "none")));
    Ok(Walk { flags, interior, short_only: major && tunnel && !is_for_walkers })
}

/// Whether the object lies in a tunnel, or is a stream in a culvert.
pub(crate) fn is_tunnel(tags: Tags<'_>) -> bool {
    tags.value("tunnel").is_some_and(|value| value != "no")
}

/// Whether a gate is locked, and whether its tags forbid access as well.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Lock {
    /// Not locked.
    #[default]
    None,
    /// Locked, without further restriction.
    Alone,
    /// Locked, and `access` or `foot` forbids it as well.
    Besides,
    /// Not locked, but `foot` forbids it.
    Foot,
}

/// The properties of a node that a walk passes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Passage {
    pub(crate) flags: NodeFlags,
    /// An entrance of a building or site, not a gate.
    pub(crate) entrance: bool,
    /// A gate that is evidence of a closed compound.
    pub(crate) closes: bool,
    /// `locked=yes`.
    pub(crate) lock: Lock,
}

/// The passage at a node with these tags; `None` if it has none.
pub(crate) fn passage(tags: Tags<'_>) -> Option<Passage> {
    let mut passage = Passage::default();
    if let Some(barrier) = tags.value("barrier") {
        let forbids = |value: Option<&str>| {
            matches!(value, Some("no" | "private" | "residents" | "permit" | "employees"))
        };
        let foot = tags.value("foot");
        let foot_allows = matches!(foot, Some("yes" | "designated" | "permissive" | "destination"));
        let gate_like = matches!(
            barrier,
            "gate"
                | "lift_gate"
                | "swing_gate"
                | "sliding_gate"
                | "sliding_beam"
                | "sally_port"
                | "entrance"
                | "turnstile"
                | "kissing_gate"
                | "hampshire_gate"
                | "wicket_gate"
                | "full-height_turnstile"
        );
        if !matches!(barrier, "kerb" | "height_restrictor" | "toll_booth") {
            let forbidden = forbids(foot) || (!foot_allows && forbids(tags.value("access")));
            let locked = tags.is("locked", &["yes"]);
            let shut = locked || forbidden;
            passage.lock = match (locked, forbidden) {
                (false, _) if forbids(foot) => Lock::Foot,
                (false, _) => Lock::None,
                (true, false) => Lock::Alone,
                (true, true) => Lock::Besides,
            };
            passage.flags |= NodeFlags::RESTRICTED.when(shut);
        }
        passage.flags |=
            NodeFlags::GATE.when(!matches!(barrier, "kerb" | "height_restrictor" | "toll_booth"));
        passage.closes = gate_like && barrier != "entrance";
        // Pedestrians walk past barriers that are lifted or swung for vehicles.
        if passage.closes && !matches!(barrier, "lift_gate" | "swing_gate" | "sliding_beam") {
            passage.flags |= NodeFlags::OPENED;
        }
        if barrier == "kerb" && tags.is("kerb", &["raised"]) {
            passage.flags |= NodeFlags::RAISED_KERB;
        }
        if matches!(barrier, "cycle_barrier" | "stile" | "turnstile" | "full-height_turnstile") {
            passage.flags |= NodeFlags::NARROW;
        }
    }
    if let Some(entrance) = tags.value("entrance")
        && matches!(entrance, "main" | "yes" | "service" | "secondary")
    {
        passage.entrance = !passage.flags.contains(NodeFlags::GATE);
        passage.flags |= NodeFlags::GATE;
    }
    if tags.is("highway", &["elevator"]) {
        passage.flags |= NodeFlags::LIFT;
    }
    if tags.is("highway", &["crossing"]) {
        passage.flags |= NodeFlags::CROSSING;
        let signals = tags.is("crossing", &["traffic_signals"]) || tags.is("crossing:signals", &["yes"]);
        passage.flags |= NodeFlags::SIGNALS.when(signals);
    }
    if tags.is("highway", &["traffic_signals"]) {
        passage.flags |= NodeFlags::SIGNALS;
    }
    (!passage.flags.is_empty()).then_some(passage)
}

/// Opening hours of a gate, way or place, in the syntax of `opening_hours`. A conditional closure for
/// pedestrians is converted to the same syntax.
pub(crate) fn hours(tags: Tags<'_>) -> Option<Box<str>> {
    let usable = |text: &str| !text.is_empty() && text.len() <= 255;
    if let Some(hours) = tags.value("opening_hours").map(str::trim).filter(|text| usable(text)) {
        return Some(hours.into());
    }
    let conditional = tags.value("foot:conditional").or_else(|| tags.value("access:conditional"))?;
    let (value, when) = conditional.split_once('@')?;
    let when = when.trim().strip_prefix('(')?.strip_suffix(')')?.trim();
    let closes = matches!(value.trim(), "no" | "private");
    (closes && usable(when)).then(|| format!("24/7; {when} off").into())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn walked(tags: &[(&str, &str)]) -> Result<Walk, NotWalked> {
        walk(Tags(tags))
    }

    fn flags(tags: &[(&str, &str)]) -> EdgeFlags {
        walked(tags).unwrap().flags
    }

    #[test]
    fn the_classes_of_walking_md_are_walked() {
        for class in "footway path pedestrian steps corridor platform living_street residential service unclassified \
                      road track cycleway bridleway tertiary secondary primary trunk tertiary_link secondary_link \
                      primary_link trunk_link"
            .split_whitespace()
        {
            assert!(walked(&[("highway", class)]).is_ok(), "{class}");
        }
        for class in
            "motorway motorway_link raceway busway bus_guideway escape construction proposed".split(' ')
        {
            assert_eq!(walked(&[("highway", class)]), Err(NotWalked::Class), "{class}");
        }
        assert!(
            walked(&[("railway", "platform")]).is_ok() && walked(&[("public_transport", "platform")]).is_ok()
        );
        assert!(walked(&[("highway", "bus_stop"), ("public_transport", "platform")]).is_ok());
        assert!(walked(&[("highway", "construction"), ("public_transport", "platform")]).is_err());
        assert_eq!(walked(&[("abandoned:highway", "path")]), Err(NotWalked::NoStreet));
    }

    #[test]
    fn foot_decides_over_access() {
        assert!(walked(&[("highway", "service"), ("access", "no"), ("foot", "yes")]).is_ok());
        assert_eq!(walked(&[("highway", "service"), ("access", "no")]), Err(NotWalked::Forbidden));
        assert_eq!(
            flags(&[("highway", "service"), ("access", "no"), ("foot", "private")]),
            EdgeFlags::RESTRICTED
        );
        assert_eq!(walked(&[("highway", "primary"), ("foot", "use_sidepath")]), Err(NotWalked::Forbidden));
        assert_eq!(walked(&[("highway", "trunk"), ("motorroad", "yes")]), Err(NotWalked::Forbidden));
        assert!(walked(&[("highway", "trunk"), ("motorroad", "yes"), ("foot", "designated")]).is_ok());
        assert_eq!(flags(&[("highway", "service"), ("access", "private")]), EdgeFlags::RESTRICTED);
        assert_eq!(
            flags(&[("highway", "service"), ("access", "private"), ("foot", "permissive")]),
            EdgeFlags::empty()
        );
        assert_eq!(
            flags(&[("highway", "service"), ("access", "yes"), ("foot", "residents")]),
            EdgeFlags::RESTRICTED
        );
    }

    #[test]
    fn oneway_applies_to_pedestrians_only_if_it_names_them() {
        assert_eq!(flags(&[("highway", "residential"), ("oneway", "yes")]), EdgeFlags::ROAD);
        assert_eq!(flags(&[("highway", "path"), ("oneway:foot", "yes")]), EdgeFlags::NOT_BACKWARD);
        assert_eq!(
            flags(&[("highway", "steps"), ("conveying", "backward")]),
            EdgeFlags::STEPS | EdgeFlags::NOT_FORWARD
        );
    }

    #[test]
    fn long_road_tunnels_are_walked_only_with_a_sidewalk() {
        assert!(walked(&[("highway", "primary"), ("tunnel", "yes")]).unwrap().short_only);
        assert!(
            !walked(&[("highway", "primary"), ("tunnel", "yes"), ("sidewalk", "both")]).unwrap().short_only
        );
        assert!(!walked(&[("highway", "footway"), ("tunnel", "yes")]).unwrap().short_only);
    }

    #[test]
    fn gates_are_passed_unless_locked_or_forbidden() {
        let flags =
            |tags: &[(&str, &str)]| passage(Tags(tags)).map(|passage| passage.flags).unwrap_or_default();
        assert_eq!(flags(&[("barrier", "lift_gate")]), NodeFlags::GATE);
        let gate = NodeFlags::GATE | NodeFlags::OPENED;
        assert_eq!(flags(&[("barrier", "gate")]), gate);
        assert_eq!(flags(&[("highway", "elevator")]), NodeFlags::LIFT);
        assert_eq!(flags(&[("barrier", "gate"), ("locked", "yes")]), gate | NodeFlags::RESTRICTED);
        assert_eq!(flags(&[("barrier", "gate"), ("access", "private")]), gate | NodeFlags::RESTRICTED);
        assert_eq!(flags(&[("barrier", "gate"), ("access", "private"), ("foot", "yes")]), gate);
        assert_eq!(flags(&[("highway", "bus_stop")]), NodeFlags::empty());
    }
}
