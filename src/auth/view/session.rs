//! Who is here, asked once for the whole page and again after each sign-in.

use leptos::prelude::*;

use crate::auth::api::{LogIn, SetUp, read_auth_state};
use crate::auth::model::AuthState;
use crate::error::AppError;

/// The answer, and the acts that change it.
#[derive(Clone, Copy)]
pub struct Session {
    pub state: Resource<Result<AuthState, AppError>>,
    pub log_in: ServerAction<LogIn>,
    pub set_up: ServerAction<SetUp>,
    /// Another value each time that somebody else may be here.
    pub arrivals: Memo<(bool, usize)>,
}

/// Makes the session known to everything below; the server waits for it before it writes the page.
pub fn provide_session() -> Session {
    let log_in = ServerAction::<LogIn>::new();
    let set_up = ServerAction::<SetUp>::new();
    // A sign-in that failed changed nothing, and what was typed has to stay.
    let signed_in = Memo::new(move |_| matches!(log_in.value().get(), Some(Ok(_))));
    let arrivals = Memo::new(move |_| (signed_in.get(), set_up.version().get()));
    let state = Resource::new_blocking(move || arrivals.get(), |_| read_auth_state());
    let session = Session {
        state,
        log_in,
        set_up,
        arrivals,
    };
    provide_context(session);
    session
}

/// The session of this page.
pub fn use_session() -> Session {
    use_context().unwrap_or_else(provide_session)
}
