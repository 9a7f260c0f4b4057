//! One's own second factor: off, being set up, or on.
//!
//! `off` beginning · `begun` the picture and the first code · `codes` the recovery codes · `on` what
//! there is, and taking it away

mod begun;
mod codes;
mod off;
mod on;

use leptos::prelude::*;

use self::begun::Begun;
use self::codes::Codes;
use self::off::Off;
use self::on::On;
use super::api::read_second_factor;
use super::model::{NewSecret, SecondFactor};
use crate::i18n::*;
use crate::ui::card::Card;
use crate::ui::listing::Listing;
use crate::ui::said::Said;

/// A sentence in the reader's language.
type Word = fn(Locale) -> &'static str;

/// What the parts of the card share.
#[derive(Clone, Copy)]
struct Stage {
    /// One row: what the server says.
    state: Listing<SecondFactor>,
    /// Shown until its first code was right.
    begun: RwSignal<Option<NewSecret>>,
    /// Shown until somebody has kept them.
    codes: RwSignal<Option<Vec<String>>>,
    /// What came of the last act.
    said: RwSignal<Option<Word>>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Step {
    Elsewhere,
    Off,
    Begun,
    Codes,
    On,
}

impl Stage {
    fn step(self) -> Step {
        if self.codes.read().is_some() {
            return Step::Codes;
        }
        let rows = self.state.rows.read();
        match rows.first() {
            Some(state) if state.since.is_some() => Step::On,
            Some(state) if !state.has_password => Step::Elsewhere,
            _ if self.begun.read().is_some() => Step::Begun,
            _ => Step::Off,
        }
    }
}

async fn read() -> Result<Vec<SecondFactor>, crate::error::AppError> {
    Ok(vec![read_second_factor().await?])
}

/// The card.
#[component]
pub fn SecondFactorCard(first: SecondFactor) -> impl IntoView {
    let i18n = use_i18n();
    let stage = Stage {
        state: Listing::new(vec![first], read),
        begun: RwSignal::new(None),
        codes: RwSignal::new(None),
        said: RwSignal::new(None),
    };
    let step = Memo::new(move |_| stage.step());
    let part = move || match step.get() {
        Step::Elsewhere => view! { <p>{t!(i18n, access.factor_elsewhere)}</p> }.into_any(),
        Step::Off => view! { <Off stage/> }.into_any(),
        Step::Begun => view! { <Begun stage/> }.into_any(),
        Step::Codes => view! { <Codes stage/> }.into_any(),
        Step::On => view! { <On stage/> }.into_any(),
    };
    let said = move || {
        let word = stage.said.get()?;
        Some(word(i18n.get_locale()).to_owned())
    };
    view! {
        <Card title=move || t_string!(i18n, access.factor)>
            <Said text=Signal::derive(said)/>
            {part}
        </Card>
    }
}
