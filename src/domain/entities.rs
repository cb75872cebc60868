//! How web pages spell characters that mean something there, or that a keyboard lacks: `&amp;`, `&#039;`, `&uuml;`.

use super::text::is_digits;

/// Those of XHTML, which JSX has, too, by ascending code point: one without a code follows the one before it.
const NAMED: &str = "22:quot 26:amp apos 3c:lt 3e:gt a0:nbsp iexcl cent pound curren yen brvbar sect uml copy ordf laquo not shy reg \
     macr deg plusmn sup2 sup3 acute micro para middot cedil sup1 ordm raquo frac14 frac12 frac34 iquest Agrave Aacute \
     Acirc Atilde Auml Aring AElig Ccedil Egrave Eacute Ecirc Euml Igrave Iacute Icirc Iuml ETH Ntilde Ograve Oacute \
     Ocirc Otilde Ouml times Oslash Ugrave Uacute Ucirc Uuml Yacute THORN szlig agrave aacute acirc atilde auml aring \
     aelig ccedil egrave eacute ecirc euml igrave iacute icirc iuml eth ntilde ograve oacute ocirc otilde ouml divide \
     oslash ugrave uacute ucirc uuml yacute thorn yuml 152:OElig oelig 160:Scaron scaron 178:Yuml 192:fnof 2c6:circ \
     2dc:tilde 391:Alpha Beta Gamma Delta Epsilon Zeta Eta Theta Iota Kappa Lambda Mu Nu Xi Omicron Pi Rho 3a3:Sigma \
     Tau Upsilon Phi Chi Psi Omega 3b1:alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi \
     omicron pi rho sigmaf sigma tau upsilon phi chi psi omega 3d1:thetasym upsih 3d6:piv 2002:ensp emsp 2009:thinsp \
     200c:zwnj zwj lrm rlm 2013:ndash mdash 2018:lsquo rsquo sbquo 201c:ldquo rdquo bdquo 2020:dagger Dagger bull \
     2026:hellip 2030:permil 2032:prime Prime 2039:lsaquo rsaquo 203e:oline 2044:frasl 20ac:euro 2111:image \
     2118:weierp 211c:real 2122:trade 2135:alefsym 2190:larr uarr rarr darr harr 21b5:crarr 21d0:lArr uArr rArr dArr \
     hArr 2200:forall 2202:part exist 2205:empty 2207:nabla isin notin 220b:ni 220f:prod 2211:sum minus 2217:lowast \
     221a:radic 221d:prop infin 2220:ang 2227:and or cap cup int 2234:there4 223c:sim 2245:cong 2248:asymp 2260:ne \
     equiv 2264:le ge 2282:sub sup nsub 2286:sube supe 2295:oplus 2297:otimes 22a5:perp 22c5:sdot 2308:lceil rceil \
     lfloor rfloor 2329:lang rang 25ca:loz 2660:spades 2663:clubs 2665:hearts diams";

/// The character that one of them stands for.
pub(crate) fn named(name: &str) -> Option<char> {
    let mut code = 0;
    for entry in NAMED.split(' ') {
        let known = match entry.split_once(':') {
            Some((hex, known)) => {
                code = u32::from_str_radix(hex, 16).ok()?;
                known
            }
            None => {
                code += 1;
                entry
            }
        };
        if known == name {
            return char::from_u32(code);
        }
    }
    None
}

/// What HTML has besides, as programs write it that leave no sign to chance.
const SIGNS: [&str; 37] = [
    "AMP", "COPY", "GT", "LT", "NewLine", "QUOT", "REG", "Tab", "ast", "bsol", "colon", "comma", "commat", "dash",
    "dollar", "equals", "excl", "grave", "hyphen", "lbrace", "lbrack", "lcub", "lowbar", "lpar", "lsqb", "num",
    "percnt", "period", "plus", "quest", "rbrace", "rbrack", "rcub", "rpar", "rsqb", "semi", "verbar",
];

/// How the names of letters end, behind a letter or two: `Lstrok`, `scedil`.
const MARKS: [&str; 14] = [
    "acute", "breve", "caron", "cedil", "circ", "dblac", "dot", "grave", "macr", "ogon", "ring", "strok", "tilde",
    "uml",
];

/// Whether that is what stands between `&` and `;`.
fn is_one(name: &str) -> bool {
    if let Some(number) = name.strip_prefix('#') {
        return match number.strip_prefix(['x', 'X']) {
            Some(hex) => !hex.is_empty() && hex.bytes().all(|b| b.is_ascii_hexdigit()),
            None => is_digits(number),
        };
    }
    let is_letter = |mark: &&str| {
        let letter = name.strip_suffix(*mark).unwrap_or_default();
        (1..=2).contains(&letter.len()) && letter.bytes().all(|b| b.is_ascii_alphabetic())
    };
    named(name).is_some() || SIGNS.contains(&name) || MARKS.iter().any(is_letter)
}

/// The first of them in a text, as it stands there.
pub(crate) fn first_in(text: &str) -> Option<&str> {
    text.match_indices('&').find_map(|(at, _)| {
        // None is longer.
        let end = text.as_bytes().iter().skip(at).take(12).position(|b| *b == b';')?;
        let spelled = text.get(at..=at + end)?;
        is_one(&spelled[1..end]).then_some(spelled)
    })
}

/// What people copy out of a page's source, as it is shown.
pub(crate) fn read(text: &str) -> String {
    let (mut out, mut rest) = (String::new(), text);
    while let Some((before, after)) = rest.split_once('&') {
        out += before;
        // Only up to the next one: to look for each through all the rest takes its square.
        let end = after.find(['&', ';']).filter(|end| after.as_bytes()[*end] == b';');
        let found = end.and_then(|end| Some((entity(&after[..end])?, &after[end + 1..])));
        let (c, behind) = found.unwrap_or(('&', after));
        out.push(c);
        rest = behind;
    }
    out + rest
}

/// The character that an entity stands for, by its name or its number.
fn entity(name: &str) -> Option<char> {
    let c = match name.strip_prefix('#').map(|number| (number, number.strip_prefix(['x', 'X']))) {
        None => named(name),
        Some((_, Some(hex))) => u32::from_str_radix(hex, 16).ok().and_then(char::from_u32),
        Some((number, None)) => number.parse().ok().and_then(char::from_u32),
    }?;
    Some(if c.is_control() || c.is_whitespace() { ' ' } else { c })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn they_are_numbered_as_in_xhtml() {
        for (name, c) in [("quot", '"'), ("apos", '\''), ("yuml", 'ÿ'), ("Omega", 'Ω'), ("rarr", '→'), ("diams", '♦')]
        {
            assert_eq!(named(name), Some(c), "{name}");
        }
        assert_eq!(named("amp "), None);
        assert_eq!(NAMED.split(' ').count(), 253);
    }

    #[test]
    fn a_spelling_is_known_from_what_stands_between_such_signs() {
        for spelled in [
            "&amp;",
            "&#39;",
            "&#039;",
            "&#0039;",
            "&#x27;",
            "&#X2019;",
            "&apos;",
            "&uuml;",
            "&eacute;",
            "&rsquo;",
            "&ndash;",
            "&Lstrok;",
            "&scedil;",
            "&ccaron;",
            "&period;",
            "&lpar;",
            "&AMP;",
            "&NewLine;",
            "&#128512;",
        ] {
            assert_eq!(first_in(&format!("R&D; 华 & A{spelled}B &c;")), Some(spelled));
        }
        for words in [
            "AT&T;",
            "R&D; Sales",
            "M&Ms; sweets",
            "Johnson&Johnson;Procter&Gamble;",
            "https://x.example/?a=1&b=2;c",
            "https://x.example/?a&lt=3",
            "A & B; C",
            "&;",
            "&#;",
            "&#x;",
            "&#a;",
            "&",
            "Q&A;",
            "&华;",
            "C&C++;",
        ] {
            assert_eq!(first_in(words), None, "{words}");
        }
    }
}
