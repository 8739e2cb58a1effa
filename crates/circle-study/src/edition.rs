//! A city under conditions, with the network that searches use.

use circle_model::City;
use circle_model::city::Edition;
use circle_reach::Network;
use std::sync::Arc;

/// A city at a time or with everything open, and its network.
#[derive(Debug, Clone)]
pub struct CityEdition {
    /// Hash of facts, conditions and changes; part of every cache key.
    pub edition: Edition,
    /// The city under these conditions; answers name the conditions.
    pub city: City,
    /// The network under these conditions. Times with the same things open share one network.
    pub network: Arc<Network>,
}
