//! Scales images down, by the mean of the pixels that a new one covers. Whole numbers only.

/// Rows of four bytes a pixel scaled down, each new pixel the mean of those it covers, weighted by how much of each it covers, and
/// by alpha.
pub(super) fn shrink<'a>(
    rows: impl Iterator<Item = &'a [u8]>,
    (from_width, from_height): (u32, u32),
    (width, height): (u32, u32),
) -> Vec<Vec<u8>> {
    let (from_height, to_height) = (u64::from(from_height), u64::from(height));
    let columns = spans(from_width, width);
    let whole = u64::from(from_width) * from_height;
    let mut out = Vec::new();
    let mut sums = vec![[0_u64; 4]; width as usize];
    for (y, row) in (0_u64..).zip(rows) {
        let across: Vec<[u64; 4]> = columns.iter().map(|span| average(row, span)).collect();
        // In units of which a new row has `from_height`, and an old one `to_height`.
        let end = (y + 1) * to_height;
        let fills = end / from_height > (y * to_height) / from_height;
        let rest = if fills { end % from_height } else { 0 };
        add(&mut sums, &across, to_height - rest);
        if fills {
            out.push(sums.iter().flat_map(|sum| resolve(sum, whole)).collect());
            sums.fill([0; 4]);
            add(&mut sums, &across, rest);
        }
    }
    out
}

/// For each of `to` new pixels in a line of `from`: the old ones it covers, and how much of each.
fn spans(from: u32, to: u32) -> Vec<Vec<(usize, u64)>> {
    let (from, to) = (u64::from(from), u64::from(to));
    let cover = |new: u64| {
        let (start, end) = (new * from, (new + 1) * from);
        let old = start / to..end.div_ceil(to);
        old.filter_map(|x| Some((usize::try_from(x).ok()?, end.min((x + 1) * to) - start.max(x * to)))).collect()
    };
    (0..to).map(cover).collect()
}

/// Colors weighted by alpha, and alpha.
fn average(row: &[u8], span: &[(usize, u64)]) -> [u64; 4] {
    let mut sum = [0; 4];
    for (x, weight) in span {
        if let Some(&[red, green, blue, alpha]) = row.get(x * 4..x * 4 + 4) {
            let alpha = u64::from(alpha) * weight;
            sum[0] += u64::from(red) * alpha;
            sum[1] += u64::from(green) * alpha;
            sum[2] += u64::from(blue) * alpha;
            sum[3] += alpha;
        }
    }
    sum
}

fn add(sums: &mut [[u64; 4]], row: &[[u64; 4]], weight: u64) {
    for (sum, pixel) in sums.iter_mut().zip(row) {
        for (sum, value) in sum.iter_mut().zip(pixel) {
            *sum += value * weight;
        }
    }
}

/// The pixel that sums over `whole` mean.
fn resolve(sum: &[u64; 4], whole: u64) -> [u8; 4] {
    let rounded = |value: u64, by: u64| u8::try_from((value + by / 2) / by).unwrap_or(u8::MAX);
    let alpha = sum[3];
    match rounded(alpha, whole) {
        0 => [0; 4],
        shown => [rounded(sum[0], alpha), rounded(sum[1], alpha), rounded(sum[2], alpha), shown],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shrunk(pixels: &[[u8; 4]], from: (u32, u32), to: (u32, u32)) -> Vec<[u8; 4]> {
        let bytes: Vec<u8> = pixels.concat();
        let rows = shrink(bytes.chunks_exact(from.0 as usize * 4), from, to);
        assert!(rows.len() == to.1 as usize && rows.iter().all(|row| row.len() == to.0 as usize * 4));
        rows.concat().as_chunks().0.to_vec()
    }

    #[test]
    fn pixels_count_by_how_much_of_them_is_covered() {
        let gray = |level: u8| [level, level, level, 255];
        assert_eq!(shrunk(&[gray(0), gray(90), gray(240)], (3, 1), (2, 1)), [gray(30), gray(190)]);
        assert_eq!(shrunk(&[gray(0), gray(90), gray(240)], (1, 3), (1, 2)), [gray(30), gray(190)]);
        assert_eq!(shrunk(&[gray(1), gray(2), gray(3), gray(6)], (2, 2), (1, 1)), [gray(3)]);
    }

    #[test]
    fn what_is_transparent_gives_no_color() {
        let red = [255, 0, 0, 255];
        assert_eq!(shrunk(&[red, [0, 255, 0, 0]], (2, 1), (1, 1)), [[255, 0, 0, 128]]);
        assert_eq!(shrunk(&[[9, 9, 9, 0]; 4], (2, 2), (1, 1)), [[0; 4]]);
    }

    #[test]
    fn one_color_stays_at_any_size() {
        for (from, to) in [((7, 5), (7, 4)), ((7, 5), (6, 5)), ((50, 31), (30, 19)), ((9, 9), (1, 1)), ((8, 6), (8, 6))]
        {
            let pixel = [200, 100, 3, 77];
            let count = |(width, height): (u32, u32)| width as usize * height as usize;
            assert_eq!(shrunk(&vec![pixel; count(from)], from, to), vec![pixel; count(to)]);
        }
    }
}
