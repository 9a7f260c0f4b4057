//! Taking a token back, after saying what that does.

use leptos::prelude::*;

use super::{HERE, Ring};
use crate::auth::tokens::api::DeleteToken;
use crate::auth::tokens::model::ApiToken;
use crate::i18n::*;
use crate::ui::dialog::{Dialog, use_step_back};
use crate::ui::notice::Notice;
use crate::ui::outcome::{above, outcome};

#[component]
pub fn RemoveTokenDialog(ring: Ring, token: ApiToken) -> impl IntoView {
    let i18n = use_i18n();
    let remove = ServerAction::<DeleteToken>::new();
    let step_back = use_step_back();
    let (gone, name) = (token.name.clone(), token.name);
    let failure = outcome(remove, move |()| {
        step_back(HERE);
        let words = t_string!(i18n, access.token_removed, name = gone.clone());
        ring.said.set(Some(words.to_string()));
        ring.listing.read_again();
    });
    let pending = remove.pending();
    view! {
        <Dialog
            title=move || t_string!(i18n, access.remove_token, name = name.clone()).to_string()
            back=HERE
        >
            <Notice text=above(failure, &[])/>
            <p>{t!(i18n, access.remove_token_what)}</p>
            <ActionForm action=remove attr:class="form">
                <input type="hidden" name="id" value=token.id/>
                <div>
                    <button class="button" disabled=move || pending.get()>
                        {t!(i18n, access.remove_token_do)}
                    </button>
                </div>
            </ActionForm>
        </Dialog>
    }
}
