//! Messages that a shop's program must not answer as a request: somebody may be in danger.

use crate::normalise::{Kind, Token};

/// Words that tell it, as [`crate::normalise::tokens`] spells them. Names of things that are sold ("Suicide Squad") hold none.
const ENGLISH: &[&str] = &[
    "kill myself",
    "killing myself",
    "commit suicide",
    "suicidal",
    "end it all",
    "end my life",
    "ending my life",
    "take my own life",
    "want to die",
    "wanna die",
    "dont want to live",
    "harm myself",
    "want to hurt myself",
    "cut myself on purpose",
    "having a heart attack",
    "having a stroke",
    "chest pain",
    "chest pains",
    "chest hurts",
    "took an overdose",
];
const CHINESE: &[&str] = &[
    "不想活",
    "活不下去",
    "想自杀",
    "要自杀",
    "想自殺",
    "要自殺",
    "想轻生",
    "结束自己的生命",
    "结束我的生命",
    "了结自己",
    "想自残",
    "想伤害自己",
    "我想去死",
    "胸口疼",
    "胸口痛",
    "胸痛",
    "心脏病发作",
];

/// Whether a message tells of it.
pub(super) fn is_told(tokens: &[Token]) -> bool {
    let mut text = String::new();
    for token in tokens.iter().filter(|token| token.kind != Kind::Symbol) {
        if token.kind == Kind::Word {
            text.push(' ');
        }
        text.push_str(&token.text);
    }
    text.push(' ');
    let english = |phrase: &&str| text.contains(&format!(" {phrase} "));
    ENGLISH.iter().any(english) || CHINESE.iter().any(|phrase| text.contains(phrase))
}
