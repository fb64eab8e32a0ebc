//! Nasty strings of our own: each would run a script, load something, or break the page, if it were
//! taken for more than a text. They stand beside the public list, and stand in for it where it is
//! not at hand.

/// What a script of ours would do, so that the test sees that it ran.
const SCRIPT: &str = "window.tiebreakRan=1;document.title='owned';alert(1)";

/// The strings; those that load something load it from `addresses`.
pub fn strings(addresses: &[String]) -> Vec<String> {
    let mut all = scripts();
    for address in addresses {
        all.extend(loads(address));
    }
    all.extend(shapes());
    all
}

fn scripts() -> Vec<String> {
    let script = SCRIPT;
    vec![
        format!("<script>{script}</script>"),
        format!("<SCRIPT SRC=data:text/javascript,{script}></SCRIPT>"),
        format!("<img src=x onerror=\"{script}\">"),
        format!("<svg onload=\"{script}\"><animate onbegin=\"{script}\" attributeName=x dur=1s>"),
        format!("<svg><script>{script}</script></svg>"),
        format!(
            "<math><mtext><table><mglyph><style><!--</style><img title=\"--&gt;&lt;img src=1 onerror={script}&gt;\">"
        ),
        format!("<iframe srcdoc=\"<script>parent.{script}</script>\"></iframe>"),
        format!("<details open ontoggle=\"{script}\"><summary>x</summary></details>"),
        format!(
            "<input autofocus onfocus=\"{script}\"><video><source onerror=\"{script}\"></video>"
        ),
        format!("[a link](javascript:{script})"),
        format!("<javascript:{script}>"),
        format!("[a](data:text/html,<script>{script}</script>)"),
        format!("![x](x\"onerror=\"{script})"),
        format!("`</code><script>{script}</script>`"),
        format!("```html\n</pre></code><script>{script}</script>\n```"),
        format!("```<img/src=x onerror={script}>\nx\n```"),
        format!("$$\\href{{javascript:{script}}}{{x}} \\htmlData{{onclick={script}}}{{y}}$$"),
        format!("${{{{constructor.constructor(\"{script}\")()}}}}$"),
        format!("{{{{ {script} }}}} {{@html '<img src=x onerror={script}>'}} ${{{script}}}"),
        format!("|<img src=x onerror={script}>|b|\n|-|-|\n|<script>{script}</script>|c|"),
        format!("[^1]\n\n[^1]: <img src=x onerror={script}>"),
        format!("\"autofocus onfocus=\"{script}\" x=\"'/*`*/-->"),
        "__proto__".to_owned(),
        "constructor".to_owned(),
    ]
}

fn loads(address: &str) -> Vec<String> {
    let a = address;
    vec![
        format!("![a picture]({a}/markdown.png) and [a link]({a}/link)"),
        format!("![ref][r] <{a}/auto> {a}/bare\n\n[r]: {a}/reference.png \"title\""),
        format!(
            "<img src=\"{a}/img\" srcset=\"{a}/srcset 2x\"><picture><source srcset={a}/source></picture>"
        ),
        format!("<script src=\"{a}/script.js\"></script><link rel=stylesheet href={a}/style.css>"),
        format!(
            "<link rel=prefetch href={a}/prefetch><link rel=preconnect href={a}><link rel=dns-prefetch href={a}><link rel=icon href={a}/icon>"
        ),
        format!("<meta http-equiv=refresh content=\"0;url={a}/refresh\"><base href={a}/base>"),
        format!(
            "<iframe src={a}/frame></iframe><object data={a}/object></object><embed src={a}/embed>"
        ),
        format!(
            "<video src={a}/video autoplay poster={a}/poster></video><audio src={a}/audio autoplay></audio>"
        ),
        format!("<style>@import '{a}/import.css'; * {{ background: url({a}/background) }}</style>"),
        format!("<div style=\"background:url('{a}/inline')\">x</div><body background={a}/body>"),
        format!(
            "<svg><image href={a}/svg/><use xlink:href=\"{a}/use#x\"/><feImage href={a}/fe/></svg>"
        ),
        format!(
            "<form action={a}/form><input type=image src={a}/input></form><a href={a} ping={a}/ping>x</a>"
        ),
        format!("$$\\includegraphics{{{a}/tex.png}} \\url{{{a}/tex}}$$"),
        format!(
            "<?xml-stylesheet href=\"{a}/xsl\"?><!DOCTYPE x SYSTEM \"{a}/dtd\"><x xmlns:xi=\"x\"><xi:include href=\"{a}/xi\"/></x>"
        ),
    ]
}

/// Texts that are long, deep or misleading.
fn shapes() -> Vec<String> {
    let zalgo: String = "zalgo"
        .chars()
        .flat_map(|c| std::iter::once(c).chain(('\u{300}'..='\u{36f}').take(90)))
        .collect();
    vec![
        zalgo,
        "\u{202e}\u{202e}gnp.txet siht si sdrawkcab\u{2066}\u{2067}\u{2068} never closed"
            .to_owned(),
        "\u{feff}\u{200b}\u{200d}\u{2060}\u{ad}".to_owned(),
        "a\u{0}b\u{1}c\u{7f}d\u{85}e\u{9b}31mf\u{1b}[2Jg".to_owned(),
        "line\r\nline\rline\u{2028}line\u{2029}line\u{b}line\u{c}line".to_owned(),
        "\u{fdfd}".repeat(200),
        "👩‍👩‍👧‍👦🏳️‍🌈🇺🇳".repeat(100),
        "x".repeat(20_000),
        "長".repeat(19_999),
        ">".repeat(5_000) + " deep",
        "[".repeat(10_000),
        "*_".repeat(8_000),
        "$\\frac{".repeat(2_000),
        format!("$${}x{}$$", "{".repeat(1_500), "}".repeat(1_500)),
        "- ".repeat(3_000) + "x",
        "|a".repeat(3_000) + "|\n" + &"|-".repeat(3_000) + "|\n",
        "\n".repeat(15_000) + "end",
        "`".repeat(9_999),
        "<".repeat(9_999),
        "&amp;&#x3c;script&#x3e;&NotExists;&#0;&#xD800;".to_owned(),
        "%s%n%x %00 ../ ..\\ NUL CON AUX '; DROP TABLE vote; --".to_owned(),
    ]
}
