//! What came of an act: something to go on with, or an error at the input that it is about.

use leptos::prelude::*;
use leptos::server_fn::ServerFn;

use super::browser;
use super::form_failure::form_failure;
use super::notice::in_a_line;
use crate::error::{AppError, Code};
use crate::i18n::*;

/// Goes on with `done` each time that the act succeeded; answers why the last try did not. Whoever is
/// not signed in any more is led to where they can be.
pub fn outcome<F>(
    action: ServerAction<F>,
    done: impl Fn(F::Output) + 'static,
) -> Signal<Option<AppError>>
where
    F: ServerFn<Error = AppError> + Clone + Send + Sync + 'static,
    F::Output: Clone + Send + Sync + 'static,
{
    Effect::new(move |_| match action.value().get() {
        Some(Ok(output)) => untrack(|| done(output)),
        Some(Err(error)) if error.code == Code::NotSignedIn => browser::lead_to_sign_in(),
        Some(Err(_)) | None => {}
    });
    form_failure(action)
}

/// What stands at the input `field`, in the words that `explain` finds for the error.
pub fn at_field(
    failure: Signal<Option<AppError>>,
    field: &'static str,
    explain: fn(Code, Locale) -> &'static str,
) -> Signal<Option<String>> {
    let i18n = use_i18n();
    Signal::derive(move || {
        let error = failure.get()?;
        let is_here = error.field.as_deref() == Some(field);
        is_here.then(|| explain(error.code, i18n.get_locale()).to_owned())
    })
}

/// What stands above the form: every error that is about none of `fields`.
pub fn above(
    failure: Signal<Option<AppError>>,
    fields: &'static [&'static str],
) -> Signal<Option<String>> {
    let i18n = use_i18n();
    Signal::derive(move || {
        let error = failure.get()?;
        let is_elsewhere = error
            .field
            .as_deref()
            .is_some_and(|field| fields.contains(&field));
        (!is_elsewhere).then(|| in_a_line(&error, i18n.get_locale()))
    })
}
