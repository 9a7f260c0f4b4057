//! Changing one's own password.

use leptos::html;
use leptos::prelude::*;

use super::proof::{unfit_password, wrong_password};
use crate::auth::api::ChangePassword;
use crate::auth::rules::{PASSWORD_LEAST, PASSWORD_MOST};
use crate::i18n::*;
use crate::ui::card::Card;
use crate::ui::field::FormField;
use crate::ui::notice::Notice;
use crate::ui::outcome::{above, at_field, outcome};
use crate::ui::said::Said;

/// What a new password needs.
pub fn password_rule(locale: Locale) -> String {
    td_string!(
        locale,
        auth.password_rule,
        least = PASSWORD_LEAST,
        most = PASSWORD_MOST
    )
    .to_string()
}

/// The form; `username` tells the browser's keeper of passwords whose it is.
#[component]
pub fn NewPassword(change: ServerAction<ChangePassword>, username: String) -> impl IntoView {
    let i18n = use_i18n();
    let form = NodeRef::<html::Form>::new();
    let is_done = RwSignal::new(false);
    let failure = outcome(change, move |_| {
        is_done.set(true);
        if let Some(form) = form.get_untracked() {
            form.reset();
        }
    });
    let said = move || {
        is_done
            .get()
            .then(|| t_string!(i18n, access.password_changed).to_owned())
    };
    let pending = change.pending();
    view! {
        <Card title=move || t_string!(i18n, auth.password)>
            <Said text=Signal::derive(said)/>
            <ActionForm action=change node_ref=form attr:class="form">
                <Notice text=above(failure, &["password", "new_password"])/>
                <input type="hidden" autocomplete="username" value=username/>
                <FormField
                    name="password"
                    id="current-password"
                    kind="password"
                    label=move || t_string!(i18n, access.password_current)
                    autocomplete="current-password"
                    error=at_field(failure, "password", wrong_password)
                />
                <FormField
                    name="new_password"
                    id="new-password"
                    kind="password"
                    label=move || t_string!(i18n, access.password_new)
                    hint=move || password_rule(i18n.get_locale())
                    autocomplete="new-password"
                    error=at_field(failure, "new_password", unfit_password)
                />
                <p class="muted">{t!(i18n, access.password_ends_sessions)}</p>
                <div>
                    <button class="button button-main" disabled=move || pending.get()>
                        {t!(i18n, access.password_change)}
                    </button>
                </div>
            </ActionForm>
        </Card>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rule_is_told_with_its_limits_in_both_languages() {
        assert!(password_rule(Locale::en).contains("8 to 256"));
        assert!(password_rule(Locale::ru).contains("8 до 256"));
    }
}
