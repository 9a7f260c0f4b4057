//! Who may pass a door at all: what each row of the tables of paths says, asked before the operation
//! behind it is reached.

use axum::extract::Request;

use super::credential::Caller;
use super::guard::Visitor;
use super::policy::{Act, allows};
use crate::error::AppError;

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
            Access::Reader => Act::Read,
            Access::Person => Act::OwnAccount,
            Access::Admin => Act::Write,
        };
        let user = visitor.0.as_ref().ok_or_else(AppError::not_signed_in)?;
        if !allows(user.role, act) {
            return Err(AppError::forbidden());
        }
        if self == Access::Person {
            caller.session()?;
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
    use crate::auth::credential::Credential;
    use crate::auth::gate::Gate;
    use crate::auth::layer::Doorman;
    use crate::auth::model::{Role, User};
    use crate::auth::sessions::streams::Streams;
    use crate::auth::visit::TrustedProxies;
    use crate::server::db::Db;

    /// What the layers are given: whoever recognises, and a table that has a few paths of each kind.
    #[derive(Clone)]
    pub struct Watched(pub Doorman);

    impl Watched {
        pub fn new(db: Db, gate: Gate) -> Self {
            Self(Doorman {
                db,
                gate,
                streams: Streams::default(),
                proxies: TrustedProxies::default(),
                tables: Tables(table),
            })
        }
    }

    impl FromRef<Watched> for Gate {
        fn from_ref(state: &Watched) -> Self {
            state.0.gate.clone()
        }
    }

    impl FromRef<Watched> for Doorman {
        fn from_ref(state: &Watched) -> Self {
            state.0.clone()
        }
    }

    impl FromRef<Watched> for Tables {
        fn from_ref(state: &Watched) -> Self {
            state.0.tables
        }
    }

    fn table(request: &Request) -> Option<Access> {
        match request.uri().path() {
            "/healthz" | "/login" | "/api/auth/login" | "/fn/auth/login" | "/fn/auth/setup" => {
                Some(Access::Everyone)
            }
            "/api/users" | "/fn/users/list" | "/users" => Some(Access::Admin),
            "/api/forgotten" => None,
            _ => Some(Access::Reader),
        }
    }

    fn visitor(role: Role) -> Visitor {
        Visitor(Some(User {
            id: "1".into(),
            username: "ann".into(),
            role,
        }))
    }

    fn with(credential: Credential) -> Caller {
        Caller {
            credential: Some(credential),
            ..Caller::default()
        }
    }

    #[test]
    fn each_access_lets_pass_whom_it_names_and_nobody_else() {
        let (viewer, admin) = (visitor(Role::Viewer), visitor(Role::Admin));
        let (session, token) = (
            with(Credential::Session("1".into())),
            with(Credential::ApiToken("1".into())),
        );
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
