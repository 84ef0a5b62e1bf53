//! Size advice from a merchant's chart and measurements that the shopper typed in.
//!
//! A body's measures are compared with ranges of a body's measures; nothing is ever measured in a photo.

mod advice;
mod chart;
mod table;

pub use advice::{Advice, Fit, Measurements, MeasurementsError, Outside, Preference, SizeFit};
pub use chart::{Chart, ChartError, Measure, Range, SizeRow, Unit};
