//! How far it is with what was confirmed: each container with what became of it, and a way back.

use leptos::prelude::*;

use super::failure::Why;
use super::run::{Line, Run, State, undo};
use super::shelf::Shelf;
use super::words::{outcome_tone, outcome_word, said_of, volume_word};
use crate::error::AppError;
use crate::i18n::*;
use crate::stale::model::Item;
use crate::ui::badge::{StateBadge, Tone};
use crate::ui::card::Card;
use crate::ui::error_state::ErrorState;

/// Nothing while nothing was confirmed.
#[component]
pub(super) fn Progress(shelf: Shelf) -> impl IntoView {
    move || shelf.run.get().map(|run| view! { <Going shelf run/> })
}

#[component]
fn Going(shelf: Shelf, run: Run) -> impl IntoView {
    let i18n = use_i18n();
    let count = run.lines.len();
    let run = StoredValue::new(run);
    let over = Memo::new(move |_| run.with_value(Run::over));
    let well = Memo::new(move |_| run.with_value(Run::well));
    let is_over = Memo::new(move |_| run.with_value(Run::is_over));
    let removes = run.with_value(|run| run.removes);
    let title = move || match (is_over.get(), removes) {
        (false, _) => t_string!(i18n, stale.going, over = over.get(), count = count).to_string(),
        (true, true) => {
            t_string!(i18n, stale.went_away, well = well.get(), count = count).to_string()
        }
        (true, false) => {
            t_string!(i18n, stale.went_aside, well = well.get(), count = count).to_string()
        }
    };
    let trouble = move || {
        let error = run.with_value(|run| run.trouble.get())?;
        Some(view! { <ErrorState error/> })
    };
    let lines = run.with_value(|run| run.lines.clone()).into_iter();
    let lines: Vec<_> = lines.map(|line| view! { <LineView shelf line/> }).collect();
    view! {
        <Card class="run">
            <div class="run-head">
                <p class="run-title" role="status">{title}</p>
                <Tools shelf run is_over/>
            </div>
            <Show when=move || !is_over.get()>
                <progress
                    max=count
                    value=over
                    aria-label=move || t_string!(i18n, stale.progress)
                ></progress>
            </Show>
            {trouble}
            <ol class="run-lines">{lines}</ol>
        </Card>
    }
}

/// While it goes on it can be stopped; afterwards all of it can be taken back.
#[component]
fn Tools(shelf: Shelf, run: StoredValue<Run>, is_over: Memo<bool>) -> impl IntoView {
    let i18n = use_i18n();
    let stops = Memo::new(move |_| run.with_value(|run| run.stops.get()));
    let back = move || {
        let lines = run.with_value(|run| run.lines.clone()).into_iter();
        let back = lines.filter(|line| line.state.read().way_back().is_some());
        back.collect::<Vec<_>>()
    };
    let many = Memo::new(move |_| back().len());
    let stop = move |_| run.with_value(|run| run.stops.set(true));
    let undo_all = move |_| undo(shelf, untrack(back));
    let words = move || t_string!(i18n, stale.undo_all, count = many.get()).to_string();
    view! {
        <div class="buttons">
            <Show
                when=move || is_over.get()
                fallback=move || {
                    view! {
                        <button
                            type="button"
                            class="button"
                            disabled=move || stops.get()
                            on:click=stop
                        >
                            {t!(i18n, stale.stop)}
                        </button>
                    }
                }
            >
                <Show when=move || 1 < many.get()>
                    <button type="button" class="button" on:click=undo_all>
                        {words}
                    </button>
                </Show>
                <button type="button" class="button" on:click=move |_| shelf.run.set(None)>
                    {t!(i18n, stale.done)}
                </button>
            </Show>
        </div>
    }
}

#[component]
fn LineView(shelf: Shelf, line: Line) -> impl IntoView {
    let i18n = use_i18n();
    let (state, name) = (line.state.clone(), line.name.clone());
    let (tone_of, word_of) = (state.clone(), state.clone());
    let tone = Signal::derive(move || tone(&tone_of.read()));
    let word = move || word(&word_of.read(), i18n.get_locale());
    let why = {
        let state = state.clone();
        move || match state.get() {
            State::Done(item) => view! { <Became item/> }.into_any(),
            State::Failed(error) | State::NotReturned(_, error) => said(error).into_any(),
            _ => ().into_any(),
        }
    };
    let can_undo = Memo::new(move |_| state.read().way_back().is_some());
    let again = name.clone();
    let undo_it = move || {
        let (line, name) = (line.clone(), again.clone());
        can_undo.get().then(move || {
            view! {
                <button
                    type="button"
                    class="button"
                    on:click=move |_| undo(shelf, vec![line.clone()])
                >
                    {t!(i18n, stale.undo)}
                    <span class="visually-hidden">" " {name}</span>
                </button>
            }
        })
    };
    view! {
        <li class="run-line" data-run=name.clone()>
            <span class="who-name">{name.clone()}</span>
            <StateBadge tone word/>
            <div class="run-why">{why}</div>
            {undo_it}
        </li>
    }
}

fn said(error: AppError) -> impl IntoView {
    view! { <Why error/> }
}

/// What a person should know of it, and what became of its volumes.
#[component]
fn Became(item: Item) -> impl IntoView {
    let i18n = use_i18n();
    let volumes = item.volumes.clone().into_iter().map(|volume| {
        let word = move || volume_word(volume.outcome, i18n.get_locale());
        let message = volume.message;
        view! {
            <li>
                {t!(i18n, stale.volume)} " " <code>{volume.name}</code> ": " {word} " "
                {message.map(|words| view! { <span class="detail" lang="en">{words}</span> })}
            </li>
        }
    });
    let volumes: Vec<_> = volumes.collect();
    let volumes = (!volumes.is_empty()).then(|| view! { <ul class="names">{volumes}</ul> });
    let words = move || said_of(&item, i18n.get_locale());
    let told = words().map(|(_, is_ours)| {
        let lang = (!is_ours).then_some("en");
        view! { <p class="detail" lang=lang>{move || words().map(|(words, _)| words)}</p> }
    });
    view! { {told} {volumes} }
}

fn tone(state: &State) -> Tone {
    match state {
        State::Done(item) => outcome_tone(item.outcome),
        State::Failed(_) | State::NotReturned(..) => Tone::Error,
        State::Returned => Tone::Ok,
        State::Waits | State::Works | State::Skipped | State::Returns => Tone::Idle,
    }
}

fn word(state: &State, locale: Locale) -> &'static str {
    match state {
        State::Waits => td_string!(locale, stale.waits),
        State::Works => td_string!(locale, stale.works),
        State::Done(item) => outcome_word(item.outcome, locale),
        State::Failed(_) => td_string!(locale, stale.was_failed),
        State::Skipped => td_string!(locale, stale.skipped),
        State::Returns => td_string!(locale, stale.returns),
        State::Returned => td_string!(locale, stale.was_restored),
        State::NotReturned(..) => td_string!(locale, stale.not_returned),
    }
}
