//! The network that is searched.
use circle_model::City;

/// The pedestrian network of a city with everything that access legs need.
#[derive(Debug)]
pub struct Network {
    city: City,
}

impl Network {
    /// Builds the network of a city.
    pub fn build(city: &City) -> Self {
        Self { city: city.clone() }
    }

    /// The city it was built from.
    pub fn city(&self) -> &City {
        &self.city
    }
}
