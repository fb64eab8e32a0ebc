//! A drawn figure as a PDF, for a paper: lines stay lines and words stay words.
//!
//! The page draws the figure as SVG; only the owner's screens do, and nothing imported is drawn but
//! names, as text. No address and no file that an SVG could name is followed.

use std::collections::HashMap;
use std::sync::Arc;

use pdf_writer::{Content, Finish as _, Name, Pdf, Rect, Ref, TextStr};
use svg2pdf::usvg::fontdb::FaceInfo;
use svg2pdf::usvg::roxmltree::Document;
use svg2pdf::usvg::{ImageHrefResolver, Options, Tree};
use svg2pdf::{ConversionOptions, to_chunk};
use tiebreak_commands::{CommandError, Result};

/// A figure of ours is some kilobytes.
const LARGEST: usize = 8 << 20;
const SVG: &str = "http://www.w3.org/2000/svg";

/// Turns a drawing into a PDF of one page as large as the drawing. Its title, and its description,
/// which says how to make it again, stay with it.
///
/// # Errors
/// The drawing is none, or too large; the system has no fonts.
pub fn pdf(svg: &str) -> Result<Vec<u8>> {
    let wrong = |what: &str| CommandError::new("bad_figure", format!("the figure {what}"));
    if svg.len() > LARGEST {
        return Err(wrong("is too large to be saved"));
    }
    let fault = |why: &dyn std::fmt::Display| wrong(&format!("has a fault: {why}"));
    let drawing = Document::parse(svg).map_err(|why| fault(&why))?;
    let tree = Tree::from_xmltree(&drawing, &options()?).map_err(|why| fault(&why))?;
    let (chunk, picture) = to_chunk(&tree, ConversionOptions::default())
        .map_err(|why| wrong(&format!("cannot be written as PDF: {why}")))?;

    let mut next = Ref::new(1);
    let [catalog, pages, page, content, info] = std::array::from_fn(|_| next.bump());
    let mut renamed = HashMap::new();
    let chunk = chunk.renumber(|old| *renamed.entry(old).or_insert_with(|| next.bump()));
    let picture = renamed.get(&picture).copied().unwrap_or(picture);
    let (width, height) = (tree.size().width(), tree.size().height());
    let name = Name(b"figure");

    let mut file = Pdf::new();
    file.catalog(catalog).pages(pages);
    file.pages(pages).kids([page]).count(1);
    let mut sheet = file.page(page);
    sheet.media_box(Rect::new(0.0, 0.0, width, height));
    sheet.parent(pages).contents(content);
    sheet.resources().x_objects().pair(name, picture);
    sheet.finish();
    let mut drawn = Content::new();
    drawn.transform([width, 0.0, 0.0, height, 0.0, 0.0]);
    drawn.x_object(name);
    file.stream(content, &drawn.finish());
    file.extend(&chunk);
    let said = |tag: &str| {
        let mut elements = drawing.root_element().children();
        let found = elements.find(|node| node.has_tag_name((SVG, tag)));
        found.and_then(|node| node.text()).unwrap_or_default()
    };
    file.document_info(info)
        .title(TextStr(said("title")))
        .subject(TextStr(said("desc")))
        .creator(TextStr("Tiebreak"));
    Ok(file.finish())
}

/// The system's fonts, and no file or address that a drawing names.
fn options() -> Result<Options<'static>> {
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
    let any = first.families.first().map(|(name, _)| name.clone());
    let preferred = ["Inter", "Noto Sans", "DejaVu Sans", "Liberation Sans"];
    let is = |face: &FaceInfo, family: &str| face.families.iter().any(|(name, _)| name == family);
    let found = preferred
        .into_iter()
        .find(|family| fonts.faces().any(|face| is(face, family)));
    fonts.set_sans_serif_family(found.map(str::to_owned).or(any).unwrap_or_default());
    Ok(options)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_drawing_becomes_a_page_and_anything_else_a_sentence() {
        let svg = r##"<svg xmlns="http://www.w3.org/2000/svg" width="200" height="80" viewBox="0 0 200 80">
            <title>Plot</title><desc>tiebreak agreement p</desc>
            <text x="10" y="20" font-family="sans-serif" font-size="12">α 0.71 模型 نموذج</text>
            <path d="M0 0L9 9" stroke="#000"/><image href="/etc/hostname" width="9" height="9"/></svg>"##;
        let page = pdf(svg).unwrap();
        assert!(page.starts_with(b"%PDF-"));
        let has = |what: &[u8]| page.windows(what.len()).any(|window| window == what);
        assert!(has(b"/FontFile"), "letters are fonts, not pictures");
        assert!(has(b"(Plot)") && has(b"(tiebreak agreement p)"));
        assert!(!has(b"/Subtype /Image") && !has(b"/Subtype/Image"));
        assert_eq!(pdf("no drawing").unwrap_err().code, "bad_figure");
    }
}
