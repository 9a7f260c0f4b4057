//! The page around every page: languages, routes and frame.

use leptos::html;
use leptos::prelude::*;
use leptos_meta::provide_meta_context;
use leptos_router::components::{Redirect, Route, Router, Routes};
use leptos_router::hooks::use_location;
use leptos_router::{SsrMode, path};

use crate::auth::model::{AuthState, Role};
use crate::auth::policy::{Act, allows};
use crate::auth::sign_on::view::SignOnPage;
use crate::auth::tokens::view::TokensPage;
use crate::auth::users::view::UsersPage;
use crate::auth::view::account::AccountMenu;
use crate::auth::view::account_page::AccountPage;
use crate::auth::view::login::LoginPage;
use crate::auth::view::session::{provide_session, use_session};
use crate::auth::view::setup::SetupPage;
use crate::auth::{sign_on, tokens, users};
use crate::events::live::provide_live;
use crate::events::view::page::EventsPage;
use crate::health::view::dashboard::DashboardPage;
use crate::health::view::tally::{StaleTally, follow_tally};
use crate::i18n::*;
use crate::projects::view::list::AppsPage;
use crate::projects::view::names::app_names;
use crate::projects::view::page::AppPage;
use crate::settings;
use crate::settings::view::GeneralPage;
use crate::stale;
use crate::stale::view::page::StalePage;
use crate::ui::browser;
use crate::ui::head::Head;
use crate::ui::live::Live;
use crate::ui::not_allowed::{NotAllowed, Refused};
use crate::ui::not_found::NotFound;
use crate::ui::page_title::PageTitle;
use crate::ui::preference::{self, Wishes};
use crate::ui::preference_choice::Preferences;
use crate::ui::rail::{Place, Rail, Tally};
use crate::ui::sub_nav::SubNav;
use crate::ui::time::provide_now;

/// Where one can go; a new place is one line here and its route below.
const PLACES: &[Place] = &[
    Place {
        href: "/",
        icon: "layout-dashboard",
        name: |it| td_string!(it, ui.place_dashboard),
    },
    Place {
        href: "/apps",
        icon: "boxes",
        name: |it| td_string!(it, ui.place_apps),
    },
    Place {
        href: stale::view::HERE,
        icon: "archive",
        name: |it| td_string!(it, ui.place_stale),
    },
    Place {
        href: "/events",
        icon: "scroll-text",
        name: |it| td_string!(it, ui.place_events),
    },
    Place {
        href: "/settings",
        icon: "settings",
        name: |it| td_string!(it, ui.place_settings),
    },
];

/// The pages within the settings, each with what one must be allowed to do to see it.
const SETTINGS: &[(Act, Place)] = &[
    (
        Act::Read,
        Place {
            href: settings::view::HERE,
            icon: "sliders-horizontal",
            name: |it| td_string!(it, settings.general),
        },
    ),
    (
        Act::ManageAccess,
        Place {
            href: users::view::HERE,
            icon: "users",
            name: |it| td_string!(it, access.users),
        },
    ),
    (
        Act::Read,
        Place {
            href: tokens::view::HERE,
            icon: "key-round",
            name: |it| td_string!(it, access.tokens),
        },
    ),
    (
        Act::ManageAccess,
        Place {
            href: sign_on::view::HERE,
            icon: "log-in",
            name: |it| td_string!(it, settings.sign_on),
        },
    ),
];

/// Everything in the body; the same on the server and in the browser.
#[component]
pub fn App() -> impl IntoView {
    provide_meta_context();
    provide_now();
    provide_session();
    provide_live();
    view! {
        <I18nContextProvider enable_cookie=false ssr_lang_header_getter=preference::languages()>
            <Router>
                <Wishes/>
                <SkipLink/>
                <div class="frame">
                    <Frame/>
                    <Main/>
                </div>
            </Router>
        </I18nContextProvider>
    }
}

#[component]
fn SkipLink() -> impl IntoView {
    let i18n = use_i18n();
    // The router would change the address and leave the focus where it was.
    view! { <a class="skip" href="#main" rel="external">{t!(i18n, ui.skip)}</a> }
}

/// Header and navigation, for whoever is signed in.
#[component]
fn Frame() -> impl IntoView {
    let session = use_session();
    let tally = StaleTally::read(session.arrivals);
    let live = use_context::<RwSignal<Live>>().unwrap_or_else(|| RwSignal::new(Live::Off));
    view! {
        <Transition>
            {move || Suspend::new(async move {
                let user = session.state.await.ok().and_then(|state| state.user)?;
                let stale = tally.first.await;
                Some(
                    view! {
                        <Head places=PLACES live>
                            <AccountMenu user><Preferences/></AccountMenu>
                        </Head>
                        <Navigation stale/>
                    },
                )
            })}
        </Transition>
    }
}

/// The places, with the figure of what is stale.
#[component]
fn Navigation(stale: Option<i64>) -> impl IntoView {
    let tally = Tally {
        href: stale::view::HERE,
        count: follow_tally(stale, use_location().pathname),
        words: |it, count| td_string!(it, ui.some_stale, count = count).to_string(),
    };
    view! { <Rail places=PLACES tally/> }
}

/// Those of the settings that whoever is here may see.
fn visible_settings(state: Option<AuthState>) -> Vec<Place> {
    let role = state
        .and_then(|state| state.user)
        .map_or(Role::Viewer, |user| user.role);
    let seen = SETTINGS.iter().filter(|(act, _)| allows(role, *act));
    seen.map(|(_, place)| *place).collect()
}

/// What stands around each page of the settings.
#[component]
fn Settings(children: Children) -> impl IntoView {
    let i18n = use_i18n();
    let session = use_session();
    view! {
        <div class="page">
            <Transition>
                {move || Suspend::new(async move {
                    let places = visible_settings(session.state.await.ok());
                    view! { <SubNav label=move || t_string!(i18n, ui.place_settings) places/> }
                })}
            </Transition>
            {children()}
        </div>
    }
}

/// Leads to the first page of the settings that one may see.
#[component]
fn SettingsHome() -> impl IntoView {
    let session = use_session();
    view! {
        <Transition>
            {move || Suspend::new(async move {
                let places = visible_settings(session.state.await.ok());
                places.first().map(|place| view! { <Redirect path=place.href/> })
            })}
        </Transition>
    }
}

#[component]
fn GeneralSettings() -> impl IntoView {
    let session = use_session().state;
    let may_change = |role| allows(role, Act::Write);
    view! { <Settings><GeneralPage session may_change/></Settings> }
}

#[component]
fn SignOnSettings() -> impl IntoView {
    view! { <Settings><SignOnPage/></Settings> }
}

#[component]
fn UserSettings() -> impl IntoView {
    view! { <Settings><UsersPage/></Settings> }
}

#[component]
fn TokenSettings() -> impl IntoView {
    view! { <Settings><TokensPage/></Settings> }
}

#[component]
fn Events() -> impl IntoView {
    view! { <EventsPage names=app_names/> }
}

/// What is there, below the frame.
#[component]
fn Main() -> impl IntoView {
    let main = NodeRef::<html::Main>::new();
    let path = use_location().pathname;
    // Both halves have to know it, so that the page that is taken over is the one that was written.
    let is_refused = SharedValue::new(|| use_context::<Refused>().is_some()).into_inner();
    // A new page is a new start for whoever hears it; the first one has the browser's own start.
    Effect::watch(
        move || path.get(),
        move |path, _, _| {
            if is_refused {
                // There are no pages here to go on to; the server has them.
                browser::lead_to(path);
            } else if let Some(main) = main.get_untracked() {
                // Only a page that is going away refuses.
                drop(main.focus());
            }
        },
        false,
    );
    let page = if is_refused {
        view! { <RefusedPage/> }.into_any()
    } else {
        view! { <Pages/> }.into_any()
    };
    view! {
        <main class="main" id="main" tabindex="-1" node_ref=main>
            {page}
        </main>
    }
}

/// The pages. Each is written whole, so that it can be read without scripts.
#[component]
fn Pages() -> impl IntoView {
    view! {
        <Routes fallback=NotFound>
            <Route path=path!("/") view=DashboardPage ssr=SsrMode::Async/>
            <Route path=path!("/apps") view=AppsPage ssr=SsrMode::Async/>
            <Route path=path!("/apps/:id") view=AppPage ssr=SsrMode::Async/>
            <Route path=path!("/stale") view=StalePage ssr=SsrMode::Async/>
            <Route path=path!("/events") view=Events ssr=SsrMode::Async/>
            <Route path=path!("/account") view=AccountPage ssr=SsrMode::Async/>
            <Route path=path!("/settings") view=SettingsHome ssr=SsrMode::Async/>
            <Route path=path!("/settings/general") view=GeneralSettings ssr=SsrMode::Async/>
            <Route path=path!("/settings/sign-on") view=SignOnSettings ssr=SsrMode::Async/>
            <Route path=path!("/settings/users") view=UserSettings ssr=SsrMode::Async/>
            <Route path=path!("/settings/tokens") view=TokenSettings ssr=SsrMode::Async/>
            <Route path=path!("/login") view=LoginPage ssr=SsrMode::Async/>
            <Route path=path!("/setup") view=SetupPage ssr=SsrMode::Async/>
        </Routes>
    }
}

/// In place of a page that the layer refused; those that one comes to by a link refuse by themselves.
#[component]
fn RefusedPage() -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <PageTitle name=move || t_string!(i18n, ui.not_allowed)/>
        <NotAllowed/>
    }
}
