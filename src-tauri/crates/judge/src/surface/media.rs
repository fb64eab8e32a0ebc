//! What is known of a response's media without looking at them: how many, how large, how long. Read
//! off headers; nothing is decoded.

use crate::judge::JudgedMedium;

/// The names of what [`of`] gives, in its order, and what more of it means, in words.
pub(super) const FEATURES: [(&str, &str); 7] = [
    ("media", "more media"),
    ("bytes", "larger files"),
    ("pixels", "more pixels"),
    ("aspect", "a wider picture"),
    ("bytes_a_pixel", "more bytes a pixel"),
    ("seconds", "a longer sound or film"),
    ("faces", "more faces of the model"),
];

/// The figures of [`FEATURES`]: sums over the media, as logarithms; 0 where a header says nothing.
pub(super) fn of(media: &[JudgedMedium]) -> [f64; 7] {
    let bytes: u64 = media.iter().map(|one| one.bytes).sum();
    let sizes = || media.iter().filter_map(|one| one.pixels);
    let pixels: u64 = sizes().map(|(w, h)| u64::from(w) * u64::from(h)).sum();
    let sized = media.iter().filter(|one| one.pixels.is_some());
    let bytes_of_sized: u64 = sized.map(|one| one.bytes).sum();
    let aspect: f64 = sizes()
        .map(|(w, h)| (f64::from(w) / f64::from(h)).ln())
        .sum();
    let a_pixel = if pixels == 0 {
        0.0
    } else {
        (bytes_of_sized as f64 / pixels as f64).ln_1p()
    };
    let seconds: f64 = media.iter().filter_map(|one| one.seconds).sum();
    let faces: u64 = media.iter().filter_map(|one| one.faces).sum();
    [
        (media.len() as f64).ln_1p(),
        (bytes as f64).ln_1p(),
        (pixels as f64).ln_1p(),
        aspect,
        a_pixel,
        seconds.max(0.0).ln_1p(),
        (faces as f64).ln_1p(),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use tiebreak_domain::Modality;

    #[test]
    fn what_headers_say_is_summed() {
        let medium = |pixels, seconds, faces| JudgedMedium {
            kind: Modality::Image,
            mime: String::new(),
            bytes: 100,
            path: "a".into(),
            pixels,
            seconds,
            faces,
        };
        let all = of(&[
            medium(Some((20, 10)), None, None),
            medium(None, Some(2.0), Some(7)),
        ]);
        let wanted = [
            2_f64.ln_1p(),
            200_f64.ln_1p(),
            200_f64.ln_1p(),
            2_f64.ln(),
            0.5_f64.ln_1p(),
            2_f64.ln_1p(),
            7_f64.ln_1p(),
        ];
        for ((found, wanted), (name, _)) in all.iter().zip(wanted).zip(FEATURES) {
            assert!((found - wanted).abs() < 1e-12, "{name}: {found}");
        }
        assert_eq!(of(&[]), [0.0; 7]);
    }
}
