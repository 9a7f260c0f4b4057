//! The lines of the log that a page shows: in order, each once, and those of one operation together.

use super::event::Event;

/// What the order and the grouping are made of.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Line {
    id: String,
    operation: Option<String>,
}

/// The newest first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Lines(Vec<Line>);

/// The lines of one operation that stand together, or a single line.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Group {
    /// The newest first; never empty.
    pub ids: Vec<String>,
    pub operation: Option<String>,
}

impl Lines {
    /// Puts a line where its id belongs, since ids sort by time; false where it stands there already.
    pub fn place(&mut self, event: &Event) -> bool {
        let at = self.0.partition_point(|line| line.id > event.id);
        if self.0.get(at).is_some_and(|line| line.id == event.id) {
            return false;
        }
        let line = Line {
            id: event.id.clone(),
            operation: event.operation_id.clone(),
        };
        self.0.insert(at, line);
        true
    }

    pub fn has(&self, id: &str) -> bool {
        self.0
            .binary_search_by(|line| id.cmp(line.id.as_str()))
            .is_ok()
    }

    /// Whether a line with this id would stand below all that are there.
    pub fn is_below(&self, id: &str) -> bool {
        self.0.last().is_some_and(|last| id < last.id.as_str())
    }

    /// Lets go of the oldest beyond `most`.
    pub fn keep(&mut self, most: usize) {
        self.0.truncate(most);
    }

    pub fn oldest(&self) -> Option<&str> {
        self.0.last().map(|line| line.id.as_str())
    }

    pub fn newest(&self) -> Option<&str> {
        self.0.first().map(|line| line.id.as_str())
    }

    /// Those that are newer than this one.
    pub fn above(&self, id: &str) -> Vec<String> {
        let newer = self.0.iter().take_while(|line| line.id.as_str() > id);
        newer.map(|line| line.id.clone()).collect()
    }

    pub fn len(&self) -> usize {
        self.0.len()
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// All of them; what one operation caused and stands together is one group.
    pub fn groups(&self) -> Vec<Group> {
        let together = |a: &Line, b: &Line| a.operation.is_some() && a.operation == b.operation;
        let groups = self.0.chunk_by(together).map(|lines| Group {
            ids: lines.iter().map(|line| line.id.clone()).collect(),
            operation: lines.first().and_then(|line| line.operation.clone()),
        });
        groups.collect()
    }

    /// All of them, each for itself.
    pub fn singles(&self) -> Vec<Group> {
        let singles = self.0.iter().map(|line| Group {
            ids: vec![line.id.clone()],
            operation: None,
        });
        singles.collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::events::model::event::tests::line;

    fn lines(ids: &[(&str, Option<&str>)]) -> Lines {
        let mut lines = Lines::default();
        for (id, operation) in ids {
            lines.place(&Event {
                operation_id: operation.map(str::to_owned),
                ..line(id, "")
            });
        }
        lines
    }

    #[test]
    fn each_line_stands_once_and_the_newest_first() {
        let mut lines = lines(&[("2", None), ("3", None)]);
        assert!(!lines.place(&line("3", "")));
        assert!(lines.place(&line("4", "")));
        assert!(lines.place(&line("1", "")));
        let ids: Vec<_> = lines
            .singles()
            .into_iter()
            .map(|one| one.ids.join(""))
            .collect();
        assert_eq!(ids, ["4", "3", "2", "1"]);
        assert!(lines.has("3") && !lines.has("5"));
        assert_eq!(lines.newest(), Some("4"));
        assert_eq!(lines.above("2"), ["4", "3"]);
        assert!(lines.is_below("0") && !lines.is_below("2"));
    }

    #[test]
    fn the_oldest_make_room() {
        let mut lines = lines(&[("1", None), ("2", None), ("3", None)]);
        lines.keep(2);
        assert_eq!(lines.oldest(), Some("2"));
    }

    #[test]
    fn what_one_operation_caused_is_one_group_where_it_stands_together() {
        let lines = lines(&[
            ("5", Some("a")),
            ("4", Some("a")),
            ("3", None),
            ("2", None),
            ("1", Some("a")),
        ]);
        let groups = lines.groups();
        let ids: Vec<_> = groups.iter().map(|group| group.ids.join("")).collect();
        assert_eq!(ids, ["54", "3", "2", "1"]);
        assert_eq!(groups[0].operation.as_deref(), Some("a"));
    }
}
