//! Single sign-on by OpenID Connect: a provider says who somebody is, here they get a user and a session.
//!
//! `model` why it failed and how it is set up · `api` that, for admins · `provider` which one, from the
//! environment or the settings · `http` asks it, guarded · `discovery` what it says of itself · `pending`
//! sign-ins under way · `browser` whose they are · `reach` where they come back to · `token` the code's
//! answer, verified · `claims` role and name · `people` whose user it is · `keeper` all of it, in order
//! · `routes` where browsers come and go · `store` SQL · `view` the page of the settings

pub mod api;
#[cfg(feature = "ssr")]
pub mod browser;
#[cfg(feature = "ssr")]
pub mod claims;
#[cfg(feature = "ssr")]
pub mod discovery;
#[cfg(feature = "ssr")]
pub mod http;
#[cfg(feature = "ssr")]
pub mod keeper;
pub mod model;
#[cfg(feature = "ssr")]
pub mod pending;
#[cfg(feature = "ssr")]
pub mod people;
#[cfg(feature = "ssr")]
pub mod provider;
#[cfg(feature = "ssr")]
pub mod reach;
#[cfg(feature = "ssr")]
pub mod routes;
#[cfg(feature = "ssr")]
pub mod store;
#[cfg(feature = "ssr")]
pub mod token;
pub mod view;
