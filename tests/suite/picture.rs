//! Pictures that tests draw.

/// A PNG with a ring of ink on a transparent ground.
pub fn png(width: u32, height: u32) -> Vec<u8> {
    png_with(width, height, |_| {})
}

pub fn png_with(width: u32, height: u32, configure: impl FnOnce(&mut png::Encoder<'_, &mut Vec<u8>>)) -> Vec<u8> {
    ring(width, height, [30, 90, 200], configure)
}

/// A PNG whose ring is of this color.
pub fn inked(color: [u8; 3]) -> Vec<u8> {
    ring(300, 200, color, |_| {})
}

fn ring(
    width: u32,
    height: u32,
    [red, green, blue]: [u8; 3],
    configure: impl FnOnce(&mut png::Encoder<'_, &mut Vec<u8>>),
) -> Vec<u8> {
    let mut out = Vec::new();
    let mut encoder = png::Encoder::new(&mut out, width, height);
    encoder.set_color(png::ColorType::Rgba);
    configure(&mut encoder);
    let mut pixels = Vec::with_capacity((width * height * 4) as usize);
    for y in 0..height {
        for x in 0..width {
            let edge = x < 4 || y < 4 || x + 4 >= width || y + 4 >= height;
            pixels.extend(if edge { [red, green, blue, 255] } else { [0, 0, 0, 0] });
        }
    }
    let mut writer = encoder.write_header().unwrap();
    writer.write_image_data(&pixels).unwrap();
    drop(writer);
    out
}

/// A PNG in which nothing can be seen.
pub fn clear(width: u32, height: u32) -> Vec<u8> {
    let mut out = Vec::new();
    let mut encoder = png::Encoder::new(&mut out, width, height);
    encoder.set_color(png::ColorType::Rgba);
    encoder.write_header().unwrap().write_image_data(&vec![0; (width * height * 4) as usize]).unwrap();
    out
}

/// A PNG that looks like no other of these: a board whose fields are ink or not, by the bits of a number.
pub fn board(number: u64) -> Vec<u8> {
    let mut out = Vec::new();
    let mut encoder = png::Encoder::new(&mut out, 320, 320);
    encoder.set_color(png::ColorType::Rgba);
    let bits = number.wrapping_add(1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    let mut pixels = Vec::with_capacity(320 * 320 * 4);
    for y in 0..320_u32 {
        for x in 0..320_u32 {
            let inked = bits >> (y / 40 * 8 + x / 40) & 1 == 1;
            pixels.extend(if inked { [30, 90, 200, 255] } else { [0, 0, 0, 0] });
        }
    }
    let mut writer = encoder.write_header().unwrap();
    writer.write_image_data(&pixels).unwrap();
    drop(writer);
    out
}

pub fn animated() -> Vec<u8> {
    let mut out = Vec::new();
    let mut encoder = png::Encoder::new(&mut out, 300, 300);
    encoder.set_color(png::ColorType::Rgba);
    encoder.set_animated(2, 0).unwrap();
    let mut writer = encoder.write_header().unwrap();
    for shade in [30, 90] {
        writer.write_image_data(&vec![shade; 300 * 300 * 4]).unwrap();
    }
    drop(writer);
    out
}
