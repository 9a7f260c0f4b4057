//! The menu of whoever is signed in.

use leptos::prelude::*;

use super::session::use_session;
use crate::auth::model::{Role, User};
use crate::i18n::*;
use crate::ui::icon::Icon;

/// Name, role and the way out; `children` stand between them. The browser itself opens and closes it.
#[component]
pub fn AccountMenu(user: User, children: Children) -> impl IntoView {
    let i18n = use_i18n();
    let log_out = use_session().log_out;
    let pending = log_out.pending();
    let role = move || match user.role {
        Role::Admin => t_string!(i18n, auth.role_admin),
        Role::Viewer => t_string!(i18n, auth.role_viewer),
    };
    view! {
        <button
            type="button"
            class="button button-icon"
            popovertarget="account"
            title=move || t_string!(i18n, auth.account)
        >
            <Icon name="user"/>
            <span class="visually-hidden">{t!(i18n, auth.account)}</span>
        </button>
        <div class="menu" id="account" popover="auto">
            <p class="menu-who">
                <strong>{user.username}</strong>
                <span class="muted">{role}</span>
            </p>
            {children()}
            <ActionForm action=log_out>
                <button class="button" disabled=move || pending.get()>
                    <Icon name="log-out"/>
                    {move || {
                        if pending.get() {
                            t_string!(i18n, auth.signing_out)
                        } else {
                            t_string!(i18n, auth.sign_out)
                        }
                    }}
                </button>
            </ActionForm>
        </div>
    }
}
