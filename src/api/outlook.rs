//! What objects that others depend on are or will be, as far as this process has looked at them, planned or changed
//! them.
//!
//! A plan of what depends on an object has to count with what that is going to be, which AWS cannot tell. Which objects
//! are worth noting, and what follows from them, is not known here.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use tfplugin_rs::tf::engine::{ObjectEvent, Stage};
use tfplugin_rs::tf::{self, Value};
use tokio::sync::OnceCell;

/// How long an answer holds for others who ask the same. Ten roles of a cluster are planned within a moment, and a
/// cluster that somebody else changes needs minutes.
const FRESH: Duration = Duration::from_secs(5);

/// Outlooks by a name that holds for all kinds.
#[derive(Debug, Default)]
pub struct Outlooks {
    known: Mutex<HashMap<String, Arc<Outlook>>>,
    asked: Mutex<HashMap<String, Asked>>,
}

/// A question, and its answer as soon as there is one.
#[derive(Debug)]
struct Asked {
    since: Instant,
    answer: Arc<OnceCell<tf::Result<Value>>>,
}

/// What is known of an object.
#[derive(Debug)]
pub struct Outlook {
    /// The object. What is not known before apply is unknown.
    pub object: Value,
    /// Whether it is so already.
    pub stage: Stage,
    /// The object that is there; null when there is none.
    pub there: Value,
}

impl Outlooks {
    /// Notes what has become known of the object of that name.
    pub fn record(&self, name: String, event: &ObjectEvent<'_>) {
        let mut outlooks = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if event.now.is_null() {
            outlooks.remove(&name);
            return;
        }
        let known = outlooks.get(&name);
        // Two objects of one name are a mistake, which the apply will tell. What belongs to the one that is there must not
        // suffer from it.
        let is_planned = known.is_some_and(|known| known.stage != Stage::Actual);
        if event.stage == Stage::Planned && event.before.is_null() && is_planned {
            return;
        }
        let there = match event.stage {
            Stage::Actual => event.now.clone(),
            Stage::Planned => event.before.clone(),
            Stage::Replacement => known.map_or(Value::Null, |known| known.there.clone()),
        };
        let outlook = Outlook {
            object: event.now.clone(),
            stage: event.stage,
            there,
        };
        outlooks.insert(name, Arc::new(outlook));
    }

    /// What is known of the object of that name.
    pub fn get(&self, name: &str) -> Option<Arc<Outlook>> {
        let outlooks = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        outlooks.get(name).cloned()
    }

    /// What `ask` says of an object that is not known, which is awaited once for all who want to know at about the same
    /// time.
    ///
    /// # Errors
    ///
    /// Those of `ask`, for all who waited for it. Who comes later asks again.
    pub async fn ask_once(
        &self,
        name: &str,
        ask: impl Future<Output = tf::Result<Value>>,
    ) -> tf::Result<Value> {
        let answer = self.answer(name);
        let answer = answer.get_or_init(|| ask).await.clone();
        if answer.is_err() {
            self.forget(name);
        }
        answer
    }

    fn answer(&self, name: &str) -> Arc<OnceCell<tf::Result<Value>>> {
        let mut asked = self.asked.lock().unwrap_or_else(PoisonError::into_inner);
        asked.retain(|_, asked| asked.since.elapsed() < FRESH);
        let new = || Asked {
            since: Instant::now(),
            answer: Arc::default(),
        };
        let asked = asked.entry(name.to_owned()).or_insert_with(new);
        asked.answer.clone()
    }

    fn forget(&self, name: &str) {
        let mut asked = self.asked.lock().unwrap_or_else(PoisonError::into_inner);
        asked.remove(name);
    }
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use super::*;

    const NAME: &str = "name";

    /// What is known after one piece of news after another: stage, object before and object now.
    fn after(news: &[(Stage, &str, &str)]) -> Option<(Stage, Value, Value)> {
        let outlooks = Outlooks::default();
        let value = |text: &str| match text {
            "" => Value::Null,
            text => Value::from(text),
        };
        for (stage, before, now) in news {
            let (stage, resource) = (*stage, "demo");
            let (before, now) = (&value(before), &value(now));
            let event = ObjectEvent {
                resource,
                stage,
                before,
                now,
            };
            outlooks.record(NAME.to_owned(), &event);
        }
        let outlook = outlooks.get(NAME);
        outlook.map(|it| (it.stage, it.object.clone(), it.there.clone()))
    }

    const LOOKED_AT: (Stage, &str, &str) = (Stage::Actual, "old", "old");
    const CHANGED: (Stage, &str, &str) = (Stage::Planned, "old", "new");
    const CREATED: (Stage, &str, &str) = (Stage::Planned, "", "new");
    const REPLACED: (Stage, &str, &str) = (Stage::Replacement, "", "new");

    #[test]
    fn what_is_planned_is_told_with_what_is_there() {
        for (news, stage, there) in [
            (&[CREATED][..], Stage::Planned, Value::Null),
            (&[LOOKED_AT, CHANGED], Stage::Planned, "old".into()),
            (
                &[LOOKED_AT, CHANGED, REPLACED],
                Stage::Replacement,
                "old".into(),
            ),
            // Without a refresh.
            (&[CHANGED, REPLACED], Stage::Replacement, "old".into()),
            // Tainted: a replacement that nobody can tell from a new object.
            (&[LOOKED_AT, CREATED], Stage::Planned, Value::Null),
        ] {
            let expected = Some((stage, Value::from("new"), there));
            assert_eq!(after(news), expected, "{news:?}");
        }
    }

    #[test]
    fn a_second_object_of_the_same_name_changes_nothing() {
        let second = (Stage::Planned, "", "second");
        let event = [LOOKED_AT, CHANGED, second];
        assert_eq!(after(&event), after(&event[..2]));
    }

    #[test]
    fn what_is_made_is_no_replacement_and_what_is_gone_is_forgotten() {
        let made = (Stage::Actual, "", "new");
        let expected = (Stage::Actual, Value::from("new"), Value::from("new"));
        assert_eq!(after(&[REPLACED, made]), Some(expected));
        assert_eq!(after(&[LOOKED_AT, (Stage::Actual, "old", "")]), None);
    }

    #[tokio::test]
    async fn many_who_ask_together_cause_one_question_and_share_the_answer() {
        let (outlooks, questions) = (Outlooks::default(), Cell::new(0));
        let ask = |answer: tf::Result<Value>| {
            let (outlooks, questions) = (&outlooks, &questions);
            async move {
                let ask = async {
                    questions.set(questions.get() + 1);
                    tokio::task::yield_now().await;
                    answer
                };
                outlooks.ask_once(NAME, ask).await.ok()
            }
        };
        let refusal = || Err(tf::Error::new("No."));
        let found = Value::from("answer");
        let both = tokio::join!(ask(refusal()), ask(Ok(found.clone())));
        assert_eq!((both, questions.get()), ((None, None), 1));
        let both = tokio::join!(ask(Ok(found.clone())), ask(refusal()));
        let expected = Some(found);
        assert_eq!(both, (expected.clone(), expected.clone()));
        assert_eq!((ask(refusal()).await, questions.get()), (expected, 2));
    }
}
