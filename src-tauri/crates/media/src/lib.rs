//! What a media file is, by its content; where it may be read; where copies of it are kept.
//!
//! This crate exists because every imported file is hostile input: nothing here trusts a name, a
//! declared size or a link. It reads headers only, within fixed bounds. Decoding happens in the
//! worker process, which may die; this crate runs inside the program and may not.

mod beside;
mod bytes;
mod dims;
mod error;
mod file;
mod header;
mod identify;
mod kinds;
mod names;
mod outgoing;
mod part;
mod parts;
mod root;
mod scene_files;
mod sniff;
mod store;
pub mod strip;
mod verify;
pub mod worker;

#[cfg(test)]
mod samples;

pub use error::MediaError;
pub use file::MAX_BYTES;
pub use header::{HeaderFacts, header_facts};
pub use identify::{HEAD_BYTES, Identified, identify, identify_bytes};
pub use kinds::{Kind, name_differs};
pub use names::check as check_name;
pub use outgoing::{OutFile, OutgoingError, send_stripped};
pub use parts::{gltf_part, obj_libraries, part_name, parts, texture_name};
pub use root::{Found, Root};
pub use scene_files::read_scene;
pub use sniff::sniff;
pub use store::{clear_leftovers, copy_in, put_bytes, stored_path};
pub use verify::{open_checked, verify, verify_in_place};
