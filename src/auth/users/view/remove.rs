//! Removing somebody, after saying what that does.

use leptos::prelude::*;

use super::{HERE, People};
use crate::auth::users::api::DeleteUser;
use crate::auth::users::model::Account;
use crate::error::Code;
use crate::i18n::*;
use crate::ui::dialog::{Dialog, use_step_back};
use crate::ui::notice::{Notice, in_a_line};
use crate::ui::outcome::outcome;

#[component]
pub fn RemoveUserDialog(people: People, account: Account) -> impl IntoView {
    let i18n = use_i18n();
    let remove = ServerAction::<DeleteUser>::new();
    let step_back = use_step_back();
    let (gone, name) = (account.username.clone(), account.username.clone());
    let failure = outcome(remove, move |()| {
        step_back(HERE);
        let words = t_string!(i18n, access.user_removed, name = gone.clone());
        people.said.set(Some(words.to_string()));
        people.listing.read_again();
    });
    let notice = Signal::derive(move || {
        let error = failure.get()?;
        Some(match error.code {
            Code::Conflict => t_string!(i18n, access.last_admin).to_owned(),
            _ => in_a_line(&error, i18n.get_locale()),
        })
    });
    let me = people
        .is_me(&account)
        .then(|| view! { <p>{t!(i18n, access.change_you)}</p> });
    // As it is when the dialog opens.
    let is_last = untrack(|| people.is_last_admin(&account));
    let last = is_last.then(|| view! { <p>{t!(i18n, access.last_admin)}</p> });
    view! {
        <Dialog
            title=move || t_string!(i18n, access.remove_user, name = name.clone()).to_string()
            back=HERE
        >
            <Notice text=notice/>
            <p>{t!(i18n, access.remove_user_what)}</p>
            {me}
            {last}
            <ActionForm action=remove attr:class="form">
                <input type="hidden" name="id" value=account.id/>
                <div>
                    <button class="button" disabled=move || is_last || remove.pending().get()>
                        {t!(i18n, access.remove_user_do)}
                    </button>
                </div>
            </ActionForm>
        </Dialog>
    }
}
