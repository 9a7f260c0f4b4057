//! What an admin changes about somebody: each with a form of its own, which says what it will do.

use leptos::prelude::*;

use super::{HERE, People};
use crate::auth::model::Role;
use crate::auth::users::api::ChangeUser;
use crate::auth::users::model::Account;
use crate::auth::view::new_password::password_rule;
use crate::auth::view::proof::unfit_password;
use crate::auth::view::role::RoleField;
use crate::error::Code;
use crate::i18n::*;
use crate::ui::dialog::{Dialog, use_step_back};
use crate::ui::field::FormField;
use crate::ui::notice::{Notice, in_a_line};
use crate::ui::outcome::{at_field, outcome};

#[component]
pub fn ChangeUserDialog(people: People, account: Account) -> impl IntoView {
    let i18n = use_i18n();
    let change = ServerAction::<ChangeUser>::new();
    let step_back = use_step_back();
    let failure = outcome(change, move |account| {
        step_back(HERE);
        let words = t_string!(i18n, access.user_changed, name = account.username);
        people.said.set(Some(words.to_string()));
        people.listing.read_again();
    });
    let notice = Signal::derive(move || {
        let error = failure.get()?;
        match (error.code, error.field.as_deref()) {
            (_, Some("password")) => None,
            (Code::Conflict, _) => Some(t_string!(i18n, access.last_admin).to_owned()),
            _ => Some(in_a_line(&error, i18n.get_locale())),
        }
    });
    // As it is when the dialog opens.
    let is_last = untrack(|| people.is_last_admin(&account));
    // One's own password and second factor are changed where the password is asked for.
    let is_me = people.is_me(&account);
    let me = is_me.then(|| {
        view! {
            <p>{t!(i18n, access.change_you)}</p>
            <p>
                <a href="/account">{t!(i18n, access.account_link)}</a>
            </p>
        }
    });
    let Account {
        id,
        username: name,
        role,
        has_password,
        second_factor,
        ..
    } = account;
    let password = (has_password && !is_me).then(|| {
        let id = id.clone();
        view! {
            <ActionForm action=change attr:class="form">
                <input type="hidden" name="id" value=id/>
                <FormField
                    name="patch[password]"
                    id="changed-password"
                    kind="password"
                    label=move || t_string!(i18n, access.password_new)
                    hint=move || password_rule(i18n.get_locale())
                    autocomplete="new-password"
                    error=at_field(failure, "password", unfit_password)
                />
                <p class="muted">{t!(i18n, access.set_password_what)}</p>
                <div><button class="button">{t!(i18n, access.set_password)}</button></div>
            </ActionForm>
        }
    });
    let factor = (second_factor && !is_me).then(|| {
        let id = id.clone();
        view! {
            <ActionForm action=change attr:class="form">
                <input type="hidden" name="id" value=id/>
                <input type="hidden" name="patch[remove_second_factor]" value="true"/>
                <p>{t!(i18n, access.take_factor_what)}</p>
                <div><button class="button">{t!(i18n, access.take_factor)}</button></div>
            </ActionForm>
        }
    });
    view! {
        <Dialog
            title=move || t_string!(i18n, access.change_user, name = name.clone()).to_string()
            back=HERE
        >
            <Notice text=notice/>
            {me}
            <RoleForm change id=id.clone() role is_last/>
            {password}
            {factor}
        </Dialog>
    }
}

#[component]
fn RoleForm(
    change: ServerAction<ChangeUser>,
    id: String,
    role: Role,
    is_last: bool,
) -> impl IntoView {
    let i18n = use_i18n();
    let remark = move || match is_last {
        true => t_string!(i18n, access.last_admin),
        false => t_string!(i18n, access.change_role_what),
    };
    view! {
        <ActionForm action=change attr:class="form">
            <input type="hidden" name="id" value=id/>
            <RoleField name="patch[role]" id="changed-role" chosen=role/>
            <p class="muted" id="role-remark">{remark}</p>
            <div>
                <button class="button" disabled=is_last aria-describedby="role-remark">
                    {t!(i18n, access.change_role)}
                </button>
            </div>
        </ActionForm>
    }
}
