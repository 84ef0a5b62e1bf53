//! Byte ranges (RFC 9110, section 14). One range is answered; several are answered with the whole.

/// What a `Range` header asks for.
#[derive(Debug, PartialEq, Eq)]
pub enum Range {
    /// Everything: the header is not understood, which it may be.
    Whole,
    /// First and last byte, both included.
    Part(u64, u64),
    /// Nothing that is there.
    Unsatisfiable,
}

/// Reads a `Range` header for a file of `length` bytes.
pub fn parse(header: &str, length: u64) -> Range {
    let Some(spec) = header.trim().strip_prefix("bytes=") else {
        return Range::Whole;
    };
    let Some((first, last)) = spec.split_once('-').filter(|_| !spec.contains(',')) else {
        return Range::Whole;
    };
    let number = |text: &str| text.trim().parse::<u64>();
    match (number(first), number(last)) {
        (Ok(first), _) if first >= length => Range::Unsatisfiable,
        (Ok(first), Ok(last)) if last >= first => Range::Part(first, last.min(length - 1)),
        (Ok(first), Err(_)) if last.trim().is_empty() => Range::Part(first, length - 1),
        (Err(_), Ok(0)) if first.trim().is_empty() => Range::Unsatisfiable,
        (Err(_), Ok(_)) if first.trim().is_empty() && length == 0 => Range::Unsatisfiable,
        (Err(_), Ok(suffix)) if first.trim().is_empty() => {
            Range::Part(length.saturating_sub(suffix), length - 1)
        }
        _ => Range::Whole,
    }
}

#[cfg(test)]
mod tests {
    use super::{Range, parse};

    #[test]
    fn ranges_from_the_beginning_the_middle_and_the_end() {
        assert_eq!(parse("bytes=0-0", 10), Range::Part(0, 0));
        assert_eq!(parse("bytes=3-", 10), Range::Part(3, 9));
        assert_eq!(parse("bytes=-4", 10), Range::Part(6, 9));
        assert_eq!(parse("bytes=-40", 10), Range::Part(0, 9));
        assert_eq!(parse("bytes=5-99", 10), Range::Part(5, 9));
    }

    #[test]
    fn ranges_of_what_is_not_there_are_unsatisfiable() {
        assert_eq!(parse("bytes=10-", 10), Range::Unsatisfiable);
        assert_eq!(parse("bytes=-0", 10), Range::Unsatisfiable);
        assert_eq!(parse("bytes=0-", 0), Range::Unsatisfiable);
        assert_eq!(parse("bytes=-1", 0), Range::Unsatisfiable);
    }

    #[test]
    fn what_is_not_understood_gets_the_whole() {
        for header in [
            "",
            "bytes",
            "items=0-1",
            "bytes=a-b",
            "bytes=5-3",
            "bytes=0-1,4-5",
        ] {
            assert_eq!(parse(header, 10), Range::Whole, "{header}");
        }
    }
}
