//! Files of pictures, in the bytes that headers are read of.

pub fn png(width: u32, height: u32, bits: u8, more: &[Vec<u8>]) -> Vec<u8> {
    let mut header = [width.to_be_bytes(), height.to_be_bytes()].concat();
    header.extend([bits, 2, 0, 0, 0]);
    [
        b"\x89PNG\r\n\x1a\n".to_vec(),
        chunk(b"IHDR", &header),
        more.concat(),
    ]
    .concat()
}

pub fn chunk(name: &[u8; 4], data: &[u8]) -> Vec<u8> {
    [&(data.len() as u32).to_be_bytes(), &name[..], data, &[0; 4]].concat()
}

pub fn segment(marker: u8, data: &[u8]) -> Vec<u8> {
    [
        &[0xff, marker],
        &(data.len() as u16 + 2).to_be_bytes()[..],
        data,
    ]
    .concat()
}

/// A JPEG's frame.
pub fn frame(width: u16, height: u16, components: u8) -> Vec<u8> {
    let ([top, low], [left, right]) = (height.to_be_bytes(), width.to_be_bytes());
    segment(0xc2, &[8, top, low, left, right, components])
}

/// A GIF of 7 × 5 pixels.
pub fn gif(parts: &[&[u8]]) -> Vec<u8> {
    let start = b"GIF89a\x07\0\x05\0\x80\0\0\x01\x02\x03\x04\x05\x06";
    [&start[..], &parts.concat()].concat()
}

/// A GIF's picture: its place and extents.
pub fn picture(place: [u16; 4]) -> Vec<u8> {
    let place: Vec<u8> = place.into_iter().flat_map(u16::to_le_bytes).collect();
    [&[0x2c], &place[..], &[0, 2, 2, 1, 2, 0]].concat()
}

pub fn riff(name: &[u8; 4], data: &[u8]) -> Vec<u8> {
    let sizes = [12 + data.len() as u32, data.len() as u32].map(u32::to_le_bytes);
    [b"RIFF", &sizes[0], b"WEBP", &name[..], &sizes[1], data].concat()
}

/// Two extents of a WebP's screen, less 1, in 24 bits each.
pub fn screen(width: u32, height: u32) -> Vec<u8> {
    let [width, height] = [width - 1, height - 1].map(u32::to_le_bytes);
    [&[2, 0, 0, 0], &width[..3], &height[..3]].concat()
}

pub fn part(name: &[u8; 4], data: &[u8]) -> Vec<u8> {
    [&(8 + data.len() as u32).to_be_bytes(), &name[..], data].concat()
}

/// A box whose size is stated in 64 bits.
pub fn large_part(name: &[u8; 4]) -> Vec<u8> {
    [&[0, 0, 0, 1], &name[..], &16_u64.to_be_bytes()].concat()
}

/// AV1's sequence header as still pictures have it, or as films do; sizes are stated in 16 bits.
pub fn sequence(width: u32, height: u32, reduced: bool) -> Vec<u8> {
    let start: &[(u32, u32)] = if reduced {
        &[(0, 3), (3, 2), (0, 5)]
    } else {
        &[(0, 3), (0, 2), (0, 2), (0, 5), (0, 12), (0, 5)]
    };
    let extents = [(15, 4), (15, 4), (width - 1, 16), (height - 1, 16)];
    let bits: Vec<u8> = start
        .iter()
        .chain(&extents)
        .flat_map(|(value, count)| (0..*count).rev().map(move |bit| (value >> bit & 1) as u8))
        .collect();
    let byte = |bits: &[u8]| (0..8).fold(0, |value, bit| value * 2 + bits.get(bit).unwrap_or(&0));
    let data: Vec<u8> = bits.chunks(8).map(byte).collect();
    [&[0x0a, data.len() as u8], &data[..]].concat()
}

/// An AVIF that claims 64 × 64 pixels, with items of AV1; and what may be odd about it.
pub struct Avif {
    pub items: Vec<Vec<u8>>,
    pub brand: [u8; 4],
    pub extents: u16,
    pub kind: [u8; 4],
    /// Between what says of items and their data; before the kinds of items; before the first of them.
    pub more: Vec<u8>,
    pub before_kinds: Vec<u8>,
    pub before_kind: Vec<u8>,
}

impl Avif {
    pub fn of(items: Vec<Vec<u8>>) -> Self {
        Self {
            items,
            brand: *b"avif",
            extents: 1,
            kind: *b"av01",
            more: Vec::new(),
            before_kinds: Vec::new(),
            before_kind: Vec::new(),
        }
    }

    pub fn file(&self) -> Vec<u8> {
        let brands = [&self.brand[..], &[0; 4], b"mif1"].concat();
        let start = part(b"ftyp", &brands);
        let data = start.len() + self.meta(0).len() + self.more.len() + 8;
        let content = part(b"mdat", &self.items.concat());
        [start, self.meta(data as u32), self.more.clone(), content].concat()
    }

    fn meta(&self, data: u32) -> Vec<u8> {
        let count = (self.items.len() as u16).to_be_bytes();
        let mut places = [&[0, 0, 0, 0, 0x44, 0], &count[..]].concat();
        let mut kinds = [&[0; 4], &count[..], &self.before_kind].concat();
        let mut at = data;
        for (number, item) in (1_u16..).zip(&self.items) {
            let number = number.to_be_bytes();
            places.extend([&number[..], &[0, 0], &self.extents.to_be_bytes()].concat());
            places.extend([at, item.len() as u32].map(u32::to_be_bytes).concat());
            at += item.len() as u32;
            let kind = [&[2, 0, 0, 0], &number[..], &[0, 0], &self.kind, &[0]].concat();
            kinds.extend(part(b"infe", &kind));
        }
        let extents = [0, 64, 64].map(u32::to_be_bytes).concat();
        let properties = part(b"iprp", &part(b"ipco", &part(b"ispe", &extents)));
        let (places, kinds) = (part(b"iloc", &places), part(b"iinf", &kinds));
        let inner = [
            &[0; 4],
            &places[..],
            &self.before_kinds,
            &kinds,
            &properties,
        ]
        .concat();
        part(b"meta", &inner)
    }
}
