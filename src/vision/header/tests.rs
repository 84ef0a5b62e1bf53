#![allow(clippy::expect_used)]

use super::testing::*;
use super::*;
use proptest::prelude::*;

fn read(file: &[u8]) -> Header {
    Header::read(file).expect("a header")
}

#[test]
fn a_png_states_extents_bits_movement_and_whether_it_goes_on_to_its_end() {
    let whole = png(20_000, 3, 16, &[chunk(b"acTL", &[]), chunk(b"IEND", &[])]);
    let expected = Header {
        bits: 16,
        animated: true,
        ..Header::still(20_000, 3)
    };
    assert_eq!(read(&whole), expected);
    assert!(!read(&png(1, 1, 8, &[chunk(b"IDAT", &[1, 2, 3])])).complete);
}

#[test]
fn a_png_whose_chunk_claims_to_be_longer_than_the_file_is_not_complete() {
    let claim = [&[0xff; 4], &b"IDAT"[..]].concat();
    assert!(!read(&png(1, 1, 8, &[claim])).complete);
}

#[test]
fn a_jpegs_frame_is_found_behind_however_much_exif_and_four_components_are_for_print() {
    let exif = segment(0xe1, &[0xd9; 60_000]).repeat(200);
    let file = [
        &[0xff, 0xd8],
        &exif[..],
        &[0xff],
        &frame(30, 40, 4),
        &[0xff, 0xd9],
    ]
    .concat();
    let expected = Header {
        cmyk: true,
        ..Header::still(30, 40)
    };
    assert_eq!(read(&file), expected);
}

#[test]
fn a_jpeg_without_an_end_after_its_frame_breaks_off_and_one_without_a_frame_is_none() {
    let early = [
        &[0xff, 0xd8],
        &segment(0xe1, &[0xff, 0xd9])[..],
        &frame(3, 4, 3),
    ]
    .concat();
    assert!(!read(&early).complete);
    let none = [&[0xff, 0xd8], &segment(0xe1, &[1, 2])[..]].concat();
    assert_eq!(Header::read(&none), None);
    assert_eq!(Header::read(&[0xff, 0xd8, 0xff]), None);
}

#[test]
fn a_gif_moves_from_its_second_picture_on() {
    let comment = [&[0x21, 0xfe, 5], &b"hello"[..], &[0]].concat();
    let still = picture([0; 4]);
    let one = read(&gif(&[&comment, &still, &[0x3b]]));
    assert_eq!(one, Header::still(7, 5));
    let two = read(&gif(&[&still, &comment, &still, &[0x3b]]));
    assert!(two.animated && two.complete);
    let open = read(&gif(&[&still]));
    assert!(!open.animated && !open.complete);
}

#[test]
fn a_gif_counts_as_large_as_its_largest_frame_in_whichever_that_is() {
    let (small, wide) = (picture([0; 4]), picture([10, 20, 50_000, 60_000]));
    for frames in [&[&wide[..]][..], &[&small, &wide], &[&small, &small, &wide]] {
        let header = read(&gif(&[frames, &[&[0x3b]]].concat()));
        assert_eq!((header.width, header.height), (7, 5));
        assert_eq!(header.pixels, 50_010 * 60_020);
    }
}

#[test]
fn each_form_of_webp_states_its_extents() {
    let extended = Header {
        animated: true,
        ..Header::still(100, 50)
    };
    assert_eq!(read(&riff(b"VP8X", &screen(100, 50))), extended);
    let lossy = [0, 0, 0, 0x9d, 0x01, 0x2a, 100, 0, 50, 0];
    assert_eq!(read(&riff(b"VP8 ", &lossy)), Header::still(100, 50));
    let lossless = [&[0x2f], &(99_u32 + 49 * 0x4000).to_le_bytes()[..]].concat();
    let file = riff(b"VP8L", &lossless);
    assert_eq!(read(&file), Header::still(100, 50));
    assert!(!read(&file[..file.len() - 1]).complete);
    assert_eq!(Header::read(&riff(b"VP9 ", &lossless)), None);
}

#[test]
fn a_webp_whose_frame_is_larger_than_its_screen_counts_as_the_frame() {
    let all_bits = (16_383_u32 + 16_383 * 0x4000).to_le_bytes();
    let lossless = [&b"VP8L"[..], &5_u32.to_le_bytes(), &[0x2f], &all_bits, &[0]].concat();
    let (width, height) = (9_000_u16.to_le_bytes(), 8_000_u16.to_le_bytes());
    let lossy = [
        &b"VP8 "[..],
        &10_u32.to_le_bytes(),
        &[0, 0, 0, 0x9d, 1, 0x2a],
        &width,
        &height,
    ]
    .concat();
    let size = (16 + lossy.len() as u32).to_le_bytes();
    let moving = [&b"ANMF"[..], &size, &[0; 16], &lossy].concat();
    let pixels = |rest: &[u8]| read(&[&riff(b"VP8X", &screen(100, 50)), rest].concat()).pixels;
    assert_eq!(pixels(&lossless), 16_384 * 16_384);
    assert_eq!(pixels(&moving), 9_000 * 8_000);
    assert_eq!(pixels(&[]), 5_000);
}

/// Pillow: `Image.new("RGB", (3, 2)).save(…, "AVIF", quality=30)`.
const STILL: &[u8] = b"\
    \0\0\0 ftypavif\0\0\0\0avifmif1miafMA1B\0\0\0\xebmeta\0\0\0\0\0\0\0!hdlr\0\0\0\0\0\0\0\0pict\0\0\0\0\0\0\0\0\0\0\0\0\0\0\
    \0\0\x0epitm\0\0\0\0\0\x01\0\0\0\x1eiloc\0\0\0\0D\0\0\x01\0\x01\0\0\0\x01\0\0\x01\x13\0\0\0%\0\0\0(iinf\0\0\0\0\0\x01\0\
    \0\0\x1ainfe\x02\0\0\0\0\x01\0\0av01Color\0\0\0\0jiprp\0\0\0Kipco\0\0\0\x14ispe\0\0\0\0\0\0\0\x03\0\0\0\x02\0\0\0\x10pix\
    i\0\0\0\0\x03\x08\x08\x08\0\0\0\x0cav1C\x81\0\x0c\0\0\0\0\x13colrnclx\0\x01\0\x0d\0\x06\x80\0\0\0\x17ipma\0\0\0\0\0\0\0\
    \x01\0\x01\x04\x01\x02\x83\x04\0\0\0-mdat\x12\0\x0a\x08\x18\x04+D\x044\x1a\x102\x17\x1cG\x87\x85\xdd\xd3M4\xc2\xc0\0\0\
    \x905\x8e<~\xe3\xda\xd65\xd1\x18";

#[test]
fn an_avif_that_a_program_wrote_is_as_large_as_it_says() {
    assert_eq!(read(STILL), Header::still(3, 2));
    assert!(!read(&STILL[..STILL.len() - 1]).complete);
}

#[test]
fn an_avif_counts_as_large_as_what_its_data_are_decoded_to_whatever_its_properties_say() {
    let pixels = |items| read(&Avif::of(items).file()).pixels;
    assert_eq!(
        read(&Avif::of(vec![sequence(64, 64, true)]).file()),
        Header::still(64, 64)
    );
    for side in [9_000, 11_000, 16_000] {
        let header = read(&Avif::of(vec![sequence(side, side, true)]).file());
        assert_eq!((header.width, header.pixels), (64, u64::from(side * side)));
    }
    // Behind a first, harmless one.
    let behind = [
        vec![0x12, 0],
        sequence(64, 64, true),
        sequence(16_000, 16_000, true),
    ]
    .concat();
    assert_eq!(pixels(vec![behind]), 256_000_000);
    assert_eq!(pixels(vec![sequence(1000, 1000, true); 200]), 200_000_000);
    // Frames of films state extents of their own, of as many bits.
    assert_eq!(pixels(vec![sequence(64, 64, false)]), 1 << 32);
}

#[test]
fn an_avif_with_more_sequences_than_a_still_has_is_refused_however_many_they_are() {
    let of =
        |count: usize| Header::read(&Avif::of(vec![sequence(64, 64, true).repeat(count)]).file());
    assert_eq!(of(16), Some(Header::still(64, 64)));
    assert_eq!(of(17), None);
    // Each of two bytes, and all of them reading on in what follows.
    assert_eq!(
        Header::read(&Avif::of(vec![[0x0a, 0].repeat(4 << 20)]).file()),
        None
    );
}

#[test]
fn what_fuzzing_begins_with_is_read() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/fuzz/seeds/header");
    let mut kinds: Vec<_> = std::fs::read_dir(folder)
        .expect("the folder of seeds")
        .map(|file| {
            let path = file.expect("a seed").path();
            let header = read(&std::fs::read(&path).expect("a file"));
            assert!(header.complete && header.pixels > 0, "{}", path.display());
            path.extension().map(std::ffi::OsStr::to_os_string)
        })
        .collect();
    kinds.sort();
    assert_eq!(kinds, ["avif", "gif", "png"].map(|kind| Some(kind.into())));
}

/// The header of an AVIF of 256 million pixels with something odd about it.
fn odd(change: impl Fn(&mut Avif)) -> Option<Header> {
    let mut avif = Avif::of(vec![sequence(16_000, 16_000, true)]);
    change(&mut avif);
    Header::read(&avif.file())
}

#[test]
fn films_and_what_cannot_be_measured_are_no_avif_that_is_read() {
    assert!(odd(|_| ()).is_some());
    let film = |avif: &mut Avif| {
        avif.brand = *b"avis";
        avif.more = part(b"moov", &[]);
    };
    assert_eq!(odd(film), None);
    assert_eq!(odd(|avif| avif.extents = 2), None);
    assert_eq!(odd(|avif| avif.items = vec![vec![0]; 1025]), None);
    assert_eq!(odd(|avif| avif.brand = *b"heic"), None);
    assert_eq!(odd(|avif| avif.kind = *b"hvc1"), None);
}

#[test]
fn no_box_of_an_avif_hides_what_stands_behind_it() {
    let hidden = || large_part(b"free");
    let film = |avif: &mut Avif| avif.more = [hidden(), part(b"moov", &[])].concat();
    assert_eq!(odd(film), None);
    assert_eq!(odd(|avif| avif.before_kinds = hidden()), None);
    assert_eq!(odd(|avif| avif.before_kind = hidden()), None);
    assert_eq!(
        odd(|avif| avif.before_kinds = b"\0\0\0\0free".to_vec()),
        None
    );
    // The last one may reach to the end.
    let avif = Avif::of(vec![sequence(16_000, 16_000, true)]);
    let mut open = avif.file();
    let size = open.len() - avif.items.concat().len() - 8;
    open[size..size + 4].fill(0);
    let header = read(&open);
    assert!(header.complete && header.pixels == 256_000_000);
}

#[test]
fn an_avif_of_nothing_but_boxes_or_that_says_more_of_itself_than_any_does_is_refused() {
    let boxes = |count| part(b"free", &[]).repeat(count);
    let many = |avif: &mut Avif| {
        avif.more = boxes(4_000);
        avif.before_kinds = boxes(4_000);
    };
    assert!(odd(many).is_some());
    assert_eq!(odd(|avif| avif.more = boxes(5_000)), None);
    assert_eq!(odd(|avif| avif.before_kinds = boxes(5_000)), None);
    assert_eq!(
        odd(|avif| avif.before_kinds = part(b"free", &[0; 1 << 20])),
        None
    );
}

#[test]
fn what_is_no_picture_has_no_header() {
    let svg = &b"<svg xmlns=\"http://www.w3.org/2000/svg\"/>"[..];
    for file in [
        &b""[..],
        b"hello, this is no picture",
        svg,
        b"%PDF-1.7",
        b"\x89PNG\r\n\x1a\n",
    ] {
        assert_eq!(Header::read(file), None, "{file:?}");
    }
}

const STARTS: [&[u8]; 6] = [
    b"\xff\xd8",
    b"\x89PNG\r\n\x1a\n",
    b"GIF89a",
    b"RIFF\0\0\0\0WEBPVP8X",
    b"\0\0\0\x14ftypavif",
    STILL,
];

fn counts_all_its_pixels(file: &[u8]) -> bool {
    Header::read(file).is_none_or(|header| header.pixels >= header.width * header.height)
}

proptest! {
    #[test]
    fn no_bytes_make_it_fail(start in 0..STARTS.len(), rest in prop::collection::vec(any::<u8>(), 0..200)) {
        prop_assert!(counts_all_its_pixels(&[STARTS[start], &rest].concat()));
    }

    #[test]
    fn no_changed_byte_of_an_avif_makes_it_fail(at in 0..STILL.len(), value: u8) {
        let mut file = STILL.to_vec();
        file[at] = value;
        prop_assert!(counts_all_its_pixels(&file));
    }
}
