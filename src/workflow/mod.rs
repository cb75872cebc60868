//! What several commands do alike: propose, decide, write down, look for likenesses, keep the website's page.

pub mod deciding;
pub mod lookalikes;
pub mod lookup;
pub mod proposing;
pub mod upkeep;
pub mod webpage;
pub mod words;
