//! What a server function finds around it: the handles it may use, provided for each request.

use leptos::prelude::use_context;

use crate::error::AppError;

/// Takes one handle out of the request's context.
///
/// # Errors
/// `internal` where nobody provided it, so that a missing one shuts the door instead of opening it.
pub fn part<T: Clone + 'static>() -> Result<T, AppError> {
    use_context::<T>().ok_or_else(|| {
        AppError::internal(format!(
            "no {} in the request's context",
            std::any::type_name::<T>()
        ))
    })
}
