//! All that do not run, each with the verdict on it and why; also what keeps those that are exempt.

use leptos::prelude::*;

use super::address::{Tab, VERDICTS, Wish};
use super::row::{Acts, App, MoreRows, Name, Size, row_key, shown_of};
use super::shelf::Shelf;
use super::words::{reason_words, verdict_tone, verdict_word};
use crate::i18n::*;
use crate::stale::model::{Keeping, StaleContainer, Verdict};
use crate::ui::badge::StateBadge;
use crate::ui::card::Card;
use crate::ui::empty::EmptyState;
use crate::ui::table::{Table, Word};
use crate::ui::time::{Day, Time};

const HEADS: &[Word] = &[
    |it| td_string!(it, stale.container),
    |it| td_string!(it, stale.app),
    |it| td_string!(it, stale.verdict),
    |it| td_string!(it, stale.why),
    |it| td_string!(it, stale.last_alive),
    |it| td_string!(it, stale.size),
];

#[component]
pub(super) fn Judged(shelf: Shelf, wish: Memo<Wish>) -> impl IntoView {
    let i18n = use_i18n();
    let verdict = Memo::new(move |_| wish.with(|wish| wish.verdict));
    let all = Memo::new(move |_| {
        let wanted = verdict.get();
        shelf.lists.with(|lists| {
            let fits = |one: &&StaleContainer| wanted.is_none_or(|wanted| one.verdict == wanted);
            lists.idle.iter().filter(fits).cloned().collect::<Vec<_>>()
        })
    });
    let shown = shown_of(all, wish);
    let is_empty = Memo::new(move |_| all.with(Vec::is_empty));
    let acts: Option<Word> = match shelf.may_act {
        true => Some(|it| td_string!(it, stale.acts)),
        false => None,
    };
    let list = move || {
        if is_empty.get() {
            return view! {
                <Card>
                    <EmptyState icon="circle-stop" title=move || t_string!(i18n, stale.none_idle)>
                        <p>{t!(i18n, stale.none_idle_do)}</p>
                    </EmptyState>
                </Card>
            }
            .into_any();
        }
        view! {
            <Card class="flush stale-table size-sixth">
                <Table heads=HEADS acts>
                    <For
                        each=move || shown.get()
                        key=row_key
                        children=move |one| view! { <Row shelf wish one/> }
                    />
                </Table>
            </Card>
            <MoreRows all wish/>
        }
        .into_any()
    };
    view! {
        <Chips shelf verdict/>
        {list}
    }
}

/// A link for each verdict, and one for all.
#[component]
fn Chips(shelf: Shelf, verdict: Memo<Option<Verdict>>) -> impl IntoView {
    let i18n = use_i18n();
    let wanted = std::iter::once(None).chain(VERDICTS.map(|(_, verdict)| Some(verdict)));
    let chips = wanted.map(|wanted| {
        let address = Wish {
            tab: Tab::Idle,
            verdict: wanted,
            ..Wish::default()
        };
        let count = Memo::new(move |_| shelf.lists.with(|lists| lists.count(wanted)));
        let word = move || match wanted {
            Some(verdict) => verdict_word(verdict, i18n.get_locale()),
            None => t_string!(i18n, stale.all),
        };
        let is_on = move || (verdict.get() == wanted).then_some("true");
        view! {
            <a class="chip" href=address.list() aria-current=is_on>
                {word}
                <span class="tab-count">{count}</span>
            </a>
        }
    });
    let chips: Vec<_> = chips.collect();
    view! {
        <div class="chips" role="group" aria-label=move || t_string!(i18n, stale.verdict)>
            {chips}
        </div>
    }
}

#[component]
fn Row(shelf: Shelf, wish: Memo<Wish>, one: StaleContainer) -> impl IntoView {
    let i18n = use_i18n();
    let (verdict, reason) = (one.verdict, one.reason);
    let alive = match one.last_alive_at {
        Some(at) => view! { <Time at/> }.into_any(),
        None => view! { <span class="muted">{t!(i18n, stale.not_known)}</span> }.into_any(),
    };
    let keeping = one.keeping.clone();
    let keeping = keeping.map(|keeping| view! { <KeptBy shelf keeping/> });
    let acts = shelf.may_act.then(|| {
        let one = one.clone();
        let acts = (verdict != Verdict::Exempt)
            .then(|| view! { <Acts wish one is_stale=verdict == Verdict::Stale/> });
        view! { <td class="acts">{acts}</td> }
    });
    view! {
        <tr data-idle=one.name.clone() data-verdict=super::address::verdict_name(verdict)>
            <td data-label=move || t_string!(i18n, stale.container)>
                <Name name=one.name.clone() image=one.image.clone()/>
            </td>
            <td data-label=move || t_string!(i18n, stale.app)><App shelf one=one.clone()/></td>
            <td data-label=move || t_string!(i18n, stale.verdict)>
                <StateBadge
                    tone=verdict_tone(verdict)
                    word=move || verdict_word(verdict, i18n.get_locale())
                />
            </td>
            <td data-label=move || t_string!(i18n, stale.why)>
                <div class="whys">
                    <p>{move || reason_words(reason, i18n.get_locale())}</p>
                    {keeping}
                </div>
            </td>
            <td data-label=move || t_string!(i18n, stale.last_alive)>{alive}</td>
            <td data-label=move || t_string!(i18n, stale.size)><Size bytes=one.size_bytes/></td>
            {acts}
        </tr>
    }
}

/// What keeps it: why, by whom and until when.
#[component]
fn KeptBy(shelf: Shelf, keeping: Keeping) -> impl IntoView {
    let i18n = use_i18n();
    let Some(id) = keeping.exemption_id else {
        return view! {
            <p class="kept-by">
                {t!(i18n, stale.by_its_label)} " " <code>{keeping.reason}</code>
            </p>
        }
        .into_any();
    };
    let exemption = Memo::new(move |_| {
        let find =
            |lists: &super::lists::Lists| lists.exemptions.iter().find(|one| one.id == id).cloned();
        shelf.lists.with(find)
    });
    let about = move || {
        let exemption = exemption.get()?;
        let until = match exemption.until {
            Some(at) => view! { {t!(i18n, stale.until)} " " <Day at/> }.into_any(),
            None => t!(i18n, stale.without_end).into_any(),
        };
        Some(view! {
            <span class="muted">
                {exemption.author} " · " {until} " · "
                <a href=Tab::Exemptions.href()>{t!(i18n, stale.tab_exemptions)}</a>
            </span>
        })
    };
    view! {
        <p class="kept-by">
            <q>{keeping.reason}</q>
            " "
            {about}
        </p>
    }
    .into_any()
}
