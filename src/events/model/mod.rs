//! What happens, what is kept of it, and what travels on the bus.
//!
//! `happening` the closed list of what can happen · `event` one line of the log · `filter` which lines ·
//! `cursor` a place in the log · `message` what travels on the bus

pub mod cursor;
pub mod event;
pub mod filter;
pub mod happening;
pub mod message;

pub use event::{Event, EventPage};
pub use happening::Happening;
pub use message::Message;
