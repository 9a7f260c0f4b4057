//! Adding somebody who signs in with a password.

use leptos::html;
use leptos::prelude::*;

use super::People;
use crate::auth::users::api::CreateUser;
use crate::auth::view::new_password::password_rule;
use crate::auth::view::proof::unfit_password;
use crate::auth::view::role::RoleField;
use crate::auth::view::setup::username_rule;
use crate::error::Code;
use crate::i18n::*;
use crate::ui::card::Card;
use crate::ui::field::FormField;
use crate::ui::notice::Notice;
use crate::ui::outcome::{above, at_field, outcome};

#[component]
pub fn AddUser(people: People) -> impl IntoView {
    let i18n = use_i18n();
    let add = ServerAction::<CreateUser>::new();
    let form = NodeRef::<html::Form>::new();
    let failure = outcome(add, move |account| {
        if let Some(form) = form.get_untracked() {
            form.reset();
        }
        let words = t_string!(i18n, access.user_added, name = account.username);
        people.said.set(Some(words.to_string()));
        people.listing.read_again();
    });
    let pending = add.pending();
    view! {
        <Card title=move || t_string!(i18n, access.add_user)>
            <ActionForm action=add node_ref=form attr:class="form">
                <Notice text=above(failure, &["username", "password"])/>
                <FormField
                    name="username"
                    label=move || t_string!(i18n, auth.username)
                    hint=move || username_rule(i18n.get_locale())
                    error=at_field(failure, "username", unfit_name)
                />
                <FormField
                    name="password"
                    kind="password"
                    label=move || t_string!(i18n, auth.password)
                    hint=move || password_rule(i18n.get_locale())
                    autocomplete="new-password"
                    error=at_field(failure, "password", unfit_password)
                />
                <RoleField name="role" id="role"/>
                <div>
                    <button class="button button-main" disabled=move || pending.get()>
                        {t!(i18n, access.add_user_do)}
                    </button>
                </div>
            </ActionForm>
        </Card>
    }
}

fn unfit_name(code: Code, locale: Locale) -> &'static str {
    match code {
        Code::Conflict => td_string!(locale, access.name_taken),
        _ => td_string!(locale, auth.username_unfit),
    }
}
