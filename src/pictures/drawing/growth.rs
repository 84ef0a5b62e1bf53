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
/// What a rule of style takes at each element that it is tried on.
const RULE: usize = 16;
/// Longest attribute: where an outline is stroked, it takes some hundred times its text.
const MOST_TEXT: usize = 512 << 10;

const DEEP: DecodeError = DecodeError::Drawing("has parts that lie too deep in one another");
const GROWN: DecodeError = DecodeError::Drawing("repeats its parts too often");

/// Says no where reading the drawing would take too much.
pub(super) fn check(document: &Document<'_>) -> Result<(), DecodeError> {
    let rules = rules(document);
    let elements = outline(document, &rules)?;
    let mut walk = Walk {
        rules: rules.len() * RULE,
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

/// A rule of a style sheet: its selectors, and what it declares.
type Rule<'a> = (&'a str, &'a str);

fn rules<'a>(document: &'a Document<'_>) -> Vec<Rule<'a>> {
    let sheets = document
        .descendants()
        .filter(|node| node.tag_name().name() == "style");
    let texts = sheets
        .flat_map(|sheet| sheet.children())
        .filter_map(|node| node.text());
    texts
        .flat_map(|text| text.split('}'))
        .filter_map(|rule| rule.split_once('{'))
        .collect()
}

/// The drawing as elements that refer to each other; the first is its root.
fn outline(document: &Document<'_>, rules: &[Rule<'_>]) -> Result<Vec<Element>, DecodeError> {
    let nodes: Vec<_> = document.descendants().filter(Node::is_element).collect();
    if nodes.len().saturating_mul(rules.len() * RULE) > MOST_GROWN {
        return Err(GROWN);
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
        Element::of(*node, parent, children, rules, &ids)
    };
    nodes.iter().map(element).collect()
}

impl Element {
    fn of(
        node: Node<'_, '_>,
        parent: Option<usize>,
        children: Vec<usize>,
        rules: &[Rule<'_>],
        ids: &HashMap<&str, usize>,
    ) -> Result<Self, DecodeError> {
        let mut found = Self {
            parent,
            children,
            text: 0,
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
        for (selectors, declared) in rules {
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
        for number in named.filter_map(|rest| ids.get(rest.split(ends).next()?)) {
            match name {
                "href" => self.links.push(*number),
                "fill" | "stroke" => self.inherited.push(Inherited::Paint(*number)),
                _ if name.starts_with("marker") => self.inherited.push(Inherited::Marker(*number)),
                _ => self.once.push(*number),
            }
        }
    }
}

/// Whether a rule could be about an element: a selector ends in its tag, a class or its id, or in what is none of these.
fn may_select(selectors: &str, node: Node<'_, '_>) -> bool {
    let classes = node.attribute("class").unwrap_or_default();
    let id = node.attribute("id").unwrap_or_default();
    selectors.split(',').any(|selector| {
        let between = |letter: char| letter.is_whitespace() || ">+~".contains(letter);
        let mut parts = selector.split(between).filter(|part| !part.is_empty());
        let last = parts.next_back().unwrap_or_default();
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
    /// What trying the rules of style on an element takes.
    rules: usize,
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
        let elements = self.elements;
        if self.on_path[number] {
            return Ok(());
        }
        if depth > MOST_DEPTH {
            return Err(DEEP);
        }
        let element = &elements[number];
        let inherited = [around, &element.inherited].concat();
        let takes = ELEMENT + self.rules + element.text + size_of_val(&*inherited);
        self.left = self.left.checked_sub(takes).ok_or(GROWN)?;
        self.on_path[number] = true;
        for linked in &element.links {
            self.visit(*linked, &inherited, depth + 1)?;
        }
        for other in &element.once {
            self.visit(*other, &self.around(*other), depth + 1)?;
        }
        for one in &inherited {
            let (other, times) = match *one {
                Inherited::Paint(other) => (other, 1),
                Inherited::Marker(other) => (other, element.corners),
            };
            for _ in 0..times {
                self.visit(other, &self.around(other), depth + 1)?;
            }
        }
        for child in &element.children {
            self.visit(*child, &inherited, depth + 1)?;
        }
        self.on_path[number] = false;
        Ok(())
    }

    /// What an element inherits where it stands.
    fn around(&self, number: usize) -> Vec<Inherited> {
        let parent = |number: &usize| self.elements[*number].parent;
        let above = std::iter::successors(parent(&number), parent);
        above
            .flat_map(|number| self.elements[number].inherited.iter().copied())
            .collect()
    }
}
