//! The words for roles, and the choice among them.

use leptos::prelude::*;
use leptos::text_prop::TextProp;

use crate::auth::model::Role;
use crate::i18n::*;
use crate::ui::select::SelectField;

/// What people call a role.
pub fn role_word(role: Role, locale: Locale) -> &'static str {
    match role {
        Role::Admin => td_string!(locale, auth.role_admin),
        Role::Viewer => td_string!(locale, auth.role_viewer),
    }
}

/// A choice of role; what each may do stands below it.
#[component]
pub fn RoleField(
    name: &'static str,
    id: &'static str,
    #[prop(default = Role::Viewer)] chosen: Role,
) -> impl IntoView {
    let i18n = use_i18n();
    let choices = [Role::Viewer, Role::Admin].map(|role| {
        let word = move || role_word(role, i18n.get_locale());
        (role.name(), TextProp::from(word))
    });
    view! {
        <SelectField
            name
            id
            label=move || t_string!(i18n, access.role)
            choices=choices.to_vec()
            chosen=chosen.name()
            hint=move || t_string!(i18n, access.role_hint)
        />
    }
}
