//! A drawn figure as a PDF, for a paper: lines stay lines and words stay words.
//!
//! The page draws the figure as SVG; only the owner's screens do, and nothing imported is drawn but
//! names, as text. No address and no file that an SVG could name is followed.

use std::sync::Arc;

use svg2pdf::usvg::{ImageHrefResolver, Options, Tree};
use svg2pdf::{ConversionOptions, PageOptions, to_pdf};
use tiebreak_commands::{CommandError, Result};

/// A figure of ours is some kilobytes.
const LARGEST: usize = 8 << 20;

/// Turns a drawing into a PDF of one page.
///
/// # Errors
/// The drawing is none, or too large; the system has no fonts.
pub fn pdf(svg: &str) -> Result<Vec<u8>> {
    let wrong = |what: &str| CommandError::new("bad_figure", format!("the figure {what}"));
    if svg.len() > LARGEST {
        return Err(wrong("is too large to be saved"));
    }
    let mut options = Options {
        image_href_resolver: ImageHrefResolver {
            resolve_data: Box::new(|_, _, _| None),
            resolve_string: Box::new(|_, _| None),
        },
        ..Options::default()
    };
    let fonts = Arc::make_mut(&mut options.fontdb);
    fonts.load_system_fonts();
    let Some(first) = fonts.faces().next() else {
        return Err(CommandError::new(
            "no_fonts",
            "there are no fonts on this system to write the figure's words with: install one, or \
             save the figure as SVG",
        ));
    };
    let mut plain = first.families[0].0.clone();
    for family in ["Inter", "Noto Sans", "DejaVu Sans", "Liberation Sans"] {
        let known = |face: &svg2pdf::usvg::fontdb::FaceInfo| {
            face.families.iter().any(|(name, _)| name == family)
        };
        if fonts.faces().any(known) {
            family.clone_into(&mut plain);
            break;
        }
    }
    fonts.set_sans_serif_family(plain);
    let tree =
        Tree::from_str(svg, &options).map_err(|why| wrong(&format!("has a fault: {why}")))?;
    to_pdf(&tree, ConversionOptions::default(), PageOptions::default())
        .map_err(|why| wrong(&format!("cannot be written as PDF: {why}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_drawing_becomes_a_page_and_anything_else_a_sentence() {
        let svg = r##"<svg xmlns="http://www.w3.org/2000/svg" width="200" height="80" viewBox="0 0 200 80">
            <text x="10" y="20" font-family="sans-serif" font-size="12">α 0.71 模型 نموذج</text>
            <path d="M0 0L9 9" stroke="#000"/><image href="/etc/hostname" width="9" height="9"/></svg>"##;
        let page = pdf(svg).unwrap();
        assert!(page.starts_with(b"%PDF-"));
        let has = |what: &[u8]| page.windows(what.len()).any(|window| window == what);
        assert!(has(b"/FontFile"), "letters are fonts, not pictures");
        assert!(!has(b"/Subtype /Image") && !has(b"/Subtype/Image"));
        assert_eq!(pdf("no drawing").unwrap_err().code, "bad_figure");
    }
}
