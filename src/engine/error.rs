//! What can go wrong: building or reading a plan, and running it.

/// A plan can't be built or read.
#[derive(Debug, thiserror::Error)]
pub enum PlanError {}

/// A call of a session failed; the session stays usable.
#[derive(Debug, thiserror::Error)]
pub enum RunError {}
