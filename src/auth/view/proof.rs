//! One's own password as a proof of who asks, and what is wrong with a password.

use leptos::prelude::*;
use leptos::text_prop::TextProp;

use crate::error::{AppError, Code};
use crate::i18n::*;
use crate::ui::field::FormField;
use crate::ui::outcome::at_field;

/// The last of a form that asks for the password: its field, and the button with the word `act`.
#[component]
pub fn Proof(
    /// The field's id; several forms of a page ask for it.
    id: &'static str,
    failure: Signal<Option<AppError>>,
    #[prop(into)] pending: Signal<bool>,
    #[prop(into)] act: TextProp,
    /// Whether the button is what one came for.
    #[prop(optional)]
    main: bool,
) -> impl IntoView {
    let i18n = use_i18n();
    let class = if main { "button button-main" } else { "button" };
    view! {
        <FormField
            name="password"
            id
            kind="password"
            label=move || t_string!(i18n, access.password_yours)
            autocomplete="current-password"
            error=at_field(failure, "password", wrong_password)
        />
        <div>
            <button class=class disabled=move || pending.get()>{move || act.get()}</button>
        </div>
    }
}

/// For a password that proves who is there.
pub fn wrong_password(code: Code, locale: Locale) -> &'static str {
    match code {
        Code::TooMany => td_string!(locale, errors.too_many),
        _ => td_string!(locale, access.password_wrong),
    }
}

/// For a password that somebody shall have from now on.
pub fn unfit_password(_code: Code, locale: Locale) -> &'static str {
    td_string!(locale, access.password_unfit)
}
