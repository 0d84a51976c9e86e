//! What objects that others depend on are or will be, as far as this process has looked at them, planned or changed
//! them.
//!
//! A plan of what depends on an object has to count with what that is going to be, which AWS cannot tell. Which objects
//! are worth noting, and what follows from them, is not known here.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use tfplugin_rs::tf::Value;
use tfplugin_rs::tf::engine::{News, Stage};
use tokio::sync::OnceCell;

/// How long an answer holds for others who ask the same. Ten roles of a cluster are planned within a moment, and a
/// cluster that somebody else changes needs minutes.
const FRESH: Duration = Duration::from_secs(5);

/// Outlooks by a name that holds for all kinds.
#[derive(Debug, Default)]
pub struct Outlooks {
    known: Mutex<HashMap<String, Outlook>>,
    asked: Mutex<HashMap<String, Asked>>,
}

/// A question, and its answer as soon as there is one.
#[derive(Debug)]
struct Asked {
    since: Instant,
    answer: Arc<OnceCell<Value>>,
}

/// What is known of an object.
#[derive(Clone, Debug)]
pub struct Outlook {
    /// The object. What is not known before apply is unknown.
    pub object: Value,
    /// Whether that is the object that is there.
    pub standing: Standing,
}

/// How the object that is spoken of relates to one that is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// It is the same, or will be after changes.
    There,
    /// There is none yet.
    New,
    /// It will take the place of one that is there.
    Replacement,
}

impl Outlooks {
    /// Notes what has become known of the object of that name.
    pub fn note(&self, name: String, news: &News<'_>) {
        let mut outlooks = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if news.now.is_null() {
            outlooks.remove(&name);
            return;
        }
        let before = outlooks.get(&name).map(|outlook| outlook.standing);
        // Terraform plans a replacement as a change first, and then again as if there were nothing yet.
        let standing = match (news.stage, before) {
            (Stage::Planned, None | Some(Standing::New)) if news.before.is_null() => Standing::New,
            (Stage::Planned, _) if news.before.is_null() => Standing::Replacement,
            _ => Standing::There,
        };
        let object = news.now.clone();
        outlooks.insert(name, Outlook { object, standing });
    }

    /// What is known of the object of that name.
    pub fn get(&self, name: &str) -> Option<Outlook> {
        let outlooks = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        outlooks.get(name).cloned()
    }

    /// The same object, or else what `ask` says of it, which is awaited once for all who want to know at about the same time.
    ///
    /// # Errors
    ///
    /// Those of `ask`. The next one asks again.
    pub async fn get_or_ask<E>(
        &self,
        name: &str,
        ask: impl Future<Output = Result<Value, E>>,
    ) -> Result<Value, E> {
        match self.get(name) {
            Some(known) => Ok(known.object),
            None => self.answer(name).get_or_try_init(|| ask).await.cloned(),
        }
    }

    fn answer(&self, name: &str) -> Arc<OnceCell<Value>> {
        let mut asked = self.asked.lock().unwrap_or_else(PoisonError::into_inner);
        asked.retain(|_, asked| asked.since.elapsed() < FRESH);
        let new = || Asked {
            since: Instant::now(),
            answer: Arc::default(),
        };
        asked
            .entry(name.to_owned())
            .or_insert_with(new)
            .answer
            .clone()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The standing after one piece of news after another: stage, whether there was an object before, whether there is
    /// one now.
    fn standing(news: &[(Stage, bool, bool)]) -> Option<Standing> {
        let outlooks = Outlooks::default();
        let value = |is_there: &bool| match is_there {
            true => Value::from("object"),
            false => Value::Null,
        };
        for (stage, before, now) in news {
            let (stage, resource) = (*stage, "demo");
            let (before, now) = (&value(before), &value(now));
            let news = News {
                resource,
                stage,
                before,
                now,
            };
            outlooks.note("name".to_owned(), &news);
        }
        outlooks.get("name").map(|outlook| outlook.standing)
    }

    const LOOKED_AT: (Stage, bool, bool) = (Stage::Actual, true, true);
    const CHANGED: (Stage, bool, bool) = (Stage::Planned, true, true);
    const CREATED: (Stage, bool, bool) = (Stage::Planned, false, true);

    #[test]
    fn a_replacement_is_told_from_a_new_object() {
        assert_eq!(standing(&[CREATED]), Some(Standing::New));
        assert_eq!(standing(&[CREATED, CREATED]), Some(Standing::New));
        assert_eq!(standing(&[LOOKED_AT, CHANGED]), Some(Standing::There));
        for replacement in [
            &[LOOKED_AT, CHANGED, CREATED][..],
            // Tainted, and without a refresh.
            &[LOOKED_AT, CREATED],
            &[CHANGED, CREATED],
        ] {
            assert_eq!(standing(replacement), Some(Standing::Replacement));
        }
    }

    #[tokio::test]
    async fn many_who_ask_together_cause_one_question() {
        let outlooks = Outlooks::default();
        let (questions, asked) = (std::cell::Cell::new(0), Value::from("answer"));
        let ask = |answer: Result<Value, ()>| {
            let (outlooks, questions) = (&outlooks, &questions);
            async move {
                let ask = async {
                    questions.set(questions.get() + 1);
                    tokio::task::yield_now().await;
                    answer
                };
                outlooks.get_or_ask("name", ask).await
            }
        };
        assert_eq!(ask(Err(())).await, Err(()));
        let (one, other) = tokio::join!(ask(Ok(asked.clone())), ask(Err(())));
        assert_eq!((one, other), (Ok(asked.clone()), Ok(asked.clone())));
        assert_eq!(ask(Err(())).await, Ok(asked));
        assert_eq!(questions.get(), 2);
    }

    #[tokio::test]
    async fn what_is_known_is_not_asked_for() {
        let (outlooks, before, now) = (Outlooks::default(), Value::Null, Value::from("object"));
        let news = News {
            resource: "demo",
            stage: Stage::Planned,
            before: &before,
            now: &now,
        };
        outlooks.note("name".to_owned(), &news);
        let found = outlooks.get_or_ask("name", async { Err(()) }).await;
        assert_eq!(found, Ok(now));
    }

    #[test]
    fn what_is_gone_or_made_is_no_replacement() {
        let gone = (Stage::Actual, true, false);
        assert_eq!(standing(&[LOOKED_AT, gone]), None);
        assert_eq!(standing(&[LOOKED_AT, gone, CREATED]), Some(Standing::New));
        let made = (Stage::Actual, false, true);
        assert_eq!(standing(&[CREATED, made]), Some(Standing::There));
    }
}
