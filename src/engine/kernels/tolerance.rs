//! Tolerances
