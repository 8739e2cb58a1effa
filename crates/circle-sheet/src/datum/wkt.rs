//! Parses well-known text of coordinate reference systems into a tree, in all editions.

/// A node: `KEYWORD["title", number, CHILD[…], …]`.
#[derive(Debug, Default)]
pub(super) struct WktNode<'a> {
    pub(super) keyword: &'a str,
    strings: Vec<&'a str>,
    numbers: Vec<f64>,
    pub(super) children: Vec<Self>,
}

impl<'a> WktNode<'a> {
    /// Limit of nested levels; real files have six.
    const MAX_DEPTH: usize = 32;

    /// The root of a text; `None` if it is not WKT.
    pub(super) fn parse(text: &'a str) -> Option<Self> {
        Self::parse_node(text.trim_start_matches('\u{feff}').trim_start(), 0).map(|(node, _)| node)
    }

    /// A node, and the text after it.
    fn parse_node(text: &'a str, depth: usize) -> Option<(Self, &'a str)> {
        let end = text.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').filter(|end| *end > 0)?;
        let mut node = Self { keyword: &text[..end], ..Self::default() };
        let mut rest = text[end..].trim_start();
        // A keyword alone, such as the direction of an axis.
        let Some(inside) = rest.strip_prefix(['[', '(']).filter(|_| depth < Self::MAX_DEPTH) else {
            return Some((node, rest));
        };
        rest = inside.trim_start();
        loop {
            if let Some(quoted) = rest.strip_prefix('"') {
                let (string, after) = quoted.split_once('"')?;
                node.strings.push(string);
                rest = after;
            } else if rest.starts_with(|c: char| c.is_ascii_digit() || matches!(c, '-' | '+' | '.')) {
                let end = rest.find([',', ']', ')', ' ', '\r', '\n'])?;
                node.numbers.push(rest[..end].parse().ok()?);
                rest = &rest[end..];
            } else {
                let (child, after) = Self::parse_node(rest, depth + 1)?;
                node.children.push(child);
                rest = after;
            }
            rest = rest.trim_start();
            match rest.chars().next()? {
                ',' => rest = rest[1..].trim_start(),
                ']' | ')' => return Some((node, &rest[1..])),
                _ => return None,
            }
        }
    }

    pub(super) fn is(&self, keywords: &[&str]) -> bool {
        keywords.iter().any(|keyword| self.keyword.eq_ignore_ascii_case(keyword))
    }

    /// The first string; empty without one.
    pub(super) fn title(&self) -> &'a str {
        self.strings.first().copied().unwrap_or_default()
    }

    /// Visits the node and all its descendants.
    pub(super) fn each(&self, visit: &mut impl FnMut(&Self)) {
        visit(self);
        self.children.iter().for_each(|child| child.each(visit));
    }

    /// The first child with one of the keywords; children of a `CONVERSION` count as children.
    pub(super) fn find(&self, keywords: &[&str]) -> Option<&Self> {
        self.children_and_conversions().find(|child| child.is(keywords))
    }

    /// The number of the parameter with one of the [`normalize_name`] names.
    pub(super) fn parameter(&self, names: &[&str]) -> Option<f64> {
        let is_named = |child: &&Self| {
            child.is(&["PARAMETER"]) && names.contains(&normalize_name(child.title()).as_str())
        };
        self.children_and_conversions().find(is_named).and_then(|child| child.numbers.first().copied())
    }

    /// Its unit, in metres or radians.
    pub(super) fn unit(&self) -> Option<f64> {
        let unit = self.children.iter().rev().find(|child| child.is(&["UNIT", "LENGTHUNIT", "ANGLEUNIT"]))?;
        unit.numbers.first().copied()
    }

    fn children_and_conversions(&self) -> impl Iterator<Item = &Self> {
        let conversions = self.children.iter().filter(|child| child.is(&["CONVERSION"]));
        self.children.iter().chain(conversions.flat_map(|conversion| &conversion.children))
    }
}

/// Letters and digits of a name in lower case: editions of WKT differ in everything else.
pub(super) fn normalize_name(name: &str) -> String {
    name.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_ascii_lowercase()
}
