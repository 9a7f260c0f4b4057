//! What the event log says of changes to people.

use super::keeper::Changed;
use super::model::Account;
use crate::auth::model::{Role, User};
use crate::events::model::Happening;
use crate::events::model::happening::Change;

/// `by` made them.
pub fn created(account: &Account, by: &str) -> Happening {
    Happening::UserCreated {
        username: account.username.clone(),
        role: account.role.name().to_owned(),
        by: by.to_owned(),
    }
}

/// They came in for the first time, and `by` vouches for them.
pub fn joined(user: &User, by: &str) -> Happening {
    Happening::UserCreated {
        username: user.username.clone(),
        role: user.role.name().to_owned(),
        by: by.to_owned(),
    }
}

/// `by` changed them; a password is only said to be another.
pub fn changed(changed: &Changed, by: &str) -> Happening {
    let (before, after) = (&changed.before, &changed.after);
    let role = (before.role != after.role).then(|| of_role(before.role, after.role));
    let password = changed.password.then(|| Change::unsaid("password"));
    let removed = changed.second_factor_removed;
    let second_factor = removed.then(|| Change::unsaid("second_factor"));
    let changes = [role, password, second_factor];
    Happening::UserChanged {
        username: before.username.clone(),
        changes: changes.into_iter().flatten().collect(),
        by: by.to_owned(),
    }
}

/// `by` gave somebody who was `before` another role.
pub fn given_role(before: &User, role: Role, by: &str) -> Happening {
    Happening::UserChanged {
        username: before.username.clone(),
        changes: vec![of_role(before.role, role)],
        by: by.to_owned(),
    }
}

/// They changed one thing about themselves that is not said.
pub fn changed_oneself(username: &str, field: &str) -> Happening {
    Happening::UserChanged {
        username: username.to_owned(),
        changes: vec![Change::unsaid(field)],
        by: username.to_owned(),
    }
}

/// `by` removed them.
pub fn removed(username: String, by: &str) -> Happening {
    Happening::UserRemoved {
        username,
        by: by.to_owned(),
    }
}

fn of_role(before: Role, after: Role) -> Change {
    Change {
        field: "role".into(),
        from: Some(before.name().to_owned()),
        to: Some(after.name().to_owned()),
    }
}
