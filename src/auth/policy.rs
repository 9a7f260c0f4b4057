//! Who may do what: the one place that says so, asked by the API and by the views.

use super::model::Role;

/// What somebody wants to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Act {
    /// Look at anything but accounts and secrets.
    Read,
    /// Change anything.
    Write,
}

/// Whether `role` may do `act`; nobody without a role may do anything.
pub fn allows(role: Role, act: Act) -> bool {
    match act {
        Act::Read => true,
        Act::Write => role == Role::Admin,
    }
}
