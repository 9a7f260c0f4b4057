//! Who may pass a door at all: what each row of the tables of paths says, asked before the operation
//! behind it is reached.

use axum::extract::Request;

use super::guard::Visitor;
use super::policy::{Act, allows};
use super::session::{Caller, Kind};
use crate::error::{AppError, Code};

/// Who may pass.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// Anyone, signed in or not.
    Everyone,
    /// Anyone who is signed in, with a session or with an API token.
    Reader,
    /// Whoever may change things.
    Admin,
    /// Whoever is signed in themselves: a session, and no API token.
    Person,
}

impl Access {
    /// Whether the sender of a request may pass.
    ///
    /// # Errors
    /// `not_signed_in` for nobody, `forbidden` for a role that is too low and for an API token where a
    /// person is asked for.
    pub fn check(self, visitor: &Visitor, caller: &Caller) -> Result<(), AppError> {
        let act = match self {
            Access::Everyone => return Ok(()),
            Access::Reader | Access::Person => Act::Read,
            Access::Admin => Act::Write,
        };
        let user = visitor.0.as_ref().ok_or_else(AppError::not_signed_in)?;
        if !allows(user.role, act) {
            return Err(AppError::forbidden());
        }
        if self == Access::Person && caller.kind != Some(Kind::Session) {
            return Err(AppError::new(
                Code::Forbidden,
                "This is for a person who is signed in, and not for an API token.",
            ));
        }
        Ok(())
    }
}

/// Says who may pass where a request goes; `None` where no table says so, and then nobody may.
#[derive(Clone, Copy, Debug)]
pub struct Tables(pub fn(&Request) -> Option<Access>);

#[cfg(test)]
pub mod tests {
    use axum::extract::FromRef;

    use super::*;
    use crate::auth::gate::Gate;
    use crate::auth::model::{Role, User};

    /// What the layers are given: the gate, and a table that has a few paths of each kind.
    #[derive(Clone)]
    pub struct Watched(pub Gate);

    impl FromRef<Watched> for Gate {
        fn from_ref(state: &Watched) -> Self {
            state.0.clone()
        }
    }

    impl FromRef<Watched> for Tables {
        fn from_ref(_: &Watched) -> Self {
            Self(|request| match request.uri().path() {
                "/healthz" | "/login" | "/api/auth/login" | "/fn/auth/login" | "/fn/auth/setup" => {
                    Some(Access::Everyone)
                }
                "/api/users" | "/fn/users/list" | "/users" => Some(Access::Admin),
                "/api/forgotten" => None,
                _ => Some(Access::Reader),
            })
        }
    }

    fn visitor(role: Role) -> Visitor {
        Visitor(Some(User {
            id: "1".into(),
            username: "ann".into(),
            role,
        }))
    }

    fn with(kind: Kind) -> Caller {
        Caller {
            kind: Some(kind),
            ..Caller::default()
        }
    }

    #[test]
    fn each_access_lets_pass_whom_it_names_and_nobody_else() {
        let (viewer, admin) = (visitor(Role::Viewer), visitor(Role::Admin));
        let (session, token) = (with(Kind::Session), with(Kind::Api));
        let statuses = |access: Access| {
            [
                (&Visitor::default(), &Caller::default()),
                (&viewer, &session),
                (&viewer, &token),
                (&admin, &session),
                (&admin, &token),
            ]
            .map(|(visitor, caller)| match access.check(visitor, caller) {
                Ok(()) => 200,
                Err(error) => error.code.status(),
            })
        };
        assert_eq!(statuses(Access::Everyone), [200; 5]);
        assert_eq!(statuses(Access::Reader), [401, 200, 200, 200, 200]);
        assert_eq!(statuses(Access::Admin), [401, 403, 403, 200, 200]);
        assert_eq!(statuses(Access::Person), [401, 200, 403, 200, 403]);
    }
}
