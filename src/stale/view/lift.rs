//! Taking an exemption away, after saying what it keeps now.

use leptos::prelude::*;

use super::shelf::Shelf;
use super::spared::kept_by;
use crate::i18n::*;
use crate::stale::api::DeleteExemption;
use crate::stale::model::Exemption;
use crate::ui::dialog::{Dialog, use_step_back};
use crate::ui::notice::Notice;
use crate::ui::outcome::{above, outcome};

#[component]
pub(super) fn LiftDialog(shelf: Shelf, one: Exemption, back: String) -> impl IntoView {
    let i18n = use_i18n();
    let lift = ServerAction::<DeleteExemption>::new();
    let step_back = use_step_back();
    let leave = back.clone();
    let (gone, title) = (one.value.clone(), one.value);
    let failure = outcome(lift, move |()| {
        step_back(&leave);
        shelf.say(t_string!(i18n, stale.is_lifted, value = gone.clone()).to_string());
    });
    let pending = lift.pending();
    let names = kept_by(shelf, one.id.clone());
    let keeps = move || {
        let names = names.get();
        if names.is_empty() {
            return view! { <p>{t!(i18n, stale.lift_nothing)}</p> }.into_any();
        }
        let words = t_string!(i18n, stale.lift_some, count = names.len()).to_string();
        let names = names.into_iter().map(|name| view! { <li>{name}</li> });
        let names: Vec<_> = names.collect();
        view! {
            <p>{words}</p>
            <ul class="names">{names}</ul>
        }
        .into_any()
    };
    view! {
        <Dialog
            title=move || t_string!(i18n, stale.lift_one, value = title.clone()).to_string()
            back
        >
            <Notice text=above(failure, &[])/>
            {keeps}
            <ActionForm action=lift attr:class="form">
                <input type="hidden" name="id" value=one.id/>
                <div>
                    <button class="button" disabled=move || pending.get()>
                        {t!(i18n, stale.lift_do)}
                    </button>
                </div>
            </ActionForm>
        </Dialog>
    }
}
