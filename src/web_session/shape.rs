//! Shapes of the arrays that a page gives.

use nearshelf_engine::Port;

/// Extents that are known of the open dimensions, by symbol.
pub(crate) type Known = Vec<(String, usize)>;

/// The shape of `len` elements for `port`. Where one extent is open and not known it is what fills the others;
/// `None` where there are more, or none fits.
pub(crate) fn of_len(port: &Port, len: usize, known: &Known) -> Option<Vec<usize>> {
    let mut shape = port.ty.shape.clone();
    let mut unknown: Vec<usize> = Vec::new();
    for open in &port.open {
        let extent = known.iter().find(|(name, _)| *name == open.symbol.name);
        match extent {
            Some((_, extent)) => *shape.get_mut(open.axis)? = *extent,
            None => unknown.push(open.axis),
        }
    }
    match unknown[..] {
        [] => {}
        [axis] => {
            shape[axis] = 1;
            let others = shape.iter().try_fold(1_usize, |n, &e| n.checked_mul(e))?;
            shape[axis] = len.checked_div(others)?;
        }
        _ => return None,
    }
    let count = shape.iter().try_fold(1_usize, |n, &e| n.checked_mul(e));
    (count == Some(len)).then_some(shape)
}

/// Notes the extents of an input's open dimensions. Whether they are in range the session says.
pub(crate) fn note(port: &Port, shape: &[usize], known: &mut Known) {
    for open in &port.open {
        if let Some(&extent) = shape.get(open.axis)
            && !known.iter().any(|(name, _)| *name == open.symbol.name)
        {
            known.push((open.symbol.name.clone(), extent));
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use nearshelf_engine::{DType, OpenAxis, TensorType};

    /// `[batch, time, 4]`, both open.
    fn port() -> Port {
        let open = ["batch=1..8", "time=1..128"].iter().enumerate();
        let open = open.map(|(axis, text)| OpenAxis {
            axis,
            symbol: text.parse().unwrap(),
        });
        Port {
            open: open.collect(),
            ..Port::new("x", TensorType::new(DType::F32, [8, 128, 4]))
        }
    }

    #[test]
    fn the_one_extent_that_is_not_known_follows_from_the_length() {
        let mut known = Known::new();
        assert_eq!(of_len(&port(), 24, &known), None, "two are open");
        note(&port(), &[2, 3, 4], &mut known);
        assert_eq!(known.len(), 2);
        known.pop();
        assert_eq!(of_len(&port(), 40, &known), Some(vec![2, 5, 4]));
        assert_eq!(of_len(&port(), 41, &known), None, "no whole row");
    }

    #[test]
    fn a_port_without_open_axes_has_its_own_shape() {
        let port = Port::new("x", TensorType::new(DType::F32, [2, 3]));
        assert_eq!(of_len(&port, 6, &Known::new()), Some(vec![2, 3]));
        assert_eq!(of_len(&port, 5, &Known::new()), None);
    }
}
