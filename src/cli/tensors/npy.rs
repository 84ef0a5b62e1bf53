//! One array of an archive (the NPY format of NEP 1).

use super::{Array, Data};
use anyhow::{Context, Result, bail};
use nearshelf_onnx::ElementType;
use npyz::{Deserialize, NpyFile, Order, TypeChar, WriterBuilder, half::f16};
use std::io::{Cursor, Write};

/// Most bytes of a header, NumPy's own limit.
const MAX_HEADER_BYTES: usize = 10_000;

/// Reads an array of numbers or truths, of either byte order, its values brought into row-major order.
///
/// # Errors
/// When it is damaged, or of another element type.
pub fn read(bytes: &[u8]) -> Result<Array> {
    check_header(bytes)?;
    let mut data = Cursor::new(bytes);
    let file = NpyFile::new(&mut data).context("it is no NPY array")?;
    let npyz::DType::Plain(ty) = file.dtype() else {
        bail!("it holds records; arrays of numbers are read");
    };
    let Some(element_type) = element_type(ty.type_char(), ty.size_field()) else {
        bail!(
            "its element type is {}; floats, integers and bool are read",
            file.dtype().descr()
        );
    };
    let shape: Vec<usize> = file
        .shape()
        .iter()
        .map(|&extent| usize::try_from(extent))
        .collect::<Result<_, _>>()?;
    let count = shape
        .iter()
        .try_fold(1_usize, |count, &extent| count.checked_mul(extent));
    let size = count.and_then(|count| count.checked_mul(ty.num_bytes()?));
    let order = file.order();
    drop(file);
    let begin = usize::try_from(data.position())?;
    let held = bytes.len().saturating_sub(begin);
    if size != Some(held) {
        bail!("its shape {shape:?} does not fit the {held} bytes of its values");
    }
    let file = NpyFile::new(bytes)?;
    let stored = match element_type {
        ElementType::F16 => floats::<f16>(file)?,
        ElementType::F32 => floats::<f32>(file)?,
        ElementType::F64 => floats::<f64>(file)?,
        ElementType::I8 => ints::<i8>(file)?,
        ElementType::I16 => ints::<i16>(file)?,
        ElementType::I32 => ints::<i32>(file)?,
        ElementType::I64 => ints::<i64>(file)?,
        ElementType::U8 => ints::<u8>(file)?,
        ElementType::U16 => ints::<u16>(file)?,
        ElementType::U32 => ints::<u32>(file)?,
        ElementType::U64 => ints::<u64>(file)?,
        ElementType::Bool => Data::Bool(file.into_vec::<bool>()?),
    };
    let data = match (order, stored) {
        (Order::C, data) => data,
        (Order::Fortran, Data::Float(values)) => Data::Float(row_major(&values, &shape)),
        (Order::Fortran, Data::Int(values)) => Data::Int(row_major(&values, &shape)),
        (Order::Fortran, Data::Bool(values)) => Data::Bool(row_major(&values, &shape)),
    };
    Ok(Array {
        element_type,
        shape,
        data,
    })
}

/// Bounds what the header's reader takes in: it has a size of its own, and brackets, which nest on the stack.
fn check_header(bytes: &[u8]) -> Result<()> {
    let (from, size) = match bytes {
        [0x93, b'N', b'U', b'M', b'P', b'Y', 1, _, a, b, ..] => {
            (10, u32::from_le_bytes([*a, *b, 0, 0]))
        }
        [0x93, b'N', b'U', b'M', b'P', b'Y', _, _, a, b, c, d, ..] => {
            (12, u32::from_le_bytes([*a, *b, *c, *d]))
        }
        _ => bail!("it is no NPY array"),
    };
    let size = size as usize;
    let Some(header) = bytes.get(from..from + size.min(MAX_HEADER_BYTES + 1)) else {
        bail!("it ends within its header");
    };
    if size > MAX_HEADER_BYTES {
        bail!("its header has {size} bytes, at most {MAX_HEADER_BYTES} are read");
    }
    let opened = header.iter().filter(|byte| b"([{".contains(byte)).count();
    if opened > 2 {
        bail!("it holds records; arrays of numbers are read");
    }
    Ok(())
}

fn element_type(kind: TypeChar, bytes: u64) -> Option<ElementType> {
    Some(match (kind, bytes) {
        (TypeChar::Float, 2) => ElementType::F16,
        (TypeChar::Float, 4) => ElementType::F32,
        (TypeChar::Float, 8) => ElementType::F64,
        (TypeChar::Int, 1) => ElementType::I8,
        (TypeChar::Int, 2) => ElementType::I16,
        (TypeChar::Int, 4) => ElementType::I32,
        (TypeChar::Int, 8) => ElementType::I64,
        (TypeChar::Uint, 1) => ElementType::U8,
        (TypeChar::Uint, 2) => ElementType::U16,
        (TypeChar::Uint, 4) => ElementType::U32,
        (TypeChar::Uint, 8) => ElementType::U64,
        (TypeChar::Bool, 1) => ElementType::Bool,
        _ => return None,
    })
}

fn floats<T: Deserialize + Into<f64>>(file: NpyFile<&[u8]>) -> Result<Data> {
    let values = file.into_vec::<T>()?;
    Ok(Data::Float(values.into_iter().map(Into::into).collect()))
}

fn ints<T: Deserialize + TryInto<i64>>(file: NpyFile<&[u8]>) -> Result<Data> {
    let narrow = |value: T| value.try_into().ok().context("a value is beyond int64");
    let values = file.into_vec::<T>()?;
    Ok(Data::Int(
        values.into_iter().map(narrow).collect::<Result<_>>()?,
    ))
}

/// Values stored with the first axis fastest, in the order that has the last one fastest.
fn row_major<T: Copy>(stored: &[T], shape: &[usize]) -> Vec<T> {
    let mut values = Vec::with_capacity(stored.len());
    let mut index = vec![0; shape.len()];
    let mut from = 0;
    while let Some(&value) = stored.get(from).filter(|_| values.len() < stored.len()) {
        values.push(value);
        let mut stride = stored.len();
        for axis in (0..shape.len()).rev() {
            stride /= shape[axis];
            index[axis] += 1;
            from += stride;
            if index[axis] < shape[axis] {
                break;
            }
            from -= stride * shape[axis];
            index[axis] = 0;
        }
    }
    values
}

/// Writes an array, row-major and little-endian.
///
/// # Errors
/// When `to` can't be written.
pub fn write(array: &Array, to: impl Write) -> Result<()> {
    match (&array.data, array.element_type) {
        (Data::Float(values), ElementType::F16) => {
            put(array, to, values.iter().map(|&value| f16::from_f64(value)))
        }
        (Data::Float(values), ElementType::F64) => put(array, to, values.iter().copied()),
        (Data::Float(values), _) => put(array, to, values.iter().map(|&value| value as f32)),
        (Data::Int(values), ElementType::I8) => put(array, to, values.iter().map(|&v| v as i8)),
        (Data::Int(values), ElementType::I16) => put(array, to, values.iter().map(|&v| v as i16)),
        (Data::Int(values), ElementType::I32) => put(array, to, values.iter().map(|&v| v as i32)),
        (Data::Int(values), ElementType::U8) => put(array, to, values.iter().map(|&v| v as u8)),
        (Data::Int(values), ElementType::U16) => put(array, to, values.iter().map(|&v| v as u16)),
        (Data::Int(values), ElementType::U32) => put(array, to, values.iter().map(|&v| v as u32)),
        (Data::Int(values), ElementType::U64) => put(array, to, values.iter().map(|&v| v as u64)),
        (Data::Int(values), _) => put(array, to, values.iter().copied()),
        (Data::Bool(values), _) => put(array, to, values.iter().copied()),
    }
}

fn put<T: npyz::Serialize + npyz::AutoSerialize>(
    array: &Array,
    to: impl Write,
    values: impl Iterator<Item = T>,
) -> Result<()> {
    let shape: Vec<u64> = array.shape.iter().map(|&extent| extent as u64).collect();
    let options = npyz::WriteOptions::new().default_dtype().shape(&shape);
    let mut writer = options.writer(to).begin_nd()?;
    writer.extend(values)?;
    Ok(writer.finish()?)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    /// An array as NumPy writes it.
    fn npy(descr: &str, is_fortran: bool, shape: &str, values: &[u8]) -> Vec<u8> {
        let order = if is_fortran { "True" } else { "False" };
        let header =
            format!("{{'descr': '{descr}', 'fortran_order': {order}, 'shape': {shape}, }}");
        let padded = format!("{header:<117}\n");
        let mut bytes = b"\x93NUMPY\x01\x00\x76\x00".to_vec();
        bytes.extend_from_slice(padded.as_bytes());
        bytes.extend_from_slice(values);
        bytes
    }

    #[test]
    fn every_number_type_is_written_and_read_again() {
        use ElementType::{Bool, F16, F32, F64, I8, I16, I32, I64, U8, U16, U32, U64};
        let arrays = [
            (F16, Data::Float(vec![0.5, -2.0])),
            (F32, Data::Float(vec![0.1_f32.into(), f64::INFINITY])),
            (F64, Data::Float(vec![0.1, -0.0])),
            (Bool, Data::Bool(vec![true, false])),
        ];
        let ints = [I8, I16, I32, I64, U8, U16, U32, U64].map(|ty| (ty, Data::Int(vec![0, 100])));
        for (element_type, data) in arrays.into_iter().chain(ints) {
            let array = Array {
                element_type,
                shape: vec![1, 2],
                data,
            };
            let mut bytes = Vec::new();
            write(&array, &mut bytes).unwrap();
            assert_eq!(read(&bytes).unwrap(), array);
        }
    }

    #[test]
    fn fortran_order_and_big_endian_values_are_brought_into_ours() {
        let stored = [1_i16, 4, 2, 5, 3, 6].map(i16::to_be_bytes).concat();
        let array = read(&npy(">i2", true, "(2, 3)", &stored)).unwrap();
        assert_eq!(array.shape, [2, 3]);
        assert_eq!(array.data, Data::Int(vec![1, 2, 3, 4, 5, 6]));
        let cube: Vec<u8> = vec![0, 4, 2, 6, 1, 5, 3, 7];
        let cube = read(&npy("|u1", true, "(2, 2, 2)", &cube)).unwrap();
        assert_eq!(cube.data, Data::Int((0..8).collect()));
    }

    #[test]
    fn scalars_and_empty_arrays_are_arrays() {
        let scalar = read(&npy("<f8", false, "()", &2.5_f64.to_le_bytes())).unwrap();
        assert_eq!((&scalar.shape[..], scalar.number(0)), (&[][..], 2.5));
        let empty = read(&npy("<i4", true, "(3, 0)", &[])).unwrap();
        assert_eq!((&empty.shape[..], empty.len()), (&[3, 0][..], 0));
    }

    #[test]
    fn what_is_no_array_of_numbers_is_refused() {
        let deep = "(".repeat(4000);
        let cases = [
            (b"PK".to_vec(), "no NPY array"),
            (npy("<f4", false, "(2,)", &[0; 7]), "does not fit"),
            (
                npy("<f4", false, "(4611686018427387904, 4)", &[]),
                "does not fit",
            ),
            (npy("<U3", false, "(1,)", &[0; 12]), "element type"),
            (npy("<c8", false, "(1,)", &[0; 8]), "element type"),
            (npy("|O", false, "(1,)", &[0; 8]), "element type"),
            (npy("<u8", false, "(1,)", &[255; 8]), "beyond int64"),
            (npy("<f4", false, &deep, &[]), "records"),
            (b"\x93NUMPY\x02\x00\xff\xff\xff\xff".to_vec(), "header"),
            (b"\x93NUMPY\x01\x00\x76\x00{".to_vec(), "header"),
        ];
        for (bytes, message) in cases {
            let error = format!("{:#}", read(&bytes).unwrap_err());
            assert!(error.contains(message), "{error}");
        }
    }
}
