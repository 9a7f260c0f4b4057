//! Who may do what: the one place that says so, asked by the API and by the views.

use super::model::Role;

/// What somebody wants to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Act {
    /// Look at anything but accounts and secrets.
    Read,
    /// Change anything but accounts.
    Write,
    /// See and change who gets in.
    ManageAccess,
    /// Change one's own password, second factor and sessions; for people, not for API tokens.
    OwnAccount,
}

/// Whether `role` may do `act`; nobody without a role may do anything.
pub fn allows(role: Role, act: Act) -> bool {
    match act {
        Act::Read | Act::OwnAccount => true,
        Act::Write | Act::ManageAccess => role == Role::Admin,
    }
}
