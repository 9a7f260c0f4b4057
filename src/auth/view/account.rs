//! The menu of whoever is signed in.

use leptos::html;
use leptos::prelude::*;
use leptos::server_fn::ServerFn;

use super::role::role_word;
use crate::auth::api::LogOut;
use crate::auth::model::User;
use crate::i18n::*;
use crate::ui::icon::Icon;

/// Name, role, the way to one's account and the way out; `children` stand between them. The browser
/// itself opens and closes it.
#[component]
pub fn AccountMenu(user: User, children: Children) -> impl IntoView {
    let i18n = use_i18n();
    let role = move || role_word(user.role, i18n.get_locale());
    let menu = NodeRef::<html::Div>::new();
    // A click outside of it closes it by itself; one inside that leads away does not.
    let close = move |_| {
        if let Some(menu) = menu.get_untracked() {
            drop(menu.hide_popover());
        }
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
        <div class="menu" id="account" popover="auto" node_ref=menu>
            <p class="menu-who">
                <strong>{user.username}</strong>
                <span class="muted">{role}</span>
            </p>
            {children()}
            <a class="button" href="/account" on:click=close>
                <Icon name="key-round"/>
                {t!(i18n, access.account_link)}
            </a>
            // A form of the browser's own: the page goes, and with it everything that it still shows.
            <form method="post" action=LogOut::PATH>
                <button class="button">
                    <Icon name="log-out"/>
                    {t!(i18n, auth.sign_out)}
                </button>
            </form>
        </div>
    }
}
