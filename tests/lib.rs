//! What several suites need: where the data and the fixtures are.
