//! JavaScript bindings of the recommender: nearshelf.wasm.
