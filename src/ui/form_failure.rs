//! Why a form was refused, with scripts and without.

use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use leptos::server_fn::error::ServerFnUrlError;
use leptos_router::hooks::use_query_map;

use crate::error::AppError;

/// The error of the last try, if it failed.
///
/// Without scripts the server sends the browser back with the error in the address. Both halves read
/// it from there, so that the page that is taken over is the page that was written.
pub fn form_failure<F>(action: ServerAction<F>) -> Signal<Option<AppError>>
where
    F: ServerFn<Error = AppError> + Clone + Send + Sync + 'static,
    F::Output: Clone + Send + Sync + 'static,
{
    let query = use_query_map();
    Signal::derive(move || {
        if action.version().get() > 0 {
            return action.value().get().and_then(Result::err);
        }
        let query = query.read();
        let ours = query.get_str("__path") == Some(F::PATH);
        let error = query.get_str("__err").filter(|_| ours)?;
        Some(ServerFnUrlError::<AppError>::decode_err(error))
    })
}
