//! Where what is shown is known to have no gap: what was read once the stream broke has to reach down to there.

use crate::events::model::EventPage;

/// The newest line up to which nothing is missing, while something above it may be.
#[derive(Clone, Debug)]
pub(super) struct Seam {
    sure: Option<String>,
    /// Something may be missing above it.
    is_open: bool,
}

impl Seam {
    /// A page was read; what came since then may be missing.
    pub fn below(newest: Option<String>) -> Self {
        Self {
            sure: newest,
            is_open: true,
        }
    }

    /// Something may have been missed after the line that is the newest one known. What is heard until it is
    /// closed again proves nothing of what came before.
    pub fn open(&mut self, newest: Option<String>) {
        if !self.is_open {
            *self = Self::below(newest);
        }
    }

    /// Whether nothing is missing between what is sure and what was read now.
    pub fn is_reached_by(&self, page: &EventPage) -> bool {
        let oldest = page.items.last().map(|event| event.id.as_str());
        page.next.is_none() || oldest <= self.sure.as_deref()
    }

    /// What was read joined it.
    pub fn close(&mut self) {
        self.is_open = false;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::events::model::event::tests::line;

    fn page(ids: &[&str]) -> EventPage {
        EventPage {
            items: ids.iter().map(|id| line(id, "")).collect(),
            next: Some("older".into()),
        }
    }

    #[test]
    fn what_is_heard_before_the_read_proves_nothing_of_what_came_before_it() {
        let mut seam = Seam::below(Some("3".into()));
        // 9 was heard, 4 to 6 are not known.
        seam.open(Some("9".into()));
        assert!(!seam.is_reached_by(&page(&["9", "8", "7"])));
        assert!(seam.is_reached_by(&page(&["5", "4", "3"])));
        assert!(seam.is_reached_by(&page(&["5", "4", "2"])));
        let all = EventPage {
            next: None,
            ..page(&["9", "8"])
        };
        assert!(seam.is_reached_by(&all));
    }

    #[test]
    fn once_it_is_closed_the_next_break_begins_at_the_newest() {
        let mut seam = Seam::below(Some("13".into()));
        seam.close();
        seam.open(Some("19".into()));
        assert!(seam.is_reached_by(&page(&["21", "20", "19"])));
        assert!(!seam.is_reached_by(&page(&["22", "21", "20"])));
    }

    #[test]
    fn where_nothing_was_shown_only_a_whole_page_reaches() {
        let seam = Seam::below(None);
        assert!(!seam.is_reached_by(&page(&["2", "1"])));
    }
}
