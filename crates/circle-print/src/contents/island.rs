//! Gates from which no walk gets to the streets of the city: what is near them is not known.

use circle_model::{ComponentId, GateId};
use circle_reach::Network;

/// Why walks from a gate do not get to the main streets, in Chinese and English; `None` if they do. The rules are those
/// of the data-quality report (`compound_on_island`, `compound_shut_in`).
pub(super) fn island(network: &Network, gate: GateId) -> Option<[String; 2]> {
    let city = network.city();
    let compound = city.gates()[gate.index()].compound;
    let components = network.compound_components(compound);
    if !components.contains(&ComponentId::LARGEST) {
        let metres: u32 = components.iter().map(|it| city.component_metres()[it.index()]).sum();
        return Some([
            format!("小区所在路网（共 {metres} 米）与外界不相连：请在地图上补上缺的路口或大门"),
            format!(
                "the ways of the compound are an island of {metres} m; join it to the streets on the map"
            ),
        ]);
    }
    if !network.leads_to_main_streets(compound) {
        return Some([
            "封闭的小区、限行的道路或上锁的大门挡住了所有出路：请改正地图，或用自有清单补上出入口".to_owned(),
            "closed compounds, restricted ways or locked gates bar every walk out of the compound; mend the map, or \
             list its gates in an own file"
                .to_owned(),
        ]);
    }
    if !network.gates_to_main_streets(compound).contains(&gate) {
        return Some([
            "从这个出入口走不到城市道路：请改正地图，或选另一个出入口".to_owned(),
            "no walk from this gate gets to the main streets; mend the map, or choose another gate"
                .to_owned(),
        ]);
    }
    None
}
