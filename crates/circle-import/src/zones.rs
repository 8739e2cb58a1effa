//! Closed compounds, and the ways in their zones (`walking.md`, "Restricted ways and closed compounds").

mod custom;
mod judged;
mod walls;

pub(crate) use judged::Judged;

use crate::compounds::{CompoundIndex, DraftCompound};
use crate::network::{BaseMap, Network};
use crate::scan::Located;
use circle_model::city::{
    ClosedByDefault, ClosureEvidence, ComputedZones, EdgeFlags, Enclosure, Zone, Zoned, may_be_inside,
    middle, zone_compounds,
};
use circle_model::{CompoundId, ZoneId};

/// Judgements of compounds, and the zones that follow from them.
#[derive(Debug, Default)]
pub(crate) struct Zones {
    /// The judgement of each compound.
    pub(crate) judged: Vec<Judged>,
    /// The zone of each edge.
    pub(crate) of_edges: Vec<ZoneId>,
    /// The zones; the first is the public one.
    pub(crate) zones: Vec<Zone>,
}

/// Judges every compound and finds the zones of edges.
///
/// `gated` marks the compounds with a mapped gate that is evidence of a closed compound. `by_default` decides
/// where compounds without evidence count as closed.
pub(crate) fn judge(
    located: &Located,
    compounds: &[DraftCompound],
    network: &Network,
    map: &BaseMap<'_>,
    gated: &[bool],
    by_default: ClosedByDefault,
) -> Zones {
    let index = CompoundIndex::new(compounds);
    let inside: Vec<Vec<CompoundId>> = network
        .edges
        .iter()
        .map(|edge| {
            let may_be_inside = !compounds.is_empty() && may_be_inside(edge.flags);
            if may_be_inside { index.containing(middle(network.line(map, edge))) } else { Vec::new() }
        })
        .collect();
    let mut fenced = walls::walled(located, compounds);
    for (edge, holders) in network.edges.iter().zip(&inside) {
        if edge.has(EdgeFlags::RESTRICTED) {
            holders.iter().for_each(|compound| fenced[compound.index()] = true);
        }
    }
    let mut judged: Vec<(bool, ClosureEvidence)> = compounds
        .iter()
        .enumerate()
        .map(|(number, compound)| match compound.closed {
            _ if !compound.has_outline() => (false, ClosureEvidence::Area),
            Some(closed) => (closed, ClosureEvidence::Tags),
            None if fenced[number] || gated[number] => (true, ClosureEvidence::Barriers),
            None => (false, ClosureEvidence::Area),
        })
        .collect();
    let unproven = (0..compounds.len()).filter(|number| judged[*number].1 == ClosureEvidence::Area);
    for number in custom::closed_by_custom(network, map, compounds, unproven.collect(), by_default) {
        judged[number].0 = true;
    }
    let enclosures: Vec<Enclosure> = compounds
        .iter()
        .zip(&judged)
        .map(|(compound, (closed, _))| Enclosure {
            closed: *closed,
            square_metres: compound.square_metres,
            around: if *closed { index.containing(compound.point) } else { Vec::new() },
        })
        .collect();
    let zoned = Zoned { nodes: &network.nodes, shut: &[], edges: &network.edges };
    let ComputedZones { zones, of_edges, of_compounds } = zone_compounds(&zoned, &enclosures, &inside);
    let judged = judged
        .into_iter()
        .zip(of_compounds)
        .map(|((closed, evidence), zone)| Judged { closed, evidence, zone })
        .collect();
    Zones { judged, of_edges, zones }
}
