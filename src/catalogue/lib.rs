//! Items, events and the pack: readers, writers, integrity.
