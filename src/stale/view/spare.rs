//! How something is spared: straight from its row, or by name, label or pattern.

use chrono::Duration;
use leptos::html;
use leptos::prelude::*;
use leptos::text_prop::TextProp;

use super::shelf::Shelf;
use super::words::kind_word;
use crate::error::{AppError, Code};
use crate::i18n::*;
use crate::stale::api::CreateExemption;
use crate::stale::model::ExemptionKind;
use crate::ui::browser;
use crate::ui::card::Card;
use crate::ui::dialog::{Dialog, use_step_back};
use crate::ui::field::FormField;
use crate::ui::notice::Notice;
use crate::ui::outcome::{above, at_field, outcome};
use crate::ui::select::{Choice, SelectField};

/// So many days from now; empty for what is no number, which is no end.
fn days_from_now(days: &str) -> String {
    let days = days.parse().ok().and_then(Duration::try_days);
    let at = days.zip(browser::now()).map(|(days, now)| now + days);
    at.map(|at| at.format("%Y-%m-%dT%H:%M:%SZ").to_string())
        .unwrap_or_default()
}

/// Why it is to be kept, and for how long. Without scripts there is no end, which can be lifted.
#[component]
fn Because(
    failure: Signal<Option<AppError>>,
    reason_id: &'static str,
    end_id: &'static str,
    /// A dialog gives it the focus as it opens.
    #[prop(optional)]
    autofocus: bool,
) -> impl IntoView {
    let i18n = use_i18n();
    let days = RwSignal::new(String::new());
    let until = RwSignal::new(String::new());
    Effect::new(move |_| until.set(days_from_now(&days.read())));
    let choices: [Choice; 5] = [
        (
            "",
            TextProp::from(move || t_string!(i18n, stale.without_end)),
        ),
        ("7", TextProp::from(move || t_string!(i18n, stale.for_week))),
        (
            "30",
            TextProp::from(move || t_string!(i18n, stale.for_month)),
        ),
        (
            "90",
            TextProp::from(move || t_string!(i18n, stale.for_quarter)),
        ),
        (
            "365",
            TextProp::from(move || t_string!(i18n, stale.for_year)),
        ),
    ];
    view! {
        <FormField
            name="reason"
            id=reason_id
            label=move || t_string!(i18n, stale.reason)
            hint=move || t_string!(i18n, stale.reason_hint)
            error=at_field(failure, "reason", unfit)
            autofocus
        />
        <div class="needs-script">
            <SelectField
                id=end_id
                label=move || t_string!(i18n, stale.ends)
                choices=choices.to_vec()
                chosen=""
                on_change=move |chosen| days.set(chosen)
            />
        </div>
        <input type="hidden" name="until" value=until/>
    }
}

/// Spares one container, by its name.
#[component]
pub(super) fn KeepDialog(shelf: Shelf, name: String, back: String) -> impl IntoView {
    let i18n = use_i18n();
    let spare = ServerAction::<CreateExemption>::new();
    let step_back = use_step_back();
    let leave = back.clone();
    let failure = outcome(spare, move |made| {
        step_back(&leave);
        shelf.say(t_string!(i18n, stale.is_kept, name = made.value).to_string());
    });
    let pending = spare.pending();
    let title = name.clone();
    view! {
        <Dialog
            title=move || t_string!(i18n, stale.keep_one, name = title.clone()).to_string()
            back
        >
            <p>{t!(i18n, stale.keep_what)}</p>
            <ActionForm action=spare attr:class="form">
                <Notice text=above(failure, &["reason"])/>
                <input type="hidden" name="kind" value="container"/>
                <input type="hidden" name="value" value=name/>
                <Because failure reason_id="keep-reason" end_id="keep-end" autofocus=true/>
                <div>
                    <button class="button button-main" disabled=move || pending.get()>
                        {t!(i18n, stale.keep_do)}
                    </button>
                </div>
            </ActionForm>
        </Dialog>
    }
}

/// Spares whatever a name, a label or a pattern speaks of.
#[component]
pub(super) fn AddExemption(shelf: Shelf) -> impl IntoView {
    let i18n = use_i18n();
    let spare = ServerAction::<CreateExemption>::new();
    let form = NodeRef::<html::Form>::new();
    let failure = outcome(spare, move |made| {
        if let Some(form) = form.get_untracked() {
            form.reset();
        }
        shelf.say(t_string!(i18n, stale.is_spared, value = made.value).to_string());
    });
    let pending = spare.pending();
    let kinds = [
        ("container", ExemptionKind::Container),
        ("label", ExemptionKind::Label),
        ("pattern", ExemptionKind::Pattern),
    ];
    let choices = kinds.map(|(value, kind)| {
        let word = move || kind_word(kind, i18n.get_locale());
        (value, TextProp::from(word))
    });
    view! {
        <Card title=move || t_string!(i18n, stale.add_exemption)>
            <ActionForm action=spare node_ref=form attr:class="form">
                <Notice text=above(failure, &["value", "reason"])/>
                <SelectField
                    name="kind"
                    id="exemption-kind"
                    label=move || t_string!(i18n, stale.kind)
                    choices=choices.to_vec()
                    chosen="container"
                />
                <FormField
                    name="value"
                    id="exemption-value"
                    label=move || t_string!(i18n, stale.value)
                    hint=move || t_string!(i18n, stale.value_hint)
                    error=at_field(failure, "value", unfit)
                />
                <Because failure reason_id="exemption-reason" end_id="exemption-end"/>
                <div>
                    <button class="button button-main" disabled=move || pending.get()>
                        {t!(i18n, stale.add_exemption_do)}
                    </button>
                </div>
            </ActionForm>
        </Card>
    }
}

fn unfit(_code: Code, locale: Locale) -> &'static str {
    td_string!(locale, stale.unfit)
}
