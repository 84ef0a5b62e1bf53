//! One call of a shader, as data.

use crate::shader::Shader;

/// Where an operand or a result of a dispatch lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Region {
    /// The plan's value of that number.
    Value(usize),
    /// Work space of that number, which only the dispatches of one step share.
    Scratch(usize),
    /// The program's table of that number.
    Table(usize),
    /// The number of the first step whose values made it fail; all ones while there is none.
    Fault,
}

/// One call of a shader. Its parameters are binding 0, then come `reads` and `writes`.
#[derive(Debug, Clone)]
pub(crate) struct Dispatch {
    pub shader: &'static Shader,
    /// Values of the shader's `override` constants.
    pub constants: Vec<(&'static str, u32)>,
    /// The words of the shader's `Params`.
    pub params: Vec<u32>,
    pub reads: Vec<Region>,
    pub writes: Vec<Region>,
    /// Workgroups, spread over two axes where they are too many for one.
    pub workgroups: u64,
}

impl Dispatch {
    /// Extents of the dispatch: the shader reckons its number from both.
    pub fn grid(&self, max: u32) -> Option<[u32; 2]> {
        let max = u64::from(max);
        let rows = self.workgroups.div_ceil(max).max(1);
        let columns = self.workgroups.div_ceil(rows);
        let grid = [u32::try_from(columns).ok()?, u32::try_from(rows).ok()?];
        (rows <= max).then_some(grid)
    }
}
