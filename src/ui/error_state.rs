//! An error in the reader's language: what happened, and what to do.

use leptos::prelude::*;

use super::icon::Icon;
use crate::error::{AppError, Code};
use crate::i18n::*;

/// What happened, in a sentence.
pub fn what_happened(code: Code, locale: Locale) -> &'static str {
    match code {
        Code::Malformed => td_string!(locale, errors.malformed),
        Code::NotSignedIn | Code::SecondFactor => td_string!(locale, errors.not_signed_in),
        Code::Forbidden => td_string!(locale, errors.forbidden),
        Code::NotFound => td_string!(locale, errors.not_found),
        Code::MethodNotAllowed => td_string!(locale, errors.method_not_allowed),
        Code::TimedOut => td_string!(locale, errors.timed_out),
        Code::Conflict => td_string!(locale, errors.conflict),
        Code::TooLarge => td_string!(locale, errors.too_large),
        Code::UnsupportedMediaType => td_string!(locale, errors.unsupported_media_type),
        Code::Invalid => td_string!(locale, errors.invalid),
        Code::TooMany => td_string!(locale, errors.too_many),
        Code::EngineUnreachable => td_string!(locale, errors.engine_unreachable),
        Code::Internal => td_string!(locale, errors.internal),
        Code::Offline => td_string!(locale, errors.offline),
    }
}

/// What to do about it, in a sentence.
pub fn what_to_do(code: Code, locale: Locale) -> &'static str {
    match code {
        Code::Malformed => td_string!(locale, errors.malformed_do),
        Code::NotSignedIn | Code::SecondFactor => td_string!(locale, errors.not_signed_in_do),
        Code::Forbidden => td_string!(locale, errors.forbidden_do),
        Code::NotFound => td_string!(locale, errors.not_found_do),
        Code::MethodNotAllowed => td_string!(locale, errors.method_not_allowed_do),
        Code::TimedOut => td_string!(locale, errors.timed_out_do),
        Code::Conflict => td_string!(locale, errors.conflict_do),
        Code::TooLarge => td_string!(locale, errors.too_large_do),
        Code::UnsupportedMediaType => td_string!(locale, errors.unsupported_media_type_do),
        Code::Invalid => td_string!(locale, errors.invalid_do),
        Code::TooMany => td_string!(locale, errors.too_many_do),
        Code::EngineUnreachable => td_string!(locale, errors.engine_unreachable_do),
        Code::Internal => td_string!(locale, errors.internal_do),
        Code::Offline => td_string!(locale, errors.offline_do),
    }
}

/// Codes whose own message says more than the code alone: which input, which engine.
fn has_detail(code: Code) -> bool {
    matches!(
        code,
        Code::Malformed | Code::Invalid | Code::Conflict | Code::EngineUnreachable
    )
}

/// Stands where the thing would stand that could not be had.
///
/// `retry` asks again; without it, and without JavaScript, the page is loaded again.
#[component]
pub fn ErrorState(
    error: AppError,
    #[prop(optional, into)] retry: Option<Callback<()>>,
) -> impl IntoView {
    let i18n = use_i18n();
    let AppError { code, message, .. } = error;
    let detail =
        has_detail(code).then(|| view! { <p class="error-detail" lang="en">{message}</p> });
    let again = move |event: leptos::ev::MouseEvent| {
        if let Some(retry) = retry {
            event.prevent_default();
            retry.run(());
        }
    };
    let remedy = if code == Code::NotSignedIn {
        view! { <a class="button" href="/login">{t!(i18n, ui.sign_in)}</a> }.into_any()
    } else {
        view! { <a class="button" href="" rel="external" on:click=again>{t!(i18n, ui.try_again)}</a> }
            .into_any()
    };
    view! {
        <div class="error-state" role="alert">
            <Icon name=if code == Code::Offline { "wifi-off" } else { "circle-alert" }/>
            <p class="error-title">{move || what_happened(code, i18n.get_locale())}</p>
            <p class="error-do">{move || what_to_do(code, i18n.get_locale())}</p>
            {detail}
            {remedy}
        </div>
    }
}
