//! A list on screen: written with the page, and read again after each act that changes it.

use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::error::AppError;

/// A handle on the rows, and on why they could not be read again; the old ones stay.
#[derive(Debug)]
pub struct Listing<T: 'static> {
    pub rows: RwSignal<Vec<T>>,
    pub trouble: RwSignal<Option<AppError>>,
    again: Callback<()>,
}

impl<T> Clone for Listing<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Listing<T> {}

impl<T: Send + Sync + 'static> Listing<T> {
    /// Shows `first`; `read` is how it is read again.
    pub fn new<F>(first: Vec<T>, read: impl Fn() -> F + Send + Sync + 'static) -> Self
    where
        F: Future<Output = Result<Vec<T>, AppError>> + 'static,
    {
        let rows = RwSignal::new(first);
        let trouble = RwSignal::new(None);
        let again = Callback::new(move |()| {
            let reading = read();
            spawn_local(async move {
                // Whoever left the page meanwhile has no more use for it.
                match reading.await {
                    Ok(new) => {
                        rows.try_set(new);
                        trouble.try_set(None);
                    }
                    Err(error) => {
                        trouble.try_set(Some(error));
                    }
                }
            });
        });
        Self {
            rows,
            trouble,
            again,
        }
    }

    pub fn read_again(self) {
        self.again.run(());
    }
}
