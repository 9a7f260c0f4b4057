//! No codes are asked for: what they are good for, and how to begin.

use leptos::prelude::*;

use super::Stage;
use crate::auth::second_factor::api::BeginSecondFactor;
use crate::auth::view::proof::Proof;
use crate::i18n::*;
use crate::ui::notice::Notice;
use crate::ui::outcome::{above, outcome};

#[component]
pub fn Off(stage: Stage) -> impl IntoView {
    let i18n = use_i18n();
    let begin = ServerAction::<BeginSecondFactor>::new();
    let failure = outcome(begin, move |secret| {
        stage.said.set(None);
        stage.begun.set(Some(secret));
    });
    let pending = begin.pending();
    view! {
        <p>{t!(i18n, access.factor_off)}</p>
        // What it answers is shown once, which takes a script.
        <p class="without-script muted">{t!(i18n, access.wants_script)}</p>
        <div class="needs-script">
            <ActionForm action=begin attr:class="form">
                <Notice text=above(failure, &["password"])/>
                <Proof
                    id="begin-password"
                    failure
                    pending
                    act=move || t_string!(i18n, access.factor_begin)
                    main=true
                />
            </ActionForm>
        </div>
    }
}
