//! What happens: the bus that tells it, the log that keeps it, and the stream that carries it to browsers.
//!
//! `model` nouns · `wording` their sentences · `topic` what one may listen to · `bus` publish and
//! subscribe · `report` what is told to the log · `act` what a request did · `outbox` what is left for the log with what it tells of · `log` the handle that takes it · `intake` what waits to be
//! written · `networks` of guessers, a few of them named · `writer` who writes it · `chain` what makes tampering evident · `store` SQL · `job` writing and
//! pruning · `believed` the time by which is pruned · `question` what somebody wants to read · `api` server functions · `export` files for other programs · `audience` who listens, and
//! until when · `seats` how many may listen · `resume` what was missed · `sse` `GET /api/stream` · `live` its other end, in the browser ·
//! `view` the page and the short feeds

#[cfg(feature = "ssr")]
pub mod act;
pub mod api;
#[cfg(feature = "ssr")]
pub mod audience;
#[cfg(feature = "ssr")]
mod believed;
#[cfg(feature = "ssr")]
pub mod bus;
#[cfg(feature = "ssr")]
pub mod chain;
#[cfg(feature = "ssr")]
pub mod export;
#[cfg(feature = "ssr")]
mod intake;
#[cfg(feature = "ssr")]
pub mod job;
pub mod live;
#[cfg(feature = "ssr")]
pub mod log;
pub mod model;
#[cfg(feature = "ssr")]
mod networks;
#[cfg(feature = "ssr")]
pub mod outbox;
#[cfg(feature = "ssr")]
pub mod question;
#[cfg(feature = "ssr")]
pub mod report;
#[cfg(feature = "ssr")]
mod resume;
#[cfg(feature = "ssr")]
pub mod seats;
#[cfg(feature = "ssr")]
pub mod sse;
#[cfg(feature = "ssr")]
pub mod store;
#[cfg(feature = "ssr")]
pub mod topic;
pub mod view;
mod wording;
#[cfg(feature = "ssr")]
mod writer;
