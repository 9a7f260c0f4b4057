//! This tab among the others of the browser: whether it leads, and what they say to each other.

use std::cell::RefCell;
use std::time::Duration;

use leptos::prelude::{document, set_timeout};

use super::channel::{self, Channel};
use super::{page, stream};
use crate::events::live::rules::lease::{Lease, Step, Tab};
use crate::events::live::rules::pace;
use crate::events::live::rules::word::Word;
use crate::ui::browser;

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Part {
    /// It takes no part: nothing on the page is live.
    #[default]
    Out,
    /// The browser gives tabs no way to share, so that each has its own stream.
    Alone,
    Leads,
    Follows,
}

#[derive(Default)]
struct Tabs {
    /// Ours among the tabs.
    id: String,
    channel: Option<Channel>,
    part: Part,
    /// Whose words are taken while we follow.
    leader: String,
    /// We wrote a lease, and have not looked yet whether it stayed.
    claims: bool,
    looked_at: u64,
}

thread_local! {
    static TABS: RefCell<Tabs> = RefCell::default();
}

fn part() -> Part {
    TABS.with_borrow(|tabs| tabs.part)
}

fn id() -> String {
    TABS.with_borrow(|tabs| tabs.id.clone())
}

/// Takes part from now on.
pub fn join() {
    let channel = Channel::open(|from, word| hear(&from, &word));
    let is_alone = channel.is_none();
    TABS.with_borrow_mut(|tabs| {
        if tabs.id.is_empty() {
            // Whether two are the same is all that matters; the nicer source of ids needs TLS.
            tabs.id = format!("{:.0}", browser::chance() * 1e15);
        }
        tabs.channel = channel;
        tabs.part = Part::Follows;
        tabs.claims = false;
    });
    if is_alone {
        return stay_alone();
    }
    say(&Word::Ask);
    look();
}

/// Takes no part any more; if it led, the others know at once.
pub fn leave() {
    let is_ours = channel::lease().is_some_and(|lease| lease.holder == id());
    if is_ours && part() != Part::Alone {
        channel::clear();
        say(&Word::Goodbye);
    }
    stream::end();
    TABS.with_borrow_mut(|tabs| {
        tabs.part = Part::Out;
        tabs.channel = None;
    });
}

/// Says it to every tab of the browser, this one included.
pub fn tell(word: &Word) {
    say(word);
    page::take(word);
}

fn say(word: &Word) {
    TABS.with_borrow(|tabs| {
        if let Some(channel) = &tabs.channel {
            channel.say(&tabs.id, word);
        }
    });
}

/// Looks after the lease, and after the stream where there is one.
pub fn look() {
    let now = page::now();
    let tab = TABS.with_borrow_mut(|tabs| {
        tabs.looked_at = now;
        let takes_part = matches!(tabs.part, Part::Leads | Part::Follows) && !tabs.claims;
        takes_part.then(|| (tabs.id.clone(), tabs.part == Part::Leads))
    });
    if let Some((id, leads)) = tab {
        let tab = Tab {
            id: &id,
            leads,
            is_hidden: document().hidden(),
        };
        match tab.step(channel::lease().as_ref(), now) {
            Step::Lead => lead(),
            Step::Follow => follow(),
            Step::Claim => claim(),
        }
    }
    stream::look();
}

/// The same, for whoever comes by often.
pub fn look_now_and_then() {
    let looked_at = TABS.with_borrow(|tabs| tabs.looked_at);
    if page::now().abs_diff(looked_at) >= pace::LOOK {
        look();
    }
}

fn keep_lease() -> bool {
    let is_kept = channel::keep(&Lease {
        holder: id(),
        renewed_at: page::now(),
    });
    if !is_kept {
        stay_alone();
    }
    is_kept
}

fn claim() {
    if keep_lease() {
        TABS.with_borrow_mut(|tabs| tabs.claims = true);
        let wait = pace::second_look(browser::chance());
        set_timeout(
            || {
                TABS.with_borrow_mut(|tabs| tabs.claims = false);
                look();
            },
            Duration::from_millis(wait),
        );
    }
}

fn lead() {
    if keep_lease() && part() == Part::Follows {
        TABS.with_borrow_mut(|tabs| tabs.part = Part::Leads);
        say(&Word::Leads);
        stream::begin();
    }
}

fn follow() {
    if part() == Part::Leads {
        TABS.with_borrow_mut(|tabs| tabs.part = Part::Follows);
        stream::end();
        say(&Word::Ask);
    }
}

fn stay_alone() {
    let holds = TABS.with_borrow_mut(|tabs| {
        tabs.channel = None;
        matches!(
            std::mem::replace(&mut tabs.part, Part::Alone),
            Part::Leads | Part::Alone
        )
    });
    if !holds {
        stream::begin();
    }
}

fn hear(from: &str, word: &Word) {
    match word {
        Word::Ask if part() == Part::Leads => say(&Word::State(page::state())),
        Word::Ask => {}
        Word::Goodbye => {
            let wait = pace::succession(document().hidden());
            set_timeout(look, Duration::from_millis(wait));
        }
        _ if leads(from) => page::take(word),
        _ => {}
    }
}

/// Whether `from` is the tab that leads. The lease says so, and is read only where it may be another
/// than before.
fn leads(from: &str) -> bool {
    let is_known = TABS.with_borrow(|tabs| tabs.part == Part::Follows && tabs.leader == from);
    if is_known {
        return true;
    }
    let holds = channel::lease().is_some_and(|lease| lease.holder == from);
    if holds {
        TABS.with_borrow_mut(|tabs| from.clone_into(&mut tabs.leader));
        follow();
    }
    holds
}
