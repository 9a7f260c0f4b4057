//! Who gets in, and what they may do there.
//!
//! `model` nouns · `api` server functions · `policy` who may do what · `guard` the policy, asked for a request
//! · `access` who may pass a door
//! · `gate` setting up, signing in and out · `sessions` `tokens` `users` `second_factor` `sign_on` what they say
//! · `setup` the setup token · `attempts` how often it may fail · `rules` for names and passwords
//! · `password` hashes · `credential` what a request brings · `cookie` · `visit` where it comes from
//! · `reply` what a browser gets · `layer` default deny · `cross_site` no writes from elsewhere
//! · `told` what the event log says of sign-ins · `store` SQL · `view` the pages and the account menu

#[cfg(feature = "ssr")]
pub mod access;
pub mod api;
#[cfg(feature = "ssr")]
pub mod attempts;
#[cfg(feature = "ssr")]
pub mod cookie;
#[cfg(feature = "ssr")]
pub mod credential;
#[cfg(feature = "ssr")]
pub mod cross_site;
#[cfg(feature = "ssr")]
pub mod gate;
#[cfg(feature = "ssr")]
pub mod guard;
#[cfg(feature = "ssr")]
pub mod layer;
pub mod model;
#[cfg(feature = "ssr")]
pub mod password;
#[cfg_attr(
    feature = "hydrate",
    expect(
        dead_code,
        reason = "a browser asks about some acts, the server about all"
    )
)]
pub mod policy;
#[cfg(feature = "ssr")]
pub mod reply;
#[cfg_attr(
    feature = "hydrate",
    expect(
        dead_code,
        reason = "a browser shows the limits, the server holds to them"
    )
)]
pub mod rules;
pub mod second_factor;
pub mod sessions;
#[cfg(feature = "ssr")]
pub mod setup;
pub mod sign_on;
#[cfg(feature = "ssr")]
pub mod store;
pub mod tokens;
#[cfg(feature = "ssr")]
mod told;
pub mod users;
pub mod view;
#[cfg(feature = "ssr")]
pub mod visit;
