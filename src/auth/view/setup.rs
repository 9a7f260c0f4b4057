//! The first run: whoever can read the server's log makes the first admin.

use leptos::prelude::*;
use leptos_router::components::Redirect;

use super::gate_page::GatePage;
use super::new_password::password_rule;
use super::session::use_session;
use crate::auth::rules::USERNAME_MOST;
use crate::error::{AppError, Code};
use crate::i18n::*;
use crate::ui::error_state::ErrorState;
use crate::ui::field::FormField;
use crate::ui::form_failure::form_failure;
use crate::ui::notice::{Notice, in_a_line};

/// Leads to the sign-in page where there is an admin already.
#[component]
pub fn SetupPage() -> impl IntoView {
    let state = use_session().state;
    view! {
        <Transition>
            {move || Suspend::new(async move {
                match state.await {
                    Ok(state) if state.user.is_some() => view! { <Redirect path="/"/> }.into_any(),
                    Ok(state) if state.setup_required => view! { <SetupForm/> }.into_any(),
                    Ok(_) => view! { <Redirect path="/login"/> }.into_any(),
                    Err(error) => view! { <ErrorState error/> }.into_any(),
                }
            })}
        </Transition>
    }
}

#[component]
fn SetupForm() -> impl IntoView {
    let i18n = use_i18n();
    let set_up = use_session().set_up;
    let failure = form_failure(set_up);
    // Each error stands in one place: at its field, or above all of them.
    let of_field = move |field: &'static str| {
        Signal::derive(move || {
            let error = failure.get()?;
            (place(&error) == Some(field)).then(|| explain(&error, i18n.get_locale()))
        })
    };
    let of_form = Signal::derive(move || {
        let error = failure.get()?;
        place(&error)
            .is_none()
            .then(|| explain(&error, i18n.get_locale()))
    });
    let pending = set_up.pending();
    view! {
        <GatePage title=move || t_string!(i18n, auth.setup_title)>
            <p class="gate-intro">{t!(i18n, auth.setup_intro)}</p>
            <ActionForm action=set_up attr:class="gate-form">
                <Notice text=of_form/>
                <FormField
                    name="setup_token"
                    label=move || t_string!(i18n, auth.setup_token)
                    hint=move || t_string!(i18n, auth.setup_token_hint)
                    error=of_field("setup_token")
                    autofocus=true
                />
                <FormField
                    name="username"
                    label=move || t_string!(i18n, auth.username)
                    hint=move || username_rule(i18n.get_locale())
                    error=of_field("username")
                    autocomplete="username"
                />
                <FormField
                    name="password"
                    kind="password"
                    label=move || t_string!(i18n, auth.password)
                    hint=move || password_rule(i18n.get_locale())
                    error=of_field("password")
                    autocomplete="new-password"
                />
                <button class="button button-main" disabled=move || pending.get()>
                    {move || {
                        if pending.get() {
                            t_string!(i18n, auth.creating_admin)
                        } else {
                            t_string!(i18n, auth.create_admin)
                        }
                    }}
                </button>
            </ActionForm>
        </GatePage>
    }
}

/// The field of this form that the error is about.
fn place(error: &AppError) -> Option<&'static str> {
    match (error.code, error.field.as_deref()) {
        (Code::Forbidden, _) | (_, Some("setup_token")) => Some("setup_token"),
        (_, Some("username")) => Some("username"),
        (_, Some("password")) => Some("password"),
        _ => None,
    }
}

/// The rule itself stands in the hint below the field.
fn explain(error: &AppError, locale: Locale) -> String {
    match (error.code, place(error)) {
        (_, Some("setup_token")) => td_string!(locale, auth.setup_token_wrong).to_owned(),
        (_, Some("username")) => td_string!(locale, auth.username_unfit).to_owned(),
        (_, Some("password")) => td_string!(locale, access.password_unfit).to_owned(),
        (Code::Conflict, _) => td_string!(locale, auth.already_set_up).to_owned(),
        _ => in_a_line(error, locale),
    }
}

/// What somebody may be called.
pub fn username_rule(locale: Locale) -> String {
    td_string!(locale, auth.username_rule, most = USERNAME_MOST).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_stands_at_the_field_that_it_is_about() {
        assert_eq!(
            place(&AppError::invalid("password", "too short")),
            Some("password")
        );
        assert_eq!(place(&AppError::forbidden()), Some("setup_token"));
        assert_eq!(place(&AppError::conflict("there is one")), None);
    }
}
