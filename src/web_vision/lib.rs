//! JavaScript bindings of seeing and trying on: nearshelf_vision.wasm.
//!
//! Plain data in, plain data out; typed arrays that come out are copies. Models run elsewhere: what they read and what they
//! gave passes through here. Pictures stay in this module's memory until their owner is freed. Errors are thrown as an
//! `Error` named `NearshelfError` with a stable `code`.

mod edit;
mod given;
mod header;
mod looks;
mod seen;
mod sizes;
mod thrown;
mod try_on;
mod worn;

pub use header::read_header;
pub use looks::Looks;
pub use seen::{
    picture_tensor, pose_tensor, read_garment, read_person, read_pose, read_segmentation,
    segmentation_tensor,
};
pub use sizes::{advise_size, read_size_chart};
pub use try_on::{TryOn, mannequins};
