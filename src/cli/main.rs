//! The nearshelf command.
fn main() {}
