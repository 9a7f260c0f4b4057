//! The page around every page: languages, routes and frame.

use leptos::html;
use leptos::prelude::*;
use leptos_meta::provide_meta_context;
use leptos_router::components::{Route, Router, Routes};
use leptos_router::hooks::use_location;
use leptos_router::{SsrMode, path};

use crate::auth::view::account::AccountMenu;
use crate::auth::view::login::LoginPage;
use crate::auth::view::session::{provide_session, use_session};
use crate::auth::view::setup::SetupPage;
use crate::events::live::provide_live;
use crate::health::view::dashboard::DashboardPage;
use crate::i18n::*;
use crate::projects::view::list::AppsPage;
use crate::projects::view::page::AppPage;
use crate::ui::head::Head;
use crate::ui::live::Live;
use crate::ui::not_found::NotFound;
use crate::ui::preference::{self, Wishes};
use crate::ui::preference_choice::Preferences;
use crate::ui::rail::{Place, Rail};
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
    let live = use_context::<RwSignal<Live>>().unwrap_or_else(|| RwSignal::new(Live::Off));
    view! {
        <Transition>
            {move || Suspend::new(async move {
                let user = session.state.await.ok().and_then(|state| state.user)?;
                Some(
                    view! {
                        <Head places=PLACES live>
                            <AccountMenu user><Preferences/></AccountMenu>
                        </Head>
                        <Rail places=PLACES/>
                    },
                )
            })}
        </Transition>
    }
}

/// The pages. Each is written whole, so that it can be read without scripts.
#[component]
fn Main() -> impl IntoView {
    let main = NodeRef::<html::Main>::new();
    let path = use_location().pathname;
    // A new page is a new start for whoever hears it; the first one has the browser's own start.
    Effect::watch(
        move || path.get(),
        move |_, _, _| {
            if let Some(main) = main.get_untracked() {
                // Only a page that is going away refuses.
                drop(main.focus());
            }
        },
        false,
    );
    view! {
        <main class="main" id="main" tabindex="-1" node_ref=main>
            <Routes fallback=NotFound>
                <Route path=path!("/") view=DashboardPage ssr=SsrMode::Async/>
                <Route path=path!("/apps") view=AppsPage ssr=SsrMode::Async/>
                <Route path=path!("/apps/:id") view=AppPage ssr=SsrMode::Async/>
                <Route path=path!("/login") view=LoginPage ssr=SsrMode::Async/>
                <Route path=path!("/setup") view=SetupPage ssr=SsrMode::Async/>
            </Routes>
        </main>
    }
}
