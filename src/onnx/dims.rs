//! Binding of the inputs' open dimensions.

use crate::element::Element;
use crate::{CompileError, CompileOptions, read};
use nearshelf_engine::TensorType;
use tract_onnx::pb::tensor_shape_proto::Dimension;
use tract_onnx::pb::tensor_shape_proto::dimension::Value as Extent;
use tract_onnx::pb::{ValueInfoProto, type_proto};

/// An axis of an input that the file leaves open.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenDimension {
    /// The input's name.
    pub input: String,
    /// The axis.
    pub axis: usize,
    /// What [`CompileOptions::bind`](crate::CompileOptions::bind) calls it: the file's symbol, or
    /// `input:axis` where it has none. Axes of one symbol have one extent.
    pub symbol: String,
}

/// Types of `inputs` with every open dimension bound.
pub(crate) fn bind(
    inputs: &[&ValueInfoProto],
    options: &CompileOptions,
) -> Result<Vec<TensorType>, CompileError> {
    let open = open(inputs)?;
    let listed = listed(&open);
    let misses = |symbol: &String| !open.iter().any(|dimension| answers(dimension, symbol));
    if let Some((symbol, _)) = options.bind.iter().find(|(symbol, _)| misses(symbol)) {
        return Err(CompileError::UnknownBinding {
            symbol: symbol.clone(),
            open: listed,
        });
    }
    let mut types = Vec::with_capacity(inputs.len());
    for input in inputs {
        let tensor = tensor(input)?;
        let dtype = read::element(&input.name, tensor.elem_type)?.dtype();
        let mut shape = fixed(input)?;
        for dimension in open
            .iter()
            .filter(|dimension| dimension.input == input.name)
        {
            let bound = options.bind.iter();
            let mut bound = bound.filter(|(symbol, _)| answers(dimension, symbol));
            let (_, extent) = bound.next().ok_or_else(|| CompileError::UnboundDimension {
                input: input.name.clone(),
                symbol: dimension.symbol.clone(),
                open: listed.clone(),
            })?;
            if let Some((_, other)) = bound.find(|(_, other)| other != extent) {
                return Err(CompileError::BadRange {
                    symbol: dimension.symbol.clone(),
                    detail: format!("it is bound to {extent} and to {other}: give it one extent"),
                });
            }
            shape[dimension.axis] = *extent;
        }
        types.push(TensorType::new(dtype, shape));
    }
    Ok(types)
}

/// Axes of `inputs` that [`CompileOptions::open`] leaves open: input, axis and number of the range.
pub(crate) fn axes(
    inputs: &[&ValueInfoProto],
    options: &CompileOptions,
) -> Result<Vec<(usize, usize, usize)>, CompileError> {
    let dimensions = open(inputs)?;
    let mut axes = Vec::new();
    for (number, symbol) in options.open.iter().enumerate() {
        let wrong = |detail: &str| CompileError::BadRange {
            symbol: symbol.to_string(),
            detail: detail.to_owned(),
        };
        symbol
            .check()
            .map_err(|_| wrong("a range begins at 1 or above, and its steps meet its end"))?;
        let twice = options.open[..number]
            .iter()
            .any(|other| other.name == symbol.name);
        if twice || options.bind.iter().any(|(bound, _)| *bound == symbol.name) {
            return Err(wrong(
                "the dimension is given twice: bind it, or give it one range",
            ));
        }
        let before = axes.len();
        for dimension in dimensions.iter().filter(|d| answers(d, &symbol.name)) {
            let input = inputs
                .iter()
                .position(|input| input.name == dimension.input);
            if let Some(input) = input {
                axes.push((input, dimension.axis, number));
            }
        }
        if axes.len() == before {
            return Err(CompileError::UnknownBinding {
                symbol: symbol.name.clone(),
                open: listed(&dimensions),
            });
        }
    }
    Ok(axes)
}

/// Whether a dimension is called so: by its symbol, or by its place.
fn answers(dimension: &OpenDimension, symbol: &str) -> bool {
    dimension.symbol == symbol || place(&dimension.input, dimension.axis) == symbol
}

/// The symbols of open dimensions, separated by commas.
fn listed(open: &[OpenDimension]) -> String {
    let mut symbols: Vec<&str> = Vec::new();
    for dimension in open {
        if !symbols.contains(&&*dimension.symbol) {
            symbols.push(&dimension.symbol);
        }
    }
    if symbols.is_empty() {
        return "none".to_owned();
    }
    symbols.join(", ")
}

/// All open dimensions of `inputs`, in their order.
pub(crate) fn open(inputs: &[&ValueInfoProto]) -> Result<Vec<OpenDimension>, CompileError> {
    let mut found = Vec::new();
    for input in inputs {
        for (axis, dimension) in dimensions(input)?.iter().enumerate() {
            let symbol = match &dimension.value {
                Some(Extent::DimParam(symbol)) if !symbol.is_empty() && symbol != "?" => {
                    symbol.clone()
                }
                Some(Extent::DimValue(-1) | Extent::DimParam(_)) | None => place(&input.name, axis),
                Some(Extent::DimValue(_)) => continue,
            };
            found.push(OpenDimension {
                input: input.name.clone(),
                axis,
                symbol,
            });
        }
    }
    Ok(found)
}

/// The ONNX element type of an input.
pub(crate) fn kind(input: &ValueInfoProto) -> Option<Element> {
    tensor(input)
        .ok()
        .and_then(|tensor| Element::numbered(tensor.elem_type.into()))
}

/// Extents of the axes, 0 for an open one.
fn fixed(input: &ValueInfoProto) -> Result<Vec<usize>, CompileError> {
    let extent = |(axis, dimension): (usize, &Dimension)| match dimension.value {
        Some(Extent::DimValue(extent)) if extent != -1 => usize::try_from(extent)
            .map_err(|_| bad(&input.name, format!("has extent {extent} on axis {axis}"))),
        _ => Ok(0),
    };
    dimensions(input)?.iter().enumerate().map(extent).collect()
}

fn dimensions(input: &ValueInfoProto) -> Result<&[Dimension], CompileError> {
    let shape = tensor(input)?.shape.as_ref();
    let shape = shape.ok_or_else(|| {
        bad(
            &input.name,
            "has no rank: export the model with input shapes".to_owned(),
        )
    })?;
    Ok(&shape.dim)
}

fn tensor(input: &ValueInfoProto) -> Result<&type_proto::Tensor, CompileError> {
    match input.r#type.as_ref().and_then(|ty| ty.value.as_ref()) {
        Some(type_proto::Value::TensorType(tensor)) => Ok(tensor),
        None => Err(bad(&input.name, "is no tensor".to_owned())),
    }
}

/// What an axis without a symbol is called.
fn place(input: &str, axis: usize) -> String {
    format!("{input}:{axis}")
}

fn bad(input: &str, detail: String) -> CompileError {
    CompileError::BadModel {
        node: input.to_owned(),
        detail: format!("the input {detail}"),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;
    use tract_onnx::pb::{TensorShapeProto, TypeProto};

    fn input(name: &str, dims: &[Option<Extent>]) -> ValueInfoProto {
        let dim = dims.iter().map(|value| Dimension {
            value: value.clone(),
            ..Dimension::default()
        });
        let shape = Some(TensorShapeProto { dim: dim.collect() });
        let value = Some(type_proto::Value::TensorType(type_proto::Tensor {
            elem_type: 1,
            shape,
        }));
        let r#type = Some(TypeProto {
            value,
            ..TypeProto::default()
        });
        ValueInfoProto {
            name: name.to_owned(),
            r#type,
            ..ValueInfoProto::default()
        }
    }

    fn symbol(name: &str) -> Option<Extent> {
        Some(Extent::DimParam(name.to_owned()))
    }

    fn options(bind: &[(&str, usize)]) -> CompileOptions {
        CompileOptions {
            bind: bind
                .iter()
                .map(|&(name, extent)| (name.to_owned(), extent))
                .collect(),
            ..CompileOptions::default()
        }
    }

    #[test]
    fn a_symbol_is_bound_in_every_input_that_has_it() {
        let (a, b) = (
            input("a", &[symbol("n"), Some(Extent::DimValue(3))]),
            input("b", &[symbol("n")]),
        );
        let types = bind(&[&a, &b], &options(&[("n", 5)])).unwrap();
        assert_eq!(
            (&types[0].shape[..], &types[1].shape[..]),
            (&[5, 3][..], &[5][..])
        );
    }

    #[test]
    fn an_axis_without_a_symbol_is_bound_by_its_place() {
        let x = input("x", &[None, Some(Extent::DimValue(-1))]);
        let types = bind(&[&x], &options(&[("x:0", 1), ("x:1", 7)])).unwrap();
        assert_eq!(types[0].shape, [1, 7]);
    }

    #[test]
    fn open_dimensions_are_all_listed() {
        let x = input("x", &[symbol("n"), symbol("t"), None]);
        let error = bind(&[&x], &options(&[("n", 1)])).unwrap_err();
        assert!(
            matches!(&error, CompileError::UnboundDimension { input, symbol, open }
            if input == "x" && symbol == "t" && open == "n, t, x:2"),
            "{error}"
        );
    }

    #[test]
    fn a_dimension_has_one_extent_whatever_it_is_called() {
        let x = input("x", &[symbol("n")]);
        for other in ["n", "x:0"] {
            let twice = |extent| bind(&[&x], &options(&[("n", 1), (other, extent)]));
            assert_eq!(twice(1).unwrap()[0].shape, [1]);
            let error = twice(2).unwrap_err();
            assert!(error.to_string().contains("bound to 1 and to 2"), "{error}");
        }
    }

    #[test]
    fn a_binding_that_matches_nothing_is_refused() {
        let x = input("x", &[symbol("n")]);
        let error = bind(&[&x], &options(&[("n", 1), ("m", 2)])).unwrap_err();
        assert!(matches!(error, CompileError::UnknownBinding { symbol, .. } if symbol == "m"));
    }

    #[test]
    fn an_extent_below_minus_one_is_refused() {
        let x = input("x", &[Some(Extent::DimValue(-4))]);
        assert!(matches!(
            bind(&[&x], &options(&[])),
            Err(CompileError::BadModel { .. })
        ));
    }
}
