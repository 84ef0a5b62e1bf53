// Where invocations of neighbouring numbers compute side by side: NEAR of them, a power of two.
override NEAR: u32 = 1u;

// What the neighbour has found whose number differs in the one bit that `reach` has.
fn near(found: vec2<u32>, reach: u32) -> vec2<u32> {
    return subgroupShuffleXor(found, reach);
}
