//! Parquet files made byte by byte, for what no writer would write: pages that declare much and
//! hold little.

/// A page: what its header says, and its bytes before they are packed.
pub struct Page {
    dictionary: bool,
    encoding: i32,
    values: i64,
    bytes: Vec<u8>,
}

pub const PLAIN: i32 = 0;
pub const DELTA_LENGTH: i32 = 6;
pub const DELTA_BYTES: i32 = 7;
const BY_DICTIONARY: i32 = 8;

impl Page {
    /// A dictionary of so many empty texts.
    pub fn empty_texts(values: u32) -> Self {
        Self {
            dictionary: true,
            encoding: PLAIN,
            values: values.into(),
            bytes: vec![0; values as usize * 4],
        }
    }

    /// So many rows, whose value is the dictionary's first.
    pub fn first_of_dictionary(rows: u32) -> Self {
        let run = varint(u64::from(rows) << 1);
        Self::data(BY_DICTIONARY, rows, [vec![1], run, vec![0]].concat())
    }

    /// A page of values behind their levels.
    pub fn data(encoding: i32, values: u32, bytes: Vec<u8>) -> Self {
        Self {
            dictionary: false,
            encoding,
            values: values.into(),
            bytes,
        }
    }

    /// So many items of a list, which begins here or in the page before; `None` are nulls.
    pub fn one_list(encoding: i32, values: u32, begins: bool, items: Option<Vec<u8>>) -> Self {
        let run = |count: u32, of: u8| [varint(u64::from(count) << 1), vec![of]].concat();
        let again = match begins {
            true => [run(1, 0), run(values - 1, 1)].concat(),
            false => run(values, 1),
        };
        let levels = [again, run(values, items.is_some().into())];
        let mut bytes = Vec::new();
        for level in levels {
            bytes.extend_from_slice(&(level.len() as u32).to_le_bytes());
            bytes.extend_from_slice(&level);
        }
        bytes.extend(items.unwrap_or_default());
        Self::data(encoding, values, bytes)
    }

    /// The header and the packed bytes.
    fn written(&self) -> Vec<u8> {
        let packed = zstd::bulk::compress(&self.bytes, 1).unwrap();
        let mut page = Struct::default();
        page.int(1, if self.dictionary { 2 } else { 0 });
        page.int(2, self.bytes.len() as i64);
        page.int(3, packed.len() as i64);
        let mut own = Struct::default();
        own.int(1, self.values);
        own.int(2, self.encoding.into());
        if self.dictionary {
            page.nest(7, own);
        } else {
            // Levels in runs.
            own.int(3, 3);
            own.int(4, 3);
            page.nest(5, own);
        }
        [page.end(), packed].concat()
    }
}

/// Lengths as the delta encodings list them: so many zeros.
pub fn zeros(count: u32) -> Vec<u8> {
    let mut bytes = [varint(128), varint(4), varint(count.into()), vec![0]].concat();
    let blocks = count.saturating_sub(1).div_ceil(128);
    // A block: the least difference, and the width of each of its four parts.
    bytes.resize(bytes.len() + blocks as usize * 5, 0);
    bytes
}

/// A column of bytes that are not marked as text.
pub struct Column {
    pub name: String,
    pub list: bool,
    pub pages: Vec<Page>,
}

pub fn column(name: &str, pages: Vec<Page>) -> Column {
    Column {
        name: name.to_owned(),
        list: false,
        pages,
    }
}

/// A table of one row group with so many rows.
pub fn table(rows: i64, columns: &[Column]) -> Vec<u8> {
    let mut file = b"PAR1".to_vec();
    let mut chunks = Vec::new();
    let mut root = Struct::default();
    root.text(4, "schema");
    root.int(5, columns.len() as i64);
    let mut schema = vec![root.end()];
    for column in columns {
        let at = file.len() as i64;
        let data = column.pages.iter().filter(|page| !page.dictionary);
        let values = data.map(|page| page.values).sum();
        for page in &column.pages {
            file.append(&mut page.written());
        }
        let mut chunk = Struct::default();
        // Byte arrays, packed with zstd.
        chunk.int(1, 6);
        chunk.list(2, 5, &[varint(0)]);
        let path = [varint(column.name.len() as u64), column.name.clone().into()];
        chunk.list(3, 8, &[path.concat()]);
        chunk.int(4, 6);
        for (id, number) in [(5, values), (6, 1), (7, file.len() as i64 - at), (9, at)] {
            chunk.long(id, number);
        }
        let mut place = Struct::default();
        place.long(2, at);
        place.nest(3, chunk);
        chunks.push(place.end());
        let mut element = Struct::default();
        element.int(1, 6);
        element.int(3, if column.list { 2 } else { 0 });
        element.text(4, &column.name);
        schema.push(element.end());
    }
    let mut group = Struct::default();
    group.list(1, 12, &chunks);
    group.long(2, 1);
    group.long(3, rows);
    let mut footer = Struct::default();
    footer.int(1, 1);
    footer.list(2, 12, &schema);
    footer.long(3, rows);
    footer.list(4, 12, &[group.end()]);
    let footer = footer.end();
    file.extend_from_slice(&footer);
    file.extend_from_slice(&(footer.len() as u32).to_le_bytes());
    file.extend_from_slice(b"PAR1");
    file
}

fn varint(mut number: u64) -> Vec<u8> {
    let mut bytes = Vec::new();
    while number > 127 {
        bytes.push(number as u8 | 128);
        number >>= 7;
    }
    bytes.push(number as u8);
    bytes
}

fn zigzag(number: i64) -> Vec<u8> {
    varint(((number << 1) ^ (number >> 63)) as u64)
}

/// A struct in Thrift's compact encoding, while its fields are written in order.
#[derive(Default)]
struct Struct {
    bytes: Vec<u8>,
    last: u8,
}

impl Struct {
    fn field(&mut self, id: u8, of: u8, value: &[u8]) {
        self.bytes.push((id - self.last) << 4 | of);
        self.bytes.extend_from_slice(value);
        self.last = id;
    }

    fn int(&mut self, id: u8, number: i64) {
        self.field(id, 5, &zigzag(number));
    }

    fn long(&mut self, id: u8, number: i64) {
        self.field(id, 6, &zigzag(number));
    }

    fn text(&mut self, id: u8, text: &str) {
        self.field(id, 8, &[varint(text.len() as u64), text.into()].concat());
    }

    fn nest(&mut self, id: u8, inner: Self) {
        self.field(id, 12, &inner.end());
    }

    fn list(&mut self, id: u8, of: u8, items: &[Vec<u8>]) {
        let head = [vec![0xf0 | of], varint(items.len() as u64)].concat();
        self.field(id, 9, &[head, items.concat()].concat());
    }

    fn end(mut self) -> Vec<u8> {
        self.bytes.push(0);
        self.bytes
    }
}
