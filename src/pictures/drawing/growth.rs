//! How much a drawing grows where its elements refer to others: each use, pattern, clip and marker is read anew for each element
//! that asks for it, so that some lines can stand for billions.
//!
//! References are followed here as the reader follows them, over an outline of the file, and no further than to the limit.

use crate::DecodeError;
use resvg::usvg::roxmltree::{Document, Node};
use std::collections::HashMap;

/// Deepest that elements and what they refer to may lie in one another.
const MOST_DEPTH: usize = 200;
/// Most bytes that a drawing grows to: all elements as often as they are read, their text and what is made of it.
const MOST_GROWN: usize = 32 << 20;
/// What an element takes besides its text.
const ELEMENT: usize = 512;
/// What a rule of style takes at each element that it is tried on, besides a quarter of its text.
const RULE: usize = 16;
/// What following a reference takes, even one that leads nowhere new.
const STEP: usize = 16;
/// Longest attribute: where an outline is stroked, it takes some hundred times its text.
const MOST_TEXT: usize = 512 << 10;

const DEEP: DecodeError = DecodeError::Drawing("has parts that lie too deep in one another");
const GROWN: DecodeError = DecodeError::Drawing("repeats its parts too often");

/// Says no where reading the drawing would take too much.
pub(super) fn check(document: &Document<'_>) -> Result<(), DecodeError> {
    let elements = outline(document, &Style::of(document))?;
    let mut walk = Walk {
        left: MOST_GROWN,
        on_path: vec![false; elements.len()],
        elements: &elements,
    };
    walk.visit(0, &[], 0)
}

/// An element as far as it counts; others are named by their places.
struct Element {
    parent: Option<usize>,
    children: Vec<usize>,
    /// Bytes of its attributes.
    text: usize,
    /// What trying the rules of style on it takes.
    styled: usize,
    /// Most corners that its outline can have.
    corners: usize,
    /// What is read in its place, and inherits from it.
    links: Vec<usize>,
    /// What it is clipped, masked or filtered by.
    once: Vec<usize>,
    /// What it and all in it are painted with, or marked with at each corner.
    inherited: Vec<Inherited>,
}

#[derive(Clone, Copy)]
enum Inherited {
    Paint(usize),
    Marker(usize),
}

/// All rules of a drawing's style sheets.
struct Style<'a> {
    /// Selectors, and what is declared for them.
    rules: Vec<(&'a str, &'a str)>,
    /// What trying all rules on an element takes that has no class and lies in none.
    takes: usize,
    /// Most parts of a selector, each of which may be about any element around.
    parts: usize,
}

impl<'a> Style<'a> {
    fn of(document: &'a Document<'_>) -> Self {
        let sheets = document
            .descendants()
            .filter(|node| node.tag_name().name() == "style");
        let texts = sheets
            .flat_map(|sheet| sheet.children())
            .filter_map(|node| node.text());
        let rules: Vec<_> = texts
            .flat_map(|text| text.split('}'))
            .filter_map(|rule| rule.split_once('{'))
            .collect();
        let takes =
            |(selectors, declared): &(&str, &str)| RULE + (selectors.len() + declared.len()) / 4;
        let selectors = rules.iter().flat_map(|(selectors, _)| selectors.split(','));
        Self {
            takes: rules.iter().map(takes).sum(),
            parts: selectors.map(|one| parts(one).count()).max().unwrap_or(0),
            rules,
        }
    }

    /// What trying all rules on an element takes: what a selector names is looked for among its classes, and around it.
    fn takes(&self, node: Node<'_, '_>) -> usize {
        let classes = node.attribute("class").unwrap_or_default();
        let around = node.ancestors().take(MOST_DEPTH).count();
        let ways = around.saturating_pow(self.parts.saturating_sub(2) as u32);
        self.takes
            .saturating_mul(1 + classes.len() / 16)
            .saturating_mul(ways)
    }
}

/// A selector's parts, outermost first.
fn parts(selector: &str) -> impl DoubleEndedIterator<Item = &str> {
    let between = |letter: char| letter.is_whitespace() || ">+~".contains(letter);
    selector.split(between).filter(|part| !part.is_empty())
}

/// The drawing as elements that refer to each other; the first is its root.
fn outline(document: &Document<'_>, style: &Style<'_>) -> Result<Vec<Element>, DecodeError> {
    let nodes: Vec<_> = document.descendants().filter(Node::is_element).collect();
    let mut left = MOST_GROWN;
    for node in &nodes {
        left = left.checked_sub(style.takes(*node)).ok_or(GROWN)?;
    }
    let places = nodes.iter().enumerate();
    let numbers: HashMap<_, _> = places.clone().map(|(at, node)| (node.id(), at)).collect();
    let ids: HashMap<_, _> = places
        .filter_map(|(at, node)| Some((node.attribute("id")?, at)))
        .collect();
    let number = |node: Node<'_, '_>| numbers.get(&node.id()).copied();
    let element = |node: &Node<'_, '_>| {
        let parent = node.parent().and_then(number);
        let children = node.children().filter_map(number).collect();
        Element::of(*node, parent, children, style, &ids)
    };
    nodes.iter().map(element).collect()
}

impl Element {
    fn of(
        node: Node<'_, '_>,
        parent: Option<usize>,
        children: Vec<usize>,
        style: &Style<'_>,
        ids: &HashMap<&str, usize>,
    ) -> Result<Self, DecodeError> {
        let mut found = Self {
            parent,
            children,
            text: 0,
            styled: style.takes(node),
            corners: 0,
            links: Vec::new(),
            once: Vec::new(),
            inherited: Vec::new(),
        };
        for attribute in node.attributes() {
            let (name, value) = (attribute.name(), attribute.value());
            if value.len() > MOST_TEXT {
                return Err(DecodeError::Drawing("has an outline of more than 512 KiB"));
            }
            found.text += value.len();
            match name {
                "d" | "points" => found.corners = value.len() / 2 + 1,
                "style" => found.declare(value, ids),
                // A link is followed by people alone.
                "href" if node.tag_name().name() == "a" => {}
                _ => found.refer(name, value, ids),
            }
        }
        for (selectors, declared) in &style.rules {
            if may_select(selectors, node) {
                found.declare(declared, ids);
            }
        }
        Ok(found)
    }

    fn declare(&mut self, declarations: &str, ids: &HashMap<&str, usize>) {
        let pairs = declarations
            .split(';')
            .filter_map(|one| one.split_once(':'));
        for (name, value) in pairs {
            self.refer(name.trim(), value, ids);
        }
    }

    /// Notes what a property refers to.
    fn refer(&mut self, name: &str, value: &str, ids: &HashMap<&str, usize>) {
        let ends = |letter: char| ")\"'".contains(letter) || letter.is_whitespace();
        let named = value.split('#').skip(1);
        let mut named = named.filter_map(|rest| ids.get(rest.split(ends).next()?).copied());
        // Of all properties filters alone name several.
        match name {
            "href" => self.links.extend(named.next()),
            "fill" | "stroke" => self.inherited.extend(named.next().map(Inherited::Paint)),
            _ if name.starts_with("marker") => {
                self.inherited.extend(named.next().map(Inherited::Marker));
            }
            _ => self.once.extend(named),
        }
    }
}

/// Whether a rule could be about an element: a selector ends in its tag, a class or its id, or in what is none of these.
fn may_select(selectors: &str, node: Node<'_, '_>) -> bool {
    let classes = node.attribute("class").unwrap_or_default();
    let id = node.attribute("id").unwrap_or_default();
    selectors.split(',').any(|selector| {
        let last = parts(selector).next_back().unwrap_or_default();
        let tag = last.split(['.', '#']).next();
        let named = |sign: char, name: &str| {
            let mut names = last.split(sign).skip(1);
            names.any(|rest| rest.split(['.', '#']).next() == Some(name))
        };
        last.contains(['[', ':', '*'])
            || tag == Some(node.tag_name().name())
            || classes.split_whitespace().any(|class| named('.', class))
            || named('#', id)
    })
}

struct Walk<'a> {
    elements: &'a [Element],
    left: usize,
    /// Whether an element is being read: the reader breaks circles, too.
    on_path: Vec<bool>,
}

impl Walk<'_> {
    /// Reads an element with all in it, and all that it refers to.
    fn visit(
        &mut self,
        number: usize,
        around: &[Inherited],
        depth: usize,
    ) -> Result<(), DecodeError> {
        if self.on_path[number] {
            return self.take(STEP);
        }
        if depth > MOST_DEPTH {
            return Err(DEEP);
        }
        let element = &self.elements[number];
        let inherited = [around, &element.inherited].concat();
        self.take(ELEMENT + element.styled + element.text + size_of_val(&*inherited))?;
        self.on_path[number] = true;
        for linked in &element.links {
            self.visit(*linked, &inherited, depth + 1)?;
        }
        for other in &element.once {
            self.visit_in_place(*other, depth + 1)?;
        }
        for one in &inherited {
            let (other, times) = match *one {
                Inherited::Paint(other) => (other, 1),
                Inherited::Marker(other) => (other, element.corners),
            };
            for _ in 0..times {
                self.visit_in_place(other, depth + 1)?;
            }
        }
        for child in &element.children {
            self.visit(*child, &inherited, depth + 1)?;
        }
        self.on_path[number] = false;
        Ok(())
    }

    /// Reads an element that inherits where it stands, not where it is asked for.
    fn visit_in_place(&mut self, number: usize, depth: usize) -> Result<(), DecodeError> {
        if self.on_path[number] {
            return self.take(STEP);
        }
        let elements = self.elements;
        let parent = |number: &usize| elements[*number].parent;
        let mut around = Vec::new();
        for above in std::iter::successors(parent(&number), parent) {
            let inherited = &*elements[above].inherited;
            self.take(STEP + size_of_val(inherited))?;
            around.extend_from_slice(inherited);
        }
        self.visit(number, &around, depth)
    }

    fn take(&mut self, bytes: usize) -> Result<(), DecodeError> {
        self.left = self.left.checked_sub(bytes).ok_or(GROWN)?;
        Ok(())
    }
}
