//! The policies that were ever in force.

use std::collections::BTreeMap;

use super::Program;
use crate::domain::values::Sha256;

/// What a past policy said, by the hash that events and votes name it by.
pub type Policies = BTreeMap<Sha256, Program>;
