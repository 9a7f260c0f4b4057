//! The four lists, each a link with how much is on it.

use leptos::prelude::*;

use super::address::Tab;
use super::lists::Lists;
use super::shelf::Shelf;
use crate::i18n::*;
use crate::stale::model::Verdict;
use crate::ui::icon::Icon;

#[component]
pub(super) fn Tabs(shelf: Shelf, tab: Memo<Tab>) -> impl IntoView {
    let i18n = use_i18n();
    let links = Tab::ALL.map(|one| {
        let count = Memo::new(move |_| shelf.lists.with(|lists| count_of(one, lists)));
        view! {
            <li>
                <a
                    href=one.href()
                    aria-current=move || (tab.get() == one).then_some("page")
                    data-tab=one.name()
                >
                    <Icon name=icon_of(one)/>
                    <span>{move || word_of(one, i18n.get_locale())}</span>
                    <span class="tab-count">{count}</span>
                </a>
            </li>
        }
    });
    view! {
        <nav class="sub-nav" aria-label=move || t_string!(i18n, stale.lists)>
            <ul class="sub-places">{links}</ul>
        </nav>
    }
}

fn count_of(tab: Tab, lists: &Lists) -> usize {
    match tab {
        Tab::Stale => lists.count(Some(Verdict::Stale)),
        Tab::Idle => lists.count(None),
        Tab::Quarantine => lists.quarantine.len(),
        Tab::Exemptions => lists.exemptions.len(),
    }
}

fn icon_of(tab: Tab) -> &'static str {
    match tab {
        Tab::Stale => "archive",
        Tab::Idle => "circle-stop",
        Tab::Quarantine => "clock",
        Tab::Exemptions => "lock",
    }
}

fn word_of(tab: Tab, locale: Locale) -> &'static str {
    match tab {
        Tab::Stale => td_string!(locale, stale.tab_stale),
        Tab::Idle => td_string!(locale, stale.tab_idle),
        Tab::Quarantine => td_string!(locale, stale.tab_quarantine),
        Tab::Exemptions => td_string!(locale, stale.tab_exemptions),
    }
}
