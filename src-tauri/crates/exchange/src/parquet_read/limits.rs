//! How much a Parquet file may ask for. What a file declares is checked against these before any
//! memory is set aside for it; each refusal says how to write the table so that it fits.

/// The longest footer, in bytes. What is built of it can be thirty times as much.
pub(super) const FOOTER: u64 = 16 << 20;
/// The most items of one list in the footer: row groups, columns of a group, schema elements.
pub(super) const LIST: usize = 200_000;
/// How deep columns may be nested.
pub(super) const DEPTH: usize = 64;
/// The longest page, unpacked, in bytes. A page of pictures holds a hundred of them or more.
pub(super) const PAGE: u64 = 512 << 20;
/// How many bytes a packed page may at most become per byte, past the size that is always taken.
pub(super) const RATIO: u64 = 1100;
/// The unpacked size that is taken however well the page was packed.
pub(super) const ALWAYS: u64 = 64 << 20;
/// What the pages of all columns may become together, in bytes: of each column its dictionary, the
/// page at hand and what is decoded of it. With a row of the longest it is 1 GiB or less.
pub(super) const HELD: u64 = 640 << 20;
/// The same while a page is unpacked: it, what is packed, and the page before it are held at once.
pub(super) const UNPACKING: u64 = 1 << 30;
/// The longest page header, in bytes.
pub(super) const HEADER: usize = 4 << 20;
/// The most values of a dictionary, and of a page whose lengths are listed before its texts.
pub(super) const LISTED: u64 = 4 << 20;
/// How many values' room is kept from one row to the next; what a long row needed beyond is freed.
pub(super) const KEPT: usize = 1 << 16;
