//! The line that says that containers are stale; it is not there while none are.

use leptos::prelude::*;

use super::dashboard::Glance;
use crate::i18n::*;
use crate::stale::view::HERE;
use crate::ui::icon::Icon;

/// The line, which leads to them.
#[component]
pub(super) fn StaleLine(glance: RwSignal<Glance>) -> impl IntoView {
    let i18n = use_i18n();
    let count = Memo::new(move |_| glance.with(|glance| glance.summary.stale));
    let words = move || t_string!(i18n, dashboard.some_stale, count = count.get()).to_string();
    view! {
        <Show when=move || count.get() != 0>
            <p class="stale-line">
                <Icon name="archive"/>
                <span>{words}</span>
                <a href=HERE>{t!(i18n, dashboard.see_stale)}</a>
            </p>
        </Show>
    }
}
