//! Rust source as tokens, without comments.

/// A token. A literal is `"` (text) or `0` (everything else), without its contents.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Token {
    pub(super) text: String,
    /// Line of the file, from 1.
    pub(super) line: usize,
}

impl Token {
    pub(super) fn is_word(&self) -> bool {
        self.text.starts_with(is_word_start)
    }
}

/// The tokens of a file: words, literals, `::`, and single characters.
pub(super) fn tokens(source: &str) -> Vec<Token> {
    let (mut tokens, mut rest, mut line) = (Vec::new(), source, 1);
    while let Some(first) = rest.chars().next() {
        let (text, length) = if first.is_whitespace() {
            (None, first.len_utf8())
        } else if rest.starts_with("//") {
            (None, rest.find('\n').unwrap_or(rest.len()))
        } else if rest.starts_with("/*") {
            (None, block_comment(rest))
        } else if let Some(length) = text_literal(rest) {
            (Some("\""), length)
        } else if let Some(length) = character_literal(rest) {
            (Some("0"), length)
        } else if first == '\'' {
            // A lifetime.
            (Some("0"), 1 + word(&rest[1..]))
        } else if let Some(raw) = rest.strip_prefix("r#").filter(|raw| raw.starts_with(is_word_start)) {
            (Some(&raw[..word(raw)]), 2 + word(raw))
        } else if is_word_start(first) {
            (Some(&rest[..word(rest)]), word(rest))
        } else if first.is_ascii_digit() {
            (Some("0"), word(rest))
        } else if rest.starts_with("::") {
            (Some("::"), 2)
        } else {
            (Some(&rest[..first.len_utf8()]), first.len_utf8())
        };
        tokens.extend(text.map(|text| Token { text: text.to_owned(), line }));
        line += rest[..length].matches('\n').count();
        rest = &rest[length..];
    }
    tokens
}

fn is_word_start(first: char) -> bool {
    first.is_alphabetic() || first == '_'
}

/// Bytes of the word at the start.
fn word(rest: &str) -> usize {
    rest.find(|other: char| !other.is_alphanumeric() && other != '_').unwrap_or(rest.len())
}

/// Bytes of the comment at the start; block comments nest.
fn block_comment(rest: &str) -> usize {
    let (mut depth, mut at) = (0, 0);
    loop {
        let next = &rest[at..];
        if next.starts_with("/*") {
            depth += 1;
            at += 2;
        } else if next.starts_with("*/") {
            depth -= 1;
            at += 2;
            if depth == 0 {
                return at;
            }
        } else {
            let Some(other) = next.chars().next() else { return at };
            at += other.len_utf8();
        }
    }
}

/// Bytes of the text literal at the start: `"…"`, `r#"…"#`, and both with the prefix `b` or `c`.
fn text_literal(rest: &str) -> Option<usize> {
    let after = rest.strip_prefix(['b', 'c']).unwrap_or(rest);
    let prefix = rest.len() - after.len();
    if after.starts_with('"') {
        return Some(prefix + quoted(after, '"'));
    }
    let raw = after.strip_prefix('r')?;
    let hashes = raw.bytes().take_while(|byte| *byte == b'#').count();
    let body = raw[hashes..].strip_prefix('"')?;
    let end = format!("\"{}", "#".repeat(hashes));
    Some(prefix + 1 + hashes + 1 + body.find(&end)? + end.len())
}

/// Bytes of the character literal at the start; `None` for a lifetime.
fn character_literal(rest: &str) -> Option<usize> {
    let after = rest.strip_prefix('b').unwrap_or(rest);
    let mut inner = after.strip_prefix('\'')?.chars();
    let is_escaped = inner.next()? == '\\';
    let is_literal = is_escaped || inner.next()? == '\'';
    is_literal.then(|| rest.len() - after.len() + quoted(after, '\''))
}

/// Bytes up to the closing quote.
fn quoted(rest: &str, quote: char) -> usize {
    let mut is_escaped = false;
    for (at, other) in rest.char_indices().skip(1) {
        match other {
            _ if is_escaped => is_escaped = false,
            '\\' => is_escaped = true,
            _ if other == quote => return at + other.len_utf8(),
            _ => {}
        }
    }
    rest.len()
}

#[test]
fn comments_and_contents_of_literals_are_no_tokens() {
    let source = r##"
        // use crate::a;
        /* use /* crate::b */ crate::c */ fn f<'a>(x: &'a str) -> char {
            let text = "crate::d \" crate::e" ;
            let raw = r#"crate::f " crate::g"#; let bytes = b"\\"; let letter = b'"'; let quote = '\'';
            r#type::x(1_000u32, 'é')
        }
    "##;
    let found: Vec<String> = tokens(source).into_iter().map(|token| token.text).collect();
    let expected = "fn f < 0 > ( x : & 0 str ) - > char { let text = \" ; let raw = \" ; let bytes = \" ; \
                    let letter = 0 ; let quote = 0 ; type :: x ( 0 , 0 ) }";
    assert_eq!(found.join(" "), expected);
    assert_eq!(tokens(source)[0].line, 3);
}
