//! How many lines wait above, while somebody reads further down.

use leptos::prelude::*;

use super::ledger::Ledger;
use crate::i18n::*;
use crate::ui::browser;
use crate::ui::icon::Icon;

/// The button takes no room, so that nothing moves when it comes.
#[component]
pub(super) fn News(ledger: Ledger) -> impl IntoView {
    let i18n = use_i18n();
    let held = ledger.held;
    let words = move || match held.with(|held| (held.overflown, held.events.len())) {
        (true, _) => t_string!(i18n, events.many_new).to_string(),
        (false, count) => t_string!(i18n, events.new, count = count).to_string(),
    };
    let show = move |_| {
        ledger.show_held();
        browser::scroll_to_top();
        browser::focus_on(".log .events");
    };
    view! {
        <div class="news" role="status">
            <Show when=move || held.with(|held| !held.is_empty())>
                <button type="button" class="button button-main" on:click=show>
                    <Icon name="arrow-up"/>
                    {words}
                </button>
            </Show>
        </div>
    }
}
