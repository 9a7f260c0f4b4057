//! What happens, what is kept of it, and what travels on the bus.
//!
//! `happening` the closed list of what can happen · `event` one line of the log · `filter` which lines ·
//! `wish` the same as an address has it · `when` a time in it · `cursor` a place in the log · `lines` those
//! that are shown · `message` what travels on the bus

#[cfg_attr(
    not(feature = "ssr"),
    expect(dead_code, reason = "a browser only reads cursors")
)]
pub mod cursor;
pub mod event;
pub mod filter;
#[cfg_attr(
    not(feature = "ssr"),
    expect(dead_code, reason = "a browser only reads what happened")
)]
pub mod happening;
pub mod lines;
pub mod message;
#[cfg_attr(
    not(feature = "ssr"),
    expect(dead_code, reason = "only the server says what time it is")
)]
pub mod when;
pub mod wish;

pub use event::{Event, EventPage};
pub use happening::Happening;
pub use message::Message;
pub use wish::Wish;
