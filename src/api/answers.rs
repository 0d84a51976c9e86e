//! Answers that stay true as long as this process runs, such as a catalogue: each question is asked once, also when many
//! objects have it at the same time.
//!
//! Which answers are of that sort is for the caller to know. Errors are not kept.

use std::any::{Any, TypeId};
use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::OnceCell;

type Cell = Arc<OnceCell<Arc<dyn Any + Send + Sync>>>;

/// The answers so far, by their type and the question.
#[derive(Default)]
pub struct Answers(Mutex<HashMap<(TypeId, String), Cell>>);

impl Answers {
    /// The answer to a question, which `ask` asks unless it has been asked. Who comes meanwhile waits for the same answer.
    ///
    /// # Errors
    ///
    /// As `ask`; the next one asks again.
    pub async fn get<T, E>(
        &self,
        question: String,
        ask: impl Future<Output = Result<T, E>> + Send,
    ) -> Result<Arc<T>, E>
    where
        T: Send + Sync + 'static,
    {
        let cell = self.cell::<T>(question);
        let answer = cell.get_or_try_init(async || Ok(Arc::new(ask.await?) as Arc<_>));
        let answer: Arc<dyn Any + Send + Sync> = answer.await?.clone();
        Ok(answer
            .downcast()
            .unwrap_or_else(|_| unreachable!("answers are kept by their type")))
    }

    fn cell<T: 'static>(&self, question: String) -> Cell {
        let mut cells = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let key = (TypeId::of::<T>(), question);
        cells.entry(key).or_default().clone()
    }
}

impl fmt::Debug for Answers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Answers")
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU32, Ordering};

    use tokio::join;
    use tokio::task::yield_now;

    use super::*;

    struct Asked(AtomicU32);

    impl Asked {
        async fn ask(&self, answer: Result<u32, &'static str>) -> Result<u32, &'static str> {
            self.0.fetch_add(1, Ordering::Relaxed);
            yield_now().await;
            answer
        }

        fn times(&self) -> u32 {
            self.0.load(Ordering::Relaxed)
        }
    }

    #[tokio::test]
    async fn asks_once_for_all_who_ask() {
        let (answers, asked) = (Answers::default(), Asked(AtomicU32::new(0)));
        let ask = |question: &str, answer| answers.get(question.to_owned(), asked.ask(Ok(answer)));
        let (one, other) = join!(ask("a", 1), ask("a", 2));
        assert_eq!((*one.unwrap(), *other.unwrap()), (1, 1));
        assert_eq!(*ask("a", 3).await.unwrap(), 1);
        assert_eq!(asked.times(), 1);
        assert_eq!(*ask("b", 4).await.unwrap(), 4);
        assert_eq!(asked.times(), 2);
    }

    #[tokio::test]
    async fn asks_again_after_an_error() {
        let (answers, asked) = (Answers::default(), Asked(AtomicU32::new(0)));
        let ask = |answer| answers.get("a".to_owned(), asked.ask(answer));
        assert_eq!(ask(Err("no")).await.unwrap_err(), "no");
        assert_eq!(*ask(Ok(2)).await.unwrap(), 2);
        assert_eq!(asked.times(), 2);
    }
}
