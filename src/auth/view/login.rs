//! The sign-in page. Where it leads afterwards is the server's choice, which reads `next` itself.

use leptos::prelude::*;
use leptos_router::components::Redirect;

use super::gate_page::GatePage;
use super::session::use_session;
use super::sign_on::{SignOnLink, sign_on_trouble};
use crate::auth::model::Oidc;
use crate::error::{AppError, Code};
use crate::i18n::*;
use crate::ui::error_state::ErrorState;
use crate::ui::field::FormField;
use crate::ui::form_failure::form_failure;
use crate::ui::notice::{Notice, in_a_line};

/// Leads on where there is nothing to do here: to the first run, or inside.
#[component]
pub fn LoginPage() -> impl IntoView {
    let state = use_session().state;
    view! {
        <Transition>
            {move || Suspend::new(async move {
                match state.await {
                    Ok(state) if state.user.is_some() => view! { <Redirect path="/"/> }.into_any(),
                    Ok(state) if state.setup_required => {
                        view! { <Redirect path="/setup"/> }.into_any()
                    }
                    Ok(state) => view! { <LoginForm oidc=state.oidc/> }.into_any(),
                    Err(error) => view! { <ErrorState error/> }.into_any(),
                }
            })}
        </Transition>
    }
}

#[component]
fn LoginForm(oidc: Option<Oidc>) -> impl IntoView {
    let i18n = use_i18n();
    let log_in = use_session().log_in;
    let failure = form_failure(log_in);
    let trouble = sign_on_trouble();
    let notice = move || {
        let locale = i18n.get_locale();
        let failure = failure
            .get()
            .filter(|error| error.code != Code::SecondFactor);
        let failure = failure.map(|error| explain(&error, locale));
        failure.or_else(|| trouble(locale))
    };
    let asked = Memo::new(move |asked: Option<&Option<usize>>| {
        // Once it was asked for, the place to type it stays.
        let wants = failure.with(|error| error.as_ref().map(|error| error.code))
            == Some(Code::SecondFactor);
        let at = wants.then(|| log_in.version().get_untracked());
        asked.copied().flatten().or(at)
    });
    let code_error = Signal::derive(move || {
        let error = failure.get()?;
        let is_first = asked.get() == Some(log_in.version().get());
        let words = match (error.code, log_in.version().get()) {
            // Without scripts nobody knows whether there was a code.
            (Code::SecondFactor, 0) => t_string!(i18n, access.code_wanted_or_wrong),
            (Code::SecondFactor, _) if !is_first => t_string!(i18n, access.code_wrong),
            _ => return None,
        };
        Some(words.to_owned())
    });
    let pending = log_in.pending();
    view! {
        <GatePage title=move || t_string!(i18n, auth.sign_in_title)>
            <ActionForm action=log_in attr:class="gate-form">
                <Notice text=Signal::derive(notice)/>
                <FormField
                    name="username"
                    label=move || t_string!(i18n, auth.username)
                    autocomplete="username"
                    autofocus=true
                />
                <FormField
                    name="password"
                    kind="password"
                    label=move || t_string!(i18n, auth.password)
                    autocomplete="current-password"
                />
                <Show when=move || asked.get().is_some()>
                    <FormField
                        name="code"
                        label=move || t_string!(i18n, access.code)
                        hint=move || t_string!(i18n, access.code_hint)
                        autocomplete="one-time-code"
                        keys="numeric"
                        error=code_error
                        focus=true
                    />
                </Show>
                <button class="button button-main" disabled=move || pending.get()>
                    {move || {
                        if pending.get() {
                            t_string!(i18n, auth.signing_in)
                        } else {
                            t_string!(i18n, auth.sign_in)
                        }
                    }}
                </button>
            </ActionForm>
            {oidc.map(|oidc| view! { <SignOnLink oidc/> })}
        </GatePage>
    }
}

/// Which of name and password was wrong is nobody's business.
fn explain(error: &AppError, locale: Locale) -> String {
    match error.code {
        Code::NotSignedIn | Code::Invalid | Code::Malformed => {
            td_string!(locale, auth.wrong_credentials).to_owned()
        }
        _ => in_a_line(error, locale),
    }
}
